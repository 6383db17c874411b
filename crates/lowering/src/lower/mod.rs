//! The lower stage: OpenAPI 3.1 to the 3.0.3 document that the generator reads.
//!
//! Three passes. The first ([`schema`], [`operation`], [`content`]) writes each 3.1 construct in 3.0.3 and
//! resolves references; the second ([`shape`]) fits the result to a client that must survive what
//! a newer server sends; the third ([`inline`]) gives the types that are written in place names of
//! their own. All walk the document by position, never by the name of a key: a property may be
//! called `const`. What no rule knows is an error with its JSON pointer. Every step that loses
//! something is noted, lowering is idempotent, and the same input gives the same bytes.

mod content;
mod inline;
mod names;
mod nullable;
mod operation;
mod options;
mod prose;
mod schema;
mod shape;
mod unions;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::problem::{Place, Problem, is_hidden};
pub use names::component_names;
pub use options::{ExtensionType, Options, Reserved};

/// One step that changed what the document says, for the report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The rule's stable name.
    pub rule: &'static str,
    /// What the rule costs, in one sentence.
    pub effect: &'static str,
    /// Where, as a JSON pointer into the overlaid document.
    pub place: String,
}

/// A lowered document and the lossy steps that led to it.
#[derive(Debug)]
pub struct Lowered {
    /// The document, in OpenAPI 3.0.3.
    pub document: Value,
    /// Every lossy step, in the order in which they were made.
    pub notes: Vec<Note>,
}

/// Lowers an overlaid description to OpenAPI 3.0.3.
pub fn lower(document: &Value, options: &Options) -> Result<Lowered, Problem> {
    let root = Place::root();
    let source = object(document, &root)?;
    check_version(source, &root)?;

    let mut lowering = Lowering::new(document, options)?;
    let mut lowered = lowering.document(source, &root)?;
    let mut notes = lowering.notes;
    shape::shape(&mut lowered, &mut notes);
    inline::name_types(&mut lowered);
    notes.sort();
    notes.dedup();
    Ok(Lowered { document: lowered, notes })
}

fn check_version(source: &Map<String, Value>, root: &Place) -> Result<(), Problem> {
    let supported = "give it an OpenAPI 3.1 description";
    match source.get("openapi") {
        Some(Value::String(version))
            if version.starts_with("3.1.") || version.starts_with("3.0.") =>
        {
            Ok(())
        }
        Some(Value::Number(number)) => {
            let what = format!("the version {number} is a number");
            Err(root.at("openapi").problem(what, "write it in quotes and in full: '3.1.0'"))
        }
        Some(other) => {
            Err(root.at("openapi").problem(format!("version {other} is not known"), supported))
        }
        None if source.contains_key("swagger") => {
            Err(root.at("swagger").problem("this is a Swagger 2.0 document", supported))
        }
        None => Err(root.problem("there is no `openapi` version", supported)),
    }
}

/// The state of the first pass.
struct Lowering<'a> {
    document: &'a Value,
    options: &'a Options,
    /// Component schemas: published name to lowered name.
    names: BTreeMap<String, String>,
    /// Schemas referred to outside the components: their pointer to the component they become.
    hoisted: BTreeMap<String, String>,
    /// Hoisted schemas that are still to be lowered.
    queue: Vec<(String, String)>,
    notes: Vec<Note>,
}

/// Members of the document that the client does not need, with what their going costs.
const UNUSED: &[(&str, &str)] = &[
    ("externalDocs", ""),
    ("security", ""),
    ("webhooks", "webhooks call a server, which a client has no part in"),
];

/// The most characters of the description's version.
const LONGEST_VERSION: usize = 64;

/// The dialects of JSON Schema that the rules are written for.
const DIALECTS: &[&str] = &[
    "https://json-schema.org/draft/2020-12/schema",
    "https://spec.openapis.org/oas/3.1/dialect/base",
];

impl<'a> Lowering<'a> {
    fn new(document: &'a Value, options: &'a Options) -> Result<Self, Problem> {
        Ok(Self {
            document,
            options,
            names: names::component_names(document, options)?,
            hoisted: BTreeMap::new(),
            queue: Vec::new(),
            notes: Vec::new(),
        })
    }
}

impl Lowering<'_> {
    fn note(&mut self, rule: &'static str, effect: &'static str, place: &Place) {
        self.notes.push(Note { rule, effect, place: place.as_str().to_owned() });
    }

    fn document(&mut self, source: &Map<String, Value>, root: &Place) -> Result<Value, Problem> {
        let mut out = Map::new();
        out.insert("openapi".into(), "3.0.3".into());
        for (key, value) in source {
            let place = root.at(key);
            match key.as_str() {
                "openapi" => {}
                "jsonSchemaDialect" => {
                    if !DIALECTS.contains(&text(value, &place)?) {
                        return Err(place.problem(
                            format!("the schema dialect {value} is not known"),
                            "give it a description in the dialect of OpenAPI 3.1",
                        ));
                    }
                }
                "info" => {
                    out.insert(key.clone(), info(value, &place)?);
                }
                "servers" => {
                    self.note_servers(value, &place);
                    out.insert(key.clone(), servers(value, &place)?);
                }
                "tags" => {
                    out.insert(key.clone(), tags(value, &place)?);
                }
                "paths" => {
                    out.insert(key.clone(), self.paths(value, &place)?);
                }
                "components" => {
                    let known = [
                        "schemas",
                        "parameters",
                        "responses",
                        "requestBodies",
                        "headers",
                        "examples",
                        "links",
                        "callbacks",
                        "securitySchemes",
                        "pathItems",
                    ];
                    for member in object(value, &place)?.keys() {
                        if !known.contains(&member.as_str()) && !member.starts_with("x-") {
                            return Err(unknown_key(&place.at(member)));
                        }
                    }
                }
                key if key.starts_with("x-") => {}
                key => match UNUSED.iter().find(|(unused, _)| *unused == key) {
                    Some((_, "")) => {}
                    Some((_, effect)) => self.note("drop-webhooks", effect, &place),
                    None => return Err(unknown_key(&place)),
                },
            }
        }
        for key in ["info", "paths"] {
            if !out.contains_key(key) {
                return Err(root.problem(
                    format!("the description has no `{key}`"),
                    "check that the source is the API's description",
                ));
            }
        }

        let mut schemas = Map::new();
        let place = root.at("components").at("schemas");
        if let Some(components) = self.document.pointer("/components/schemas") {
            for (name, schema) in object(components, &place)? {
                let lowered = self.component(schema, &place.at(name))?;
                schemas.insert(self.names[name].clone(), lowered);
            }
        }
        // Lowering a hoisted schema may hoist others.
        let mut hoisted = Map::new();
        while let Some((pointer, name)) = self.queue.pop() {
            let Some(schema) = self.document.pointer(&pointer) else {
                continue;
            };
            let at = names::place_of(&pointer);
            let lowered = self.component(schema, &at)?;
            hoisted.insert(name, lowered);
        }
        let mut components = json!({ "schemas": schemas });
        // Where it was hoisted from, it is referred to as well: one schema, one type.
        for (pointer, name) in &self.hoisted {
            let inside = self.names.iter().find_map(|(published, lowered)| {
                let key = published.replace('~', "~0").replace('/', "~1");
                let rest = pointer.strip_prefix(&format!("/components/schemas/{key}/"))?;
                // Arms may have moved; one of them stays in place as well then.
                let arms = ["allOf", "anyOf", "oneOf", "prefixItems"];
                if rest.split('/').any(|token| arms.contains(&token)) {
                    return None;
                }
                Some(format!("/schemas/{lowered}/{rest}"))
            });
            if let Some(original) = inside.and_then(|inside| components.pointer_mut(&inside)) {
                *original = json!({ "$ref": format!("#/components/schemas/{name}") });
            }
        }
        if let Some(Value::Object(schemas)) = components.get_mut("schemas") {
            schemas.extend(hoisted);
        }
        out.insert("components".into(), components);
        Ok(Value::Object(out))
    }
}

impl Lowering<'_> {
    /// The client has one base address, which no description changes.
    fn note_servers(&mut self, value: &Value, place: &Place) {
        let Some(base_url) = &self.options.base_url else { return };
        for (index, server) in value.as_array().into_iter().flatten().enumerate() {
            let url = server.get("url").and_then(Value::as_str).unwrap_or_default();
            if url.trim_end_matches('/') != base_url.trim_end_matches('/') {
                let effect = "the client's own base address is used, without the server's path";
                self.note("other-server", effect, &place.at(index));
            }
        }
    }
}

fn info(value: &Value, place: &Place) -> Result<Value, Problem> {
    let source = object(value, place)?;
    let mut out = Map::new();
    for key in ["title", "version", "description"] {
        match source.get(key) {
            Some(Value::String(text)) if key == "version" => {
                // The generated client holds it as a header value, whose constructor panics.
                let plain = text.bytes().all(|b| b.is_ascii_graphic());
                if text.is_empty() || text.len() > LONGEST_VERSION || !plain {
                    let shown: String = text.chars().take(LONGEST_VERSION).collect();
                    return Err(place.at(key).problem(
                        format!(
                            "the version {shown:?} is not plain visible ASCII of at most \
                             {LONGEST_VERSION} characters"
                        ),
                        "correct it with an overlay action",
                    ));
                }
                out.insert(key.into(), text.as_str().into());
            }
            Some(Value::String(text)) => {
                out.insert(key.into(), prose::neutralise(text).into());
            }
            None if key == "description" => {}
            _ => {
                return Err(place.at(key).problem(
                    "a text is required here",
                    "correct the description with an overlay action",
                ));
            }
        }
    }
    Ok(Value::Object(out))
}

fn servers(value: &Value, place: &Place) -> Result<Value, Problem> {
    let mut out = Vec::new();
    for (index, server) in array(value, place)?.iter().enumerate() {
        let place = place.at(index);
        let url = object(server, &place)?.get("url").and_then(Value::as_str).ok_or_else(|| {
            place.problem("the server has no `url`", "correct it with an overlay action")
        })?;
        out.push(json!({ "url": url }));
    }
    Ok(Value::Array(out))
}

fn tags(value: &Value, place: &Place) -> Result<Value, Problem> {
    let mut out = Vec::new();
    for (index, tag) in array(value, place)?.iter().enumerate() {
        let place = place.at(index);
        let tag = object(tag, &place)?;
        let name = tag.get("name").and_then(Value::as_str).ok_or_else(|| {
            place.problem("the tag has no `name`", "correct it with an overlay action")
        })?;
        tag_name(name, &place.at("name"))?;
        let mut lowered = Map::from_iter([("name".to_owned(), Value::from(name))]);
        if let Some(Value::String(text)) = tag.get("description") {
            lowered.insert("description".into(), prose::neutralise(text).into());
        }
        out.push(Value::Object(lowered));
    }
    Ok(Value::Array(out))
}

/// The name of a tag is kept as it is, so it may hide nothing.
fn tag_name(name: &str, place: &Place) -> Result<(), Problem> {
    if name.chars().any(is_hidden) {
        let mend = "correct it, and the tags of the operations, with an overlay action";
        return Err(place.problem("the tag's name has characters that do not show", mend));
    }
    Ok(())
}

fn object<'v>(value: &'v Value, place: &Place) -> Result<&'v Map<String, Value>, Problem> {
    value.as_object().ok_or_else(|| {
        if place == &Place::root() {
            let mend = "check that the source is the API's description";
            return place.problem("the document is no object", mend);
        }
        wrong_type(value, place, "an object")
    })
}

fn array<'v>(value: &'v Value, place: &Place) -> Result<&'v Vec<Value>, Problem> {
    value.as_array().ok_or_else(|| wrong_type(value, place, "a list"))
}

fn text<'v>(value: &'v Value, place: &Place) -> Result<&'v str, Problem> {
    value.as_str().ok_or_else(|| wrong_type(value, place, "a text"))
}

fn boolean(value: &Value, place: &Place) -> Result<bool, Problem> {
    value.as_bool().ok_or_else(|| wrong_type(value, place, "a boolean"))
}

fn wrong_type(value: &Value, place: &Place, wanted: &str) -> Problem {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    place.problem(
        format!("{wanted} is required here, not {found}"),
        "correct the description with an overlay action",
    )
}

fn unknown_key(place: &Place) -> Problem {
    place.problem(
        "no rule lowers this keyword",
        "add a rule for it to xtask/src/lower, or remove it with an overlay action",
    )
}

#[cfg(test)]
mod tests;
