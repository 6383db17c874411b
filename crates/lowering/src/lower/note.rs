//! Notes: the steps that changed what a description says.

use std::collections::BTreeMap;

use serde_json::Value;

use super::origin;
use super::rules::{NoteKind, RuleId};
use crate::problem::Place;

/// One step that changed what the document says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The rule.
    pub rule: RuleId,
    /// What it did.
    pub kind: NoteKind,
    /// The JSON pointer into the source document; the document itself is `#`.
    pub source: String,
    /// The JSON pointer into the lowered document: the place that says now what `source` said, or
    /// the nearest one around it if nothing is left.
    pub result: String,
    /// What the step costs, in one sentence without a full stop.
    pub detail: &'static str,
}

/// A note before it is known where the result will be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Draft {
    pub(super) rule: RuleId,
    pub(super) kind: NoteKind,
    pub(super) source: String,
    pub(super) detail: &'static str,
}

impl Draft {
    pub(super) fn new(rule: RuleId, kind: NoteKind, source: &Place, detail: &'static str) -> Self {
        Self { rule, kind, source: source.as_str().to_owned(), detail }
    }
}

/// Finds for each note where the result is. The schemas of `marked` still say where they come from.
pub(super) fn located(mut drafts: Vec<Draft>, source: &Value, marked: &Value) -> Vec<Note> {
    // A rule may be about a keyword that an earlier rule wrote.
    for draft in &mut drafts {
        closest(&mut draft.source, source);
    }
    drafts.sort();
    drafts.dedup();
    let mut places = BTreeMap::new();
    if !drafts.is_empty() {
        origin::results(marked, &Place::root(), &mut places);
    }
    let locate = |source: &str| result_of(source, marked, &places);
    let notes = drafts.into_iter().map(|draft| Note {
        result: locate(&draft.source),
        rule: draft.rule,
        kind: draft.kind,
        source: draft.source,
        detail: draft.detail,
    });
    notes.collect()
}

/// Shortens a pointer to the closest location that the document has.
fn closest(pointer: &mut String, document: &Value) {
    while pointer != "#" && document.pointer(pointer).is_none() {
        match pointer.rfind('/') {
            Some(0) | None => *pointer = "#".to_owned(),
            Some(at) => pointer.truncate(at),
        }
    }
}

/// The place in the result that comes from `source`, or from the nearest place around it.
fn result_of(source: &str, marked: &Value, places: &BTreeMap<String, String>) -> String {
    if source == "#" {
        return source.to_owned();
    }
    let mut around = source;
    loop {
        let rest = &source[around.len()..];
        let moved = places.get(around).map(String::as_str);
        // Outside of schemas a place stays where it is.
        let same = (!around.is_empty() && marked.pointer(around).is_some()).then_some(around);
        if let Some(base) = moved.or(same) {
            return deepest(base, rest, marked);
        }
        match around.rfind('/') {
            Some(at) => around = &around[..at],
            None => return "#".to_owned(),
        }
    }
}

/// The place below `base` that `rest` leads to, as far as the result has it.
fn deepest(base: &str, rest: &str, marked: &Value) -> String {
    let mut place = base.to_owned();
    for token in rest.split('/').skip(1) {
        let next = format!("{place}/{token}");
        if marked.pointer(&next).is_none() {
            break;
        }
        place = next;
    }
    if place.is_empty() { "#".to_owned() } else { place }
}
