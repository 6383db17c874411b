//! What the comparison of two surfaces calls breaking, against the compiler: the programs that use the
//! old client are compiled with the new one.
//!
//! `XTASK_PAIRS` is the number of pairs, `XTASK_SEED` the seed before the first one.

use std::collections::BTreeMap;
use std::path::Path;

use fastrand::Rng;
use serde_json::{Value, json};

use super::draw::Draw;
use super::program::{self, Module};
use super::{generated, number, usage};
use crate::diff::Severity;
use crate::surface::{self, SurfaceChange};

/// How many pairs are compiled at once.
const BATCH: usize = 50;

/// Every property, parameter and body of a description.
fn places(value: &Value, at: &str, into: &mut Vec<String>) {
    let Value::Object(members) = value else {
        if let Value::Array(items) = value {
            let items = items.iter().enumerate();
            items.for_each(|(index, item)| places(item, &format!("{at}/{index}"), into));
        }
        return;
    };
    for (key, child) in members {
        let here = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        let parent = at.rsplit('/').next().unwrap_or_default();
        let is_schema = matches!(key.as_str(), "schema" | "items" | "additionalProperties");
        if is_schema && child.is_object() || parent == "properties" {
            into.push(here.clone());
        }
        places(child, &here, into);
    }
}

/// Changes a description in one place, as a next version may.
fn edit(document: &mut Value, other: &Value, random: &mut Rng) {
    let mut all = Vec::new();
    places(document, "", &mut all);
    let mut others = Vec::new();
    places(other, "", &mut others);
    let mut one = |all: &[String]| all.get(random.usize(0..all.len().max(1))).cloned();
    let (Some(place), Some(source)) = (one(&all), one(&others)) else { return };
    let schema = other.pointer(&source).cloned().unwrap_or_default();
    let (parent, key) = place.rsplit_once('/').expect("a pointer");
    let key = key.replace("~1", "/").replace("~0", "~");
    let is_property = parent.ends_with("/properties");
    let object = parent.strip_suffix("/properties").unwrap_or_default();
    match random.u8(0..6) {
        0 if is_property => {
            let properties = document.pointer_mut(parent).and_then(Value::as_object_mut);
            properties.map(|all| all.remove(&key));
        }
        1 if is_property => {
            let properties = document.pointer_mut(parent).and_then(Value::as_object_mut);
            properties.map(|all| all.insert("added".to_owned(), schema));
        }
        2 if is_property => {
            if let Some(object) = document.pointer_mut(object).and_then(Value::as_object_mut) {
                let required = object.entry("required").or_insert_with(|| json!([]));
                if let Value::Array(names) = required {
                    let before = names.len();
                    names.retain(|name| *name != key);
                    if names.len() == before {
                        names.push(key.into());
                    }
                }
            }
        }
        3 => {
            let paths = document["paths"].as_object_mut().expect("paths");
            let path = paths.keys().nth(random.usize(0..paths.len().max(1))).cloned();
            path.map(|path| paths.remove(&path));
        }
        _ => {
            if let Some(found) = document.pointer_mut(&place) {
                *found = schema;
            }
        }
    }
}

fn is_breaking(change: &&SurfaceChange) -> bool {
    change.severity == Severity::Breaking
}

#[test]
fn changes_are_breaking_if_programs_stop_compiling() {
    let (first, count) = (number("XTASK_SEED", 0), number("XTASK_PAIRS", 25));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut modules = BTreeMap::new();
    let mut changes = BTreeMap::new();
    let (mut wrong, mut breaking, mut compatible) = (Vec::new(), 0, 0);
    let mut unseen = Vec::new();
    let mut seed = first;
    let mut pairs = 0;
    while pairs < count {
        seed += 1;
        let old = Draw::new(seed).document();
        let mut new = old.clone();
        edit(&mut new, &Draw::new(seed + 1).document(), &mut Rng::with_seed(seed));
        let (Ok((_, old, _)), Ok((_, new, client))) = (generated(&old), generated(&new)) else {
            continue;
        };
        let surfaces = [&old, &new].map(|file| surface::read(file).expect("it was read before"));
        let found = surface::compare(&surfaces[0], &surfaces[1]);
        if found.is_empty() {
            continue;
        }
        changes.insert(seed, found);
        pairs += 1;
        let module = |client: String, of: &syn::File| Module {
            client,
            requests: usage::module(of),
            checks: Vec::new(),
        };
        // The even number is the new client, which a program that was written for it compiles with.
        modules.insert(2 * seed, module(client.clone(), &new));
        modules.insert(2 * seed + 1, module(client, &old));
        if changes.len() == BATCH || pairs == count {
            let failed = program::run(&root, &modules);
            for (seed, found) in &changes {
                if let Some(what) = failed.get(&(2 * seed)) {
                    wrong.push(format!("seed {seed}: not compiled with its own client: {what}"));
                    continue;
                }
                let expected = found.iter().find(is_breaking);
                match (failed.get(&(2 * seed + 1)), expected) {
                    (Some(_), Some(_)) => breaking += 1,
                    (None, None) => compatible += 1,
                    (Some(what), None) => {
                        wrong.push(format!("seed {seed} breaks, and nothing says so: {what}"));
                    }
                    (None, Some(change)) => unseen.push(format!("seed {seed}: {change:?}")),
                }
            }
            println!(
                "up to seed {seed}: {breaking} break, {compatible} do not, {} unseen",
                unseen.len()
            );
            modules.clear();
            changes.clear();
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(unseen.is_empty(), "called breaking, and programs compile:\n{}", unseen.join("\n"));
}
