//! The generate stage, and the search for what makes the generator fail.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::surface::{self, Surface};
use k6_cloud_codegen::syntax;
use openapi_lowering::lower::Lowered;
use openapi_lowering::problem::{Place, Problem, Problems};

/// How long the search may take.
const LONGEST_SEARCH: Duration = Duration::from_secs(30);

thread_local! {
    /// Whether this thread is in the generator, whose panics are caught and told in one line.
    static GENERATING: Cell<bool> = const { Cell::new(false) };
}

/// Generates the client as build.rs does, and returns what `read` makes of it.
///
/// What makes the generator fail or panic is narrowed down to schemas and operations.
pub(super) fn generated<T>(
    lowered: &Lowered,
    read: fn(&syn::File) -> Result<T, String>,
) -> Result<T, Problems> {
    let document = &lowered.document;
    generate(document, read).map_err(|what| {
        let search = Search { document, lowered, until: Instant::now() + LONGEST_SEARCH };
        search.problems(&what)
    })
}

/// Reads the surface of a generated client.
pub(super) fn surface(file: &syn::File) -> Result<Surface, String> {
    surface::read(file).map_err(|problem| problem.what().to_owned())
}

/// Reads the surface of a generated client, and prints its source code.
pub(super) fn surface_and_code(file: &syn::File) -> Result<(Surface, String), String> {
    Ok((surface(file)?, k6_cloud_codegen::print(file)))
}

/// Generates the client and reads it, or returns what went wrong.
fn generate<T>(document: &Value, read: fn(&syn::File) -> Result<T, String>) -> Result<T, String> {
    // The hook is the whole program's, and threads may generate at the same time.
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !GENERATING.get() {
                usual(panic);
            }
        }));
    });

    let text = document.to_string();
    GENERATING.set(true);
    let result = catch_unwind(AssertUnwindSafe(|| read(&syntax(&text)?)));
    GENERATING.set(false);
    match result {
        Ok(result) => result,
        Err(panic) => {
            let message = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("it panicked");
            Err(format!("the generator gave up: {message}"))
        }
    }
}

/// The path and the method of an operation.
type Operation<'v> = (&'v str, &'v str);

/// Finds the parts of a document at which the generator fails, by generating less and less of it.
struct Search<'v> {
    document: &'v Value,
    lowered: &'v Lowered,
    until: Instant,
}

impl<'v> Search<'v> {
    fn problems(&self, what: &str) -> Problems {
        let fix = "change or remove it with an overlay action";
        let mut found = Vec::new();
        let mut schemas = BTreeSet::new();
        for (operation, what) in self.failing(&self.operations()) {
            let (schema, what) = match self.failing_schema(operation) {
                Some((schema, what)) => (Some(schema), what),
                None => (None, what),
            };
            let place = match schema {
                Some(schema) if !schemas.insert(schema) => continue,
                Some(schema) => Place::root().at("components").at("schemas").at(schema),
                None => Place::root().at("paths").at(operation.0).at(operation.1),
            };
            found.push(place.problem(what, fix));
        }
        let whole = Problem::new("#", what, "try parts of the description to find out which one");
        Problems::none_or(found, ()).err().unwrap_or_else(|| whole.into())
    }

    fn operations(&self) -> Vec<Operation<'v>> {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flat_map(Map::keys);
            methods.map(move |method| (path.as_str(), method.as_str()))
        });
        operations.collect()
    }

    /// Returns the operations that fail alone, each with what went wrong.
    fn failing(&self, operations: &[Operation<'v>]) -> Vec<(Operation<'v>, String)> {
        if operations.is_empty() || Instant::now() > self.until {
            return Vec::new();
        }
        let Err(what) = generate(&self.part(operations), surface) else { return Vec::new() };
        if let [only] = operations {
            return vec![(*only, what)];
        }
        let (first, second) = operations.split_at(operations.len() / 2);
        [self.failing(first), self.failing(second)].concat()
    }

    /// Returns the smallest published schema of an operation that fails alone, by its published
    /// name.
    fn failing_schema(&self, operation: Operation<'v>) -> Option<(&'v str, String)> {
        let published: BTreeMap<_, _> =
            self.lowered.names.iter().map(|(published, lowered)| (lowered, published)).collect();
        let (path, method) = operation;
        let reached = self.reached(&self.document["paths"][path][method]);
        let mut schemas: Vec<_> = reached
            .keys()
            .filter_map(|name| Some((self.reached(&reached[name]), *published.get(name)?)))
            .map(|(below, published)| (below.len(), published))
            .collect();
        schemas.sort();
        schemas.into_iter().find_map(|(_, published)| {
            let name = &self.lowered.names[published];
            let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
            let failed = (Instant::now() < self.until)
                .then(|| generate(&self.with_paths(&json!({}), &schema), surface))?;
            failed.err().map(|what| (published.as_str(), what))
        })
    }

    /// The document with these operations only, and the schemas that they need.
    fn part(&self, operations: &[Operation<'v>]) -> Value {
        let mut paths = json!({});
        for (path, method) in operations {
            paths[*path][*method] = self.document["paths"][*path][*method].clone();
        }
        self.with_paths(&paths, &paths)
    }

    /// The document with other paths, and the schemas that `needs` refers to.
    fn with_paths(&self, paths: &Value, needs: &Value) -> Value {
        let mut document = self.document.clone();
        document["paths"] = paths.clone();
        document["components"]["schemas"] = self.reached(needs).into_iter().collect();
        document
    }

    /// The components that a part of the document refers to, also through others. Examples may
    /// look like references; a component too many does no harm.
    fn reached(&self, part: &Value) -> BTreeMap<String, Value> {
        let mut found = BTreeMap::new();
        let mut queue = Vec::new();
        references(part, &mut queue);
        while let Some(name) = queue.pop() {
            if !found.contains_key(name)
                && let Some(schema) = self.document["components"]["schemas"].get(name)
            {
                references(schema, &mut queue);
                found.insert(name.to_owned(), schema.clone());
            }
        }
        found
    }
}

fn references<'v>(value: &'v Value, into: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str);
            into.extend(reference.and_then(|name| name.strip_prefix("#/components/schemas/")));
            members.values().for_each(|value| references(value, into));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, into)),
        _ => {}
    }
}
