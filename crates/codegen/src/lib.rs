//! Generates the client of the crate `k6-cloud` from its lowered OpenAPI description.
//!
//! This is the *generated* stage: `build.rs` calls [`generate_file`], and `cargo xtask update-spec`
//! calls [`syntax`], so that a description is never adopted that does not come through. The same
//! input gives the same bytes for every user: everything that decides the output is pinned exactly.
//!
//! progenitor writes the first version of the client; the modules here rework its syntax tree.

mod deprecated;
mod items;
mod lean;
mod operations;
mod patch;

use std::path::Path;

use heck::ToUpperCamelCase as _;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::{ToTokens as _, format_ident, quote};
use serde_json::{Value, json};
use syn::{ImplItem, Item, parse_quote};

/// Reads the lowered description in `lowered` and writes the client to `client.rs` in `OUT_DIR`.
///
/// # Errors
///
/// One line that names the file and the command that fixes it.
pub fn generate_file(lowered: &Path) -> Result<(), String> {
    let name = lowered.display();
    let text =
        std::fs::read_to_string(lowered).map_err(|error| format!("cannot read {name}: {error}"))?;
    let code = generate(&text).map_err(|error| format!("{name}: {error}"))?;
    let folder = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: run by cargo")?;
    let file = Path::new(&folder).join("client.rs");
    std::fs::write(&file, code).map_err(|error| format!("cannot write {}: {error}", file.display()))
}

/// Generates the client's source code from the text of a lowered description.
///
/// # Errors
///
/// What is wrong with the description, and the command that fixes it.
pub fn generate(lowered: &str) -> Result<String, String> {
    let code = prettyplease::unparse(&syntax(lowered)?);
    // Messages about a value that does not convert name the type as tokens; users read them.
    Ok(code.replace(":: std :: string :: ", "").replace("crate :: wire :: ", ""))
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
    let description: openapiv3::OpenAPI = serde_json::from_value(document.clone())
        .map_err(|error| format!("it is not OpenAPI 3.0: {error}: {fix}"))?;

    let enums = open_enums(&document);
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        // What they would do is done by the one function that all calls are sent by; see `finish`.
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
    for (name, _) in &enums {
        let traits = [TypeImpl::Display, TypeImpl::FromStr].into_iter();
        settings.with_replacement(name, format!("crate::generated::enums::{name}"), traits);
    }

    let tokens = Generator::new(&settings)
        .generate_tokens(&description)
        .map_err(|error| format!("progenitor rejects it: {error}: {fix}"))?;
    let mut file: syn::File = syn::parse2(tokens)
        .map_err(|error| format!("progenitor's output does not parse: {error}"))?;
    finish(&mut file, &enums);
    patch::tell_null_from_absent(&mut file, &document)?;
    deprecated::mark(&mut file, &document)?;
    operations::implement(&mut file, &document)?;
    lean::make(&mut file);
    Ok(file)
}

/// A component that is an enum of strings: its name in Rust and its values.
type OpenEnum = (syn::Ident, Vec<String>);

/// Finds the enums, which become open ones: a value that the API adds must not fail a whole page.
fn open_enums(document: &Value) -> Vec<OpenEnum> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let named = schemas.into_iter().flatten().filter_map(|(name, schema)| {
        let values = schema.get("enum")?.as_array()?;
        let texts: Option<Vec<_>> =
            values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
        let texts = texts?;
        // One value is a constant, by which the arms of a union are told apart.
        (schema.get("type")? == "string" && texts.len() > 1).then_some(())?;
        Some((syn::parse_str(&name.to_upper_camel_case()).ok()?, texts))
    });
    named.collect()
}

/// Fits the generated file to this crate.
fn finish(file: &mut syn::File, enums: &[OpenEnum]) {
    for item in &mut file.items {
        match item {
            Item::Impl(block) => {
                // `new` panics on a bad TLS set-up and has its own timeouts: `Client::builder` is
                // the only way in.
                block.items.retain(|item| !matches!(item, ImplItem::Fn(f) if f.sig.ident == "new"));
                for item in &mut block.items {
                    if let ImplItem::Fn(function) = item {
                        if function.sig.ident == "new_with_client" {
                            function.vis = parse_quote!(pub(crate));
                        }
                        function.attrs.iter_mut().for_each(show_example_as_text);
                    }
                }
            }
            Item::Mod(module) if module.ident == "builder" => {
                // Calls are made by the client's methods.
                let items = module.content.iter_mut().flat_map(|(_, items)| items);
                for item in items {
                    if let Item::Struct(found) = item {
                        found.attrs.push(parse_quote!(
                            #[must_use = "a call does nothing until `call()` is awaited"]
                        ));
                    }
                    let Item::Impl(block) = item else { continue };
                    for item in &mut block.items {
                        if let ImplItem::Fn(function) = item {
                            if function.sig.ident == "new" {
                                function.vis = parse_quote!(pub(crate));
                            }
                            drop_version_header(&mut function.block);
                        }
                    }
                }
            }
            Item::Mod(module) if module.ident == "types" => {
                let Some((_, items)) = &mut module.content else {
                    continue;
                };
                for item in items.iter_mut() {
                    // A property that the API adds must not break users; they construct values
                    // with the builders.
                    if let Item::Struct(found) = item
                        && found.fields.iter().any(|field| field.ident.is_some())
                    {
                        found.attrs.push(parse_quote!(#[non_exhaustive]));
                    }
                }
                if !enums.is_empty() {
                    items.push(parse_quote!(
                        pub use super::enums::*;
                    ));
                }
            }
            _ => {}
        }
    }
    file.items.retain(|item| match item {
        // The prelude of this crate is written by hand.
        Item::Mod(module) => module.ident != "prelude",
        // Asserts that there are hooks, which nothing would call.
        Item::Const(assertion) => assertion.ident != "_",
        _ => true,
    });
    if !enums.is_empty() {
        let definitions = enums.iter().map(|(name, values)| {
            let variants = variant_names(values);
            quote!(crate::wire::open_enum! { #name { #(#variants = #values,)* } })
        });
        file.items.push(parse_quote!(pub mod enums { #(#definitions)* }));
    }
}

/// progenitor puts the description's version on every request; the API knows no such header.
fn drop_version_header(block: &mut syn::Block) {
    block.stmts.retain(|stmt| {
        let text = stmt.to_token_stream().to_string();
        !(text.starts_with("header_map") && text.contains("\"api-version\""))
    });
    for stmt in &mut block.stmts {
        let text = stmt.to_token_stream().to_string();
        // It makes room for what is not put in any more.
        if text.starts_with("let mut header_map") {
            *stmt = parse_quote!(let mut header_map = ::reqwest::header::HeaderMap::new(););
        }
    }
}

/// progenitor's example lacks the crate's name and cannot run: keep it readable, out of doctests,
/// with the crate's own way to send.
fn show_example_as_text(attribute: &mut syn::Attribute) {
    if let syn::Meta::NameValue(pair) = &mut attribute.meta
        && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &mut pair.value
    {
        let value = text.value().replace("```ignore\n", "```text\n");
        let value = value.replace("let response = ", "let value = ");
        let value = value.replace("    .send()\n    .await;", "    .call()\n    .await?;");
        *text = syn::LitStr::new(&value, text.span());
    }
}

/// Names the variants of an enum after its values; equal names get a number.
fn variant_names(values: &[String]) -> Vec<syn::Ident> {
    let mut taken = std::collections::BTreeSet::from(["Unknown".to_owned()]);
    let name = |value: &String| {
        let words = value.split(|c: char| !c.is_ascii_alphanumeric());
        let pascal: String = words
            .flat_map(|word| {
                let (first, rest) = word.split_at(word.len().min(1));
                [first.to_ascii_uppercase(), rest.to_ascii_lowercase()]
            })
            .collect();
        let base = match pascal.chars().next() {
            Some(first) if first.is_ascii_alphabetic() && pascal != "Self" => pascal,
            _ => format!("Value{pascal}"),
        };
        let mut unique = base.clone();
        for number in 2.. {
            if taken.insert(unique.clone()) {
                break;
            }
            unique = format!("{base}{number}");
        }
        format_ident!("{unique}")
    };
    values.iter().map(name).collect()
}
