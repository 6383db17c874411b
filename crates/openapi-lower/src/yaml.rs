//! Writes a document as YAML that every reader reads alike.
//!
//! Readers of YAML 1.1 take `no`, `2020-01-01`, `12:30:45` or `14_030` for other values than
//! strings. So a string has quotes unless it begins with a letter and has plain characters only,
//! and is not one of the words that some reader knows.

use std::fmt::Write as _;

use serde_json::{Number, Value};

/// Words that a reader takes for a boolean, null or a number, in any case.
const WORDS: &[&str] = &["false", "inf", "n", "nan", "no", "null", "off", "on", "true", "y", "yes"];

/// Keys must be shorter than 1,024 characters, unless a question mark is before them.
const LONGEST_KEY: usize = 1_000;

/// Returns the document as YAML, in blocks.
pub(crate) fn to_string(document: &Value) -> String {
    let mut out = String::new();
    match document {
        Value::Object(members) if !members.is_empty() => map(members, 0, false, &mut out),
        Value::Array(items) if !items.is_empty() => list(items, 0, false, &mut out),
        other => {
            scalar(other, 0, &mut out);
            out.push('\n');
        }
    }
    out
}

/// Writes the members of an object. The first one may go on in the line that is begun.
fn map(members: &serde_json::Map<String, Value>, indent: usize, begun: bool, out: &mut String) {
    for (index, (key, value)) in members.iter().enumerate() {
        if index > 0 || !begun {
            spaces(indent, out);
        }
        let key = if is_plain(key) { key.clone() } else { quoted(key) };
        if key.len() > LONGEST_KEY {
            out.push_str("? ");
            out.push_str(&key);
            out.push('\n');
            spaces(indent, out);
        } else {
            out.push_str(&key);
        }
        out.push(':');
        match value {
            Value::Object(members) if !members.is_empty() => {
                out.push('\n');
                map(members, indent + 2, false, out);
            }
            Value::Array(items) if !items.is_empty() => {
                out.push('\n');
                list(items, indent, false, out);
            }
            other => {
                out.push(' ');
                scalar(other, indent, out);
                out.push('\n');
            }
        }
    }
}

/// Writes the items of a list. The first one may go on in the line that is begun.
fn list(items: &[Value], indent: usize, begun: bool, out: &mut String) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 || !begun {
            spaces(indent, out);
        }
        out.push_str("- ");
        match item {
            Value::Object(members) if !members.is_empty() => map(members, indent + 2, true, out),
            Value::Array(items) if !items.is_empty() => list(items, indent + 2, true, out),
            other => {
                scalar(other, indent, out);
                out.push('\n');
            }
        }
    }
}

/// Writes a value that has nothing below it.
fn scalar(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(value) => out.push_str(&number(value)),
        Value::String(text) if is_plain(text) => out.push_str(text),
        Value::String(text) if is_block(text) => block(text, indent, out),
        Value::String(text) => out.push_str(&quoted(text)),
        Value::Array(_) => out.push_str("[]"),
        Value::Object(_) => out.push_str("{}"),
    }
}

fn spaces(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', count));
}

/// For YAML 1.1 a number with an exponent needs a point, and the exponent a sign.
fn number(number: &Number) -> String {
    let text = number.to_string();
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return text };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['-', '+']) { "" } else { "+" };
    format!("{mantissa}{point}e{sign}{exponent}")
}

/// Whether a string needs no quotes.
fn is_plain(text: &str) -> bool {
    let begins = |c: char| c.is_ascii_alphabetic() || c == '$' || c == '/';
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./ ,();$".contains(c);
    text.starts_with(begins)
        && text.chars().all(plain)
        && !text.ends_with(' ')
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a string of several lines can be written line by line.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && text.chars().all(|c| c == '\n' || !is_escaped(c))
        && !text.starts_with([' ', '\n'])
        && !text.lines().any(|line| !line.is_empty() && line.trim_matches(' ').is_empty())
}

fn block(text: &str, indent: usize, out: &mut String) {
    let body = text.trim_end_matches('\n');
    let chomping = match text.len() - body.len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    out.push('|');
    out.push_str(chomping);
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            spaces(indent + 2, out);
            out.push_str(line);
        }
    }
}

/// Characters that some reader rejects, or takes for the end of a line.
fn is_escaped(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_escaped(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
