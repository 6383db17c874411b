//! Reads generated items: fields, their serde attributes, and type arguments.

use syn::punctuated::Punctuated;
use syn::{Item, Meta, Token, Type};

/// Returns the name that serde gives a field, if it is not the field's own.
pub(crate) fn wire_name(field: &syn::Field) -> Option<String> {
    let mut name = None;
    serde_arguments(field, |argument| {
        if argument.path.is_ident("rename") {
            name = Some(argument.value()?.parse::<syn::LitStr>()?.value());
            return Ok(true);
        }
        Ok(false)
    });
    name
}

/// Returns whether serde may leave a field out of requests, or has a default for responses without
/// it.
pub(crate) fn is_optional(field: &syn::Field) -> bool {
    has_serde(field, "skip_serializing_if") || has_serde(field, "default")
}

/// Returns whether serde has a default for responses without the field.
pub(crate) fn has_default(field: &syn::Field) -> bool {
    has_serde(field, "default")
}

/// Returns whether serde may leave a field out of requests.
pub(crate) fn is_skipped(field: &syn::Field) -> bool {
    has_serde(field, "skip_serializing_if")
}

/// Returns whether a field holds all properties without a field of their own.
pub(crate) fn is_flattened(field: &syn::Field) -> bool {
    has_serde(field, "flatten")
}

/// Returns whether serde reads a field with a function.
pub(crate) fn has_reader(field: &syn::Field) -> bool {
    has_serde(field, "deserialize_with")
}

/// Takes an argument out of the field's serde attributes.
pub(crate) fn remove_serde(field: &mut syn::Field, name: &str) {
    for attribute in &mut field.attrs {
        let Meta::List(list) = &mut attribute.meta else { continue };
        if !list.path.is_ident("serde") {
            continue;
        }
        let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
        if let Ok(arguments) = list.parse_args_with(parser) {
            let kept = arguments.iter().filter(|argument| !argument.path().is_ident(name));
            list.tokens = quote::quote!(#(#kept),*);
        }
    }
}

fn has_serde(field: &syn::Field, name: &str) -> bool {
    let mut found = false;
    serde_arguments(field, |argument| {
        found |= argument.path.is_ident(name);
        Ok(false)
    });
    found
}

/// Returns the function for a field's default, if that is not the default of its type.
pub(crate) fn default_function(field: &syn::Field) -> Option<String> {
    let mut function = None;
    serde_arguments(field, |argument| {
        if argument.path.is_ident("default") && argument.input.peek(Token![=]) {
            function = Some(argument.value()?.parse::<syn::LitStr>()?.value());
            return Ok(true);
        }
        Ok(false)
    });
    function
}

/// Calls `see` with each argument of the field's serde attributes. `see` returns whether it has
/// read the argument's value.
fn serde_arguments(
    field: &syn::Field,
    mut see: impl FnMut(&syn::meta::ParseNestedMeta<'_>) -> syn::Result<bool>,
) {
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // An argument that cannot be parsed ends the attribute. The arguments before it count.
        let _ = attribute.parse_nested_meta(|argument| {
            if !see(&argument)? && argument.input.peek(Token![=]) {
                argument.value()?.parse::<syn::Expr>()?;
            }
            Ok(())
        });
    }
}

pub(crate) fn module<'f>(items: &'f mut [Item], name: &str) -> Option<&'f mut Vec<Item>> {
    items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => {
            module.content.as_mut().map(|(_, items)| items)
        }
        _ => None,
    })
}

pub(crate) fn is_of(kind: &Type, owner: &str) -> bool {
    last_segment(kind).is_some_and(|segment| segment.ident == owner)
}

pub(crate) fn last_segment(kind: &Type) -> Option<&syn::PathSegment> {
    match kind {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// Returns the first type argument: the `T` of a `Vec<T>`.
pub(crate) fn argument(kind: &Type) -> Option<&Type> {
    arguments(kind).next()
}

/// Returns the type arguments: `K` and `V` of a `BTreeMap<K, V>`.
pub(crate) fn arguments(kind: &Type) -> impl Iterator<Item = &Type> {
    let arguments = last_segment(kind).map(|segment| &segment.arguments);
    let arguments = arguments.and_then(|arguments| match arguments {
        syn::PathArguments::AngleBracketed(arguments) => Some(arguments.args.iter()),
        _ => None,
    });
    arguments.into_iter().flatten().filter_map(|argument| match argument {
        syn::GenericArgument::Type(kind) => Some(kind),
        _ => None,
    })
}
