//! Amounts that the API sends as a number or as a decimal string.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An amount of virtual user hours, or a reduction rate in percent beside it.
///
/// The API sends such amounts as a JSON number or as a decimal string; both read as the same
/// value, which is always finite. Writes a number.
#[derive(Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Vuh(f64);

/// A text or number that is no finite amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidVuh(());

impl fmt::Display for InvalidVuh {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a finite decimal number such as 6.75")
    }
}

impl std::error::Error for InvalidVuh {}

impl Vuh {
    /// Returns the amount.
    pub fn as_f64(self) -> f64 {
        self.0
    }
}

impl From<Vuh> for f64 {
    fn from(value: Vuh) -> Self {
        value.0
    }
}

impl TryFrom<f64> for Vuh {
    type Error = InvalidVuh;

    fn try_from(value: f64) -> Result<Self, Self::Error> {
        if value.is_finite() { Ok(Self(value)) } else { Err(InvalidVuh(())) }
    }
}

impl FromStr for Vuh {
    type Err = InvalidVuh;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Rust also parses "inf" and "nan", which `try_from` refuses.
        text.parse::<f64>().map_err(|_| InvalidVuh(()))?.try_into()
    }
}

impl fmt::Display for Vuh {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl fmt::Debug for Vuh {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl Serialize for Vuh {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0)
    }
}

impl<'de> Deserialize<'de> for Vuh {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Amount;

        impl de::Visitor<'_> for Amount {
            type Value = Vuh;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a number or a decimal string such as \"6.75\"")
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Vuh, E> {
                Vuh::try_from(value)
                    .map_err(|_| E::invalid_value(de::Unexpected::Float(value), &self))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Vuh, E> {
                self.visit_f64(value as f64)
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Vuh, E> {
                self.visit_f64(value as f64)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Vuh, E> {
                text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_any(Amount)
    }
}

#[cfg(test)]
mod tests {
    use super::Vuh;

    #[test]
    fn number_and_decimal_string_read_alike() {
        for text in ["6.75", "\"6.75\"", "\"6.7500\"", "675e-2"] {
            let amount: Vuh = serde_json::from_str(text).expect("an amount");
            assert_eq!(amount.as_f64(), 6.75, "{text}");
        }
        assert_eq!(serde_json::from_str::<Vuh>("10").expect("an integer").to_string(), "10");
    }

    #[test]
    fn what_is_not_finite_is_refused() {
        for text in ["\"NaN\"", "\"inf\"", "\"\"", "\"6,75\"", "null", "[]"] {
            assert!(serde_json::from_str::<Vuh>(text).is_err(), "{text}");
        }
    }
}
