//! Lists in one value of a query.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A list that is sent as one value, with commas between its items.
///
/// A setter takes an array, a slice or a vector, or a string that already has the commas:
///
/// ```
/// use k6_cloud::wire::CommaSeparated;
///
/// assert_eq!(CommaSeparated::from([5001, 5002]).as_str(), "5001,5002");
/// assert_eq!(CommaSeparated::from("5001,5002").as_str(), "5001,5002");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommaSeparated(String);

impl CommaSeparated {
    /// Returns the list as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: fmt::Display> FromIterator<T> for CommaSeparated {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let values: Vec<_> = values.into_iter().map(|value| value.to_string()).collect();
        Self(values.join(","))
    }
}

impl<T: fmt::Display> From<Vec<T>> for CommaSeparated {
    fn from(values: Vec<T>) -> Self {
        values.into_iter().collect()
    }
}

impl<T: fmt::Display> From<&[T]> for CommaSeparated {
    fn from(values: &[T]) -> Self {
        values.iter().collect()
    }
}

impl<T: fmt::Display, const N: usize> From<[T; N]> for CommaSeparated {
    fn from(values: [T; N]) -> Self {
        values.into_iter().collect()
    }
}

impl From<String> for CommaSeparated {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for CommaSeparated {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl FromStr for CommaSeparated {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.into())
    }
}

impl fmt::Display for CommaSeparated {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::CommaSeparated;

    #[test]
    fn values_are_joined_with_commas() {
        let ids = vec![1_i64, -2, 3];
        assert_eq!(CommaSeparated::from(ids.as_slice()).as_str(), "1,-2,3");
        assert_eq!(CommaSeparated::from(ids), CommaSeparated::from("1,-2,3"));
        assert_eq!(CommaSeparated::from([7]).to_string(), "7");
        assert_eq!(CommaSeparated::from(Vec::<i64>::new()).as_str(), "");
        let json = serde_json::to_string(&CommaSeparated::from([1, 2])).expect("serializes");
        assert_eq!(json, "\"1,2\"");
    }
}
