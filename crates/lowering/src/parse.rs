//! The parse stage: bytes to a JSON value, within limits.
//!
//! The published description is YAML, and JSON is accepted. Duplicate keys are rejected, since
//! either value could be the right one. The size of the result is limited, since a few hundred
//! bytes of YAML aliases can stand for gigabytes.

use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::problem::{Limit, Problem};

mod flow;

/// The most bytes that a description may have by default.
pub const MOST_BYTES: usize = 2 * 1024 * 1024;

/// What a document may have at most.
///
/// ```
/// use openapi_lowering::parse::{Limits, parse_within};
///
/// let mut limits = Limits::default();
/// limits.bytes = 16;
/// let error = parse_within(b"openapi: 3.1.0 # and more", "api.yaml", &limits);
/// assert!(error.is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes. The YAML reader keeps some 65 bytes for each byte of a list before any other limit
    /// applies. The default is 2 MiB.
    pub bytes: usize,
    /// Keys and values, after following aliases; 1,400 lines have some 2,600. The stages after this
    /// one take up to 10 µs for each of them. The default is 100,000.
    pub nodes: usize,
    /// Bytes of all strings and keys, after following aliases. The default is 8 MiB.
    pub text: usize,
    /// Levels of lists and objects. The default is 64. The JSON reader has a limit of 128 of its
    /// own.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: MOST_BYTES, nodes: 100_000, text: 4 * MOST_BYTES, depth: 64 }
    }
}

/// The most brackets that may be open at once in the text of a document, as a multiple of its
/// levels: prose may have some too.
const BRACKETS_PER_LEVEL: usize = 4;

/// The most brackets that may be open at once if those in prose count as well. The YAML scanner
/// takes less than a second for as many.
const MOST_BRACKETS: usize = 20_000;

/// Parses a YAML or JSON document. Messages call it `name`.
///
/// # Errors
///
/// The bytes are not YAML or JSON, or pass a limit.
pub fn parse(bytes: &[u8], name: &str) -> Result<Value, Problem> {
    parse_within(bytes, name, &Limits::default())
}

/// Parses a YAML or JSON document within `limits`. Messages call it `name`.
///
/// # Errors
///
/// The bytes are not YAML or JSON, or pass a limit.
pub fn parse_within(bytes: &[u8], name: &str, limits: &Limits) -> Result<Value, Problem> {
    if bytes.len() > limits.bytes {
        return Err(Problem::new(
            name,
            format!("{} bytes are more than the {} allowed", bytes.len(), limits.bytes),
            "check that the source is the API's description",
        )
        .passing(Limit::Bytes));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            Problem::new(name, "this is UTF-16", "save the description as UTF-8")
        }
        [0x1f, 0x8b, ..] => {
            Problem::new(name, "this is compressed with gzip", "decompress it first")
        }
        _ => Problem::new(
            name,
            format!("not UTF-8 from byte {}", error.valid_up_to()),
            "save the description as UTF-8",
        ),
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = text.trim_start();
    if start.is_empty() {
        return Err(empty(name));
    }
    if start.starts_with('<') {
        return Err(Problem::new(
            name,
            "this is HTML or XML, not YAML or JSON",
            "check the address: this may be a login or error page",
        ));
    }

    // The JSON reader has its own limit.
    let nested = limits.depth.saturating_mul(BRACKETS_PER_LEVEL);
    if !start.starts_with('{')
        && (flow::most_open(text) > nested || most_open_brackets(text) > MOST_BRACKETS)
    {
        return Err(Problem::new(
            name,
            format!("nested more than {} levels deep", limits.depth),
            "check that the source is the API's description",
        )
        .passing(Limit::Depth));
    }
    let value = read(text, limits).map_err(|(error, passed)| {
        if passed == Some(Limit::Depth) && has_circle(text, limits) {
            let what = "an alias stands inside of what it refers to, which has no end";
            return Problem::new(name, what, "write the value instead of the alias");
        }
        if error.contains("repetition limit") {
            let fix = "check that the source is the API's description";
            return Problem::new(name, "its aliases stand for far more than the document", fix);
        }
        let fix = "correct the document at this line, or check the source";
        let problem = Problem::new(name, error, fix);
        passed.map_or(problem.clone(), |limit| problem.passing(limit))
    })?;
    // Nothing but comments.
    if value.is_null() { Err(empty(name)) } else { Ok(value) }
}

/// Reads a text. An error says which limit was passed, if one was.
fn read(text: &str, limits: &Limits) -> Result<Value, (String, Option<Limit>)> {
    let budget = Budget {
        limits,
        nodes: Cell::new(limits.nodes),
        text: Cell::new(limits.text),
        passed: Cell::new(None),
    };
    let is_json = text.trim_start().starts_with('{');
    let root = Reader { budget: &budget, depth: 0, merges: !is_json };
    let parsed = if is_json {
        let mut json = serde_json::Deserializer::from_str(text);
        root.deserialize(&mut json)
            .and_then(|value| json.end().map(|()| value))
            .map_err(|error| error.to_string())
    } else {
        root.deserialize(serde_yaml::Deserializer::from_str(text)).map_err(|e| e.to_string())
    };
    parsed.map_err(|error| (error, budget.passed.get()))
}

/// Whether a text that is too deep has an alias inside of what it refers to. Only then it is too
/// deep for the YAML reader as well.
fn has_circle(text: &str, limits: &Limits) -> bool {
    let deeper = Limits { depth: usize::MAX, ..limits.clone() };
    let is_yaml = !text.trim_start().starts_with('{');
    is_yaml && text.contains('&') && text.contains('*') && read(text, &deeper).is_err()
}

fn empty(name: &str) -> Problem {
    Problem::new(name, "the document is empty", "check the source")
}

/// Returns how many brackets are open at once at the most, those in prose and quotes included.
///
/// The YAML scanner's time grows with the square of this depth, before any other limit applies:
/// 50,000 brackets take it ten seconds.
fn most_open_brackets(text: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for line in text.lines() {
        // A key at the margin ends the prose above it, with the brackets that it left open.
        if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            open = 0;
        }
        for byte in line.bytes() {
            match byte {
                b'[' | b'{' => open += 1,
                b']' | b'}' => open = open.saturating_sub(1),
                _ => {}
            }
            most = most.max(open);
        }
    }
    most
}

/// What is left of the limits while a document is read.
struct Budget<'a> {
    limits: &'a Limits,
    nodes: Cell<usize>,
    text: Cell<usize>,
    /// The limit that was passed.
    passed: Cell<Option<Limit>>,
}

impl Budget<'_> {
    fn take<E: de::Error>(&self, text: usize) -> Result<(), E> {
        let nodes = self.nodes.get().checked_sub(1);
        let left = self.text.get().checked_sub(text);
        let (Some(nodes), Some(left)) = (nodes, left) else {
            self.passed.set(Some(Limit::Values));
            return Err(E::custom(format_args!(
                "the document stands for more than {} keys and values or {} bytes of text once \
                 its aliases are followed",
                self.limits.nodes, self.limits.text
            )));
        };
        self.nodes.set(nodes);
        self.text.set(left);
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    budget: &'a Budget<'a>,
    depth: usize,
    /// Whether `<<` merges other objects, as in YAML.
    merges: bool,
}

impl Reader<'_> {
    fn below<E: de::Error>(self) -> Result<Self, E> {
        let most = self.budget.limits.depth;
        if self.depth >= most {
            self.budget.passed.set(Some(Limit::Depth));
            return Err(E::custom(format_args!("nested more than {most} levels deep")));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a plain YAML or JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        self.budget.take(0)?;
        Ok(Value::Null)
    }

    /// A YAML stream of nothing but comments.
    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        self.budget.take(0)?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        self.budget.take(0)?;
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        self.budget.take(0)?;
        Ok(value.into())
    }

    /// Beyond 64 bits the nearest number, as the JSON reader has it.
    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        self.budget.take(0)?;
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom(format_args!("the number {value} cannot be written in JSON")))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        self.budget.take(value.len())?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        self.budget.take(0)?;
        let inner = self.below()?;
        let mut values = Vec::new();
        while let Some(value) = seq.next_element_seed(inner)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        self.budget.take(0)?;
        let inner = self.below()?;
        let mut members = Map::new();
        let mut merged = None;
        while let Some(key) = map.next_key_seed(Key)? {
            self.budget.take(key.len())?;
            let value = map.next_value_seed(inner)?;
            if self.merges && key == "<<" {
                if merged.replace(merge(value)?).is_some() {
                    return Err(de::Error::custom("duplicate key \"<<\""));
                }
                continue;
            }
            if members.contains_key(&key) {
                return Err(de::Error::custom(format_args!("duplicate key {key:?}")));
            }
            members.insert(key, value);
        }
        // What the object says itself goes before what it merges.
        for (key, value) in merged.into_iter().flatten() {
            members.entry(key).or_insert(value);
        }
        Ok(Value::Object(members))
    }

    fn visit_enum<A: de::EnumAccess<'de>>(self, _: A) -> Result<Value, A::Error> {
        Err(de::Error::custom("YAML tags (`!name`) are not supported"))
    }
}

/// The members of the value of a YAML merge key: an object, or a list of objects of which the first
/// counts. The limits count what an alias stands for again each time.
fn merge<E: de::Error>(value: Value) -> Result<Map<String, Value>, E> {
    let objects = match value {
        Value::Array(objects) => objects,
        object => vec![object],
    };
    let mut merged = Map::new();
    for object in objects {
        let Value::Object(members) = object else {
            let what =
                "a merge key (`<<`) takes an object or a list of objects: write the value so";
            return Err(E::custom(what));
        };
        for (key, value) in members {
            merged.entry(key).or_insert(value);
        }
    }
    Ok(merged)
}

/// A member's name. YAML reads an unquoted `200:` or `1.10:` as a number; here it is the string.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        // As it is written: as a number `1.10` would lose its zero.
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string as a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<String, E> {
        Ok(key.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::parse;

    fn rejection(text: &str) -> String {
        parse(text.as_bytes(), "it").expect_err("must be rejected").to_string()
    }

    #[test]
    fn yaml_and_json_read_alike() {
        let yaml = parse(b"a: [1, 2.5, yes, ~]\n200: {b: 'x'}\n", "it").expect("YAML");
        let json = parse(br#"{"a": [1, 2.5, "yes", null], "200": {"b": "x"}}"#, "it");
        assert_eq!(yaml, json.expect("JSON"));
        assert_eq!(yaml, json!({"a": [1, 2.5, "yes", null], "200": {"b": "x"}}));
    }

    #[test]
    fn integers_beyond_64_bits_are_read_as_in_json() {
        let yaml = parse(b"a: [-9223372036854776000, 18446744073709552000]\n", "it");
        let json = parse(br#"{"a": [-9223372036854776000, 18446744073709552000]}"#, "it");
        assert_eq!(yaml, json);
        assert_eq!(json, Ok(json!({"a": [-9223372036854776000_f64, 18446744073709552000_f64]})));
    }

    #[test]
    fn byte_order_mark_and_carriage_returns_are_accepted() {
        assert_eq!(parse(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "it"), Ok(json!({"a": 1, "b": 2})));
    }

    #[test]
    fn aliases_are_followed() {
        assert_eq!(
            parse(b"a: &x {k: 1}\nb: *x\n", "it"),
            Ok(json!({"a": {"k": 1}, "b": {"k": 1}}))
        );
    }

    #[test]
    fn duplicate_keys_are_rejected() {
        assert!(rejection("a: 1\na: 2\n").contains("duplicate key \"a\""));
        assert!(rejection(r#"{"a": 1, "a": 2}"#).contains("duplicate key \"a\""));
        // The same key, once as a number.
        assert!(rejection("'200': 1\n200: 2\n").contains("duplicate key \"200\""));
    }

    #[test]
    fn alias_bomb_is_rejected() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let alias = format!("*a{}", level - 1);
            let row = vec![alias; 10].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{row}]\n"));
        }
        let message = rejection(&text);
        assert!(message.contains("aliases"), "{message}");
    }

    #[test]
    fn deep_nesting_is_rejected() {
        for text in ["[".repeat(100_000), "{\"a\":".repeat(100_000), "- ".repeat(5_000)] {
            let message = rejection(&text);
            assert!(
                ["deep", "recursion limit", "nesting"].iter().any(|word| message.contains(word)),
                "{message}"
            );
        }
    }

    #[test]
    fn values_that_json_does_not_have_are_rejected() {
        assert!(rejection("a: .nan\n").contains("NaN"));
        assert!(rejection("a: !thing 1\n").contains("tags"));
        assert!(rejection("? [1]\n: 2\n").contains("as a key"));
    }

    #[test]
    fn merge_keys_are_followed_within_the_limits() {
        let read = |text: &str| parse(text.as_bytes(), "it");
        let anchors = "x: &x {k: 1, l: 2}\ny: &y {l: 3, m: 4}\n";
        let merged = read(&format!("{anchors}a: {{k: 0, <<: *x}}\nb: {{<<: [*x, *y], m: 5}}\n"));
        let merged = merged.expect("merges");
        assert_eq!(merged["a"], json!({"k": 0, "l": 2}));
        assert_eq!(merged["b"], json!({"k": 1, "l": 2, "m": 5}));
        let nested = read("x: &x {k: 1}\ny: &y {<<: *x, l: 2}\nz: {<<: *y}\n").expect("merges");
        assert_eq!(nested["z"], json!({"k": 1, "l": 2}));
        // In JSON the key is one as any other.
        let plain = json!({"<<": 1});
        assert_eq!(read(&plain.to_string()), Ok(plain));
        assert!(rejection("a: {<<: 1}\n").contains("takes an object"));
        assert!(rejection("x: &x {k: 1}\na: {<<: *x, <<: *x}\n").contains("duplicate key"));
        let mut bomb = "a0: &a0 {k: [x, x, x, x, x, x, x, x, x, x]}\n".to_owned();
        for level in 1..12 {
            let (row, name) = (format!("<<: *a{}, ", level - 1), format!("a{level}"));
            let keys: String = (0..9).map(|key| format!("k{key}: *a{}, ", level - 1)).collect();
            bomb.push_str(&format!("{name}: &{name} {{{row}{keys}}}\n"));
        }
        assert!(rejection(&bomb).contains("aliases"));
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        let yaml = parse(b"{x: {1.0: a, 1.10: b, 0x10: c, no: d, null: e, 1e3: f}}\n", "it");
        let yaml = yaml
            .or_else(|_| parse(b"x: {1.0: a, 1.10: b, 0x10: c, no: d, null: e, 1e3: f}\n", "it"));
        let keys =
            json!({"1.0": "a", "1.10": "b", "0x10": "c", "no": "d", "null": "e", "1e3": "f"});
        assert_eq!(yaml, Ok(json!({ "x": keys })));
    }

    #[test]
    fn brackets_in_prose_are_no_levels() {
        let prose = [
            "{type: number, description: 'a share in [0, 1)'}",
            "{type: number, description: \"a \\\"share\\\" in [0, 1)\"}",
            "a share in [0, 1)",
            "'it''s in [0, 1)'",
            "|\n  a share in [0, 1)\n\n  and [more",
            ">-\n  - {a share in [0, 1)",
            "[a, 'b [', \"c {\"] # and [some",
            "plain text\n  - in [0, 1)",
        ];
        for value in prose {
            let text: String = (0..2_000).map(|index| format!("s{index}: {value}\n")).collect();
            let parsed = parse(text.as_bytes(), "it");
            assert!(parsed.is_ok(), "{value}: {parsed:?}");
            let text: String = (0..2_000)
                .map(|index| format!("  s{index}: {}\n", value.replace('\n', "\n  ")))
                .collect();
            let parsed = parse(format!("all:\n{text}").as_bytes(), "it");
            assert!(parsed.is_ok(), "{value}: {parsed:?}");
        }
    }

    #[test]
    fn aliases_in_a_circle_are_told_apart_from_depth() {
        for text in ["a: &x [*x]\n", "a: &x {b: {c: *x}}\n", "a: &x\n  b:\n  - *x\n"] {
            let message = rejection(text);
            assert!(message.contains("an alias"), "{message}");
        }
        let deep = format!("a: &x 1\nb: *x\nc: {}{}\n", "[".repeat(70), "]".repeat(70));
        let message = rejection(&deep);
        assert!(message.contains("nested more than 64 levels"), "{message}");
    }

    #[test]
    fn other_formats_are_rejected_with_a_hint() {
        assert!(rejection("<!doctype html>").contains("HTML"));
        assert!(rejection(" \n").contains("empty"));
        assert!(rejection("---\na: 1\n---\nb: 2\n").contains("more than one document"));
        let message = parse(b"a: \xff", "it").expect_err("not UTF-8").to_string();
        assert!(message.contains("UTF-8 from byte 3"), "{message}");
    }
}
