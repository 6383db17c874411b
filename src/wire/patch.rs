//! Properties of partial updates.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A property in the body of a partial update (`PATCH`): keep it, remove it, or set it.
///
/// The API distinguishes a missing key from null: a property whose key is missing keeps its value,
/// and null removes the value, such as a limit.
///
/// A setter takes the new value, or an `Option` whose `None` means null. If you do not call the
/// setter, the property is [`Absent`](Self::Absent).
///
/// ```
/// use k6_cloud::wire::Patch;
///
/// let limit: Patch<i64> = 100.into();
/// assert_eq!(limit.value(), Some(&100));
/// let limit: Patch<i64> = None.into();
/// assert_eq!(limit, Patch::Null);
/// assert!(Patch::<i64>::default().is_absent());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Patch<T> {
    /// Sends no key. The property keeps its value.
    #[default]
    Absent,
    /// Sends null. The property loses its value.
    Null,
    /// Sends this value.
    Value(T),
}

impl<T> Patch<T> {
    /// Returns whether the property keeps its value.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Returns the new value, `None` if the property is kept or removed.
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

/// Converts `None` to [`Patch::Null`].
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

/// Writes null for [`Patch::Absent`] too. To leave out the key, a field of this type needs
/// `#[serde(default, skip_serializing_if = "Patch::is_absent")]`, as in the generated types.
impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

/// Reads null as [`Patch::Null`].
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
