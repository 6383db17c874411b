//! Everything that each golden case becomes: with each profile, and with each choice for all rules that
//! have it. `UPDATE_GOLDEN=1` in the environment rewrites the listing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use super::super::{Choice, Options, Profile, RuleId, lower};
use super::{Case, options};

/// The profiles, and the faithful one with other choices.
fn variants() -> Vec<(&'static str, Options)> {
    let of = |profile| Options { profile, ..options() };
    let with = |choice: Choice| {
        let mut options = of(Profile::Faithful);
        for rule in RuleId::ALL.iter().filter(|rule| rule.choices().contains(&choice)) {
            options.set(*rule, choice).expect("the rule has the choice");
        }
        options
    };
    vec![
        ("faithful", of(Profile::Faithful)),
        ("progenitor", of(Profile::Progenitor)),
        ("tolerant", of(Profile::Tolerant)),
        ("all keep", with(Choice::Keep)),
        ("all rewrite", with(Choice::Rewrite)),
        ("all drop", with(Choice::Drop)),
        ("all deny", with(Choice::Deny)),
    ]
}

/// Returns the notes and the document, or the problems.
fn outcome(case: &Case, options: &Options) -> String {
    let mut text = String::new();
    match lower(&case.written(), options) {
        Ok(lowered) => {
            for note in &lowered.notes {
                let (from, to) = (&note.source, &note.result);
                let to = if from == to { "the same place" } else { to };
                let _ = writeln!(text, "  {} {} {from} -> {to}", note.kind, note.rule);
            }
            let mut document = lowered.document;
            // Those are the same in every case.
            for key in ["openapi", "info", "servers"] {
                document.as_object_mut().expect("a document").remove(key);
            }
            let _ = writeln!(text, "  {}", sorted(&document));
        }
        Err(problems) => {
            for problem in problems.iter() {
                let _ = writeln!(text, "  rejected: {problem}");
            }
        }
    }
    text
}

/// Returns a value with its keys in order, whatever the features of serde_json are.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(sorted).collect(),
        Value::Object(members) => {
            let members: BTreeMap<_, _> = members.iter().collect();
            members.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect()
        }
        other => other.clone(),
    }
}

fn listing() -> String {
    let mut text = String::new();
    for case in Case::all() {
        let _ = writeln!(text, "== {}", case.file);
        let mut earlier: Vec<(&str, String)> = Vec::new();
        for (name, options) in variants() {
            let found = outcome(&case, &options);
            let _ = match earlier.iter().find(|(_, same)| *same == found) {
                Some((same, _)) => writeln!(text, "{name}: as {same}"),
                None => write!(text, "{name}:\n{found}"),
            };
            earlier.push((name, found));
        }
    }
    text
}

#[test]
fn golden_cases_become_what_is_listed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/listing.txt");
    let found = listing();
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    if found == known {
        return;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::write(&path, found).expect("the listing can be written");
        return;
    }
    let differs = found.lines().zip(known.lines()).enumerate().find(|(_, (new, old))| new != old);
    let (line, (new, old)) = differs.unwrap_or((0, ("another length", "")));
    panic!(
        "tests/golden/listing.txt differs in line {}\nlisted: {old}\nfound: {new}\nIf this is meant, run \
         `UPDATE_GOLDEN=1 cargo test -p openapi-lowering golden` and review what it wrote",
        line + 1
    );
}
