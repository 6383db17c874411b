//! The listing of the generated public surface, for review: what `OUT_DIR` hides.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::{Fields, FnArg, ImplItem, Item, ReturnType, Visibility};

use crate::problem::Problem;

/// Lists the public surface of generated code, one line an item, sorted.
pub(crate) fn list(code: &str) -> Result<String, Problem> {
    let file = syn::parse_file(code)
        .map_err(|error| Problem::new("generated client", error.to_string(), "correct build.rs"))?;
    let mut listing = Listing::default();
    listing.items(&file.items, "");
    if let Some(name) = listing.twice {
        return Err(Problem::new(
            "generated client",
            format!("it defines `{name}` twice"),
            "name one of the two schemas or properties differently with an overlay action",
        ));
    }
    let mut text = String::from(
        "# The generated public surface. Written by `cargo xtask update-spec`; not edited by hand.\n",
    );
    for line in listing.lines {
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}

#[derive(Default)]
struct Listing {
    lines: BTreeSet<String>,
    /// Types, fields and variants, of which each name must stand for one.
    names: BTreeSet<String>,
    twice: Option<String>,
}

impl Listing {
    fn add(&mut self, kind: &str, name: String, rest: &str) {
        self.lines.insert(format!("{kind} {name}{rest}"));
        if !self.names.insert(name.clone()) {
            self.twice.get_or_insert(name);
        }
    }

    fn items(&mut self, found: &[Item], path: &str) {
        for item in found {
            match item {
                Item::Mod(module) if is_public(&module.vis) => {
                    if let Some((_, inner)) = &module.content {
                        self.items(inner, &format!("{path}{}::", module.ident));
                    }
                }
                Item::Struct(found) if is_public(&found.vis) => self.structure(found, path),
                Item::Enum(found) if is_public(&found.vis) => {
                    let name = format!("{path}{}", found.ident);
                    for variant in &found.variants {
                        let types: Vec<_> = variant.fields.iter().map(|f| text(&f.ty)).collect();
                        let types = match types.as_slice() {
                            [] => String::new(),
                            types => format!("({})", types.join(", ")),
                        };
                        self.add("enum", format!("{name}::{}", variant.ident), &types);
                    }
                    self.add("enum", name, "");
                }
                Item::Macro(call) => self.open_enum(&call.mac.tokens.to_string(), path),
                Item::Impl(block) if block.trait_.is_none() => {
                    let owner = text(&block.self_ty).replace("<'a>", "");
                    for item in &block.items {
                        if let ImplItem::Fn(function) = item
                            && is_public(&function.vis)
                        {
                            let signature = signature(&function.sig);
                            self.lines.insert(format!("fn {path}{owner}::{signature}"));
                        }
                    }
                }
                Item::Impl(block) => self.list(block, path),
                _ => {}
            }
        }
    }

    /// A list has streams and pages by this, and loses them without it.
    fn list(&mut self, block: &syn::ItemImpl, path: &str) {
        let Some((name, _)) = &block.trait_ else { return };
        if name.segments.last().is_none_or(|segment| segment.ident != "ListOperation") {
            return;
        }
        let owner = text(&block.self_ty).replace("<'_>", "");
        for item in &block.items {
            if let ImplItem::Type(found) = item
                && found.ident == "Item"
            {
                self.lines.insert(format!("list {path}{owner}: {}", text(&found.ty)));
            }
        }
    }

    fn structure(&mut self, found: &syn::ItemStruct, path: &str) {
        let name = format!("{path}{}", found.ident);
        let mut types = String::new();
        match &found.fields {
            Fields::Named(fields) => {
                for field in fields.named.iter().filter(|field| is_public(&field.vis)) {
                    let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                    let kind = format!(": {}", text(&field.ty));
                    self.add("struct", format!("{name}.{ident}"), &kind);
                }
            }
            Fields::Unnamed(fields) => {
                let all: Vec<_> = fields.unnamed.iter().map(|field| text(&field.ty)).collect();
                types = format!("({})", all.join(", "));
            }
            Fields::Unit => {}
        }
        self.add("struct", name, &types);
    }

    /// The enums of strings are written by a macro of the crate: `Name { Variant = "value", }`.
    fn open_enum(&mut self, tokens: &str, path: &str) {
        let name = tokens.split_whitespace().next().unwrap_or_default();
        let name = format!("{path}{name}");
        // A value may hold any sign, but no unescaped quote: what is outside quotes is names.
        let outside = tokens.replace("\\\"", "").split('"').step_by(2).collect::<String>();
        let names = outside.split(['{', ',', '}']).skip(1);
        for variant in names.filter_map(|part| part.strip_suffix("= ").or(part.strip_suffix('='))) {
            self.add("enum", format!("{name}::{}", variant.trim()), "");
        }
        self.add("enum", name, "");
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
                text(&bound.bounds).replace("std::convert::", "").replace("std::ops::", ""),
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
    let is_async = if signature.asyncness.is_some() { "async " } else { "" };
    format!("{is_async}{}({}){output}", signature.ident, inputs.join(", "))
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
    let out = out.replace(",>", ">").replace(",)", ")").replace("FnOnce (", "FnOnce(");
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
                pub fn get_run(&self) -> builder::GetRun<'_> { made() }
                pub(crate) fn secret(&self) {}
            }
            impl crate::operation::ListOperation for ListRuns<'_> {
                type Item = types::Run;
                type Filters = ();
            }
            impl crate::operation::Operation for ListRuns<'_> { type Item = types::Run; }
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
                "list ListRuns: types::Run",
                "struct types::Run",
                "struct types::Run.id: i64",
                "struct types::Run.note: Option<String>",
            ]
        );
    }

    #[test]
    fn type_defined_twice_is_refused() {
        let message = list("pub struct A {}\npub struct A {}").expect_err("twice").to_string();
        assert!(message.contains("`A` twice"), "{message}");
        assert!(list("pub struct A {}\npub enum A {}").is_err());
    }
}
