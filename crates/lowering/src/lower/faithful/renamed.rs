//! Components whose names OpenAPI 3.0 does not allow, and what refers to them.

use serde_json::{Value, json};

use super::Writer;
use crate::lower::names::is_legal;
use crate::lower::origin;
use crate::lower::rules::{NoteKind, RuleId};
use crate::problem::Place;
use crate::schemas::{Members, PREFIX};

impl Writer<'_> {
    /// Returns the name that a component is written with, and notes another one than its own.
    pub(super) fn shown_name(&mut self, name: &str, at: &Place, written: &mut Value) -> String {
        let detail = "OpenAPI 3.0 does not allow the name; references lead to the new one";
        if let Some(shown) = self.renamed.get(at.as_str()).cloned() {
            self.note(RuleId::ComponentName, NoteKind::Rewritten, at, detail);
            origin::mark(written, at);
            return shown;
        }
        let renamed_later = self.is_for_client()
            && !is_legal(name)
            && self.names.get(name).is_some_and(|shown| shown != name && is_legal(shown));
        if renamed_later {
            self.note(RuleId::ComponentName, NoteKind::Rewritten, at, detail);
        }
        name.to_owned()
    }

    /// Returns a pointer with the name that its component is written with.
    pub(super) fn shown_pointer(&self, pointer: &str) -> String {
        if self.renamed.is_empty() || !pointer.starts_with("/components/") {
            return pointer.to_owned();
        }
        let end = pointer.match_indices('/').nth(3).map_or(pointer.len(), |(at, _)| at);
        let (component, rest) = pointer.split_at(end);
        let Some(shown) = self.renamed.get(component) else { return pointer.to_owned() };
        let section = component.rsplit_once('/').map_or(component, |(section, _)| section);
        format!("{section}/{shown}{rest}")
    }

    /// Returns the name that a component of a section is written with.
    pub(super) fn shown_in(&self, section: &str, name: &str) -> String {
        let at = Place::root().at("components").at(section).at(name);
        self.renamed.get(at.as_str()).map_or_else(|| name.to_owned(), Clone::clone)
    }

    /// Has a discriminator lead to the new names. By itself it takes the names of components for
    /// the values that stand for them, so these get a mapping.
    pub(super) fn discriminator(&self, written: &mut Value, source: &Members, place: &Place) {
        if self.renamed.is_empty() {
            return;
        }
        let Some(members) = written.as_object_mut() else { return };
        let mut mapped = Vec::new();
        if let Some(Value::Object(mapping)) = members.get_mut("mapping") {
            for target in mapping.values_mut() {
                let Some(text) = target.as_str() else { continue };
                let shown = match self.index.target(text, place, place) {
                    Ok(pointer) if text.starts_with('#') => {
                        mapped.push(pointer.clone());
                        format!("#{}", self.shown_pointer(&pointer))
                    }
                    _ => {
                        mapped.push(format!("/components/schemas/{text}"));
                        self.shown_in("schemas", text)
                    }
                };
                if text.trim_start_matches('#') != shown.trim_start_matches('#') {
                    *target = shown.into();
                }
            }
        }
        let arms = ["oneOf", "anyOf"].map(|union| source.get(union).and_then(Value::as_array));
        for arm in arms.into_iter().flatten().flatten() {
            let Some(reference) = arm.get("$ref").and_then(Value::as_str) else { continue };
            let Ok(pointer) = self.index.target(reference, place, place) else { continue };
            let name = pointer.rsplit('/').next().unwrap_or_default();
            let name = name.replace("~1", "/").replace("~0", "~");
            let shown = self.shown_in("schemas", &name);
            if shown != name && !mapped.contains(&pointer) {
                let mapping = members.entry("mapping").or_insert_with(|| json!({}));
                if let Some(mapping) = mapping.as_object_mut() {
                    mapping.entry(name).or_insert_with(|| format!("{PREFIX}{shown}").into());
                }
            }
        }
    }
}
