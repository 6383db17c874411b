//! Schemas as older drafts of JSON Schema, and hurried authors of YAML, write them.

use serde_json::Value;

use super::Writer;
use super::keywords::wanted;
use crate::lower::rules::{NoteKind, RuleId};
use crate::problem::Place;
use crate::schemas::Members;

/// Keywords of which null is a value.
const NULL_IS_A_VALUE: &[&str] = &["const", "default", "example"];

/// Keywords that only say more about a schema, and that have no type in [`wanted`].
const TEXTS: &[&str] = &["$comment", "discriminator", "externalDocs", "xml"];

impl Writer<'_> {
    /// Returns the types of a schema that names null without quotes, with the name in quotes.
    pub(super) fn null_type(&mut self, members: &Members, place: &Place) -> Option<Value> {
        let at = place.at("type");
        let (at, names) = match members.get("type")? {
            Value::Null => (at, Value::from("null")),
            Value::Array(names) => {
                let first = names.iter().position(Value::is_null)?;
                let named = |name: &Value| match name {
                    Value::Null => Value::from("null"),
                    name => name.clone(),
                };
                (at.at(first), names.iter().map(named).collect())
            }
            _ => return None,
        };
        if !self.null_type_is_noted {
            self.null_type_is_noted = true;
            let detail = "null without quotes is read as the type \"null\", here and elsewhere";
            self.note(RuleId::UnquotedNull, NoteKind::Rewritten, &at, detail);
        }
        Some(names)
    }

    /// Whether a keyword is left out because its value says nothing: a null, or the boolean
    /// `required` of JSON Schema draft 3.
    pub(super) fn says_nothing(&mut self, key: &str, value: &Value, place: &Place) -> bool {
        let at = place.at(key);
        if let ("required", Value::Bool(required)) = (key, value) {
            let detail = "`required` is a list of keys of the object, and a boolean is ignored";
            let kind = if *required { NoteKind::Widened } else { NoteKind::Dropped };
            self.note(RuleId::OlderKeyword, kind, &at, detail);
            if *required {
                self.exactness.losses += 1;
                self.exactness.widened.extend(self.exactness.current.clone());
            }
            return true;
        }
        let null = value.is_null()
            && !NULL_IS_A_VALUE.contains(&key)
            && key != "$ref"
            && (wanted(key, value).is_some() || TEXTS.contains(&key));
        if null {
            self.note(RuleId::NullMember, NoteKind::Dropped, &at, "null says nothing here");
        }
        null
    }

    /// Before 2020-12 a list in `items` was what `prefixItems` is now, and `additionalItems` what
    /// `items` is. Returns the keywords that have the first items and the others.
    pub(super) fn keywords_of_items(
        &mut self,
        source: &Members,
        place: &Place,
    ) -> (&'static str, &'static str) {
        if !is_older_tuple(source) {
            return ("prefixItems", "items");
        }
        let detail = "a list of schemas in `items` is read as `prefixItems`";
        self.note(RuleId::OlderKeyword, NoteKind::Rewritten, &place.at("items"), detail);
        ("items", "additionalItems")
    }
}

/// Whether an entry of `type` stands for null.
pub(super) fn is_null_type(name: &Value) -> bool {
    name.is_null() || name == "null"
}

fn is_older_tuple(source: &Members) -> bool {
    source.get("items").is_some_and(Value::is_array) && !source.contains_key("prefixItems")
}

/// Whether a keyword is the schema of the items after those of an older tuple.
pub(super) fn is_rest_of_tuple(key: &str, source: &Members) -> bool {
    key == "additionalItems" && is_older_tuple(source)
}
