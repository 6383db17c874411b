//! The public surface: a listing of what the crate promises, for review, and the comparison of two
//! surfaces. It has the generated items, which `OUT_DIR` hides, and the hand-written ones.

mod compare;
pub(crate) mod handwritten;
mod render;

use std::collections::{BTreeMap, BTreeSet};

use syn::{Attribute, Fields, ImplItem, Item, Visibility};

#[cfg(test)]
pub(crate) use compare::RULES;
pub(crate) use compare::{SurfaceChange, against_listing, compare};
use openapi_lowering::problem::Problem;
use render::{positional, signature, text};

/// The kind of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ItemKind {
    /// A struct or an enum.
    Type,
    Field,
    Variant,
    /// A method or an associated function.
    Function,
    /// A call is a list, with streams and pages.
    List,
    /// A type implements a trait.
    Trait,
}

/// One public item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicItem {
    pub(crate) kind: ItemKind,
    /// The type it belongs to, or is: `types::TestRun`.
    pub(crate) owner: String,
    /// Its name within the owner; empty for the type itself.
    pub(crate) member: String,
    /// Its line in the listing.
    pub(crate) line: String,
    /// Of a function, its line without the names of the arguments.
    pub(crate) positional: Option<String>,
    /// A type that may grow: it is `non_exhaustive`.
    pub(crate) open: bool,
    pub(crate) deprecated: bool,
}

/// Public items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Surface {
    entries: BTreeMap<(ItemKind, String, String), PublicItem>,
}

/// Reads the public surface of generated code.
pub(crate) fn read(file: &syn::File) -> Result<Surface, Problem> {
    let mut reader = SurfaceReader::default();
    reader.items(&file.items, "");
    if let Some(name) = reader.twice {
        return Err(Problem::new(
            "generated client",
            format!("it defines `{name}` twice"),
            "name one of the two schemas or properties differently with an overlay action",
        ));
    }
    Ok(reader.surface)
}

/// The first line of a listing.
const HEADER: &str = "# The public surface of the crate. Written by `cargo xtask update-spec`; not edited \
                      by hand.\n";

impl Surface {
    /// Adds other items.
    pub(crate) fn extend(&mut self, other: Self) {
        self.entries.extend(other.entries);
    }

    /// Lists the surface, one line an item, sorted.
    pub(crate) fn listing(&self) -> String {
        let mut text = HEADER.to_owned();
        let listed = self.entries.values().filter(|entry| entry.kind != ItemKind::Trait);
        let lines: BTreeSet<_> = listed.map(|entry| entry.line.as_str()).collect();
        for line in lines {
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

#[derive(Default)]
struct SurfaceReader {
    surface: Surface,
    /// Types, fields and variants, whose names must be unique.
    names: BTreeSet<String>,
    twice: Option<String>,
}

/// The attributes of an item that users notice.
#[derive(Clone, Copy, Default)]
struct Marks {
    open: bool,
    deprecated: bool,
}

impl Marks {
    fn of(attributes: &[Attribute]) -> Self {
        let has = |name| attributes.iter().any(|attribute| attribute.path().is_ident(name));
        Self { open: has("non_exhaustive"), deprecated: has("deprecated") }
    }
}

impl SurfaceReader {
    /// Adds a type, field or variant.
    fn add(&mut self, kind: ItemKind, (owner, member): (&str, &str), line: String, marks: Marks) {
        let name = match member {
            "" => owner.to_owned(),
            _ if kind == ItemKind::Field => format!("{owner}.{member}"),
            _ => format!("{owner}::{member}"),
        };
        if !self.names.insert(name.clone()) {
            self.twice.get_or_insert(name);
        }
        self.put(kind, (owner, member), line, marks);
    }

    fn put(&mut self, kind: ItemKind, (owner, member): (&str, &str), line: String, marks: Marks) {
        let (owner, member) = (owner.to_owned(), member.to_owned());
        let Marks { open, deprecated } = marks;
        let key = (kind, owner.clone(), member.clone());
        let entry = PublicItem { kind, owner, member, line, positional: None, open, deprecated };
        self.surface.entries.insert(key, entry);
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
                Item::Enum(found) if is_public(&found.vis) => self.enumeration(found, path),
                Item::Macro(call) => self.defined(&call.mac, path),
                Item::Impl(block) if block.trait_.is_none() => {
                    let owner = text(&block.self_ty).replace("<'a>", "");
                    let owner = format!("{path}{owner}");
                    for item in &block.items {
                        if let ImplItem::Fn(function) = item
                            && is_public(&function.vis)
                        {
                            self.function(&owner, &function.sig, &function.attrs);
                        }
                    }
                }
                Item::Impl(block) => self.implementation(block, path),
                Item::Trait(found) if is_public(&found.vis) => self.definition(found, path),
                Item::Fn(found) if is_public(&found.vis) => {
                    let line = format!("fn {path}{}", signature(&found.sig));
                    let name = format!("{path}{}", found.sig.ident);
                    self.put(ItemKind::Function, (&name, ""), line, Marks::of(&found.attrs));
                }
                Item::Const(found) if is_public(&found.vis) => {
                    let name = format!("{path}{}", found.ident);
                    self.constant(&name, &text(&found.ty), &found.attrs);
                }
                Item::Type(found) if is_public(&found.vis) => {
                    let name = format!("{path}{}", found.ident);
                    let line =
                        format!("type {name}{} = {}", text(&found.generics), text(&found.ty));
                    self.put(ItemKind::Type, (&name, ""), line, Marks::of(&found.attrs));
                }
                _ => {}
            }
        }
    }

    fn function(&mut self, owner: &str, found: &syn::Signature, attributes: &[Attribute]) {
        let line = format!("fn {owner}::{}", signature(found));
        let name = found.ident.to_string();
        self.put(ItemKind::Function, (owner, &name), line, Marks::of(attributes));
        let key = (ItemKind::Function, owner.to_owned(), name);
        if let Some(entry) = self.surface.entries.get_mut(&key) {
            entry.positional = Some(positional(found));
        }
    }

    fn constant(&mut self, name: &str, kind: &str, attributes: &[Attribute]) {
        let line = format!("const {name}: {kind}");
        self.put(ItemKind::Function, (name, ""), line, Marks::of(attributes));
    }

    /// Lists a trait with its methods.
    fn definition(&mut self, found: &syn::ItemTrait, path: &str) {
        let owner = format!("{path}{}", found.ident);
        let above = match found.supertraits.is_empty() {
            true => String::new(),
            false => format!(": {}", text(&found.supertraits)),
        };
        self.put(
            ItemKind::Type,
            (&owner, ""),
            format!("trait {owner}{above}"),
            Marks::of(&found.attrs),
        );
        for item in &found.items {
            match item {
                syn::TraitItem::Fn(function) => {
                    self.function(&owner, &function.sig, &function.attrs);
                }
                syn::TraitItem::Type(kind) => {
                    let line = format!("type {owner}::{}", kind.ident);
                    let name = kind.ident.to_string();
                    self.put(ItemKind::Type, (&owner, &name), line, Marks::default());
                }
                _ => {}
            }
        }
    }

    fn implementation(&mut self, block: &syn::ItemImpl, path: &str) {
        let Some((name, _)) = &block.trait_ else { return };
        let owner = text(&block.self_ty).replace("<'_>", "").replace("<'a>", "");
        // The conversion of a builder is implemented beside the builder.
        let owner = format!("{path}{owner}").replace("builder::super::", "");
        match name.segments.last() {
            // This gives a list its streams and pages.
            Some(segment) if segment.ident == "ListOperation" => {
                for item in &block.items {
                    if let ImplItem::Type(found) = item
                        && found.ident == "Item"
                    {
                        let line = format!("list {owner}: {}", text(&found.ty));
                        self.put(ItemKind::List, (&owner, ""), line, Marks::default());
                    }
                }
            }
            // The signatures show everything that users see of an operation.
            Some(segment) if segment.ident == "Operation" => {}
            Some(segment) => self.implements(&owner, &text(segment)),
            None => {}
        }
    }

    fn implements(&mut self, owner: &str, name: &str) {
        let line = format!("impl {owner}: {name}");
        self.put(ItemKind::Trait, (owner, name), line, Marks::default());
    }

    fn derives(&mut self, owner: &str, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|found| found.path().is_ident("derive")) {
            // A derive that is not a list of paths would not compile.
            let _ = attribute.parse_nested_meta(|derive| {
                let name = derive.path.segments.last().map(|last| last.ident.to_string());
                self.implements(owner, &name.unwrap_or_default());
                Ok(())
            });
        }
    }

    fn enumeration(&mut self, found: &syn::ItemEnum, path: &str) {
        let owner = format!("{path}{}", found.ident);
        for variant in &found.variants {
            let fields = variant.fields.iter().map(|field| {
                let name = field.ident.iter().map(|name| format!("{name}: ")).collect::<String>();
                name + &text(&field.ty)
            });
            let fields: Vec<_> = fields.collect();
            let types = match fields.as_slice() {
                [] => String::new(),
                fields => format!("({})", fields.join(", ")),
            };
            let name = variant.ident.to_string();
            let line = format!("enum {owner}::{name}{types}");
            self.add(ItemKind::Variant, (&owner, &name), line, Marks::of(&variant.attrs));
        }
        self.derives(&owner, &found.attrs);
        self.add(ItemKind::Type, (&owner, ""), format!("enum {owner}"), Marks::of(&found.attrs));
    }

    fn structure(&mut self, found: &syn::ItemStruct, path: &str) {
        let owner = format!("{path}{}", found.ident);
        let mut types = String::new();
        match &found.fields {
            Fields::Named(fields) => {
                for field in fields.named.iter().filter(|field| is_public(&field.vis)) {
                    let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                    let line = format!("struct {owner}.{name}: {}", text(&field.ty));
                    self.add(ItemKind::Field, (&owner, &name), line, Marks::of(&field.attrs));
                }
            }
            Fields::Unnamed(fields) => {
                let all: Vec<_> = fields.unnamed.iter().map(|field| text(&field.ty)).collect();
                types = format!("({})", all.join(", "));
            }
            Fields::Unit => {}
        }
        self.derives(&owner, &found.attrs);
        let line = format!("struct {owner}{types}");
        self.add(ItemKind::Type, (&owner, ""), line, Marks::of(&found.attrs));
    }

    /// Lists the type that a macro of the crate defines: of ids, or an enum of strings.
    fn defined(&mut self, call: &syn::Macro, path: &str) {
        if call.path.segments.last().is_some_and(|name| name.ident == "id") {
            let name = call.tokens.clone().into_iter().last();
            let owner = format!("{path}{}", name.map(|name| name.to_string()).unwrap_or_default());
            self.add(ItemKind::Type, (&owner, ""), format!("id {owner}"), Marks::default());
            return;
        }
        let Ok(found) = syn::parse2::<OpenEnum>(call.tokens.clone()) else { return };
        let owner = format!("{path}{}", found.name);
        for name in found.variants {
            let line = format!("enum {owner}::{name}");
            self.add(ItemKind::Variant, (&owner, &name.to_string()), line, Marks::default());
        }
        let marks = Marks { open: true, deprecated: false };
        self.add(ItemKind::Type, (&owner, ""), format!("enum {owner}"), marks);
    }
}

/// What the macro takes: `Name { Variant = "value", }`, perhaps with attributes before it.
struct OpenEnum {
    name: syn::Ident,
    variants: Vec<syn::Ident>,
}

impl syn::parse::Parse for OpenEnum {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Self> {
        input.call(syn::Attribute::parse_outer)?;
        let name = input.parse()?;
        let content;
        syn::braced!(content in input);
        let mut variants = Vec::new();
        while !content.is_empty() {
            variants.push(content.parse()?);
            content.parse::<syn::Token![=]>()?;
            content.parse::<syn::LitStr>()?;
            content.parse::<syn::Token![,]>()?;
        }
        Ok(Self { name, variants })
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

#[cfg(test)]
mod tests {
    use super::read;

    fn list(code: &str) -> Result<String, openapi_lowering::problem::Problem> {
        Ok(read(&syn::parse_file(code).expect("Rust"))?.listing())
    }

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
    fn type_defined_twice_is_an_error() {
        let message = list("pub struct A {}\npub struct A {}").expect_err("twice").to_string();
        assert!(message.contains("`A` twice"), "{message}");
        assert!(list("pub struct A {}\npub enum A {}").is_err());
    }
}
