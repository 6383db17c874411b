//! An operation as it is described: its path, its parameters and its body.

use axum::http::Method;
use boon::SchemaIndex;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::SchemaCompiler;

/// An operation that requests can name.
#[derive(Debug)]
pub(in super::super) struct Operation {
    pub(in super::super) id: String,
    pub(in super::super) method: Method,
    pub(super) path: Vec<Segment>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
}

/// A part of a path template. Texts are less than variables.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Segment {
    Text(String),
    Variable(String),
}

#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) required: bool,
    pub(super) kind: Kind,
    pub(super) schema: SchemaIndex,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Header,
}

/// What the text of a parameter stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Number,
    Boolean,
    Text,
    /// Values with commas between them.
    List(Box<Kind>),
}

#[derive(Debug)]
pub(super) struct Body {
    pub(super) required: bool,
    /// Media types with the schema of what is JSON.
    pub(super) media: Vec<(String, Option<SchemaIndex>)>,
}

impl Operation {
    /// Reads the operation at `key` of the path item at the pointer `item`.
    pub(super) fn new(
        document: &Value,
        item: &str,
        key: &str,
        path: &str,
        method: &Method,
        schemas: &mut SchemaCompiler,
    ) -> Result<Self, String> {
        let at = format!("{item}/{key}");
        let described = document.pointer(&at).unwrap_or(&Value::Null);
        let id = described["operationId"].as_str().ok_or("an operation without an id")?.to_owned();
        let mut parameters: Vec<Parameter> = Vec::new();
        // What the operation says of a parameter goes before what its path says.
        for owner in [&at, item] {
            let list = format!("{owner}/parameters");
            let count = document.pointer(&list).and_then(Value::as_array).map_or(0, Vec::len);
            for index in 0..count {
                let pointer = resolve(document, format!("{list}/{index}"))?;
                let Some(found) = Parameter::new(document, &pointer, schemas)? else { continue };
                if !parameters.iter().any(|p| p.name == found.name && p.place == found.place) {
                    parameters.push(found);
                }
            }
        }
        let body = match described.get("requestBody") {
            Some(_) => {
                let pointer = resolve(document, format!("{at}/requestBody"))?;
                Some(Body::new(document, &pointer, schemas)?)
            }
            None => None,
        };
        let path = path.split('/').map(Segment::new).collect();
        Ok(Self { id, method: method.clone(), path, parameters, body })
    }

    /// Whether a path as it was sent has the form of this one.
    pub(super) fn is_at(&self, path: &str) -> bool {
        path.split('/').count() == self.path.len()
            && self.path.iter().zip(path.split('/')).all(|(segment, given)| match segment {
                Segment::Text(text) => text == given,
                Segment::Variable(_) => !given.is_empty(),
            })
    }

    /// Returns the decoded value of a variable in the path.
    pub(super) fn variable(&self, name: &str, path: &str) -> Option<String> {
        let mut segments = self.path.iter().zip(path.split('/'));
        let (_, given) = segments
            .find(|(segment, _)| matches!(segment, Segment::Variable(found) if found == name))?;
        Some(percent_decode_str(given).decode_utf8_lossy().into_owned())
    }
}

impl Segment {
    fn new(text: &str) -> Self {
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(name) => Self::Variable(name.to_owned()),
            None => Self::Text(text.to_owned()),
        }
    }
}

impl Parameter {
    /// Reads the parameter at a pointer; none for a header that has its own place in OpenAPI.
    fn new(
        document: &Value,
        pointer: &str,
        schemas: &mut SchemaCompiler,
    ) -> Result<Option<Self>, String> {
        let described = document.pointer(pointer).unwrap_or(&Value::Null);
        let name = described["name"].as_str().ok_or("a parameter without a name")?;
        let place = match described["in"].as_str() {
            Some("path") => Place::Path,
            Some("query") => Place::Query,
            Some("header") => Place::Header,
            _ => return Err(format!("parameter {name} is in no known place")),
        };
        let standard = ["accept", "authorization", "content-type"];
        if place == Place::Header && standard.contains(&name.to_lowercase().as_str()) {
            return Ok(None);
        }
        let at = format!("{pointer}/schema");
        let kind = Kind::of(document, &resolve(document, at.clone())?);
        if matches!(kind, Kind::List(_)) && described["explode"] != Value::Bool(false) {
            return Err(format!("parameter {name} is a list without commas"));
        }
        Ok(Some(Self {
            name: name.to_owned(),
            place,
            required: described["required"] == Value::Bool(true),
            kind,
            schema: schemas.compile(&at)?,
        }))
    }
}

impl Kind {
    fn of(document: &Value, pointer: &str) -> Self {
        let schema = document.pointer(pointer).unwrap_or(&Value::Null);
        // With null for another type, the text still stands for a value of the other.
        let mut types = match &schema["type"] {
            Value::Array(types) => types.iter().collect(),
            one => vec![one],
        };
        types.retain(|name| *name != "null");
        match types.first().and_then(|name| name.as_str()) {
            Some("integer") => Self::Integer,
            Some("number") => Self::Number,
            Some("boolean") => Self::Boolean,
            Some("array") => {
                let items = resolve(document, format!("{pointer}/items"));
                Self::List(Box::new(items.map_or(Self::Text, |items| Self::of(document, &items))))
            }
            _ => Self::Text,
        }
    }
}

impl Body {
    fn new(document: &Value, pointer: &str, schemas: &mut SchemaCompiler) -> Result<Self, String> {
        let described = document.pointer(pointer).unwrap_or(&Value::Null);
        let mut media = Vec::new();
        for (name, content) in described["content"].as_object().into_iter().flatten() {
            let schema = match content.get("schema") {
                Some(_) if name == "application/json" => {
                    let name = name.replace('/', "~1");
                    Some(schemas.compile(&format!("{pointer}/content/{name}/schema"))?)
                }
                _ => None,
            };
            media.push((name.clone(), schema));
        }
        Ok(Self { required: described["required"] == Value::Bool(true), media })
    }
}

/// Follows references within the document; there are few in a row.
fn resolve(document: &Value, mut pointer: String) -> Result<String, String> {
    for _ in 0..16 {
        match document.pointer(&pointer).and_then(|value| value["$ref"].as_str()) {
            None => return Ok(pointer),
            Some(reference) => match reference.strip_prefix('#') {
                Some(target) => pointer = target.to_owned(),
                None => return Err(format!("{reference} is not in the document")),
            },
        }
    }
    Err(format!("{pointer} leads to itself"))
}
