//! The API's own description, by which requests are told apart and checked.
//!
//! `openapi/overlaid.json` is the published description with the names that the overlay gives to
//! its operations. Nothing of it has been lowered for the client: the bounds, formats and closed
//! objects that the client leaves to the server are checked here, by a library for JSON Schema.

mod operation;
mod reading;

use std::sync::LazyLock;

use axum::http::Method;
use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

pub(super) use self::operation::Operation;
pub(super) use self::reading::Arguments;

const OVERLAID: &str = include_str!("../openapi/overlaid.json");

/// The methods that a path item may have, in the order of an `Allow` header.
const METHODS: &[(&str, Method)] = &[
    ("get", Method::GET),
    ("post", Method::POST),
    ("put", Method::PUT),
    ("patch", Method::PATCH),
    ("delete", Method::DELETE),
];

/// What the API takes.
pub(super) struct Contract {
    /// Paths without variables before those with: `/a/all` is no `/a/{id}`.
    operations: Vec<Operation>,
    schemas: Schemas,
}

impl Contract {
    /// Returns the contract of the description in `openapi/`, which is read once.
    pub(super) fn get() -> Result<&'static Self, &'static str> {
        static CONTRACT: LazyLock<Result<Contract, String>> = LazyLock::new(|| {
            let document = serde_json::from_str(OVERLAID).map_err(|error| error.to_string())?;
            Contract::new(document)
        });
        CONTRACT.as_ref().map_err(String::as_str)
    }

    /// Reads a description.
    fn new(document: Value) -> Result<Self, String> {
        let mut schemas = SchemaCompiler::new(&document)?;
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            let at = format!("/paths/{}", path.replace('~', "~0").replace('/', "~1"));
            for (key, method) in METHODS.iter().filter(|(key, _)| item.get(key).is_some()) {
                let found = Operation::new(&document, &at, key, path, method, &mut schemas);
                operations.push(found.map_err(|error| format!("{path}: {error}"))?);
            }
        }
        operations.sort_by(|a: &Operation, b| a.path.cmp(&b.path));
        Ok(Self { operations, schemas: schemas.compiled })
    }

    /// Returns the operations at a path, one a method; none: there is no such path.
    pub(super) fn at(&self, path: &str) -> &[Operation] {
        let Some(first) = self.operations.iter().position(|operation| operation.is_at(path)) else {
            return &[];
        };
        let template = &self.operations[first].path;
        let more = self.operations[first..].iter().take_while(|next| next.path == *template);
        &self.operations[first..first + more.count()]
    }
}

/// Compiles the schemas of one description.
struct SchemaCompiler {
    compiler: Compiler,
    compiled: Schemas,
}

impl SchemaCompiler {
    /// It is not fetched: nothing is, beside what is added.
    const LOCATION: &str = "fake:///openapi/overlaid.json";

    fn new(document: &Value) -> Result<Self, String> {
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        let added = compiler.add_resource(Self::LOCATION, document.clone());
        added.map_err(|error| error.to_string())?;
        Ok(Self { compiler, compiled: Schemas::new() })
    }

    /// Compiles the schema at a JSON pointer.
    fn compile(&mut self, pointer: &str) -> Result<SchemaIndex, String> {
        let location = format!("{}#{}", Self::LOCATION, pointer.replace('%', "%25"));
        self.compiler.compile(&location, &mut self.compiled).map_err(|error| format!("{error:#}"))
    }
}

#[cfg(test)]
mod tests;
