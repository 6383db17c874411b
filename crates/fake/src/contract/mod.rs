//! The API's description, which names the operations and checks their requests.
//!
//! `openapi/overlaid.json` is the published description with the overlay's names. It is not
//! lowered: the bounds, formats and closed objects that the client leaves to the server are checked
//! here.

mod operation;
mod published;
mod reading;
mod schemas;

use std::sync::LazyLock;

use axum::http::Method;
use boon::Schemas;
use serde_json::Value;

pub(crate) use self::operation::Operation;
use self::published::PUBLISHED_IDS;
pub(crate) use self::reading::Arguments;
use self::schemas::{SchemaCompiler, add_integer_format, close_objects};

const OVERLAID: &str = include_str!("../../openapi/overlaid.json");

/// The methods that a path item may have, in the order of an `Allow` header.
const METHODS: &[(&str, Method)] = &[
    ("get", Method::GET),
    ("post", Method::POST),
    ("put", Method::PUT),
    ("patch", Method::PATCH),
    ("delete", Method::DELETE),
];

/// The operations of the API, with the schemas of their requests.
pub(crate) struct Contract {
    /// Paths without variables come first: `/a/all` is not `/a/{id}`.
    operations: Vec<Operation>,
    schemas: Schemas,
}

impl Contract {
    /// Returns the contract of the description in `openapi/`, which is read only once. If it is
    /// strict, bodies may only have properties that the description names.
    pub(crate) fn get(is_strict: bool) -> Result<&'static Self, &'static str> {
        static LENIENT: LazyLock<Result<Contract, String>> = LazyLock::new(|| {
            let document = serde_json::from_str(OVERLAID).map_err(|error| error.to_string())?;
            Contract::new(document)
        });
        static STRICT: LazyLock<Result<Contract, String>> = LazyLock::new(|| {
            let document = serde_json::from_str(OVERLAID);
            let mut document = document.map_err(|error| error.to_string())?;
            close_objects(&mut document);
            Contract::new(document)
        });
        let contract = if is_strict { &STRICT } else { &LENIENT };
        contract.as_ref().map_err(String::as_str)
    }

    /// Reads a description.
    fn new(mut document: Value) -> Result<Self, String> {
        add_integer_format(&mut document);
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
        Ok(Self { operations, schemas: schemas.into_compiled() })
    }

    /// Returns the names of all operations, each with that of the client's method.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.operations.iter().map(|operation| operation.id.as_str());
        own.map(|id| (id, id)).chain(PUBLISHED_IDS.iter().copied())
    }

    /// Returns the operations at a path, one for each method. Without any, the API does not have
    /// the path.
    pub(crate) fn at(&self, path: &str) -> &[Operation] {
        let Some(first) = self.operations.iter().position(|operation| operation.is_at(path)) else {
            return &[];
        };
        let template = &self.operations[first].path;
        let more = self.operations[first..].iter().take_while(|next| next.path == *template);
        &self.operations[first..first + more.count()]
    }
}

#[cfg(test)]
mod tests;
