//! Compares what the service sent with what the client made of it.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset};
use serde_json::{Map, Value};

use crate::description::escape;
use crate::finding::{Finding, Kind, type_name};

/// Returns where the client's value differs. Values that mean the same are equal: another form of a
/// time or of a number, and null, nothing, an empty list and an empty object.
pub(crate) fn differences(sent: &Value, read: &Value, names: &BTreeSet<String>) -> Vec<Finding> {
    let mut comparison = Comparison { names, findings: Vec::new() };
    comparison.values("", sent, read);
    comparison.findings
}

struct Comparison<'a> {
    names: &'a BTreeSet<String>,
    findings: Vec<Finding>,
}

impl Comparison<'_> {
    fn values(&mut self, pointer: &str, sent: &Value, read: &Value) {
        match (sent, read) {
            (Value::Object(sent), Value::Object(read)) => self.objects(pointer, sent, read),
            (Value::Array(sent), Value::Array(read)) if sent.len() == read.len() => {
                for (sent, read) in sent.iter().zip(read) {
                    self.values(&format!("{pointer}/*"), sent, read);
                }
            }
            _ if is_nothing(sent) && is_nothing(read) => {}
            _ if same(sent, read) => {}
            _ => self.add(pointer, sent, read),
        }
    }

    fn objects(&mut self, pointer: &str, sent: &Map<String, Value>, read: &Map<String, Value>) {
        for (name, value) in sent {
            let known = self.names.contains(name);
            let token = if known { escape(name) } else { "{key}".to_owned() };
            match read.get(name) {
                Some(read) => self.values(&format!("{pointer}/{token}"), value, read),
                // The client leaves out what the description does not have, which is reported already.
                None if is_nothing(value) || !known => {}
                None => self.add(&format!("{pointer}/{token}"), value, &Value::Null),
            }
        }
        for (name, value) in read.iter().filter(|(name, _)| !sent.contains_key(*name)) {
            if !is_nothing(value) {
                let token =
                    if self.names.contains(name) { escape(name) } else { "{key}".to_owned() };
                self.add(&format!("{pointer}/{token}"), &Value::Null, value);
            }
        }
    }

    fn add(&mut self, pointer: &str, sent: &Value, read: &Value) {
        let (expected, mut found) = (type_name(sent), type_name(read).to_owned());
        if expected == found {
            found = format!("another {found}");
        }
        self.findings.push(Finding::new(Kind::ClientValue, expected, found).at(pointer));
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(properties) => properties.is_empty(),
        _ => false,
    }
}

fn same(sent: &Value, read: &Value) -> bool {
    if sent == read {
        return true;
    }
    match (sent, read) {
        (Value::String(sent), Value::String(read)) => {
            time(sent).is_some_and(|sent| Some(sent) == time(read))
        }
        _ => number(sent).is_some_and(|sent| Some(sent) == number(read)),
    }
}

fn time(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_rfc3339(&format!("{text}Z")))
        .ok()
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
