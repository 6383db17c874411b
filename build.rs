//! The *generated* stage: `openapi/client.json` becomes the client in `OUT_DIR`.
//!
//! Reads that one file, uses no network and gives the same bytes for the same input. The file has
//! passed `cargo xtask update-spec`, which checks what the generator can only assert. The same
//! [`generate`] runs inside xtask, so a description is never adopted that does not come through.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::{ToTokens as _, format_ident, quote};
use serde_json::{Value, json};
use syn::{ImplItem, Item, parse_quote};

const LOWERED: &str = "openapi/client.json";

fn main() {
    println!("cargo::rerun-if-changed={LOWERED}");
    let result = std::fs::read_to_string(LOWERED)
        .map_err(|error| format!("cannot read {LOWERED}: {error}"))
        .and_then(|lowered| generate(&lowered))
        .and_then(|code| {
            let folder = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set; run by cargo")?;
            let file = std::path::Path::new(&folder).join("client.rs");
            std::fs::write(&file, code)
                .map_err(|error| format!("cannot write {}: {error}", file.display()))
        });
    if let Err(error) = result {
        println!("cargo::error={}", error.replace('\n', " "));
        std::process::exit(1);
    }
}

/// Generates the client from a lowered description.
pub(crate) fn generate(lowered: &str) -> Result<String, String> {
    let mend = "regenerate it with `cargo xtask update-spec`";
    let document: Value = serde_json::from_str(lowered)
        .map_err(|error| format!("{LOWERED} is not JSON: {error}; {mend}"))?;
    let description: openapiv3::OpenAPI = serde_json::from_value(document.clone())
        .map_err(|error| format!("{LOWERED} is not OpenAPI 3.0: {error}; {mend}"))?;

    let enums = open_enums(&document);
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        // A client without its hooks would send requests without credentials.
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::Inner))
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq");
    for (schema, rust) in [
        (json!({ "type": "string", "format": "date-time" }), "crate::wire::Timestamp"),
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
        .map_err(|error| format!("progenitor refuses {LOWERED}: {error}; {mend}"))?;
    let mut file: syn::File = syn::parse2(tokens)
        .map_err(|error| format!("progenitor's output does not parse: {error}"))?;
    finish(&mut file, &enums);
    implement_operations(&mut file, &document)?;
    let code = prettyplease::unparse(&file);
    // Messages about a value that does not convert name the type as tokens; users read them.
    Ok(code.replace(":: std :: string :: ", "").replace("crate :: wire :: ", ""))
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
                        if let ImplItem::Fn(function) = item
                            && function.sig.ident == "new"
                        {
                            function.vis = parse_quote!(pub(crate));
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
    // The prelude of this crate is written by hand.
    file.items.retain(|item| !matches!(item, Item::Mod(module) if module.ident == "prelude"));
    if !enums.is_empty() {
        let definitions = enums.iter().map(|(name, values)| {
            let variants = variant_names(values);
            quote!(crate::wire::open_enum! { #name { #(#variants = #values,)* } })
        });
        file.items.push(parse_quote!(pub mod enums { #(#definitions)* }));
    }
}

/// Implements the traits of `src/operation.rs` for the builder of every operation, and lists the
/// operations' facts, sorted by their ids.
fn implement_operations(file: &mut syn::File, document: &Value) -> Result<(), String> {
    let mut facts: Vec<_> = operations(document).collect();
    facts.sort();
    let structs = |name: &str| -> Vec<(syn::Ident, Vec<syn::Field>)> {
        let module = file.items.iter().find_map(|item| match item {
            Item::Mod(module) if module.ident == name => module.content.as_ref(),
            _ => None,
        });
        let items = module.into_iter().flat_map(|(_, items)| items);
        let structs = items.filter_map(|item| match item {
            Item::Struct(found) => {
                Some((found.ident.clone(), found.fields.iter().cloned().collect()))
            }
            _ => None,
        });
        structs.collect()
    };
    let (builders, types) = (structs("builder"), structs("types"));
    let outputs = outputs(file);
    let mut implementations = Vec::new();
    let mut listed = Vec::new();
    for (at, (id, method, path)) in facts.iter().enumerate() {
        let name = format_ident!("{}", id.to_upper_camel_case());
        let missing = || format!("the generated client has no builder::{name} for {id}");
        let (_, fields) = builders.iter().find(|(found, _)| *found == name).ok_or_else(missing)?;
        let (_, output) = outputs.iter().find(|(found, _)| *found == name).ok_or_else(missing)?;
        let output_name = output.to_token_stream().to_string();
        let streamed = output_name == "ByteStream";
        listed.push(quote!(crate::operation::Facts {
            id: #id, method: #method, path: #path, streamed: #streamed,
        }));
        let names: Vec<_> = fields.iter().filter_map(|field| field.ident.clone()).collect();
        let given: Vec<_> = names.iter().filter(|name| *name != "client").collect();
        let misfit = (output_name != "()" && !streamed).then(|| {
            quote!(
                fn misfit(body: &[u8]) -> Option<crate::operation::Misfit> {
                    crate::operation::misfit::<#output>(body)
                }
            )
        });
        implementations.push(quote!(
            impl crate::operation::Operation for #name<'_> {
                type Output = #output;
                const FACTS: &'static crate::operation::Facts = &super::OPERATIONS[#at];
                fn client(&self) -> &super::Client {
                    self.client
                }
                fn send_through(
                    self,
                    client: &super::Client,
                ) -> impl Future<Output = Result<ResponseValue<Self::Output>, Error<()>>> + Send {
                    let Self { client: _, #(#given,)* } = self;
                    #name { client, #(#given,)* }.send()
                }
                #misfit
            }
        ));
        if let Some(row) = row_of_page(output, fields, &types) {
            let kept: Vec<_> = given
                .iter()
                .filter(|name| !["count", "skip", "top"].iter().any(|window| **name == window))
                .collect();
            let kinds = fields.iter().filter(|field| {
                field.ident.as_ref().is_some_and(|name| kept.iter().any(|kept| **kept == name))
            });
            let kinds = kinds.map(|field| &field.ty);
            let key = match has_field(&types, &row, "id", "i64") {
                true => quote!(Some(row.id)),
                false => quote!(None),
            };
            implementations.push(quote!(
                impl crate::operation::ListOperation for #name<'_> {
                    type Item = types::#row;
                    type Filters = (#(#kinds,)*);
                    type Detached = #name<'static>;
                    fn into_parts(self) -> (crate::operation::Window, Self::Filters) {
                        let Self { client: _, count: _, skip, top, #(#kept,)* } = self;
                        (crate::operation::Window { skip, top }, (#(#kept,)*))
                    }
                    fn page<'c>(
                        client: &'c super::Client,
                        (#(#kept,)*): Self::Filters,
                        skip: i64,
                        top: i64,
                    ) -> impl crate::operation::Operation<Output = Self::Output> + 'c {
                        let (count, skip, top) = (Ok(Some(true)), Ok(Some(skip)), Ok(Some(top)));
                        #name { client, count, skip, top, #(#kept,)* }
                    }
                    fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
                        crate::operation::RawPage {
                            rows: page.value,
                            count: page.count,
                            next_link: page.next_link,
                        }
                    }
                    fn key(row: &Self::Item) -> Option<i64> {
                        #key
                    }
                }
            ));
        }
    }
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "builder"
            && let Some((_, items)) = &mut module.content
        {
            for tokens in std::mem::take(&mut implementations) {
                items.push(Item::Impl(syn::parse2(tokens).map_err(|error| error.to_string())?));
            }
        }
    }
    file.items.push(parse_quote!(
        pub(crate) static OPERATIONS: &[crate::operation::Facts] = &[#(#listed,)*];
    ));
    Ok(())
}

/// Id, method and path of each operation.
fn operations(document: &Value) -> impl Iterator<Item = (String, String, &String)> {
    const METHODS: [&str; 8] =
        ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let members = item.as_object().into_iter().flatten();
        let operations = members.filter(|(method, _)| METHODS.contains(&method.as_str()));
        operations.filter_map(move |(method, operation)| {
            let id = operation["operationId"].as_str()?.to_snake_case();
            Some((id, method.to_uppercase(), path))
        })
    })
}

/// What the `send` of each builder gives on success.
fn outputs(file: &syn::File) -> Vec<(syn::Ident, syn::Type)> {
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_ref(),
        _ => None,
    });
    let blocks = modules.flat_map(|(_, items)| items).filter_map(|item| match item {
        Item::Impl(block) => Some(block),
        _ => None,
    });
    let outputs = blocks.filter_map(|block| {
        let owner = last_segment(&block.self_ty)?.ident.clone();
        let send = block.items.iter().find_map(|item| match item {
            ImplItem::Fn(function) if function.sig.ident == "send" => Some(&function.sig.output),
            _ => None,
        })?;
        let syn::ReturnType::Type(_, result) = send else { return None };
        Some((owner, argument(argument(result)?)?.clone()))
    });
    outputs.collect()
}

/// The row of a list that comes in pages: the builder takes a window, the output has rows and a
/// link.
fn row_of_page(
    output: &syn::Type,
    given: &[syn::Field],
    types: &[(syn::Ident, Vec<syn::Field>)],
) -> Option<syn::Ident> {
    let takes = |name: &str, kind: &str| {
        let field = given.iter().find(|field| field.ident.as_ref().is_some_and(|n| n == name))?;
        let optional = argument(&field.ty)?;
        (last_segment(optional)?.ident == "Option").then_some(())?;
        (last_segment(argument(optional)?)?.ident == kind).then_some(())
    };
    takes("count", "bool").and(takes("skip", "i64")).and(takes("top", "i64"))?;
    let page = &last_segment(output)?.ident;
    has_field(types, page, "next_link", "Option").then_some(())?;
    has_field(types, page, "count", "Option").then_some(())?;
    let (_, fields) = types.iter().find(|(name, _)| name == page)?;
    let rows = fields.iter().find(|field| field.ident.as_ref().is_some_and(|n| n == "value"))?;
    (last_segment(&rows.ty)?.ident == "Vec").then_some(())?;
    Some(last_segment(argument(&rows.ty)?)?.ident.clone())
}

fn has_field(
    types: &[(syn::Ident, Vec<syn::Field>)],
    owner: &syn::Ident,
    name: &str,
    kind: &str,
) -> bool {
    types.iter().filter(|(found, _)| found == owner).flat_map(|(_, fields)| fields).any(|field| {
        field.ident.as_ref().is_some_and(|found| found == name)
            && last_segment(&field.ty).is_some_and(|segment| segment.ident == kind)
    })
}

fn last_segment(kind: &syn::Type) -> Option<&syn::PathSegment> {
    match kind {
        syn::Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// The first type argument: the `T` of a `Vec<T>`.
fn argument(kind: &syn::Type) -> Option<&syn::Type> {
    match &last_segment(kind)?.arguments {
        syn::PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                syn::GenericArgument::Type(kind) => Some(kind),
                _ => None,
            })
        }
        _ => None,
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
