//! Generates the client of the crate `k6-cloud` from its lowered OpenAPI description.
//!
//! This is the *generated* stage. `build.rs` calls [`generate_file`]. `cargo xtask update-spec`
//! calls [`syntax`] and [`print()`], so that it never adopts a description that fails here. The same
//! input gives the same client for every user, because what decides types and names is pinned exactly.
//!
//! progenitor writes the first version of the client; the modules here rework its syntax tree.

mod arguments;
mod builders;
mod calls;
mod deprecated;
mod description;
mod docs;
mod enums;
mod examples;
mod fields;
mod ids;
mod items;
mod lean;
mod lists;
mod parameters;
mod patch;
mod requests;
mod responses;
mod sent;
#[cfg(test)]
mod testing;

use std::path::Path;

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::quote;
use serde_json::{Value, json};
use syn::{ImplItem, Item, parse_quote};

use crate::enums::OpenEnum;
use crate::ids::{Id, Ids};

/// The first lines of a generated client.
const HEADER: &str = "\
// @generated from openapi/lowered.json by build.rs, and as src/prebuilt.rs by `cargo xtask update-spec`. Do
// not edit it: change openapi/overlay.yaml or crates/codegen.
//
// `types` has what requests and responses are made of. `builder` has a call for each operation: its setters,
// the ways to send it, its facts (`OperationSpec`) and its request. The methods of `Client` that make calls
// follow, by resource. `enums` and `ids` have the types of single values.
";

/// Reads the lowered description in `lowered` and writes the client to `client.rs` in `OUT_DIR`.
///
/// # Errors
///
/// One line that names the file and the command that fixes it.
pub fn generate_file(lowered: &Path) -> Result<(), String> {
    let name = lowered.display();
    let text =
        std::fs::read_to_string(lowered).map_err(|error| format!("cannot read {name}: {error}"))?;
    let code = generate(&text).map_err(|error| format!("{name}: {}", error.replace('\n', " ")))?;
    let folder = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: run by cargo")?;
    let file = Path::new(&folder).join("client.rs");
    std::fs::write(&file, code).map_err(|error| format!("cannot write {}: {error}", file.display()))
}

/// Generates the client's source code from the text of a lowered description.
///
/// # Errors
///
/// A message that says what is wrong with the description, and names the command that fixes it.
pub fn generate(lowered: &str) -> Result<String, String> {
    Ok(print(&syntax(lowered)?))
}

/// Returns the source code of a generated client, as build.rs writes it.
#[must_use]
pub fn print(file: &syn::File) -> String {
    HEADER.to_owned() + &prettyplease::unparse(file)
}

/// Generates the client as a syntax tree, from which xtask reads its public surface.
///
/// # Errors
///
/// Those of [`generate`].
pub fn syntax(lowered: &str) -> Result<syn::File, String> {
    let fix = "run `cargo xtask update-spec`";
    let document: Value =
        serde_json::from_str(lowered).map_err(|error| format!("it is not JSON: {error}: {fix}"))?;
    let description: openapiv3::OpenAPI = serde_json::from_value(parameters::renamed(&document))
        .map_err(|error| format!("it is not OpenAPI 3.0: {error}: {fix}"))?;

    let enums = enums::find(&document);
    let ids = ids::find(&document);
    let tokens = Generator::new(&settings(&enums, &ids)?)
        .generate_tokens(&description)
        .map_err(|error| format!("progenitor rejects it: {error}: {fix}"))?;
    let mut file: syn::File = syn::parse2(tokens)
        .map_err(|error| format!("progenitor's output does not parse: {error}"))?;

    keep_what_is_used(&mut file);
    requests::drop_builders(&mut file);
    fields::make_unique(&mut file);
    fields::drop_equal_defaults(&mut file);
    docs::undocumented_fields(&mut file);
    patch::tell_null_from_absent(&mut file, &document);
    deprecated::mark_properties(&mut file, &document);
    let types: Ids = ids.iter().map(|id| id.name.clone()).collect();
    let requests = requests::write(&mut file, &document, &types)?;
    // An empty string that the description lists is a value like others.
    let names = enums.iter().filter(|found| !found.has_empty());
    let names: Vec<_> = names.map(|found| found.name.clone()).collect();
    responses::read_tolerantly(&mut file, &names, &types);
    builders::write(&mut file, &document, &requests, &types)?;
    finish_types(&mut file, &document, &enums, &ids);
    enums::write(&mut file, &enums);
    ids::write(&mut file, &ids);
    lean::inline(&mut file);
    Ok(file)
}

/// The settings of progenitor.
fn settings(enums: &[OpenEnum], ids: &[Id]) -> Result<GenerationSettings, String> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        // Not needed: one function of the client sends all calls.
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::Inner))
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq");
    for (schema, rust) in [
        (json!({ "type": "string", "format": "date-time" }), "crate::wire::Timestamp"),
        (json!({ "type": "string", "format": "comma-separated" }), "crate::wire::CommaSeparated"),
        (json!({ "anyOf": [{ "type": "number" }, { "type": "string" }] }), "crate::wire::Vuh"),
    ] {
        let schema = serde_json::from_value(schema).map_err(|error| error.to_string())?;
        settings.with_conversion(schema, rust, [TypeImpl::Display, TypeImpl::FromStr].into_iter());
    }
    let enums = enums.iter().map(|found| ("enums", &found.name));
    for (module, name) in enums.chain(ids.iter().map(|found| ("ids", &found.name))) {
        let traits = [TypeImpl::Display, TypeImpl::FromStr].into_iter();
        settings.with_replacement(name, format!("crate::generated::{module}::{name}"), traits);
    }
    Ok(settings)
}

/// The documentation of the client. The text in the description is for readers of the API.
const CLIENT: &str = "A client of the Grafana Cloud k6 REST API.\n\n\
    [`from_env`](Self::from_env) makes one from the settings of the k6 command-line tool, and \
    [`builder`](Self::builder) from settings of your own. A clone is cheap: it shares connections, \
    permits and the retry budget with the original.\n\n\
    The methods are grouped by resource. Each returns a call: what the API requires is an argument, \
    what is optional is a setter, and `.send().await` sends it.\n\n\
    ```no_run\n\
    # async fn example() -> Result<(), k6_cloud::Error> {\n\
    let client = k6_cloud::Client::from_env()?;\n\
    let run = client.get_test_run(42).send().await?;\n\
    println!(\"{}: {}\", run.id, run.verdict());\n\
    # Ok(()) }\n\
    ```";

/// Removes items that the client writes by hand.
fn keep_what_is_used(file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Struct(client) = item
            && client.ident == "Client"
        {
            client.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
            client.attrs.push(parse_quote!(#[doc = #CLIENT]));
        }
        let Item::Impl(block) = item else { continue };
        // `new` panics if TLS is set up badly, and has its own timeouts. `Client::builder` must be
        // the only way to make a client.
        block.items.retain(|item| !matches!(item, ImplItem::Fn(f) if f.sig.ident == "new"));
        for item in &mut block.items {
            if let ImplItem::Fn(function) = item
                && function.sig.ident == "new_with_client"
            {
                function.vis = parse_quote!(pub(crate));
            }
        }
    }
    file.items.retain(|item| match item {
        Item::Mod(module) => module.ident != "prelude",
        // Asserts that the client has hooks, which nothing would call.
        Item::Const(assertion) => assertion.ident != "_",
        _ => true,
    });
}

/// Makes the structs `non_exhaustive`, and gives the module of the types its documentation.
fn finish_types(file: &mut syn::File, document: &Value, enums: &[OpenEnum], ids: &[Id]) {
    let Some(items) = items::module(&mut file.items, "types") else { return };
    for item in items.iter_mut() {
        // A property that the API adds must not break users' code.
        if let Item::Struct(found) = item
            && found.fields.iter().any(|field| field.ident.is_some())
        {
            found.attrs.push(parse_quote!(#[non_exhaustive]));
        }
    }
    let names: Vec<_> = items.iter().filter_map(name_of_type).collect();
    if !enums.is_empty() {
        items.push(parse_quote!(
            pub use super::enums::*;
        ));
    }
    if !ids.is_empty() {
        items.push(parse_quote!(
            pub use super::ids::*;
        ));
    }
    let elsewhere: Vec<_> =
        enums.iter().map(|found| &found.name).chain(ids.iter().map(|id| &id.name)).collect();
    let exists = |name: &str| {
        names.iter().any(|found| found == name) || elsewhere.iter().any(|found| *found == name)
    };
    let index = docs::index_of_types(document, exists);
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
        {
            module.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
            module.attrs.push(parse_quote!(#[doc = #index]));
        }
    }
}

fn name_of_type(item: &Item) -> Option<String> {
    match item {
        Item::Struct(found) => Some(found.ident.to_string()),
        Item::Enum(found) => Some(found.ident.to_string()),
        Item::Type(found) => Some(found.ident.to_string()),
        _ => None,
    }
}
