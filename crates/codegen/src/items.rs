//! Finds what the generator has made of a name.

use heck::ToSnakeCase as _;
use syn::{ImplItem, ImplItemFn, Item};

/// The name that serde gives a field, where it differs from the field's own.
pub(super) fn wire_name(field: &syn::Field) -> Option<String> {
    let mut name = None;
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // Other arguments need not be understood here: what was read until then is kept.
        let _ = attribute.parse_nested_meta(|argument| {
            if argument.path.is_ident("rename") {
                name = Some(argument.value()?.parse::<syn::LitStr>()?.value());
            } else if argument.input.peek(syn::Token![=]) {
                argument.value()?.parse::<syn::Expr>()?;
            }
            Ok(())
        });
    }
    name
}

pub(super) fn module<'f>(items: &'f mut [Item], name: &str) -> Option<&'f mut Vec<Item>> {
    items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => {
            module.content.as_mut().map(|(_, items)| items)
        }
        _ => None,
    })
}

/// Finds an inherent function of the type `owner` by the name that it has in the description.
pub(super) fn find_function<'f>(
    items: &'f mut [Item],
    owner: &str,
    name: &str,
) -> Option<&'f mut ImplItemFn> {
    let functions = items.iter_mut().filter_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() && is_of(&block.self_ty, owner) => {
            Some(&mut block.items)
        }
        _ => None,
    });
    functions.flatten().find_map(|item| match item {
        ImplItem::Fn(function) if is_named(&function.sig.ident, name) => Some(function),
        _ => None,
    })
}

fn is_of(kind: &syn::Type, owner: &str) -> bool {
    let syn::Type::Path(path) = kind else { return false };
    path.path.segments.last().is_some_and(|segment| segment.ident == owner)
}

/// Whether the generator has made `ident` of `name`: in snake case, with an underscore after a
/// keyword and before a digit.
fn is_named(ident: &syn::Ident, name: &str) -> bool {
    let spaced = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '-' };
    let name: String = name.replace('\'', "").chars().map(spaced).collect();
    let ident = ident.to_string();
    let ident = ident.strip_prefix('_').unwrap_or(&ident);
    ident.strip_suffix('_').unwrap_or(ident) == name.to_snake_case()
}
