//! Descriptions in several files: what `$ref` names in another file becomes a component of the
//! description, before anything else is done.
//!
//! Only files in the folder of the description are read, and nothing from the network.

mod kind;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use openapi_lowering::parse::{Limits, parse_within};
use openapi_lowering::problem::{Problem, Problems};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::run::{bytes, with_option};
use kind::{Holds, Kind};

/// The most references that lead to one another in objects that cannot be components.
const MAX_HOPS: usize = 16;

/// Puts what other files hold into the description that was read from `file`.
pub(crate) fn bundle(document: &mut Value, file: &Path, limits: &Limits) -> Result<(), Problems> {
    let failed = |error: std::io::Error| {
        Problem::new(file.display().to_string(), error.to_string(), "name a file that can be read")
    };
    let root = file.canonicalize().map_err(failed)?;
    let folder = root.parent().unwrap_or(&root).to_owned();
    let mut bundler = Bundler {
        folder,
        root: root.clone(),
        limits: limits.clone(),
        files: BTreeMap::new(),
        placed: BTreeMap::new(),
        taken: BTreeSet::new(),
        queue: VecDeque::new(),
        problems: Vec::new(),
    };
    bundler.place_aliases(document);
    bundler.walk(document, Kind::Document, &root, 0);
    while let Some((section, name, target)) = bundler.queue.pop_front() {
        let Some(mut value) = bundler.load(&target) else { continue };
        if let Some(kind) = Kind::of_section(section) {
            bundler.walk(&mut value, kind, &target.file, 0);
        }
        // Only an object can have components, and the lowering says so of anything else.
        if let Some(members) = document.as_object_mut()
            && let Some(components) =
                members.entry("components").or_insert(json!({})).as_object_mut()
            && let Some(of_kind) = components.entry(section).or_insert(json!({})).as_object_mut()
        {
            of_kind.insert(name, value);
        }
    }
    Problems::none_or(bundler.problems, ())
}

/// A location in one of the files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    file: PathBuf,
    /// A JSON pointer.
    pointer: String,
    /// The reference that led there first, for messages.
    reference: String,
}

impl Target {
    fn key(&self, section: &'static str) -> (&'static str, PathBuf, String) {
        (section, self.file.clone(), self.pointer.clone())
    }
}

/// What a reference leads to.
enum Led {
    /// To what the lowering follows, or rejects: the description itself, or another host.
    Left,
    /// To a location in the description.
    Home(String),
    Away(Target),
}

struct Bundler {
    folder: PathBuf,
    root: PathBuf,
    /// What is left of the limits.
    limits: Limits,
    files: BTreeMap<PathBuf, Option<Value>>,
    /// The names of the components that parts of other files became.
    placed: BTreeMap<(&'static str, PathBuf, String), String>,
    taken: BTreeSet<(&'static str, String)>,
    queue: VecDeque<(&'static str, String, Target)>,
    problems: Vec<Problem>,
}

impl Bundler {
    /// A component that is only a reference to another file is what that file holds.
    fn place_aliases(&mut self, document: &mut Value) {
        let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) else {
            return;
        };
        for (section, parts) in components {
            let Some(section) = kind::section_of(section) else { continue };
            let Some(parts) = parts.as_object_mut() else { continue };
            self.taken.extend(parts.keys().map(|name| (section, name.clone())));
            let mut moved = Vec::new();
            for (name, part) in parts.iter() {
                let only = part.as_object().filter(|members| members.len() == 1);
                let reference = only.and_then(|members| members.get("$ref")?.as_str());
                let root = self.root.clone();
                if let Some(Led::Away(target)) = reference.map(|to| self.follow(to, &root))
                    && !self.placed.contains_key(&target.key(section))
                {
                    self.placed.insert(target.key(section), name.clone());
                    moved.push((name.clone(), target));
                }
            }
            for (name, target) in moved {
                parts.remove(&name);
                self.queue.push_back((section, name, target));
            }
        }
    }

    /// Replaces the references in an object that stands in `file`.
    fn walk(&mut self, value: &mut Value, kind: Kind, file: &Path, hops: usize) {
        let Some(members) = value.as_object_mut() else { return };
        if let Some(reference) = members.get("$ref").and_then(Value::as_str).map(str::to_owned)
            && kind.refers()
        {
            match self.follow(&reference, file) {
                Led::Left => {}
                Led::Home(reference) => {
                    members.insert("$ref".into(), reference.into());
                }
                Led::Away(target) => match kind.section() {
                    Some(section) => {
                        let name = self.place(section, target);
                        let reference = format!("#/components/{section}/{name}");
                        members.insert("$ref".into(), reference.into());
                    }
                    None => return self.replace(value, kind, &target, hops),
                },
            }
        }
        self.mapping(members, kind, file);
        for (key, child) in members.iter_mut() {
            match (kind.holds(key), child) {
                (Holds::One(kind), child @ Value::Object(_)) => self.walk(child, kind, file, hops),
                (Holds::One(kind) | Holds::Many(kind), Value::Array(items)) => {
                    items.iter_mut().for_each(|item| self.walk(item, kind, file, hops));
                }
                (Holds::Many(kind), Value::Object(items)) => {
                    items.values_mut().for_each(|item| self.walk(item, kind, file, hops));
                }
                _ => {}
            }
        }
    }

    /// A discriminator names schemas by references as well.
    fn mapping(&mut self, members: &mut Map<String, Value>, kind: Kind, file: &Path) {
        let mapping = members.get_mut("discriminator").and_then(|found| found.get_mut("mapping"));
        let Some(Value::Object(mapping)) = mapping.filter(|_| kind == Kind::Schema) else { return };
        for value in mapping.values_mut() {
            // Anything else may be the name of a component.
            let Some(reference) = value.as_str().filter(|text| is_file(text)) else { continue };
            match self.follow(reference, file) {
                Led::Left => {}
                Led::Home(reference) => *value = reference.into(),
                Led::Away(target) => {
                    let name = self.place("schemas", target);
                    *value = format!("#/components/schemas/{name}").into();
                }
            }
        }
    }

    /// Writes what a reference leads to in its place, because components do not have its kind.
    fn replace(&mut self, value: &mut Value, kind: Kind, target: &Target, hops: usize) {
        if hops == MAX_HOPS {
            let what = "the reference leads back to itself";
            self.problems.push(problem(target, what, "write the value instead"));
            return;
        }
        let Some(Value::Object(mut found)) = self.load(target) else { return };
        if let Some(members) = value.as_object() {
            let beside = members.iter().filter(|(key, _)| *key != "$ref");
            found.extend(beside.map(|(key, value)| (key.clone(), value.clone())));
        }
        *value = Value::Object(found);
        self.walk(value, kind, &target.file, hops + 1);
    }

    /// Returns the name of the component that a part of another file becomes.
    fn place(&mut self, section: &'static str, target: Target) -> String {
        if let Some(name) = self.placed.get(&target.key(section)) {
            return name.clone();
        }
        let last = target.pointer.rsplit('/').next().unwrap_or_default();
        let stem = target.file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let base = if last.is_empty() { stem.unwrap_or_default() } else { unescaped(last) };
        let legal = |c: &char| c.is_ascii_alphanumeric() || "._-".contains(*c);
        let base: String = base.chars().filter(legal).collect();
        let base = if base.is_empty() { "Part".to_owned() } else { base };
        let mut name = base.clone();
        let mut number = 2;
        while !self.taken.insert((section, name.clone())) {
            name = format!("{base}{number}");
            number += 1;
        }
        self.placed.insert(target.key(section), name.clone());
        self.queue.push_back((section, name.clone(), target));
        name
    }

    /// Finds what a reference in `file` leads to.
    fn follow(&mut self, reference: &str, file: &Path) -> Led {
        let (path, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let pointer = percent_decode_str(pointer).decode_utf8_lossy().into_owned();
        let found = if path.is_empty() {
            Ok(file.to_owned())
        } else if has_scheme(path) || path.starts_with("//") {
            // The network is never asked.
            return Led::Left;
        } else {
            let path = percent_decode_str(path).decode_utf8_lossy().into_owned();
            let beside = file.parent().unwrap_or(&self.folder).join(path);
            beside.canonicalize().map_err(|error| error.to_string())
        };
        let target =
            |file| Target { file, pointer: pointer.clone(), reference: reference.to_owned() };
        match found {
            Ok(found) if found == self.root && path.is_empty() => Led::Left,
            Ok(found) if found == self.root => Led::Home(format!("#{pointer}")),
            Ok(found) if !found.starts_with(&self.folder) => {
                let what = "the file is outside of the folder of the description";
                self.problems.push(problem(&target(found), what, "move it into the folder"));
                Led::Left
            }
            Ok(found) => Led::Away(target(found)),
            // It may be the `$id` of another schema.
            Err(_) if !is_file(reference) => Led::Left,
            Err(error) => {
                let fix = "correct the reference, or add the file";
                self.problems.push(problem(&target(file.to_owned()), &error, fix));
                Led::Left
            }
        }
    }

    /// Reads the part of a file that a reference leads to.
    fn load(&mut self, target: &Target) -> Option<Value> {
        if !self.files.contains_key(&target.file) {
            let read = self.read(&target.file);
            let read = read.map_err(|problem| self.problems.push(problem)).ok();
            self.files.insert(target.file.clone(), read);
        }
        let document = self.files.get(&target.file)?.as_ref()?;
        let found = match target.pointer.as_str() {
            "" => Some(document),
            pointer => document.pointer(pointer),
        };
        if found.is_none() {
            let what = "the file has nothing at this location";
            let fix = "correct the reference: after `#` there is a JSON pointer";
            self.problems.push(problem(target, what, fix));
        }
        found.cloned()
    }

    fn read(&mut self, file: &Path) -> Result<Value, Problem> {
        let name = file.strip_prefix(&self.folder).unwrap_or(file).display().to_string();
        let bytes = bytes(file, self.limits.bytes)?;
        let value = parse_within(&bytes, &name, &self.limits).map_err(with_option)?;
        // All files together are one description.
        self.limits.bytes = self.limits.bytes.saturating_sub(bytes.len());
        self.limits.text = self.limits.text.saturating_sub(bytes.len());
        self.limits.nodes = self.limits.nodes.saturating_sub(count(&value));
        Ok(value)
    }
}

/// The number of keys and values.
fn count(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(|value| 1 + count(value)).sum::<usize>(),
        _ => 1,
    }
}

fn problem(target: &Target, what: &str, fix: &str) -> Problem {
    Problem::new(format!("$ref {:?}", target.reference), what, fix)
}

/// Whether a reference names a file as descriptions do.
fn is_file(reference: &str) -> bool {
    let path = reference.split('#').next().unwrap_or_default().to_ascii_lowercase();
    [".json", ".yaml", ".yml"].iter().any(|extension| path.ends_with(extension))
}

fn has_scheme(path: &str) -> bool {
    path.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1 && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    })
}

fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
