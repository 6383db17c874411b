//! Finds parts of a JSON document without reading them.
//!
//! serde_json skips a value by its brackets and quotes alone. A value that cannot be read, such as a
//! number that is too large or half of a surrogate pair, can therefore be skipped like any other.

use std::ops::Range;

use serde::de::IgnoredAny;

/// Returns the location of the value of the property `name` of an object.
pub(super) fn property(object: &[u8], name: &str) -> Option<Range<usize>> {
    let mut parts = Parts { json: object, at: 0 };
    parts.skip(b'{')?;
    loop {
        let key = parts.value()?;
        parts.skip(b':')?;
        let value = parts.value()?;
        // The name may be written with escapes.
        let key: String = serde_json::from_slice(object.get(key)?).unwrap_or_default();
        if key == name {
            return Some(value);
        }
        parts.skip(b',')?;
    }
}

/// Returns the elements of an array.
pub(super) fn elements(array: &[u8]) -> Option<Vec<&[u8]>> {
    let mut parts = Parts { json: array, at: 0 };
    parts.skip(b'[')?;
    let mut elements = Vec::new();
    if parts.skip(b']').is_some() {
        return Some(elements);
    }
    loop {
        elements.push(array.get(parts.value()?)?);
        if parts.skip(b',').is_none() {
            return parts.skip(b']').map(|()| elements);
        }
    }
}

/// A document that is read part by part.
struct Parts<'j> {
    json: &'j [u8],
    at: usize,
}

impl Parts<'_> {
    /// Goes past white space.
    fn skip_space(&mut self) -> &[u8] {
        let rest = self.json.get(self.at..).unwrap_or_default();
        let rest = rest.trim_ascii_start();
        self.at = self.json.len() - rest.len();
        rest
    }

    /// Goes past `byte`, if that comes next.
    fn skip(&mut self, byte: u8) -> Option<()> {
        let found = self.skip_space().first() == Some(&byte);
        self.at += usize::from(found);
        found.then_some(())
    }

    /// Goes past a value, and returns its location.
    fn value(&mut self) -> Option<Range<usize>> {
        let rest = self.skip_space();
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<IgnoredAny>();
        values.next()?.ok()?;
        let length = values.byte_offset();
        let start = self.at;
        self.at += length;
        Some(start..self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::{elements, property};

    fn shown<'j>(object: &'j str, name: &str) -> Option<&'j str> {
        property(object.as_bytes(), name).and_then(|location| object.get(location))
    }

    #[test]
    fn property_is_found_among_others() {
        let object = r#" {"a" : {"value": [1]} , "b":"}\"]", "c":-1.5e3,"n":null, "v\u0061lue" :[ 2 ] ,"z":1}"#;
        assert_eq!(shown(object, "value"), Some("[ 2 ]"));
        assert_eq!(shown(object, "a"), Some(r#"{"value": [1]}"#));
        assert_eq!(shown(object, "b"), Some(r#""}\"]""#));
        assert_eq!(shown(object, "c"), Some("-1.5e3"));
        assert_eq!(shown(object, "z"), Some("1"));
        assert_eq!(shown(object, "y"), None);
        for other in ["", "{}", "[]", "null", "{\"a\"", "{\"a\":", "{\"a\":1", "\"value\""] {
            assert_eq!(shown(other, "value"), None, "{other}");
        }
    }

    #[test]
    fn elements_are_split_even_if_they_cannot_be_read() {
        let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
        let rows = ["1e999", "\"\\ud800\"", "\"[,]\"", "{\"a\": [1, 2]}", "null", &deep, "-1"];
        let array = format!(" [ {} ] ", rows.join(" , "));
        let split = elements(array.as_bytes()).expect("an array");
        let split: Vec<_> = split.into_iter().map(|row| std::str::from_utf8(row)).collect();
        assert!(split.into_iter().eq(rows.map(Ok)));
        assert_eq!(elements(b" [ ] ").map(|rows| rows.len()), Some(0));
        // The bytes of a row need not be UTF-8.
        assert_eq!(elements(b"[\"\xff\", 1]").map(|rows| rows.len()), Some(2));
        for other in ["{}", "", "[", "[1", "[1 2]", "[,]", "null"] {
            assert!(elements(other.as_bytes()).is_none(), "{other}");
        }
    }
}
