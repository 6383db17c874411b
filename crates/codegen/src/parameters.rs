//! Parameters whose name is taken in the generated code.
//!
//! The lowering gives them another name in Rust, as `x-rust-name`. The generator knows one name
//! only, so it reads the other name, and then the name in requests is put back.

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use quote::ToTokens as _;
use serde_json::Value;
use syn::Stmt;

const EXTENSION: &str = "x-rust-name";

/// Returns the name from which the generator makes the parameter's identifier.
pub(crate) fn rust_name(parameter: &Value) -> Option<&str> {
    parameter[EXTENSION].as_str().or_else(|| parameter["name"].as_str())
}

/// Returns the document with the parameters named as in Rust.
pub(crate) fn renamed(document: &Value) -> Value {
    let mut document = document.clone();
    let Some(paths) = document["paths"].as_object_mut() else { return document };
    for (mut path, mut item) in std::mem::take(paths) {
        for operation in item.as_object_mut().into_iter().flatten().map(|(_, value)| value) {
            let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
            for parameter in parameters.into_iter().flatten() {
                let Some((rust, wire)) = names(parameter) else { continue };
                if parameter["in"] == "path" {
                    path = path.replace(&format!("{{{wire}}}"), &format!("{{{rust}}}"));
                }
                parameter["name"] = rust.into();
            }
        }
        paths.insert(path, item);
    }
    document
}

/// The names of a parameter in Rust and in requests, if they differ.
fn names(parameter: &Value) -> Option<(String, String)> {
    let rust = parameter[EXTENSION].as_str()?.to_owned();
    Some((rust, parameter["name"].as_str()?.to_owned()))
}

/// Puts the names in requests back into the statements that make an operation's request.
pub(crate) fn restore(statements: &mut [Stmt], operation: &Value) -> Option<()> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let names: Vec<_> = parameters.filter_map(names).collect();
    if names.is_empty() {
        return Some(());
    }
    for statement in statements {
        *statement = syn::parse2(restored(statement.to_token_stream(), &names)).ok()?;
    }
    Some(())
}

/// A name in a request is the first argument of `QueryParam::new` or of the header map's `append`.
fn restored(tokens: TokenStream, names: &[(String, String)]) -> TokenStream {
    let mut named = false;
    let tokens = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let mut inner = restored(group.stream(), names);
            if std::mem::take(&mut named) && group.delimiter() == Delimiter::Parenthesis {
                inner = first_restored(inner, names);
            }
            TokenTree::Group(Group::new(group.delimiter(), inner))
        }
        token => {
            named =
                matches!(&token, TokenTree::Ident(ident) if ident == "new" || ident == "append");
            token
        }
    });
    tokens.collect()
}

fn first_restored(arguments: TokenStream, names: &[(String, String)]) -> TokenStream {
    let mut arguments: Vec<TokenTree> = arguments.into_iter().collect();
    if let Some(TokenTree::Literal(literal)) = arguments.first_mut() {
        let text = literal.to_string();
        let wire = names.iter().find(|(rust, _)| text == format!("{rust:?}"));
        if let Some((_, wire)) = wire {
            *literal = Literal::string(wire);
        }
    }
    arguments.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{code, contains};

    fn parameter(location: &str, name: &str, rust: &str) -> Value {
        let required = location == "path";
        json!({"in": location, "name": name, "x-rust-name": rust, "required": required,
               "schema": {"type": "string"}})
    }

    #[test]
    fn parameter_with_another_name_in_rust_keeps_its_name_in_requests() {
        let operation = json!({
            "operationId": "fetch",
            "parameters": [
                parameter("path", "url", "url_parameter"),
                parameter("query", "client", "client_parameter"),
                parameter("header", "Request", "request_parameter"),
            ],
            "responses": {"2XX": {"description": ""}},
        });
        let code = code(&json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {"/fetch/{url}/x": {"get": operation}},
            "components": {},
        }));
        for expected in [
            "pub fn fetch(&self, url_parameter: impl ::std::convert::Into<::std::string::String>)",
            "pub fn client_parameter(mut self",
            "QueryParam::new(\"client\", &client_parameter)",
            "header_map.append(\"Request\"",
            "crate::wire::PathValue(&url_parameter)",
            "path: \"/fetch/{url}/x\"",
        ] {
            assert!(contains(&code, expected), "{expected} is not in {code}");
        }
    }
}
