//! Writes the functions that call each reading operation by its name, from the description.
//!
//! Without them, each operation would need a line here by hand, and a new one would not be checked.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

const DESCRIPTION: &str = "../fake/openapi/overlaid.json";
const MANIFEST: &str = "../../Cargo.toml";

fn main() {
    println!("cargo::rerun-if-changed={DESCRIPTION}");
    if let Err(problem) = generate() {
        println!("cargo::error={problem}");
    }
}

/// Returns the version of the client, for reports.
fn client_version() -> Result<String, String> {
    let manifest = std::fs::read_to_string(MANIFEST).map_err(|error| error.to_string())?;
    let package = manifest.split("[package]").nth(1).unwrap_or_default();
    let version = package.lines().find_map(|line| line.strip_prefix("version = \""));
    let version = version.and_then(|version| version.strip_suffix('"'));
    version.map(str::to_owned).ok_or_else(|| format!("{MANIFEST} has no version"))
}

fn generate() -> Result<(), String> {
    println!("cargo::rerun-if-changed={MANIFEST}");
    println!("cargo::rustc-env=CLIENT_VERSION={}", client_version()?);
    let bytes = std::fs::read(DESCRIPTION).map_err(|error| format!("{DESCRIPTION}: {error}"))?;
    let document: Value = serde_json::from_slice(&bytes)
        .map_err(|error| format!("{DESCRIPTION} is not JSON: {error}"))?;
    let (mut calls, mut rows) = (String::new(), String::new());
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        if item["get"].is_object() {
            arms(&document, path, &item["get"], &mut calls, &mut rows)
                .ok_or_else(|| format!("GET {path} is described in an unknown way"))?;
        }
    }
    let code = format!(
        "/// Sends a reading operation by the client. `None` if the values do not fit.\n\
         pub(crate) async fn call(client: &Client, operation: &str, values: &Values) -> \
         Option<Result<Decoded, Error>> {{\n    match operation {{\n{calls}        _ => None,\n    }}\n}}\n\n\
         /// Reads the rows of a list by the client, up to `cap`.\n\
         pub(crate) async fn rows(client: &Client, operation: &str, values: &Values, ahead: usize, \
         cap: usize) -> Option<Result<Vec<Value>, Error>> {{\n    match operation {{\n{rows}        _ => None,\n    }}\n}}\n"
    );
    let folder = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    std::fs::write(Path::new(&folder).join("calls.rs"), code).map_err(|error| error.to_string())
}

/// Adds the arms for an operation.
fn arms(
    document: &Value,
    path: &str,
    operation: &Value,
    calls: &mut String,
    rows: &mut String,
) -> Option<()> {
    let id = operation["operationId"].as_str()?;
    let parameters: Vec<&Value> =
        operation["parameters"].as_array()?.iter().map(|one| resolve(document, one)).collect();
    let mut arguments = Vec::new();
    for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let parameter = parameters.iter().find(|one| one["in"] == "path" && one["name"] == name)?;
        arguments.push(value(&parameter["schema"], name));
    }
    // The client sets the header with the stack's id itself. Any other is an argument.
    let headers = parameters.iter().filter(|one| one["in"] == "header" && one["required"] == true);
    for name in headers.filter_map(|one| one["name"].as_str()) {
        if !name.eq_ignore_ascii_case("x-stack-id") {
            arguments.push(format!("values.string({name:?})?"));
        }
    }
    let mut setters = String::new();
    for parameter in parameters.iter().filter(|one| one["in"] == "query") {
        let name = parameter["name"].as_str()?;
        let setter = name.trim_start_matches('$');
        let value = value(&parameter["schema"], name);
        let value = value.trim_end_matches('?');
        let _ = writeln!(
            setters,
            "            if let Some(value) = {value} {{ call = call.{setter}(value); }}"
        );
    }
    let arguments = arguments.join(", ");
    let json = &operation["responses"]["200"]["content"]["application/json"]["schema"];
    let binding = if setters.is_empty() { "let call" } else { "let mut call" };
    let make = format!("            {binding} = client.{id}({arguments});\n{setters}");
    let decoded = if json.is_null() { "script" } else { "encoded" };
    let _ = writeln!(
        calls,
        "        {id:?} => {{\n{make}            Some({decoded}(call.send().await))\n        }}"
    );
    if resolve(document, json)["properties"]["value"]["type"] == "array" {
        let _ = writeln!(
            rows,
            "        {id:?} => {{\n{make}            Some(collected(call.stream().concurrency(ahead), \
             cap).await)\n        }}"
        );
    }
    Some(())
}

/// Returns the expression for the value of a parameter: an `Option` with a `?` behind it.
fn value(schema: &Value, name: &str) -> String {
    let method = match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("integer"), _) => "integer",
        (Some("boolean"), _) => "boolean",
        (Some("array"), _) => "integers",
        (_, Some("date-time")) => "time",
        _ => "string",
    };
    format!("values.{method}({name:?})?")
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        Some(pointer) => document.pointer(pointer).unwrap_or(value),
        None => value,
    }
}
