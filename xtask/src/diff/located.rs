//! Values with their pointers in a description, and the references between them.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use openapi_lowering::problem::Place;

/// The prefix of references to component schemas.
pub(super) const SCHEMAS: &str = "#/components/schemas/";

/// The longest chain of references that is followed.
const MAX_HOPS: usize = 32;

/// A value and its pointer in one of the two descriptions.
#[derive(Clone, Debug)]
pub(super) struct Located<'a> {
    pub(super) value: &'a Value,
    pub(super) at: Place,
}

impl<'a> Located<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value, at: Place::root() }
    }

    pub(super) fn get(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| Self { value, at: self.at.at(key) })
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// Whether a member is `true`.
    pub(super) fn is(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// The elements of a list; empty for anything else.
    pub(super) fn elements(&self) -> Vec<Self> {
        let list = self.value.as_array().into_iter().flatten().enumerate();
        list.map(|(index, value)| Self { value, at: self.at.at(index) }).collect()
    }

    /// The members of an object; empty for anything else.
    pub(super) fn members(&self) -> Vec<(&'a str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(key, value)| (key.as_str(), Self { value, at: self.at.at(key) })).collect()
    }
}

/// Resolves a local reference.
pub(super) fn resolve<'a>(document: &'a Value, reference: &str) -> Option<Located<'a>> {
    let pointer = percent_decode_str(reference.strip_prefix('#')?).decode_utf8().ok()?;
    let value = document.pointer(&pointer)?;
    let keys = pointer.split('/').skip(1);
    let at = keys.fold(Place::root(), |at, key| at.at(unescaped(key)));
    Some(Located { value, at })
}

/// Follows references until it finds a value that is not a reference.
pub(super) fn follow<'a>(document: &'a Value, start: &Located<'a>) -> Option<Located<'a>> {
    let mut found = start.clone();
    for _ in 0..MAX_HOPS {
        let Some(reference) = found.text("$ref") else {
            return Some(found);
        };
        found = resolve(document, reference)?;
    }
    None
}

/// A key of a JSON pointer as the document has it.
pub(super) fn unescaped(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}

/// The component schema that a pointer lies in.
pub(super) fn component_of(pointer: &str) -> Option<String> {
    let name = pointer.strip_prefix("/components/schemas/")?.split('/').next()?;
    Some(unescaped(name))
}

/// Whether two values are equal; 1000 and 1000.0 are the same number.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        // As floating point, neighbouring large integers would be equal.
        (Value::Number(x), Value::Number(y)) => {
            x == y || ((x.is_f64() || y.is_f64()) && x.as_f64() == y.as_f64())
        }
        (Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(x, y))
        }
        (Value::Object(x), Value::Object(y)) => {
            x.len() == y.len() && x.iter().all(|(key, x)| y.get(key).is_some_and(|y| same(x, y)))
        }
        _ => a == b,
    }
}
