//! Checks of calls: each sends the URL, the headers and the body that the description asks for, and
//! reads the response that it describes.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use boon::{Compiler, Schemas};
use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use quote::ToTokens as _;
use serde_json::{Map, Value, json};
use syn::{Field, Item, Type};

use super::ADDRESS;
use super::instance::Instances;

/// The functions of the scratch program are three modules above the checks.
const MAIN: &str = "super::super::super";

const IN_FRAGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'~').remove(b'-').remove(b'_').remove(b'.');

/// The data of one description.
pub(super) struct Requests<'d> {
    pub(super) seed: u64,
    pub(super) document: &'d Value,
    pub(super) lowered: &'d Value,
    pub(super) instances: Instances<'d>,
    pub(super) compiler: Compiler,
    pub(super) schemas: Schemas,
    /// The components that responses carry.
    pub(super) read: BTreeSet<&'d str>,
    /// Whether a type may write less than it has read.
    pub(super) lossy: bool,
    /// The number of requests and responses that are checked.
    pub(super) count: usize,
}

/// An operation on both sides.
struct Operation<'d> {
    path: &'d str,
    method: &'d str,
    source: &'d Value,
    lowered: &'d Value,
}

impl<'d> Requests<'d> {
    /// The code of a module that checks every call of a generated client.
    pub(super) fn module(&mut self, file: &syn::File) -> String {
        let mut code = String::new();
        let paths = self.lowered["paths"].as_object().into_iter().flatten();
        for (path, item) in paths {
            for (method, lowered) in item.as_object().into_iter().flatten() {
                let source = &self.document["paths"][path][method];
                let operation = Operation { path, method, source, lowered };
                for _ in 0..3 {
                    code += &self.call(&operation, file);
                }
                code += &self.response(&operation);
            }
        }
        format!(
            "pub mod checks {{\nuse super::{{builder, types, ByteStream}};\n\
             pub fn all() {{\n{code}}}\n}}\n"
        )
    }

    fn call(&mut self, operation: &Operation<'d>, file: &syn::File) -> String {
        let builder = builder(operation.lowered);
        let fields = fields(file, &builder);
        let mut expected = Expected::new(operation);
        let (mut needed, mut setters) = (String::new(), String::new());
        for field in &fields {
            let ident = field.ident.as_ref().expect("a named field").to_string();
            if ident == "client" {
                continue;
            }
            if ident == "body" {
                // What cannot be drawn is compiled, and no more.
                let body = self.body(operation, &shown(&field.ty), &mut expected);
                let Some(value) = body else { return String::new() };
                let _ = write!(needed, ", {value}");
                continue;
            }
            let (kind, optional) = unwrapped(&field.ty);
            let shown = shown(kind);
            let parameter = parameter(operation.lowered, &ident).expect("a field's parameter");
            if optional && self.instances.random.u8(0..3) == 0 {
                continue;
            }
            let Some(value) = self.argument(operation, parameter, &mut expected) else {
                if optional {
                    continue;
                }
                return String::new();
            };
            let value = format!("{MAIN}::value::<{shown}>({:?})?", value.to_string());
            match optional {
                true => drop(writeln!(setters, "let call = call.{ident}({value});")),
                false => drop(write!(needed, ", {value}")),
            }
        }
        self.count += 1;
        format!(
            "{{ let client = super::Client::new_with_client(\"http://corpus.invalid\", \
             ::reqwest::Client::new(), crate::Inner);\n\
             let made = (|| -> ::std::result::Result<::reqwest::Request, ::std::string::String> {{\n\
             let call = builder::{builder}::new(client{needed});\n{setters}\
             crate::operation::Operation::request(call).1.map_err(|e| e.to_string())\n\
             }})();\n{MAIN}::sent(\"{}\", \"{builder}\", made, {:?}); }}\n",
            self.seed,
            expected.into_value().to_string(),
        )
    }

    /// Draws the argument for a parameter, and notes what is to be sent.
    fn argument(
        &mut self,
        operation: &Operation<'d>,
        lowered: &'d Value,
        expected: &mut Expected,
    ) -> Option<Value> {
        let (name, location) = (&lowered["name"], lowered["in"].as_str().unwrap_or_default());
        let of_source = operation.source["parameters"].as_array().into_iter().flatten();
        let place = of_source
            .enumerate()
            .find(|(_, source)| source["name"] == *name && source["in"] == location)
            .map(|(at, _)| format!("{}/parameters/{at}/schema", operation.pointer()));
        let value = match place {
            Some(place) => self.drawn(&place, |value| fits(value, location)),
            // The lowering adds headers that choose a content type.
            None => Some(lowered["schema"]["enum"].get(0).cloned().unwrap_or("a/b".into())),
        };
        let value = value?;
        let schema = super::instance::resolved(self.lowered, &lowered["schema"]);
        // What the generator cannot write, the caller does.
        let value = match schema["type"] == "string" && !value.is_string() {
            true => texts(&value).join(",").into(),
            false => value,
        };
        expected.add(location, name.as_str().unwrap_or_default(), &value);
        Some(value)
    }

    /// Draws a body, and returns the expression for it.
    fn body(
        &mut self,
        operation: &Operation<'d>,
        kind: &str,
        expected: &mut Expected,
    ) -> Option<String> {
        let content = operation.lowered["requestBody"]["content"].as_object();
        let (name, _) = content.and_then(|content| content.iter().next()).expect("a body");
        let of_source = operation.source["requestBody"]["content"].as_object();
        let mut sources: Vec<_> = of_source.into_iter().flatten().map(|(key, _)| key).collect();
        sources.sort_by_key(|source| (*source != name, !source.ends_with("+json")));
        if kind.ends_with("reqwest::Body") {
            expected.body = json!({ "text": "some bytes" });
            return Some("::reqwest::Body::from(\"some bytes\")".to_owned());
        }
        if name == "text/plain" {
            expected.body = json!({ "text": "some text" });
            return Some(format!("{MAIN}::value::<{kind}>(\"\\\"some text\\\"\")?"));
        }
        self.instances.undeclared = false;
        let token = sources[0].replace('~', "~0").replace('/', "~1");
        let place = format!("{}/requestBody/content/{token}/schema", operation.pointer());
        let value = self.drawn(&place, |value| !value.is_null())?;
        let mut reached = BTreeSet::new();
        super::reached(&operation.lowered["requestBody"], self.lowered, &mut reached);
        let exact = !self.lossy
            && !self.instances.undeclared
            && reached.iter().all(|name| !self.read.contains(name));
        expected.body = match name.as_str() {
            "application/json" => json!({ "json": value, "exact": exact }),
            _ => form(&value).filter(|_| exact).map_or(Value::Null, |form| json!({ "form": form })),
        };
        Some(format!("{MAIN}::value::<{kind}>({:?})?", value.to_string()))
    }

    /// The code that reads instances of a response.
    fn response(&mut self, operation: &Operation<'d>) -> String {
        let mut code = String::new();
        let responses = operation.lowered["responses"].as_object().into_iter().flatten();
        let typed = responses
            .filter(|(status, _)| status.starts_with('2'))
            .any(|(_, response)| response["content"]["application/json"].is_object());
        let sources = operation.source["responses"].as_object().into_iter().flatten();
        for (status, response) in sources.filter(|_| typed) {
            let content = response["content"].as_object().into_iter().flatten();
            let media = content.map(|(media, _)| media).find(|media| media.ends_with("json"));
            let Some(media) = media.filter(|_| status.starts_with('2')) else { continue };
            let token = media.replace('~', "~0").replace('/', "~1");
            let place =
                format!("{}/responses/{status}/content/{token}/schema", operation.pointer());
            let Some(value) = self.drawn(&place, |_| true) else { continue };
            let builder = builder(operation.lowered);
            let output = format!("<builder::{builder} as crate::operation::Operation>::Output");
            let _ = writeln!(
                code,
                "{MAIN}::reads::<{output}>(\"{}\", \"{builder}\", {:?});",
                self.seed,
                value.to_string(),
            );
            self.count += 1;
        }
        code
    }

    /// Draws an instance that the schema at a location allows.
    fn drawn(&mut self, place: &str, wanted: impl Fn(&Value) -> bool) -> Option<Value> {
        let schema = self.document.pointer(place)?;
        let address = format!("{ADDRESS}#{}", utf8_percent_encode(place, IN_FRAGMENT));
        let index = self.compiler.compile(&address, &mut self.schemas).ok()?;
        let draws = (0..8).map(|_| self.instances.of(schema, 4));
        let draws: Vec<_> = draws.collect();
        let allowed = |value: &Value| self.schemas.validate(value, index).is_ok();
        draws.into_iter().find(|value| wanted(value) && allowed(value))
    }
}

impl Operation<'_> {
    fn pointer(&self) -> String {
        let path = self.path.replace('~', "~0").replace('/', "~1");
        format!("/paths/{path}/{}", self.method)
    }
}

fn builder(lowered: &Value) -> String {
    lowered["operationId"].as_str().unwrap_or_default().to_upper_camel_case()
}

/// The fields of a call.
fn fields(file: &syn::File, builder: &str) -> Vec<Field> {
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_ref(),
        _ => None,
    });
    let mut structs = modules.flat_map(|(_, items)| items).filter_map(|item| match item {
        Item::Struct(found) if found.ident == builder => Some(found),
        _ => None,
    });
    let found = structs.next().unwrap_or_else(|| panic!("there is no builder::{builder}"));
    found.fields.iter().cloned().collect()
}

/// A type as code, in one word.
fn shown(kind: &Type) -> String {
    kind.to_token_stream().to_string().replace(' ', "")
}

/// The type of a field, and whether it may be left out.
fn unwrapped(kind: &Type) -> (&Type, bool) {
    let last = match kind {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    };
    if let Some(last) = last.filter(|last| last.ident == "Option")
        && let syn::PathArguments::AngleBracketed(arguments) = &last.arguments
        && let Some(syn::GenericArgument::Type(inner)) = arguments.args.first()
    {
        return (inner, true);
    }
    (kind, false)
}

/// The lowered parameter that a field stands for.
fn parameter<'v>(lowered: &'v Value, ident: &str) -> Option<&'v Value> {
    let plain = |name: &str| {
        let spaced = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '-' };
        name.chars().map(spaced).collect::<String>().to_snake_case()
    };
    let ident = ident.trim_start_matches("r#").trim_matches('_');
    lowered["parameters"].as_array().into_iter().flatten().find(|parameter| {
        let name = parameter["x-rust-name"].as_str().or_else(|| parameter["name"].as_str());
        name.is_some_and(|name| plain(name) == ident)
    })
}

/// Whether a value can be sent there at all.
fn fits(value: &Value, location: &str) -> bool {
    let texts = texts(value);
    let nulls = value.as_array().is_some_and(|items| items.contains(&Value::Null));
    !value.is_null()
        && !nulls
        && match location {
            "path" => texts.iter().all(|text| !text.is_empty()),
            "header" => texts.iter().all(|text| text.is_ascii()),
            _ => true,
        }
}

/// The texts of a scalar, or of the items of a list.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

/// An object of scalars as the pairs of a form.
fn form(value: &Value) -> Option<Value> {
    let members = value.as_object()?;
    let plain = members.values().all(|value| !value.is_object() && !value.is_array());
    let present = members.iter().filter(|(_, value)| !value.is_null());
    let pairs = present.map(|(key, value)| json!([key, texts(value)[0]]));
    plain.then(|| pairs.collect())
}

/// What a request is to carry.
struct Expected {
    method: String,
    /// The segments of the path.
    path: Vec<String>,
    query: Vec<Value>,
    headers: Map<String, Value>,
    body: Value,
}

impl Expected {
    fn new(operation: &Operation<'_>) -> Self {
        Self {
            method: operation.method.to_uppercase(),
            path: operation.path.split('/').skip(1).map(str::to_owned).collect(),
            query: Vec::new(),
            headers: Map::new(),
            body: Value::Null,
        }
    }

    fn add(&mut self, location: &str, name: &str, value: &Value) {
        let texts = texts(value);
        match (location, value) {
            ("path", _) => {
                for segment in &mut self.path {
                    *segment = segment.replace(&format!("{{{name}}}"), &texts.join(","));
                }
            }
            ("header", _) => {
                self.headers.insert(name.to_lowercase(), texts.join(",").into());
            }
            (_, Value::Object(members)) => {
                let pairs = members.iter().filter(|(_, value)| !value.is_null());
                self.query.extend(pairs.map(|(key, value)| json!([key, self::texts(value)[0]])));
            }
            _ => self.query.extend(texts.into_iter().map(|text| json!([name, text]))),
        }
    }

    fn into_value(self) -> Value {
        json!({
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": self.headers,
            "body": self.body,
        })
    }
}
