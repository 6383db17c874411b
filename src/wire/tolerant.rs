//! Functions that read values that real servers send although the description does not allow them.
//!
//! Generated fields name them by path in `#[serde(default, deserialize_with = "...")]`. The
//! `default` is necessary: with `deserialize_with`, serde treats even an absent `Option` as an
//! error.
//!
//! Each function reads a value once. All of them also work below `flatten` and `untagged`, where
//! serde buffers values, and when another crate turns on serde_json's `arbitrary_precision`, which
//! represents a number as a map.
#![allow(dead_code, reason = "a description may not need all of them")]

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer};
use serde::de::{self, Deserialize, Deserializer, IntoDeserializer, Unexpected};
use serde_json::Number;

/// Reads null as the default value of `T`: an empty list or map.
///
/// Go programs write an empty list or map as null.
pub(crate) fn null_as_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads an integer in any JSON notation: `5`, `5.0`, `5e0`, `-0`.
///
/// JSON Schema defines an integer by its value. A number with a fraction is an error, and so is one
/// that an `i64` cannot hold, or that is written with a point or an exponent and is 2^53 or more, because
/// the parser may have rounded it.
pub(crate) fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    deserializer.deserialize_any(IntegerVisitor)
}

/// Reads an id in a field as [`integer`] does.
pub(crate) fn id<'de, T: From<i64>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    integer(deserializer).map(T::from)
}

/// Reads an id in a field that may be null.
pub(crate) fn optional_id<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: From<i64>,
    D: Deserializer<'de>,
{
    optional_integer(deserializer).map(|id| id.map(T::from))
}

/// Reads an id anywhere. As the key of a JSON object or a part of a path, every integer is a string.
pub(crate) fn id_or_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    deserializer.deserialize_any(IdVisitor)
}

/// Reads null as `None` and everything else as [`integer`] does.
pub(crate) fn optional_integer<'de, D>(deserializer: D) -> Result<Option<i64>, D::Error>
where
    D: Deserializer<'de>,
{
    deserializer.deserialize_option(OptionalInteger)
}

/// Reads null and `""` as `None`, and any other string as a `T`.
///
/// For a date or an enum that may be null: some servers write `""` when they have no value.
pub(crate) fn empty_as_none<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_option(EmptyAsNone(PhantomData))
}

/// From here on, a float stands for several integers.
const INEXACT: f64 = 9_007_199_254_740_992.0;

/// Returns the integer that a float represents; `None` if it does not represent exactly one. The parser
/// rounds what was written, so that 2^53 itself may have been the integer after it.
fn integer_of(value: f64) -> Option<i64> {
    (value.abs() < INEXACT && value.fract() == 0.0).then_some(value as i64)
}

struct IntegerVisitor;

impl<'de> de::Visitor<'de> for IntegerVisitor {
    type Value = i64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a 64-bit integer")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
        i64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<i64, E> {
        integer_of(value).ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<i64, A::Error> {
        let number = number_in_map(map, &self)?;
        match number.as_i64() {
            Some(value) => Ok(value),
            None => number.as_f64().and_then(integer_of).ok_or_else(|| {
                de::Error::invalid_value(Unexpected::Other(&format!("number `{number}`")), &self)
            }),
        }
    }
}

struct IdVisitor;

impl<'de> de::Visitor<'de> for IdVisitor {
    type Value = i64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        IntegerVisitor.expecting(formatter)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<i64, E> {
        IntegerVisitor.visit_i64(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
        IntegerVisitor.visit_u64(value)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<i64, E> {
        IntegerVisitor.visit_f64(value)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<i64, E> {
        let number = text.parse().ok().filter(|_| !text.starts_with('+'));
        number.ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<i64, A::Error> {
        IntegerVisitor.visit_map(map)
    }
}

/// Returns the number that serde_json's feature `arbitrary_precision` represents as a map.
pub(super) fn number_in_map<'de, A: de::MapAccess<'de>>(
    map: A,
    expected: &dyn de::Expected,
) -> Result<Number, A::Error> {
    // Without the feature, a map is never a number.
    Number::deserialize(MapAccessDeserializer::new(map))
        .map_err(|_: A::Error| de::Error::invalid_type(Unexpected::Map, expected))
}

struct OptionalInteger;

impl<'de> de::Visitor<'de> for OptionalInteger {
    type Value = Option<i64>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a 64-bit integer or null")
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        integer(deserializer).map(Some)
    }
}

struct EmptyAsNone<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> de::Visitor<'de> for EmptyAsNone<T> {
    type Value = Option<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string or null")
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() {
            return Ok(None);
        }
        T::deserialize(text.into_deserializer()).map(Some)
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        if text.is_empty() {
            return Ok(None);
        }
        T::deserialize(BorrowedStrDeserializer::new(text)).map(Some)
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
        if text.is_empty() {
            return Ok(None);
        }
        T::deserialize(text.into_deserializer()).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde::de::DeserializeOwned;
    use serde_json::json;

    use super::super::Timestamp;
    use outcome::Outcome;

    #[allow(unreachable_pub, reason = "the macro is for a public module")]
    mod outcome {
        super::super::super::open_enum! { Outcome { Passed = "passed", } }
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Fields {
        #[serde(deserialize_with = "super::null_as_default")]
        list: Vec<i64>,
        #[serde(deserialize_with = "super::null_as_default")]
        map: BTreeMap<String, String>,
        #[serde(deserialize_with = "super::integer")]
        count: i64,
        #[serde(deserialize_with = "super::optional_integer")]
        code: Option<i64>,
        #[serde(deserialize_with = "super::empty_as_none")]
        ended: Option<Timestamp>,
        #[serde(deserialize_with = "super::empty_as_none")]
        outcome: Option<Outcome>,
    }

    #[derive(Debug, Deserialize)]
    struct Flat {
        #[serde(flatten)]
        fields: Fields,
        #[serde(flatten)]
        rest: BTreeMap<String, serde_json::Value>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Fields(Fields),
    }

    fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// Reads fields directly, from a value, below `flatten` and below `untagged`.
    fn read(text: &str) -> Fields {
        let fields: Fields = parse(text).expect(text);
        let value: serde_json::Value = parse(text).expect(text);
        assert_eq!(serde_json::from_value::<Fields>(value).expect(text), fields, "{text}");
        let flat: Flat = parse(text).expect(text);
        assert_eq!((&flat.fields, flat.rest.len()), (&fields, 0), "{text}");
        let Untagged::Fields(untagged) = parse(text).expect(text);
        assert_eq!(untagged, fields, "{text}");
        fields
    }

    /// Returns the error of each of these ways to read a value.
    fn errors(text: &str) -> [String; 2] {
        assert!(parse::<Untagged>(text).is_err(), "{text}");
        [parse::<Fields>(text).expect_err(text), parse::<Flat>(text).expect_err(text)]
    }

    #[test]
    fn null_reads_as_an_empty_list_or_map() {
        let empty = Fields::default();
        for text in ["{}", r#"{"list": null, "map": null}"#, r#"{"list": [], "map": {}}"#] {
            assert_eq!(read(text), empty, "{text}");
        }
        let full = read(r#"{"list": [1, 2], "map": {"k6": "v2"}}"#);
        assert_eq!((full.list.len(), full.map["k6"].as_str()), (2, "v2"));
    }

    #[test]
    fn wrong_type_of_a_list_or_map_is_an_error() {
        for text in [r#"{"list": {}}"#, r#"{"list": ""}"#, r#"{"map": []}"#, r#"{"map": false}"#] {
            for error in errors(text) {
                assert!(error.contains("invalid type"), "{text}: {error}");
            }
        }
    }

    #[test]
    fn integer_reads_in_every_notation() {
        for (text, value) in [
            ("5", 5),
            ("5.0", 5),
            ("-5.000", -5),
            ("5e0", 5),
            ("1e3", 1_000),
            ("1.5E+3", 1_500),
            ("2500e-2", 25),
            ("0", 0),
            ("-0", 0),
            ("-0.0", 0),
            ("0e10", 0),
            ("9007199254740991.0", 9_007_199_254_740_991),
            ("-9.007199254740991e15", -9_007_199_254_740_991),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            let both = format!(r#"{{"count": {text}, "code": {text}}}"#);
            let fields = read(&both);
            assert_eq!((fields.count, fields.code), (value, Some(value)), "{text}");
        }
        assert_eq!(read(r#"{"code": null}"#).code, None);
    }

    #[test]
    fn number_that_is_not_an_integer_is_an_error_that_shows_it() {
        for (text, shown) in [
            ("5.5", "`5.5`"),
            ("-0.25", "`-0.25`"),
            ("1e-3", "`0.001`"),
            ("9223372036854775808", "`9223372036854775808`"),
            ("-9223372036854775809", "`-9.223372036854776e+18`"),
            ("9223372036854775807.0", "`9.223372036854776e+18`"),
            ("1e19", "`1e+19`"),
            ("1e300", "`1e+300`"),
            // Each of these floats stands for several integers.
            ("9007199254740992.0", "`9007199254740992.0`"),
            ("9007199254740993.0", "`9007199254740992.0`"),
            ("9007199254740994.0", "`9007199254740994.0`"),
            ("1e18", "`1e+18`"),
            ("-1000000000000000001.0", "`-1e+18`"),
            ("true", "`true`"),
            ("\"5\"", "\"5\""),
            ("[5]", "sequence"),
            ("{\"a\": 5}", "map"),
        ] {
            for name in ["count", "code"] {
                for error in errors(&format!(r#"{{"{name}": {text}}}"#)) {
                    assert!(error.contains(shown), "{name} {text}: {error}");
                    assert!(error.contains("expected a 64-bit integer"), "{error}");
                }
            }
        }
        for error in errors(r#"{"count": null}"#) {
            assert!(error.contains("null, expected a 64-bit integer"), "{error}");
        }
    }

    #[test]
    fn empty_string_reads_as_none() {
        for text in ["{}", r#"{"ended": null, "outcome": null}"#, r#"{"ended": "", "outcome": ""}"#]
        {
            assert_eq!(read(text), Fields::default(), "{text}");
        }
        let fields = read(r#"{"ended": "2026-06-30T12:00:00", "outcome": "p\u0061ssed"}"#);
        assert_eq!(fields.ended.expect("a time").to_string(), "2026-06-30T12:00:00Z");
        assert_eq!(fields.outcome, Some(Outcome::Passed));
    }

    #[test]
    fn string_that_is_not_a_date_is_an_error_that_shows_it() {
        for error in errors(r#"{"ended": "yesterday"}"#) {
            assert!(error.contains("\"yesterday\"") && error.contains("a date"), "{error}");
        }
        for error in errors(r#"{"ended": 5}"#) {
            assert!(error.contains("integer `5`") && error.contains("a string or null"), "{error}");
        }
        assert!(serde_json::from_value::<Fields>(json!({ "ended": " " })).is_err());
    }
}
