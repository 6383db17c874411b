//! What a partial update says about a property.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A property of a partial update (`PATCH`) that may be left as it is, removed or set.
///
/// JSON tells a key that is not there from one that is null, and the API does too: what is absent
/// stays as it is, and null removes a limit or a reference.
///
/// Setters take the value itself, or an `Option` of which `None` is null; without a call of the
/// setter the property is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Patch<T> {
    /// The key is not sent: the property stays as it is.
    #[default]
    Absent,
    /// The key is sent with null: the property loses its value.
    Null,
    /// The key is sent with this value.
    Value(T),
}

impl<T> Patch<T> {
    /// Whether the property stays as it is.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Returns the new value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// `None` is null.
impl<T> From<Option<T>> for Patch<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl From<&str> for Patch<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

/// Writes null for what is absent too: fields of this type are left out by
/// `skip_serializing_if = "Patch::is_absent"`.
impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::Patch;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    struct Limits {
        #[serde(default, skip_serializing_if = "Patch::is_absent")]
        hours: Patch<i64>,
        #[serde(default, skip_serializing_if = "Patch::is_absent")]
        name: Patch<String>,
    }

    #[test]
    fn three_states_survive_both_ways() {
        for (limits, json) in [
            (Limits::default(), "{}"),
            (Limits { hours: None.into(), ..Limits::default() }, r#"{"hours":null}"#),
            (Limits { hours: 5.into(), name: "a".into() }, r#"{"hours":5,"name":"a"}"#),
            (Limits { hours: Patch::Absent, name: Some("b".to_owned()).into() }, r#"{"name":"b"}"#),
        ] {
            assert_eq!(serde_json::to_string(&limits).expect("serializes"), json);
            assert_eq!(serde_json::from_str::<Limits>(json).expect("parses"), limits);
        }
        assert_eq!(Patch::Value(1).value(), Some(&1));
        assert_eq!(Patch::<i64>::Null.value(), None);
    }
}
