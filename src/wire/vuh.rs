//! Amounts that the API sends as a number or as a decimal string.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::iter::Sum;
use std::ops::{Add, AddAssign};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::shown::Shown;
use super::tolerant::number_in_map;

/// An amount of virtual user hours, or a reduction rate in percent.
///
/// The API sends such an amount as a JSON number or as a decimal string. Both read as the same
/// value: the `f64` that is nearest to the decimal digits. A `Vuh` writes a JSON number.
///
/// An amount is always finite, so amounts can be compared, sorted, used as keys and added up. A sum
/// that is too large for an `f64` stays at [`f64::MAX`].
///
/// ```
/// use k6_cloud::wire::Vuh;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let costs: Vec<Vuh> = vec!["6.75".parse()?, Vuh::try_from(0.25)?, Vuh::from(3)];
/// let total: Vuh = costs.iter().sum();
/// assert_eq!(total.as_f64(), 10.0);
/// assert_eq!(costs.iter().max(), Some(&costs[0]));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Default)]
pub struct Vuh(
    /// Finite and never negative zero, which is equal to zero but has other bits.
    f64,
);

/// The error of a string or number that is not a finite amount.
///
/// Its message shows the value and says what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidVuh {
    value: Shown,
    finite: bool,
}

impl fmt::Display for InvalidVuh {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.finite { "a decimal number" } else { "a finite number" };
        write!(formatter, "{} is not {what}; write an amount such as 6.75", self.value)
    }
}

impl std::error::Error for InvalidVuh {}

impl Vuh {
    /// Returns the amount. It is finite, and never negative zero.
    pub fn as_f64(self) -> f64 {
        self.0
    }

    /// Takes a finite amount.
    fn new(value: f64) -> Self {
        // Adding zero turns negative zero into zero, and changes no other value.
        Self(value + 0.0)
    }
}

impl From<Vuh> for f64 {
    fn from(value: Vuh) -> Self {
        value.0
    }
}

/// Fails for infinity and NaN.
impl TryFrom<f64> for Vuh {
    type Error = InvalidVuh;

    fn try_from(value: f64) -> Result<Self, Self::Error> {
        if value.is_finite() {
            Ok(Self::new(value))
        } else {
            Err(InvalidVuh { value: Shown::new(&value.to_string()), finite: false })
        }
    }
}

macro_rules! from_exact_integers {
    ($($integer:ty),*) => {
        $(
            /// Every value of the type is an exact amount.
            impl super::IntoOption<Vuh> for $integer {
                fn into_option(self) -> Option<Vuh> {
                    Some(self.into())
                }
            }

            impl From<$integer> for Vuh {
                fn from(value: $integer) -> Self {
                    Self(f64::from(value))
                }
            }
        )*
    };
}

from_exact_integers!(u8, u16, u32, i8, i16, i32);

/// Reads a decimal number, also one with an exponent.
impl FromStr for Vuh {
    type Err = InvalidVuh;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |finite| InvalidVuh { value: Shown::quoted(text), finite };
        // Rust also parses "inf", "nan" and numbers that are too large for a finite `f64`.
        let value: f64 = text.parse().map_err(|_| error(true))?;
        if value.is_finite() { Ok(Self::new(value)) } else { Err(error(false)) }
    }
}

impl PartialEq for Vuh {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Vuh {}

impl PartialOrd for Vuh {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Vuh {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Hash for Vuh {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// Adds two amounts. A sum that is too large for an `f64` stays at [`f64::MAX`], or at
/// [`f64::MIN`] if it is negative.
impl Add for Vuh {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new((self.0 + other.0).clamp(f64::MIN, f64::MAX))
    }
}

impl AddAssign for Vuh {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Vuh {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

impl<'a> Sum<&'a Self> for Vuh {
    fn sum<I: Iterator<Item = &'a Self>>(amounts: I) -> Self {
        amounts.copied().sum()
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

        impl<'de> de::Visitor<'de> for Amount {
            type Value = Vuh;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a number or a decimal string such as \"6.75\"")
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Vuh, E> {
                Vuh::try_from(value)
                    .map_err(|_| E::invalid_value(de::Unexpected::Float(value), &self))
            }

            // Casts round to the nearest float, as reading the same digits from a string does.
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Vuh, E> {
                Ok(Vuh::new(value as f64))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Vuh, E> {
                Ok(Vuh::new(value as f64))
            }

            fn visit_i128<E: de::Error>(self, value: i128) -> Result<Vuh, E> {
                Ok(Vuh::new(value as f64))
            }

            fn visit_u128<E: de::Error>(self, value: u128) -> Result<Vuh, E> {
                Ok(Vuh::new(value as f64))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Vuh, E> {
                text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Vuh, A::Error> {
                let number = number_in_map(map, &self)?;
                number.to_string().parse().map_err(de::Error::custom)
            }
        }

        deserializer.deserialize_any(Amount)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde::Deserialize;

    use super::Vuh;

    fn read(text: &str) -> Vuh {
        serde_json::from_str(text).expect(text)
    }

    fn amount(value: f64) -> Vuh {
        Vuh::try_from(value).expect("finite")
    }

    #[test]
    fn number_and_decimal_string_read_alike() {
        for text in ["6.75", "\"6.75\"", "\"6.7500\"", "675e-2"] {
            assert_eq!(read(text).as_f64(), 6.75, "{text}");
        }
        assert_eq!(read("10").to_string(), "10");
    }

    #[test]
    fn many_digits_read_alike_and_exactly() {
        for digits in [
            "1022.5285714285715",
            "0.1234567890123456",
            "0.30000000000000004",
            "123456789012345.67",
            "8.41e21",
            "2.2250738585072014e-308",
            "9007199254740993",
            "18446744073709551615",
            "-9223372036854775807",
            "123456789012345678901234567890",
            "0.1234567890123456789012345678901234567890",
        ] {
            let exact: f64 = digits.parse().expect("a number");
            let (number, string) = (read(digits), read(&format!("\"{digits}\"")));
            assert_eq!((number.as_f64(), string.as_f64()), (exact, exact), "{digits}");
            let value: serde_json::Value = serde_json::from_str(digits).expect("a number");
            let from_value: Vuh = serde_json::from_value(value).expect("an amount");
            assert_eq!(from_value.as_f64(), exact, "{digits}");
        }
        // Pseudo-random digits of all lengths that matter.
        let mut state = 1_u64;
        for _ in 0..10_000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let digits = format!("{}.{}", state >> 52, state >> 14);
            let exact: f64 = digits.parse().expect("a number");
            assert_eq!(read(&digits).as_f64(), exact, "{digits}");
        }
    }

    #[test]
    fn written_amount_reads_as_the_same_amount() {
        for value in [0.0, 0.1, 1022.5285714285715, f64::MAX, f64::MIN_POSITIVE, -5.5] {
            let text = serde_json::to_string(&amount(value)).expect("serializes");
            assert_eq!(read(&text).as_f64(), value, "{text}");
        }
    }

    #[test]
    fn amount_reads_below_flatten_and_untagged() {
        #[derive(Deserialize)]
        struct Inner {
            amount: Vuh,
        }

        #[derive(Deserialize)]
        struct Outer {
            #[serde(flatten)]
            inner: Inner,
        }

        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Untagged {
            Inner(Inner),
        }

        for text in [r#"{"amount": 1022.5285714285715}"#, r#"{"amount": "1022.5285714285715"}"#] {
            let outer: Outer = serde_json::from_str(text).expect(text);
            assert_eq!(outer.inner.amount.as_f64(), 1022.5285714285715, "{text}");
            let Untagged::Inner(inner) = serde_json::from_str(text).expect(text);
            assert_eq!(inner.amount.as_f64(), 1022.5285714285715, "{text}");
        }
    }

    #[test]
    fn value_that_is_not_a_finite_number_is_an_error() {
        for text in ["\"NaN\"", "\"inf\"", "\"1e999\"", "\"\"", "\"6,75\"", "null", "[]", "{}"] {
            assert!(serde_json::from_str::<Vuh>(text).is_err(), "{text}");
        }
        for (text, message) in [
            ("6,75", "\"6,75\" is not a decimal number; write an amount such as 6.75"),
            ("-inf", "\"-inf\" is not a finite number; write an amount such as 6.75"),
            ("1e999", "\"1e999\" is not a finite number; write an amount such as 6.75"),
        ] {
            assert_eq!(text.parse::<Vuh>().expect_err(text).to_string(), message);
        }
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let message = Vuh::try_from(value).expect_err("not finite").to_string();
            assert!(message.starts_with(&format!("{value} is not a finite")), "{message}");
        }
    }

    #[test]
    fn amounts_add_up_and_stay_finite() {
        let amounts = [amount(6.75), Vuh::from(3), amount(0.25)];
        assert_eq!(amounts.iter().sum::<Vuh>(), Vuh::from(10));
        assert_eq!(amounts.into_iter().sum::<Vuh>(), Vuh::from(10));
        assert_eq!(Vec::<Vuh>::new().iter().sum::<Vuh>(), Vuh::default());
        let mut total = Vuh::from(1_u8) + amount(0.5);
        total += amount(-1.5);
        assert_eq!(total, Vuh::default());
        let (most, least) = (amount(f64::MAX), amount(f64::MIN));
        assert_eq!((most + most, least + least), (most, least));
        assert_eq!([most, most, least].iter().sum::<Vuh>(), Vuh::default());
    }

    #[test]
    fn order_equality_and_hash_agree() {
        let ascending = [f64::MIN, -1.0, 0.0, f64::MIN_POSITIVE, 0.5, 1.0, f64::MAX].map(amount);
        let mut sorted = ascending;
        sorted.reverse();
        sorted.sort();
        assert_eq!(sorted, ascending);
        let distinct: HashSet<Vuh> = ascending.into_iter().collect();
        assert_eq!(distinct.len(), ascending.len());
    }

    #[test]
    fn negative_zero_is_zero_wherever_it_comes_from() {
        let zero = Vuh::default();
        let sum = amount(-0.0) + amount(-0.0);
        for negative in [amount(-0.0), read("-0"), read("-0.0"), read("\"-0\""), sum] {
            assert_eq!(negative, zero);
            assert!(negative.as_f64().is_sign_positive());
            assert_eq!(negative.to_string(), "0");
            assert!(HashSet::from([zero]).contains(&negative));
        }
    }

    #[test]
    fn integers_that_are_exact_convert() {
        assert_eq!(Vuh::from(u32::MAX).as_f64(), 4_294_967_295.0);
        assert_eq!(Vuh::from(i32::MIN).as_f64(), -2_147_483_648.0);
        assert_eq!(Vuh::from(20), Vuh::from(20_u8));
    }
}
