//! Whether values that the crate does not know may be written.
//!
//! A response can have such a value, and must be written as it was read. In a request it is most likely a
//! typing error.

use std::cell::Cell;

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

thread_local! {
    static IS_STRICT: Cell<bool> = const { Cell::new(false) };
}

/// Returns whether unknown values are errors now.
pub(crate) fn is_strict() -> bool {
    IS_STRICT.get()
}

/// Makes a request, whose unknown values are errors if `strict` is set. The request must be written
/// before `make` returns.
pub(crate) fn make_request<T>(strict: bool, make: impl FnOnce() -> T) -> T {
    /// Restores the state, also after a panic.
    struct Restore(bool);

    impl Drop for Restore {
        fn drop(&mut self) {
            IS_STRICT.set(self.0);
        }
    }

    let _restore = Restore(IS_STRICT.replace(strict));
    make()
}

/// The name that stands for the whole of a value that is no object. No API has a property of this name.
const WHOLE: &str = "\u{0}";

/// Returns the properties of an object. Another value is kept, for the error when it is written.
#[allow(dead_code, reason = "the description may have no type that takes any property")]
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(properties) => properties,
        Value::Null => Map::new(),
        other => Map::from_iter([(WHOLE.to_owned(), other)]),
    }
}

/// Returns the properties of a value. The error of one that cannot be written is kept.
#[allow(dead_code, reason = "the description may have no type that takes any property")]
pub(crate) fn serialized(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(value) => object(value),
        Err(error) => {
            let why = Map::from_iter([("why".to_owned(), Value::String(error.to_string()))]);
            Map::from_iter([(WHOLE.to_owned(), Value::Object(why))])
        }
    }
}

/// Writes properties, unless they were made from something else.
#[allow(dead_code, reason = "the description may have no type that takes any property")]
pub(crate) fn properties<S: Serializer>(
    properties: &Map<String, Value>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let what = match properties.get(WHOLE) {
        None => return properties.serialize(serializer),
        Some(Value::Object(error)) => {
            let why = error.get("why").and_then(Value::as_str).unwrap_or_default();
            return Err(S::Error::custom(format_args!("it cannot be written as JSON: {why}")));
        }
        Some(Value::Array(_)) => "a list",
        Some(Value::String(_)) => "a string",
        Some(Value::Number(_)) => "a number",
        Some(Value::Bool(_) | Value::Null) => "true or false",
    };
    Err(S::Error::custom(format_args!("an object with properties is needed, and not {what}")))
}

/// Returns the error of an unknown value.
pub(crate) fn error<E: serde::ser::Error>(
    name: &str,
    value: &str,
    known: impl Iterator<Item = &'static str>,
) -> E {
    let known: Vec<_> = known.collect();
    let value = super::shown::Shown::quoted(value);
    E::custom(format_args!(
        "{value} is not a known {name}: use one of {}, or Client::with_unknown_values to send it all the \
         same",
        known.join(", ")
    ))
}
