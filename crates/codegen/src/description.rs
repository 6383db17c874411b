//! Reads operations and components from the lowered description.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use serde_json::Value;
use syn::Ident;

use crate::parameters::rust_name;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const SCHEMAS: &str = "#/components/schemas/";

/// HTTP methods that are safe to send twice, according to RFC 9110.
const IDEMPOTENT: [&str; 5] = ["DELETE", "GET", "HEAD", "OPTIONS", "PUT"];

/// An operation of the description.
#[derive(Clone, Copy)]
pub(crate) struct Described<'d> {
    document: &'d Value,
    /// The path template.
    pub(crate) path: &'d str,
    method: &'d str,
    /// The operation object.
    pub(crate) value: &'d Value,
}

/// Returns the operations that have an id, sorted by it.
pub(crate) fn operations(document: &Value) -> Vec<Described<'_>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let mut found: Vec<_> = paths
        .flat_map(|(path, item)| {
            let members = item.as_object().into_iter().flatten();
            let operations = members.filter(|(method, _)| METHODS.contains(&method.as_str()));
            operations.map(move |(method, value)| Described { document, path, method, value })
        })
        .filter(|operation| operation.value["operationId"].is_string())
        .collect();
    found.sort_by_key(Described::id);
    found
}

impl<'d> Described<'d> {
    /// Returns the name of the client's method.
    pub(crate) fn id(&self) -> String {
        self.value["operationId"].as_str().unwrap_or_default().to_snake_case()
    }

    /// Returns the name of the builder's type.
    pub(crate) fn builder(&self) -> Ident {
        ident(&self.id().to_upper_camel_case())
    }

    /// Returns the HTTP method, in upper case.
    pub(crate) fn method(&self) -> String {
        self.method.to_uppercase()
    }

    /// Returns the resource that the operation belongs to: its first tag.
    pub(crate) fn tag(&self) -> Option<&'d str> {
        self.value["tags"][0].as_str()
    }

    /// Returns whether a call may be sent again when its outcome is unknown.
    pub(crate) fn is_retry_safe(&self) -> bool {
        let said = self.value["x-retry-safe"].as_bool();
        said.unwrap_or_else(|| IDEMPOTENT.contains(&&*self.method()))
    }

    /// Returns whether requests carry the id of the stack.
    pub(crate) fn needs_stack_id(&self) -> bool {
        self.value["x-needs-stack-id"] != false
    }

    /// Returns further words by which the documentation finds the call.
    pub(crate) fn search_words(&self) -> Vec<&'d str> {
        let words = self.value["x-search-words"].as_str().unwrap_or_default();
        words.split(',').map(str::trim).filter(|word| !word.is_empty()).collect()
    }

    /// Returns whether the call is hand-written, so that only the bare request is generated.
    pub(crate) fn is_handwritten(&self) -> bool {
        self.value["x-handwritten"] == true
    }

    /// Returns the parameters.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &'d Value> {
        self.value["parameters"].as_array().into_iter().flatten()
    }

    /// Returns the parameter for which the generator made the identifier `ident`.
    pub(crate) fn parameter(&self, ident: &Ident) -> Option<&'d Value> {
        self.parameters()
            .find(|parameter| rust_name(parameter).is_some_and(|name| is_named(ident, name)))
    }

    /// Returns the documented error statuses, each with its meaning.
    pub(crate) fn errors(&self) -> Vec<(u16, String)> {
        let errors = self.value["x-error-statuses"].as_object().into_iter().flatten();
        let mut errors: Vec<_> = errors
            .filter_map(|(status, text)| {
                Some((status.parse().ok()?, text.as_str().unwrap_or_default().trim().to_owned()))
            })
            .collect();
        errors.sort();
        errors
    }

    /// Returns the components in the operation's request and response.
    pub(crate) fn components(&self) -> BTreeSet<&'d str> {
        let mut found = BTreeSet::new();
        collect(&self.value["requestBody"], self.document, &mut found);
        collect(&self.value["responses"], self.document, &mut found);
        found
    }
}

/// Returns the components in JSON bodies of requests, which users make.
pub(crate) fn request_components(document: &Value) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for operation in operations(document) {
        collect(&operation.value["requestBody"], document, &mut found);
    }
    found
}

/// Returns the resources in the order of the description's `tags`, each with its description.
pub(crate) fn resources(document: &Value) -> Vec<(&str, &str)> {
    let mut all: Vec<(&str, &str)> = Vec::new();
    let described = document["tags"].as_array().into_iter().flatten();
    let described = described
        .filter_map(|tag| Some((tag["name"].as_str()?, tag["description"].as_str().unwrap_or(""))));
    let used = operations(document).into_iter().filter_map(|operation| operation.tag());
    for (name, text) in described.chain(used.map(|name| (name, ""))) {
        match all.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) if known.is_empty() => *known = text,
            Some(_) => {}
            None => all.push((name, text)),
        }
    }
    all
}

/// Returns the resources whose operations a component belongs to, by the component's name.
pub(crate) fn resources_of_components(document: &Value) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for operation in operations(document) {
        for component in operation.components() {
            found.entry(component).or_default().extend(operation.tag());
        }
    }
    found
}

/// Collects the components that `value` refers to, directly or through others.
fn collect<'d>(value: &'d Value, document: &'d Value, into: &mut BTreeSet<&'d str>) {
    match value {
        Value::Object(members) => {
            if let Some(name) = component(value)
                && into.insert(name)
            {
                collect(&document["components"]["schemas"][name], document, into);
            }
            // Examples are data: a `$ref` in them is not a reference.
            let members = members.iter().filter(|(key, _)| !key.starts_with("example"));
            members.for_each(|(_, member)| collect(member, document, into));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, document, into)),
        _ => {}
    }
}

/// Returns the component that a schema refers to.
pub(crate) fn component(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix(SCHEMAS)
}

/// Makes an identifier, with an underscore after a keyword.
pub(crate) fn ident(name: &str) -> Ident {
    // `gen` is a keyword since the edition of 2024, which syn does not know.
    let known = syn::parse_str(name).ok().filter(|_| name != "gen");
    known.unwrap_or_else(|| Ident::new(&format!("{name}_"), proc_macro2::Span::call_site()))
}

/// Returns whether the generator makes `ident` from `name`: in snake case, with an underscore after
/// a keyword and before a digit.
pub(crate) fn is_named(ident: &Ident, name: &str) -> bool {
    let spaced = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '-' };
    let name: String = name.replace('\'', "").chars().map(spaced).collect();
    let ident = ident.to_string();
    let ident = ident.strip_prefix('_').unwrap_or(&ident);
    ident.strip_suffix('_').unwrap_or(ident) == name.to_snake_case()
}
