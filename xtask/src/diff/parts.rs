//! Objects whose properties moved into a part of an `allOf`, or out of one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Severity::Text;
use super::located::{Located, follow, same};
use super::normal::normal;
use super::recorder::Comparison;
use super::rename::shape;
use super::rules::*;
use super::site::{Site, Usage};

/// How deep parts of parts are followed.
const MAX_DEPTH: usize = 16;

/// An object with the properties of all its parts.
#[derive(Default)]
struct Whole<'a> {
    properties: BTreeMap<&'a str, Located<'a>>,
    required: BTreeSet<&'a str>,
    parts: usize,
}

impl<'a> Whole<'a> {
    /// Returns the whole of a schema that is nothing but an object, in parts or not.
    fn of(document: &'a Value, schema: &Located<'a>) -> Option<Self> {
        let mut whole = Self::default();
        whole.add(document, schema, 0)?;
        Some(whole)
    }

    fn add(&mut self, document: &'a Value, schema: &Located<'a>, depth: usize) -> Option<()> {
        let schema = follow(document, schema).filter(|_| depth < MAX_DEPTH)?;
        for (key, node) in schema.members() {
            match key {
                "type" => (node.value == "object").then_some(())?,
                "title" | "description" | "example" | "examples" | "$comment" => {}
                "allOf" => {
                    for part in node.elements() {
                        self.parts += 1;
                        self.add(document, &part, depth + 1)?;
                    }
                }
                "properties" => {
                    for (name, property) in node.members() {
                        // Of two declarations both hold, which no single one says.
                        self.properties.insert(name, property).is_none().then_some(())?;
                    }
                }
                "required" => {
                    let names = node.value.as_array()?.iter();
                    self.required.extend(names.filter_map(Value::as_str));
                }
                _ => return None,
            }
        }
        Some(())
    }

    fn is_like(&self, other: &Self) -> bool {
        let alike = |(a, b): (&Located<'a>, &Located<'a>)| same(&shape(a, 0), &shape(b, 0));
        self.required == other.required
            && self.properties.keys().eq(other.properties.keys())
            && self.properties.values().zip(other.properties.values()).all(alike)
    }
}

impl<'a> Comparison<'a> {
    /// Whether two schemas are the same object, divided into parts in another way. Then this is
    /// recorded, and what is said of the properties is compared.
    pub(super) fn same_object(
        &mut self,
        old: &Located<'a>,
        new: &Located<'a>,
        usage: &Usage,
    ) -> bool {
        let divided = |schema: &Located<'a>| normal(schema).sum.is_some();
        if !divided(old) && !divided(new) {
            return false;
        }
        let (Some(was), Some(is)) = (Whole::of(self.old, old), Whole::of(self.new, new)) else {
            return false;
        };
        if was.parts == is.parts || !was.is_like(&is) {
            return false;
        }
        let sentence = "Nothing changes: it is the same object, divided into parts in another way.";
        self.plain(usage, Site::at(&old.at, &new.at), &PARTS_CHANGED, Text, sentence);
        for (name, property) in &was.properties {
            if let Some(other) = is.properties.get(name) {
                self.schema(property, other, &usage.member(name));
            }
        }
        true
    }
}
