//! Schemas in a few words, by their Rust names.

use heck::ToUpperCamelCase as _;

use super::Terms;
use super::located::{Located, SCHEMAS};
use super::normal::{Normal, Union, normal};
use super::site::Site;
use super::text::rendered;

/// How deep the parts of a schema are named.
const MAX_DEPTH: usize = 3;

/// The most values, arms or properties that are named one by one.
const MAX_NAMED: usize = 4;

/// The most characters of a sentence.
const MAX_SENTENCE: usize = 160;

impl Terms<'_> {
    /// The name of the Rust type of a component.
    pub(crate) fn rust_name(&self, component: &str) -> String {
        let lowered = self.names.get(component).map_or(component, String::as_str);
        lowered.to_upper_camel_case()
    }

    fn referred(&self, reference: &str) -> String {
        match reference.strip_prefix(SCHEMAS) {
            Some(name) => self.rust_name(name),
            None => reference.rsplit('/').next().unwrap_or(reference).to_owned(),
        }
    }

    /// The pointers of two schemas, with both in a few words and what the description says.
    pub(super) fn site(&self, old: Option<&Located<'_>>, new: Option<&Located<'_>>) -> Site {
        let words = |schema: &Located<'_>| self.summary(schema);
        let note = new.or(old).and_then(first_sentence);
        Site::of(old, new).texts(old.map(words), new.map(words)).note(note)
    }

    /// A schema in a few words: "integer or null", "list of TestRun".
    pub(super) fn summary(&self, schema: &Located<'_>) -> String {
        self.words(&normal(schema), 0)
    }

    /// The same for a schema in normal form.
    pub(super) fn summary_of(&self, schema: &Normal<'_>) -> String {
        self.words(schema, 0)
    }

    /// The types of a schema alone: "object or null".
    pub(super) fn types(&self, schema: &Normal<'_>) -> String {
        let mut names: Vec<_> = schema.types.iter().map(|name| (*name).to_owned()).collect();
        if let Some(name) = schema.reference.as_ref().and_then(|node| node.value.as_str()) {
            names = vec![self.referred(name)];
        } else if names.is_empty() {
            names.push(if schema.union.is_some() { "union" } else { "any value" }.to_owned());
        }
        if schema.nullable {
            names.push("null".to_owned());
        }
        names.join(" or ")
    }

    fn words(&self, schema: &Normal<'_>, depth: usize) -> String {
        let mut kinds = Vec::new();
        if let Some(name) = schema.reference.as_ref().and_then(|node| node.value.as_str()) {
            kinds.push(self.referred(name));
        } else if let Some(values) = &schema.values {
            if values.list.len() > MAX_NAMED {
                kinds.push(format!("one of {} values", values.list.len()));
            } else {
                kinds.extend(values.list.iter().map(|value| rendered(value)));
            }
        } else if let Some(union) = &schema.union {
            kinds.extend(self.arms(union, "one of", depth));
        } else if let Some(sum) = &schema.sum {
            kinds.push(self.arms(sum, "all of", depth).join(" and "));
        } else {
            kinds.extend(schema.types.iter().map(|name| self.kind(name, schema, depth)));
        }
        if kinds.is_empty() {
            kinds.push("any value".to_owned());
        }
        if schema.nullable {
            kinds.push("null".to_owned());
        }
        kinds.join(" or ")
    }

    fn arms(&self, union: &Union<'_>, all: &str, depth: usize) -> Vec<String> {
        if union.arms.len() > MAX_NAMED || depth == MAX_DEPTH {
            return vec![format!("{all} {} types", union.arms.len())];
        }
        union.arms.iter().map(|arm| self.words(&normal(arm), depth + 1)).collect()
    }

    fn kind(&self, name: &str, schema: &Normal<'_>, depth: usize) -> String {
        let keyword = |key: &str| schema.keywords.get(key);
        let below = |key: &str| {
            let part = keyword(key).filter(|part| part.value.is_object() && depth < MAX_DEPTH)?;
            Some(self.words(&normal(part), depth + 1))
        };
        match name {
            "array" => match below("items") {
                Some(items) => format!("list of {items}"),
                None => "list".to_owned(),
            },
            "object" => {
                let properties = keyword("properties").map(Located::members).unwrap_or_default();
                let names: Vec<_> =
                    properties.iter().map(|(name, _)| format!("`{name}`")).collect();
                match (names.len(), below("additionalProperties")) {
                    (0, Some(values)) => format!("map of {values}"),
                    (0, None) => "map".to_owned(),
                    (1..=MAX_NAMED, _) => format!("object with {}", names.join(", ")),
                    (count, _) => format!("object with {count} properties"),
                }
            }
            _ => match keyword("format").and_then(|format| format.value.as_str()) {
                None | Some("int64" | "double") => name.to_owned(),
                Some(format) => format!("{name} ({format})"),
            },
        }
    }
}

/// The first sentence of a description.
pub(super) fn first_sentence(part: &Located<'_>) -> Option<String> {
    let text = part.text("description")?;
    let text: Vec<_> = text.split_whitespace().take(MAX_SENTENCE).collect();
    let text = text.join(" ");
    let end = text.find(". ").map_or(text.len(), |end| end + 1);
    let sentence = &text[..end];
    let cut = sentence.char_indices().nth(MAX_SENTENCE).map(|(end, _)| &sentence[..end]);
    let sentence = cut.map_or_else(|| sentence.to_owned(), |cut| format!("{}…", cut.trim_end()));
    Some(sentence).filter(|sentence| !sentence.is_empty())
}
