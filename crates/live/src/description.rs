//! The overlaid description: its operations and their schemas.

use std::collections::BTreeSet;

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Value, json};

/// The description that the fake reads too; `cargo xtask update-spec` writes it.
const OVERLAID: &str = include_str!("../../fake/openapi/overlaid.json");

/// Nothing is fetched from there.
const LOCATION: &str = "live:///description.json";

/// A description, ready to check responses.
pub struct Description {
    pub(crate) document: Value,
    pub(crate) operations: Vec<Operation>,
    /// The names of all properties. Other names in a response can be the user's own.
    pub(crate) names: BTreeSet<String>,
    pub(crate) schemas: Schemas,
}

impl std::fmt::Debug for Description {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Description")
            .field("version", &self.version())
            .finish_non_exhaustive()
    }
}

/// An operation.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) responses: Vec<Described>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) location: String,
    pub(crate) required: bool,
    pub(crate) schema: Value,
}

/// A response of the description.
#[derive(Clone, Debug)]
pub(crate) struct Described {
    pub(crate) status: u16,
    /// The content types, with the schema of those in JSON.
    pub(crate) content: Vec<(String, Option<SchemaIndex>)>,
    pub(crate) headers: Vec<String>,
    /// The resolved schema of a body in JSON.
    pub(crate) body: Value,
}

impl Description {
    /// Reads the description of this version of the client.
    ///
    /// # Errors
    ///
    /// If it cannot be read, which a test excludes.
    pub fn vendored() -> Result<Self, String> {
        let document = serde_json::from_str(OVERLAID).map_err(|error| error.to_string())?;
        Self::new(document)
    }

    /// Reads an overlaid description.
    ///
    /// # Errors
    ///
    /// If a schema or an operation cannot be read.
    pub fn new(document: Value) -> Result<Self, String> {
        let mut closed = document.clone();
        if let Some(components) = closed.pointer_mut("/components/schemas") {
            close(components, false);
        }
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        compiler.add_resource(LOCATION, closed).map_err(|error| error.to_string())?;
        let mut schemas = Schemas::new();
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for method in ["get", "post", "put", "patch", "delete"] {
                if item[method].is_object() {
                    let mut reader = Reader {
                        document: &document,
                        compiler: &mut compiler,
                        schemas: &mut schemas,
                    };
                    operations.push(reader.operation(path, method)?);
                }
            }
        }
        let mut names = BTreeSet::new();
        property_names(&document["components"]["schemas"], &mut names);
        Ok(Self { document, operations, names, schemas })
    }

    /// Returns the version of the description.
    pub fn version(&self) -> &str {
        self.document["info"]["version"].as_str().unwrap_or("unknown")
    }

    /// Returns the operations that read.
    pub(crate) fn reading(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(|operation| operation.method == "GET")
    }

    /// Returns the operation that a request is for.
    pub(crate) fn find(&self, method: &str, path: &str) -> Option<&Operation> {
        let mut found: Vec<_> = self
            .operations
            .iter()
            .filter(|operation| operation.method == method && matches(&operation.path, path))
            .collect();
        // Paths without variables come first.
        found.sort_by_key(|operation| operation.path.matches('{').count());
        found.first().copied()
    }

    pub(crate) fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        resolve(&self.document, value)
    }
}

impl Operation {
    pub(crate) fn parameters_in<'a>(
        &'a self,
        location: &'a str,
    ) -> impl Iterator<Item = &'a Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.location == location)
    }

    pub(crate) fn has_query(&self, name: &str) -> bool {
        self.parameters_in("query").any(|parameter| parameter.name == name)
    }

    pub(crate) fn needs_stack_id(&self) -> bool {
        self.parameters_in("header").any(|one| one.name.eq_ignore_ascii_case("x-stack-id"))
    }

    pub(crate) fn described(&self, status: u16) -> Option<&Described> {
        self.responses.iter().find(|response| response.status == status)
    }

    /// The resolved body of a success.
    pub(crate) fn success(&self) -> Option<&Described> {
        self.responses.iter().find(|response| (200..300).contains(&response.status))
    }

    /// The schema of a row, if the operation returns a list.
    pub(crate) fn row<'a>(&'a self, description: &'a Description) -> Option<&'a Value> {
        let value = &self.success()?.body["properties"]["value"];
        (value["type"] == "array").then(|| description.resolve(&value["items"]))
    }
}

struct Reader<'a> {
    document: &'a Value,
    compiler: &'a mut Compiler,
    schemas: &'a mut Schemas,
}

impl Reader<'_> {
    fn operation(&mut self, path: &str, method: &str) -> Result<Operation, String> {
        let item = &self.document["paths"][path];
        let operation = &item[method];
        let id = operation["operationId"].as_str().ok_or_else(|| format!("{path} has no id"))?;
        let shared = item["parameters"].as_array().into_iter().flatten();
        let own = operation["parameters"].as_array().into_iter().flatten();
        let parameters = shared.chain(own).map(|parameter| {
            let parameter = resolve(self.document, parameter);
            let text = |name: &str| parameter[name].as_str().unwrap_or_default().to_owned();
            Parameter {
                name: text("name"),
                location: text("in"),
                required: parameter["required"] == true,
                schema: resolve(self.document, &parameter["schema"]).clone(),
            }
        });
        let parameters = parameters.collect();
        let at = format!("/paths/{}/{method}/responses", escape(path));
        let mut responses = Vec::new();
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            if let Ok(status) = status.parse() {
                let pointer = format!("{at}/{status}");
                responses.push(self.response(status, pointer, response)?);
            }
        }
        Ok(Operation {
            id: id.to_owned(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            parameters,
            responses,
        })
    }

    fn response(
        &mut self,
        status: u16,
        pointer: String,
        response: &Value,
    ) -> Result<Described, String> {
        let pointer = match response["$ref"].as_str() {
            Some(reference) => reference.trim_start_matches('#').to_owned(),
            None => pointer,
        };
        let response = resolve(self.document, response);
        let mut content = Vec::new();
        let mut body = Value::Null;
        for (media_type, described) in response["content"].as_object().into_iter().flatten() {
            let mut schema = None;
            if media_type == "application/json" {
                let location = format!("{LOCATION}#{pointer}/content/application~1json/schema")
                    .replace('%', "%25");
                let compiled = self.compiler.compile(&location, self.schemas);
                schema = Some(compiled.map_err(|error| format!("{error:#}"))?);
                body = resolve(self.document, &described["schema"]).clone();
            }
            content.push((media_type.clone(), schema));
        }
        let headers = response["headers"].as_object().into_iter().flatten();
        let headers = headers.filter(|(_, header)| header["required"] == true);
        Ok(Described {
            status,
            content,
            headers: headers.map(|(name, _)| name.clone()).collect(),
            body,
        })
    }
}

pub(crate) fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let mut value = value;
    // A chain of references ends, or it is a circle.
    for _ in 0..32 {
        match value["$ref"]
            .as_str()
            .and_then(|reference| document.pointer(reference.strip_prefix('#')?))
        {
            Some(target) => value = target,
            None => break,
        }
    }
    value
}

fn matches(template: &str, path: &str) -> bool {
    template.split('/').count() == path.split('/').count()
        && template.split('/').zip(path.split('/')).all(|(a, b)| a == b || a.starts_with('{'))
}

/// Makes schemas reject properties that they do not name. The parts of an `allOf` name only some.
fn close(schema: &mut Value, is_part: bool) {
    match schema {
        Value::Object(keywords) => {
            let whole = keywords.contains_key("properties") && !keywords.contains_key("allOf");
            if whole && !is_part {
                keywords.entry("additionalProperties").or_insert(json!(false));
            }
            for (name, value) in keywords.iter_mut() {
                close(value, name == "allOf");
            }
        }
        Value::Array(parts) => parts.iter_mut().for_each(|part| close(part, is_part)),
        _ => {}
    }
}

fn property_names(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(keywords) => {
            if let Some(properties) = keywords.get("properties").and_then(Value::as_object) {
                names.extend(properties.keys().cloned());
            }
            keywords.values().for_each(|value| property_names(value, names));
        }
        Value::Array(parts) => parts.iter().for_each(|part| property_names(part, names)),
        _ => {}
    }
}
