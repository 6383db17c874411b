//! An operation of the description: its path, its parameters and its body.

use axum::http::Method;
use boon::SchemaIndex;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::published::OPTIONAL_BODIES;
use super::schemas::SchemaCompiler;

/// An operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    pub(crate) path: Vec<Segment>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
}

/// A segment of a path template. Literal segments sort before variables.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Segment {
    Literal(String),
    Variable(String),
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) location: Location,
    pub(crate) required: bool,
    pub(crate) kind: ParameterType,
    pub(crate) schema: SchemaIndex,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
}

/// The type of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ParameterType {
    Integer,
    Number,
    Boolean,
    String,
    /// Values separated by commas, or in several parameters of the same name.
    List(Box<ParameterType>),
}

#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) required: bool,
    /// The media types, with the schema if it is JSON.
    pub(crate) media: Vec<(String, Option<SchemaIndex>)>,
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
        // A parameter of the operation replaces that of its path.
        for owner in [&at, item] {
            let list = format!("{owner}/parameters");
            let count = document.pointer(&list).and_then(Value::as_array).map_or(0, Vec::len);
            for index in 0..count {
                let pointer = resolve(document, format!("{list}/{index}"))?;
                let Some(found) = Parameter::new(document, &pointer, schemas)? else { continue };
                if !parameters.iter().any(|p| p.name == found.name && p.location == found.location)
                {
                    parameters.push(found);
                }
            }
        }
        let body = match described.get("requestBody") {
            Some(_) => {
                let pointer = resolve(document, format!("{at}/requestBody"))?;
                let mut body = Body::new(document, &pointer, schemas)?;
                body.required &= !OPTIONAL_BODIES.contains(&id.as_str());
                Some(body)
            }
            None => None,
        };
        let path = path.split('/').map(Segment::new).collect();
        Ok(Self { id, method: method.clone(), path, parameters, body })
    }

    /// Returns whether a path, as it was sent, matches.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        path.split('/').count() == self.path.len()
            && self.path.iter().zip(path.split('/')).all(|(segment, given)| match segment {
                Segment::Literal(literal) => literal == given,
                Segment::Variable(_) => !given.is_empty(),
            })
    }

    /// Returns the decoded value of a variable in the path.
    pub(crate) fn variable(&self, name: &str, path: &str) -> Option<String> {
        let mut segments = self.path.iter().zip(path.split('/'));
        let (_, given) = segments
            .find(|(segment, _)| matches!(segment, Segment::Variable(found) if found == name))?;
        Some(percent_decode_str(given).decode_utf8_lossy().into_owned())
    }
}

impl Segment {
    fn new(segment: &str) -> Self {
        match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => Self::Variable(name.to_owned()),
            None => Self::Literal(segment.to_owned()),
        }
    }
}

impl Parameter {
    /// Reads the parameter at a pointer. `None` for a header that OpenAPI describes elsewhere.
    fn new(
        document: &Value,
        pointer: &str,
        schemas: &mut SchemaCompiler,
    ) -> Result<Option<Self>, String> {
        let described = document.pointer(pointer).unwrap_or(&Value::Null);
        let name = described["name"].as_str().ok_or("a parameter without a name")?;
        let location = match described["in"].as_str() {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("header") => Location::Header,
            _ => return Err(format!("parameter {name} has an unknown location")),
        };
        let standard = ["accept", "authorization", "content-type"];
        if location == Location::Header && standard.contains(&name.to_lowercase().as_str()) {
            return Ok(None);
        }
        let at = format!("{pointer}/schema");
        let kind = ParameterType::of(document, &resolve(document, at.clone())?);
        if matches!(kind, ParameterType::List(_)) && described["explode"] != Value::Bool(false) {
            return Err(format!("parameter {name} is a list that is not separated by commas"));
        }
        Ok(Some(Self {
            name: name.to_owned(),
            location,
            required: described["required"] == Value::Bool(true),
            kind,
            schema: schemas.compile(&at)?,
        }))
    }
}

impl ParameterType {
    fn of(document: &Value, pointer: &str) -> Self {
        let schema = document.pointer(pointer).unwrap_or(&Value::Null);
        // A parameter cannot be null, so the other type counts.
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
                Self::List(Box::new(items.map_or(Self::String, |items| Self::of(document, &items))))
            }
            _ => Self::String,
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

/// Follows references within the document, up to 16 in a row.
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
    Err(format!("{pointer} refers to itself"))
}
