//! The names of components and operations, and what references refer to.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase as _;
use serde_json::Value;

use super::{Lowering, Options, object, string};
use crate::problem::{Place, Problem};

/// The longest chain of references that only refer on.
pub(super) const MOST_ALIASES: usize = 32;

/// Whether OpenAPI 3.0 allows the name of a component.
pub(super) fn is_legal(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_legal_char)
}

fn is_legal_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._-".contains(c)
}

/// Returns a legal name for each name that is not legal: `PageRun` for `Page<Run>`.
pub(super) fn legal_names<'n>(
    names: impl Iterator<Item = &'n String> + Clone,
) -> BTreeMap<String, String> {
    let mut taken: BTreeSet<String> =
        names.clone().filter(|name| is_legal(name)).cloned().collect();
    let mut legal = BTreeMap::new();
    for name in names.filter(|name| !is_legal(name)) {
        let mut base = String::new();
        for word in name.split(|c: char| !is_legal_char(c)) {
            let (first, rest) = word.split_at(word.len().min(1));
            let first = if base.is_empty() { first.to_owned() } else { first.to_ascii_uppercase() };
            base.push_str(&first);
            base.push_str(rest);
        }
        if base.is_empty() {
            base.push_str("Component");
        }
        let mut free = base.clone();
        let mut number = 2;
        while !taken.insert(free.clone()) {
            free = format!("{base}{number}");
            number += 1;
        }
        legal.insert(name.clone(), free);
    }
    legal
}

/// Returns the legal names of all components whose own is not legal, by their pointers.
pub(super) fn renamed_components(document: &Value) -> BTreeMap<String, String> {
    let root = Place::root().at("components");
    let sections = document.get("components").and_then(Value::as_object);
    let mut renamed = BTreeMap::new();
    for (section, components) in sections.into_iter().flatten() {
        let components = components.as_object().filter(|_| !section.starts_with("x-"));
        let Some(components) = components else { continue };
        let place = root.at(section);
        for (name, legal) in legal_names(components.keys()) {
            renamed.insert(place.at(name).as_str().to_owned(), legal);
        }
    }
    renamed
}

/// Returns the lowered name of each component schema, by its published name.
///
/// # Errors
///
/// The components are not an object, or the name that an overlay gives is not a string.
pub fn component_names(
    document: &Value,
    options: &Options,
) -> Result<BTreeMap<String, String>, Problem> {
    let place = Place::root().at("components");
    let Some(components) = document.get("components") else {
        return Ok(BTreeMap::new());
    };
    let Some(schemas) = object(components, &place)?.get("schemas") else {
        return Ok(BTreeMap::new());
    };
    let schemas = object(schemas, &place.at("schemas"))?;
    let suffix = options.strip_suffix.as_deref().unwrap_or_default();
    let mut names = BTreeMap::new();
    let mut chosen = BTreeSet::new();
    for (published, schema) in schemas {
        let extension = options.name_extension.as_deref();
        let given = extension.and_then(|key| Some((key, schema.get(key)?)));
        let given = match given {
            Some((key, given)) => Some(string(given, &place.at("schemas").at(published).at(key))?),
            None => None,
        };
        // A short name that another component has, or that is empty, is not taken.
        let short = published.strip_suffix(suffix).filter(|short| {
            !suffix.is_empty() && !short.is_empty() && !schemas.contains_key(*short)
        });
        if given.is_some() {
            chosen.insert(published.clone());
        }
        let name = given.or(short).unwrap_or(published).to_owned();
        names.insert(published.clone(), name);
    }
    let legal = legal_names(names.clone().values());
    for (published, name) in &mut names {
        // What an overlay chose is left to the checks.
        if let Some(legal) = legal.get(name).filter(|_| !chosen.contains(published)) {
            name.clone_from(legal);
        }
    }
    Ok(names)
}

/// Returns the names that operations have, in snake case.
pub(super) fn operation_names(document: &Value) -> BTreeSet<String> {
    let items = ["/paths", "/components/pathItems"].map(|items| document.pointer(items));
    let items =
        items.into_iter().flatten().filter_map(Value::as_object).flat_map(|all| all.values());
    let operations = items.filter_map(Value::as_object).flat_map(|item| item.values());
    let ids = operations.filter_map(|operation| operation.get("operationId")?.as_str());
    ids.map(|id| id.to_snake_case()).collect()
}

/// Returns the name that the generator gives a parameter, without what it adds to keywords and
/// before digits; `None` if it is not an identifier of ASCII letters.
pub(crate) fn of_parameter(name: &str) -> Option<String> {
    // The generator spells these two out.
    if matches!(name, "+1" | "-1") {
        return None;
    }
    let plain = name.replace('\'', "").replace(|c: char| !c.is_alphanumeric() && c != '_', "-");
    let name = plain.to_snake_case();
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(legal)).then_some(name)
}

impl Lowering<'_> {
    /// Makes the name of an operation that has none, of its method and path.
    pub(super) fn operation_name(&mut self, method: &str, path: &str) -> String {
        let mut words = vec![method.to_owned()];
        for segment in path.split('/') {
            if segment.starts_with('{') {
                words.push("by".to_owned());
            }
            words.extend(segment.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned));
        }
        words.retain(|word| !word.is_empty());
        if words.len() == 1 {
            words.push("root".to_owned());
        }
        let base = words.join("_").to_snake_case();
        let mut name = base.clone();
        let mut number = 2;
        while !self.operation_names.insert(name.clone()) {
            name = format!("{base}_{number}");
            number += 1;
        }
        name
    }

    /// Has a component lowered, and returns its lowered name.
    pub(super) fn reach(&mut self, published: &str) -> String {
        let place = Place::root().at("components").at("schemas").at(published);
        let name = self.names.get(published).map_or(published, String::as_str).to_owned();
        if self.reached.insert(place.to_string()) {
            self.queue.push_back((place.to_string(), name.clone()));
        }
        name
    }
}

impl Lowering<'_> {
    /// Returns the lowered component that a schema's `$ref` refers to, as a `$ref`.
    pub(super) fn schema_reference(
        &mut self,
        reference: &str,
        place: &Place,
    ) -> Result<String, Problem> {
        let pointer = self.local_pointer(reference, place)?;
        let published = component_key(&pointer, "schemas").unwrap_or_default();
        Ok(format!("#/components/schemas/{}", self.reach(&published)))
    }

    /// Follows `$ref`s of parameters, bodies, responses and path items to what they refer to.
    pub(super) fn resolve<'v>(
        &'v self,
        value: &'v Value,
        place: &Place,
    ) -> Result<(&'v Value, Place), Problem> {
        let mut seen = BTreeSet::new();
        let (mut value, mut place) = (value, place.clone());
        // The generator recurses along the same chain.
        while let Some(reference) = value.get("$ref") {
            let reference = string(reference, &place.at("$ref"))?;
            let pointer = self.local_pointer(reference, &place)?;
            if !seen.insert(pointer.clone()) {
                return Err(cycle(reference, &place));
            }
            if seen.len() > MOST_ALIASES {
                return Err(place.at("$ref").problem(
                    format!("more than {MOST_ALIASES} references lead one to the next"),
                    "refer to the schema itself with an overlay action",
                ));
            }
            value = self.document.pointer(&pointer).unwrap_or(&Value::Null);
            place = place_of(&pointer);
        }
        Ok((value, place))
    }

    /// Follows a schema that only refers to another one.
    pub(super) fn resolve_schema<'v>(&'v self, schema: &'v Value) -> Option<&'v Value> {
        self.resolve(schema, &Place::root()).ok().map(|(schema, _)| schema)
    }

    /// Checks that a reference points into this document, and returns its JSON pointer.
    fn local_pointer(&self, reference: &str, place: &Place) -> Result<String, Problem> {
        let at = place.at("$ref");
        let Some(pointer) = reference.strip_prefix('#') else {
            return Err(at.problem(
                format!("{reference:?} refers to another document"),
                "bundle the description into one document first",
            ));
        };
        let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8_lossy();
        if !pointer.starts_with('/') || self.document.pointer(&pointer).is_none() {
            return Err(at.problem(
                format!("{reference:?} refers to nothing in the document"),
                "add what it refers to, or correct the reference, with an overlay action",
            ));
        }
        Ok(pointer.into_owned())
    }
}

pub(super) fn cycle(reference: &str, place: &Place) -> Problem {
    place.at("$ref").problem(
        format!("{reference:?} refers to itself in a circle"),
        "break the circle with an overlay action",
    )
}

/// The component's name when a pointer names a component of this kind and nothing inside it.
fn component_key(pointer: &str, kind: &str) -> Option<String> {
    let name = pointer.strip_prefix("/components/")?.strip_prefix(kind)?.strip_prefix('/')?;
    (!name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
}

pub(super) fn place_of(pointer: &str) -> Place {
    pointer
        .split('/')
        .skip(1)
        .fold(Place::root(), |place, token| place.at(token.replace("~1", "/").replace("~0", "~")))
}
