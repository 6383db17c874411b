//! Programs that use every public item of a generated client: where one stops compiling with another
//! client, that is a breaking change of the Rust surface.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use syn::punctuated::Punctuated;
use syn::{
    Attribute, Fields, FnArg, GenericArgument, GenericParam, ImplItem, Item, PathArguments,
    ReturnType, Token, Type, TypeParamBound, Visibility, WherePredicate,
};

/// The modules of a client with public items; the first is the client itself.
const MODULES: [&str; 3] = ["", "types", "builder"];

/// Returns a module with a function for each public item.
pub(super) fn module(file: &syn::File) -> String {
    let mut code = String::from("pub mod checks { pub fn all() {} }\n");
    for name in MODULES {
        let items = match name {
            "" => Some(&file.items),
            _ => file.items.iter().find_map(|item| match item {
                Item::Mod(found) if found.ident == name => {
                    found.content.as_ref().map(|(_, all)| all)
                }
                _ => None,
            }),
        };
        let mut usage = Usage::default();
        items.into_iter().flatten().for_each(|item| usage.item(item));
        let all = if name.is_empty() { "super".to_owned() } else { format!("super::{name}") };
        let _ = write!(
            code,
            "mod usage_{name} {{\nuse {all}::*;\nuse super::{{ByteStream, ResponseValue, builder, types}};\n\
             fn any<T>() -> T {{ loop {{}} }}\n{}}}\n",
            usage.code
        );
    }
    code
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

fn text(tokens: &impl quote::ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(" :: ", "::").replace(":: ", "::")
}

#[derive(Default)]
struct Usage {
    code: String,
    count: usize,
    public: BTreeSet<String>,
}

impl Usage {
    fn function(&mut self, parameters: &str, body: &str) {
        let number = self.count;
        self.count += 1;
        let _ = writeln!(self.code, "fn f{number}({parameters}) {{ {body} }}");
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Struct(found) if is_public(&found.vis) => {
                self.public.insert(found.ident.to_string());
                self.structure(found);
            }
            Item::Enum(found) if is_public(&found.vis) => {
                self.public.insert(found.ident.to_string());
                self.enumeration(found);
            }
            Item::Impl(found) => {
                let owner = text(&found.self_ty);
                match &found.trait_ {
                    None => self.methods(&owner, found),
                    Some((name, _)) => self.implementation(&owner, name),
                }
            }
            _ => {}
        }
    }

    fn structure(&mut self, found: &syn::ItemStruct) {
        let owner = found.ident.to_string();
        self.derives(&owner, &found.attrs);
        for field in &found.fields {
            if let (Some(name), true) = (&field.ident, is_public(&field.vis)) {
                let body = format!("let _: &{} = &it.{name};", text(&field.ty));
                self.function(&format!("it: &{owner}"), &body);
            }
        }
        let is_closed = !has(&found.attrs, "non_exhaustive");
        if is_closed && found.fields.iter().all(|field| is_public(&field.vis)) {
            self.function("", &format!("let _ = {};", made(&owner, &found.fields)));
        }
    }

    fn enumeration(&mut self, found: &syn::ItemEnum) {
        let owner = found.ident.to_string();
        self.derives(&owner, &found.attrs);
        let mut arms = String::new();
        for variant in &found.variants {
            let path = format!("{owner}::{}", variant.ident);
            self.function("", &format!("let _ = {};", made(&path, &variant.fields)));
            let _ = write!(arms, "{path} {{ .. }} => {{}}");
        }
        if !has(&found.attrs, "non_exhaustive") {
            self.function(&format!("it: {owner}"), &format!("match it {{ {arms} }}"));
        }
    }

    fn derives(&mut self, owner: &str, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|found| found.path().is_ident("derive")) {
            let mut bounds = Vec::new();
            attribute
                .parse_nested_meta(|derive| {
                    let name = text(&derive.path.segments.last().map(|last| &last.ident));
                    bounds.push(match name.as_str() {
                        "Deserialize" => "for<'de> ::serde::Deserialize<'de>".to_owned(),
                        "Debug" => "::std::fmt::Debug".to_owned(),
                        "Hash" => "::std::hash::Hash".to_owned(),
                        _ => text(&derive.path),
                    });
                    Ok(())
                })
                .expect("a list of traits");
            for bound in bounds {
                self.function("", &format!("fn has<T: {bound}>() {{}} has::<{owner}>();"));
            }
        }
    }

    fn methods(&mut self, owner: &str, block: &syn::ItemImpl) {
        for item in &block.items {
            let ImplItem::Fn(found) = item else { continue };
            let Some(arguments) = is_public(&found.vis).then(|| arguments(&found.sig)).flatten()
            else {
                continue;
            };
            let arguments = arguments.join(", ");
            let name = &found.sig.ident;
            let output = match &found.sig.output {
                ReturnType::Default => "()".to_owned(),
                ReturnType::Type(_, kind) => match text(kind).as_str() {
                    "Self" => owner.to_owned(),
                    kind if kind.starts_with("impl") => "_".to_owned(),
                    kind => kind.to_owned(),
                },
            };
            let (parameters, call) = match found.sig.receiver() {
                None => (String::new(), format!("{owner}::{name}({arguments})")),
                Some(receiver) => {
                    let by = if text(receiver).ends_with("self") && !text(receiver).starts_with('&')
                    {
                        ""
                    } else {
                        "&mut "
                    };
                    (format!("it: {by}{owner}"), format!("it.{name}({arguments})"))
                }
            };
            let body = match found.sig.asyncness {
                Some(_) => format!("let _ = async {{ let _: {output} = {call}.await; }};"),
                None => format!("let _: {output} = {call};"),
            };
            self.function(&parameters, &body);
        }
    }

    fn implementation(&mut self, owner: &str, name: &syn::Path) {
        let Some(last) = name.segments.last().filter(|_| self.public.contains(owner)) else {
            return;
        };
        if last.ident == "From" || last.ident == "Default" {
            let made = if last.ident == "From" { "from(any())" } else { "default()" };
            self.function("", &format!("let _ = <{owner} as {}>::{made};", text(name)));
        }
    }
}

/// The code that makes a struct or a variant.
fn made(path: &str, fields: &Fields) -> String {
    let values = fields.iter().map(|field| {
        let value = format!("any::<{}>()", text(&field.ty));
        field.ident.as_ref().map_or(value.clone(), |name| format!("{name}: {value}"))
    });
    let values = values.collect::<Vec<_>>().join(", ");
    match fields {
        Fields::Named(_) => format!("{path} {{ {values} }}"),
        Fields::Unnamed(_) => format!("{path}({values})"),
        Fields::Unit => path.to_owned(),
    }
}

/// Values of the types that callers pass; none where a type cannot be named.
fn arguments(signature: &syn::Signature) -> Option<Vec<String>> {
    let typed = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(&*argument.ty),
        FnArg::Receiver(_) => None,
    });
    typed.map(|kind| Some(format!("any::<{}>()", passed(kind, signature)?))).collect()
}

/// The type that a caller passes for `impl Into<T>` is `T`.
fn passed(kind: &Type, signature: &syn::Signature) -> Option<String> {
    if let Type::Reference(reference) = kind {
        return Some(format!("&'static {}", passed(&reference.elem, signature)?));
    }
    let inner = |bounds: &Punctuated<TypeParamBound, Token![+]>| {
        bounds.iter().find_map(|bound| match bound {
            TypeParamBound::Trait(found) if found.path.segments.last()?.ident == "Serialize" => {
                Some("u8".to_owned())
            }
            TypeParamBound::Trait(found) => match &found.path.segments.last()?.arguments {
                PathArguments::AngleBracketed(all) => all.args.iter().find_map(|one| match one {
                    GenericArgument::Type(kind) => passed(kind, signature),
                    // The items of a list.
                    GenericArgument::AssocType(found) => {
                        Some(format!("::std::vec::Vec<{}>", passed(&found.ty, signature)?))
                    }
                    _ => None,
                }),
                _ => None,
            },
            _ => None,
        })
    };
    let name = match kind {
        Type::ImplTrait(found) => return inner(&found.bounds),
        Type::Tuple(found) => {
            let all: Option<Vec<_>> =
                found.elems.iter().map(|kind| passed(kind, signature)).collect();
            return Some(format!("({})", all?.join(", ")));
        }
        Type::Path(path) => path.path.get_ident(),
        _ => None,
    };
    let is_generic = signature.generics.params.iter().any(|parameter| match parameter {
        GenericParam::Type(found) => Some(&found.ident) == name,
        _ => false,
    });
    if !is_generic {
        return Some(text(kind));
    }
    let all = signature.generics.where_clause.iter().flat_map(|found| &found.predicates);
    all.filter_map(|predicate| match predicate {
        WherePredicate::Type(found) if text(&found.bounded_ty) == text(kind) => Some(&found.bounds),
        _ => None,
    })
    .find_map(inner)
}
