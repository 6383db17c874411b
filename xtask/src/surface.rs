//! The listing of the generated public surface, for review: what `OUT_DIR` hides.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::{Fields, FnArg, ImplItem, Item, ReturnType, Visibility};

use crate::problem::Problem;

/// Lists the public surface of generated code, one line an item, sorted.
pub(crate) fn list(code: &str) -> Result<String, Problem> {
    let file = syn::parse_file(code)
        .map_err(|error| Problem::new("generated client", error.to_string(), "correct build.rs"))?;
    let mut lines = BTreeSet::new();
    let mut twice = None;
    items(&file.items, "", &mut lines, &mut twice);
    if let Some(line) = twice {
        return Err(Problem::new(
            "generated client",
            format!("it defines `{line}` twice"),
            "name one of the two schemas or properties differently with an overlay action",
        ));
    }
    let mut text = String::from(
        "# The generated public surface. Written by `cargo xtask update-spec`; not edited by hand.\n",
    );
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}

fn items(found: &[Item], path: &str, lines: &mut BTreeSet<String>, twice: &mut Option<String>) {
    let mut add = |line: String, unique: bool| {
        if !lines.insert(line.clone()) && unique {
            twice.get_or_insert(line);
        }
    };
    let mut modules = Vec::new();
    for item in found {
        match item {
            Item::Mod(module) if is_public(&module.vis) => {
                if let Some((_, inner)) = &module.content {
                    modules.push((format!("{path}{}::", module.ident), inner));
                }
            }
            Item::Struct(found) if is_public(&found.vis) => {
                let name = format!("{path}{}", found.ident);
                add(format!("struct {name}"), true);
                match &found.fields {
                    Fields::Named(fields) => {
                        for field in fields.named.iter().filter(|field| is_public(&field.vis)) {
                            let ident = field.ident.as_ref().map(ToString::to_string);
                            let ident = ident.unwrap_or_default();
                            add(format!("struct {name}.{ident}: {}", text(&field.ty)), true);
                        }
                    }
                    Fields::Unnamed(fields) => {
                        let types: Vec<_> = fields.unnamed.iter().map(|f| text(&f.ty)).collect();
                        add(format!("struct {name}({})", types.join(", ")), true);
                    }
                    Fields::Unit => {}
                }
            }
            Item::Enum(found) if is_public(&found.vis) => {
                let name = format!("{path}{}", found.ident);
                add(format!("enum {name}"), true);
                for variant in &found.variants {
                    let fields: Vec<_> =
                        variant.fields.iter().map(|field| text(&field.ty)).collect();
                    let fields = match fields.as_slice() {
                        [] => String::new(),
                        types => format!("({})", types.join(", ")),
                    };
                    add(format!("enum {name}::{}{fields}", variant.ident), true);
                }
            }
            // The enums of strings are written by a macro of the crate.
            Item::Macro(call) => {
                let tokens = call.mac.tokens.to_string();
                let name = tokens
                    .split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                add(format!("enum {path}{name}"), true);
                let variants = tokens.split(['{', ',', '}']).skip(1);
                for variant in variants.filter_map(|part| part.split_once('=')) {
                    add(format!("enum {path}{name}::{}", variant.0.trim()), true);
                }
            }
            Item::Impl(block) if block.trait_.is_none() => {
                let owner = text(&block.self_ty).replace("<'a>", "");
                for item in &block.items {
                    if let ImplItem::Fn(function) = item
                        && is_public(&function.vis)
                    {
                        add(
                            format!("fn {path}{owner}::{}", signature(&function.sig)),
                            false,
                        );
                    }
                }
            }
            _ => {}
        }
    }
    for (path, inner) in modules {
        items(inner, &path, lines, twice);
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// A signature on one line, without the words that every one of them has.
fn signature(signature: &syn::Signature) -> String {
    let bounds: Vec<(String, String)> = signature
        .generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates)
        .filter_map(|predicate| match predicate {
            syn::WherePredicate::Type(bound) => Some((
                text(&bound.bounded_ty),
                text(&bound.bounds)
                    .replace("std::convert::", "")
                    .replace("std::ops::", ""),
            )),
            _ => None,
        })
        .collect();
    let inputs: Vec<_> = signature
        .inputs
        .iter()
        .map(|input| match input {
            FnArg::Receiver(receiver) => text(receiver).replace("mut self", "self"),
            FnArg::Typed(typed) => {
                let kind = text(&typed.ty);
                let kind = bounds
                    .iter()
                    .find(|(name, _)| *name == kind)
                    .map_or(kind.clone(), |(_, bound)| format!("impl {bound}"));
                format!("{}: {kind}", text(&typed.pat))
            }
        })
        .collect();
    let output = match &signature.output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, kind) => format!(" -> {}", text(kind)),
    };
    let is_async = if signature.asyncness.is_some() {
        "async "
    } else {
        ""
    };
    format!(
        "{is_async}{}({}){output}",
        signature.ident,
        inputs.join(", ")
    )
}

/// Tokens as they are usually written.
fn text(tokens: &impl ToTokens) -> String {
    let mut out = String::new();
    let spaced = tokens.to_token_stream().to_string();
    for word in spaced.split(' ') {
        let tight_before = matches!(word, "::" | "<" | ">" | "," | ")" | "(" | ";" | "]");
        let tight_after =
            out.is_empty() || out.ends_with(['<', '(', '&', '[']) || out.ends_with("::");
        if !tight_before && !tight_after {
            out.push(' ');
        }
        out.push_str(word);
    }
    let mut out = out.replace("& ", "&").replace(" ::std::", " std::");
    for (long, short) in [
        ("::std::option::Option", "Option"),
        ("::std::string::String", "String"),
        ("::std::vec::Vec", "Vec"),
        ("::std::collections::BTreeMap", "BTreeMap"),
        ("::serde_json::", "serde_json::"),
        ("crate::wire::", "wire::"),
        ("std::string::String", "String"),
        ("crate::generated::enums::", ""),
    ] {
        out = out.replace(long, short);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn listing_shows_what_users_see() {
        let code = "
            pub mod types {
                pub struct Run { pub id: i64, pub note: ::std::option::Option<::std::string::String>, hidden: i64 }
                pub enum Kind { Tar, Script(i64) }
                struct Private;
            }
            impl Client {
                pub fn get_run(&self) -> builder::GetRun<'_> { todo!() }
                pub(crate) fn secret(&self) {}
            }
            impl<'a> GetRun<'a> {
                pub fn id<V>(mut self, value: V) -> Self where V: std::convert::TryInto<i64> { self }
                pub async fn send(self) -> Result<(), Error<()>> { Ok(()) }
            }";
        let listing = list(code).expect("parses");
        assert_eq!(
            listing.lines().skip(1).collect::<Vec<_>>(),
            [
                "enum types::Kind",
                "enum types::Kind::Script(i64)",
                "enum types::Kind::Tar",
                "fn Client::get_run(&self) -> builder::GetRun<'_>",
                "fn GetRun::async send(self) -> Result<(), Error<()>>",
                "fn GetRun::id(self, value: impl TryInto<i64>) -> Self",
                "struct types::Run",
                "struct types::Run.id: i64",
                "struct types::Run.note: Option<String>",
            ]
        );
    }

    #[test]
    fn type_defined_twice_is_refused() {
        let message = list("pub struct A {}\npub struct A {}")
            .expect_err("twice")
            .to_string();
        assert!(message.contains("`struct A` twice"), "{message}");
    }
}
