//! Golden cases, one file each in `tests/golden/diff`.
//!
//! A case has a `patch` (RFC 6902) of `base.yaml`, the changes from the base to the patched
//! document (`there`), and the changes back (`back`). Each change has its rule, severity, pointer
//! and operations, the old and new value and the consequence. A case may set the day on which the
//! comparison runs (`today`). `UPDATE_GOLDEN=1` in the environment rewrites the expected changes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::super::{Change, RULES};
use super::{TODAY, compare, compare_on};
use openapi_lowering::parse::parse;

struct Case {
    path: PathBuf,
    file: String,
    members: Map<String, Value>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/diff")
}

fn read(path: &Path) -> Value {
    let bytes = std::fs::read(path).expect("the file can be read");
    match parse(&bytes, &path.display().to_string()) {
        Ok(value) => value,
        Err(problem) => panic!("{problem}"),
    }
}

pub(super) fn base() -> Value {
    read(&folder().join("base.yaml"))
}

fn cases() -> Vec<Case> {
    let entries = std::fs::read_dir(folder()).expect("the folder of the cases exists");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    paths.retain(|path| !path.ends_with("base.yaml"));
    let case = |path: PathBuf| {
        let file = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        let Value::Object(members) = read(&path) else { panic!("{file}: a case is an object") };
        Case { path, file, members }
    };
    paths.into_iter().map(case).collect()
}

/// A change in the form of a case.
fn written(change: &Change) -> Value {
    let mut out = json!({
        "rule": change.rule.id,
        "wire": change.wire,
        "pointer": change.pointer,
        "operations": change.operations.join(" "),
        "says": change.consequence,
    });
    for (key, value) in [("old", &change.old), ("new", &change.new), ("note", &change.note)] {
        if let Some(value) = value {
            out[key] = value.as_str().into();
        }
    }
    out
}

impl Case {
    fn patched(&self, base: &Value) -> Value {
        let patch = self.members.get("patch").cloned().unwrap_or_default();
        let patch: json_patch::Patch =
            serde_json::from_value(patch).unwrap_or_else(|error| panic!("{}: {error}", self.file));
        let mut document = base.clone();
        json_patch::patch(&mut document, &patch)
            .unwrap_or_else(|error| panic!("{}: {error}", self.file));
        document
    }

    fn found(&self, old: &Value, new: &Value) -> Value {
        let today = self.members.get("today").and_then(Value::as_str).unwrap_or(TODAY);
        compare_on(today, old, new).iter().map(written).collect()
    }

    /// Replaces the expected changes, and keeps everything above them as it is written.
    fn rewrite(&self, there: &Value, back: &Value) {
        let text = std::fs::read_to_string(&self.path).expect("the case was read before");
        let end = text.find("\nthere:").map_or(text.len(), |end| end + 1);
        let out = serde_yaml::to_string(&json!({ "there": there })).expect("JSON is YAML")
            + &serde_yaml::to_string(&json!({ "back": back })).expect("JSON is YAML");
        std::fs::write(&self.path, text[..end].to_owned() + &out).expect("it can be written");
    }
}

#[test]
fn golden_cases_give_the_expected_changes() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    let base = base();
    let mut report = String::new();
    for case in cases() {
        let patched = case.patched(&base);
        let (there, back) = (case.found(&base, &patched), case.found(&patched, &base));
        let expected = |key| case.members.get(key).cloned().unwrap_or_default();
        if expected("there") == there && expected("back") == back {
            continue;
        }
        if update {
            case.rewrite(&there, &back);
        } else {
            report += &format!("\n--- {}\nthere: {there:#}\nback: {back:#}\n", case.file);
        }
    }
    assert!(
        report.is_empty(),
        "{report}\nFix the rule; if the new output is intended, run \
         `UPDATE_GOLDEN=1 cargo test -p xtask golden` and review what it wrote"
    );
}

#[test]
fn golden_cases_cover_every_rule() {
    let mut covered = BTreeSet::new();
    for case in cases() {
        for side in ["there", "back"] {
            let changes = case.members.get(side).and_then(Value::as_array).into_iter().flatten();
            covered.extend(changes.filter_map(|change| change["rule"].as_str().map(str::to_owned)));
        }
    }
    let missing: Vec<_> =
        RULES.iter().map(|rule| rule.id).filter(|id| !covered.contains(*id)).collect();
    assert!(missing.is_empty(), "no golden case shows {missing:?}: add one to tests/golden/diff");
}

#[test]
fn rules_are_sorted_and_have_ids_of_their_own() {
    let ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    let plain = |id: &str| id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    assert!(ids.iter().all(|id| plain(id)));
}

#[test]
fn base_equals_itself() {
    let base = base();
    assert!(compare(&base, &base.clone()).is_empty());
}
