//! Notes as text and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use openapi_lowering::Note;
use openapi_lowering::problem::line;
use serde_json::{Value, json};

/// A line for each note, and one with their number.
pub(crate) fn text(notes: &[Note]) -> String {
    let mut text = String::new();
    let mut by_kind: BTreeMap<_, usize> = BTreeMap::new();
    for note in notes {
        *by_kind.entry(note.kind.name()).or_default() += 1;
        let (kind, rule) = (note.kind.name(), note.rule.name());
        let _ = writeln!(text, "{kind}: {}: {} ({rule})", line(&note.source), note.detail);
    }
    let counts: Vec<_> = by_kind.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    match notes.len() {
        0 => text.push_str("nothing was lost or changed in meaning\n"),
        1 => text.push_str("1 note\n"),
        count => {
            let _ = writeln!(text, "{count} notes: {}", counts.join(", "));
        }
    }
    text
}

/// A list of objects with rule, kind, source, result and detail.
pub(crate) fn json(notes: &[Note]) -> String {
    let notes = notes.iter().map(|note| {
        json!({
            "rule": note.rule.name(),
            "kind": note.kind.name(),
            "source": note.source,
            "result": note.result,
            "detail": note.detail,
        })
    });
    let report = json!({ "notes": notes.collect::<Vec<Value>>() });
    format!("{report:#}\n")
}
