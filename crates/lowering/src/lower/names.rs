//! The names of components, and what references refer to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Lowering, Options, object, text};
use crate::problem::{Place, Problem};

/// The longest chain of references that only refer on.
pub(super) const MOST_ALIASES: usize = 32;

/// Maps the published names of component schemas to their lowered ones.
pub fn component_names(
    document: &Value,
    options: &Options,
) -> Result<BTreeMap<String, String>, Problem> {
    let place = Place::root().at("components");
    let Some(components) = document.get("components") else {
        return Ok(BTreeMap::new());
    };
    let components = object(components, &place)?;
    let suffix = options.strip_suffix.as_deref().unwrap_or_default();
    let Some(schemas) = components.get("schemas") else {
        return Ok(BTreeMap::new());
    };
    let schemas = object(schemas, &place.at("schemas"))?;

    let names = schemas.keys().map(|published| {
        let short = published.strip_suffix(suffix).filter(|short| {
            // A name that is taken already, or that nothing would be left of, stays as it is.
            !suffix.is_empty() && !short.is_empty() && !schemas.contains_key(*short)
        });
        (published.clone(), short.unwrap_or(published).to_owned())
    });
    Ok(names.collect())
}

impl Lowering<'_> {
    /// Returns the lowered component that a schema's `$ref` refers to, as a `$ref`.
    ///
    /// A reference to anything else inside the document (`$defs`, a property) makes a component
    /// of it: 3.0 and the generator know no other place.
    pub(super) fn schema_reference(
        &mut self,
        reference: &str,
        place: &Place,
    ) -> Result<String, Problem> {
        let pointer = self.local_pointer(reference, place)?;
        if let Some(rest) = pointer.strip_prefix("/components/")
            && !rest.starts_with("schemas/")
            && rest.split('/').count() <= 2
        {
            return Err(place.at("$ref").problem(
                format!("{reference:?} is no schema"),
                "correct the reference with an overlay action",
            ));
        }
        let name = match component_key(&pointer, "schemas") {
            Some(published) => self.names[&published].clone(),
            None => self.hoist(&pointer),
        };
        Ok(format!("#/components/schemas/{name}"))
    }

    /// Follows `$ref`s of parameters, bodies, responses and path items to what they refer to.
    pub(super) fn resolve<'v>(
        &'v self,
        value: &'v Value,
        place: &Place,
    ) -> Result<(&'v Value, Place), Problem> {
        let mut seen = BTreeSet::new();
        let (mut value, mut place) = (value, place.clone());
        // Following needs no limit, but the generator recurses along the same chain.
        while let Some(reference) = value.get("$ref") {
            let reference = text(reference, &place.at("$ref"))?;
            let pointer = self.local_pointer(reference, &place)?;
            if !seen.insert(pointer.clone()) {
                return Err(cycle(reference, &place));
            }
            if seen.len() > MOST_ALIASES {
                let mend = "refer to the schema itself with an overlay action";
                return Err(place.at("$ref").problem(
                    format!("more than {MOST_ALIASES} references lead one to the next"),
                    mend,
                ));
            }
            value = self.document.pointer(&pointer).unwrap_or(&Value::Null);
            place = place_of(&pointer);
        }
        Ok((value, place))
    }

    /// Follows a schema that is nothing but a reference to the schema it stands for.
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

    fn hoist(&mut self, pointer: &str) -> String {
        if let Some(name) = self.hoisted.get(pointer) {
            return name.clone();
        }
        let decoded = pointer.split('/').skip(1);
        let mut words: Vec<_> =
            decoded.map(|token| token.replace("~1", "/").replace("~0", "~")).collect();
        if pointer.starts_with("/components/schemas/") {
            words.drain(..2);
            if let Some(lowered) = self.names.get(&words[0]) {
                words[0].clone_from(lowered);
            }
        }
        let base: String = words
            .iter()
            .filter(|word| {
                !matches!(word.as_str(), "$defs" | "definitions" | "properties" | "schema")
            })
            .flat_map(|word| word.split(|c: char| !c.is_ascii_alphanumeric()))
            .map(|word| {
                let (first, rest) = word.split_at(word.len().min(1));
                first.to_ascii_uppercase() + rest
            })
            .collect();
        let taken = |name: &str| {
            self.names.values().chain(self.hoisted.values()).any(|known| known == name)
        };
        let mut name = base.clone();
        let mut number = 2;
        while taken(&name) {
            name = format!("{base}{number}");
            number += 1;
        }
        self.hoisted.insert(pointer.to_owned(), name.clone());
        self.queue.push((pointer.to_owned(), name.clone()));
        name
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
