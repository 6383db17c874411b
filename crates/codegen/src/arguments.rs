//! The parameter types of generated methods. A parameter takes every type that converts to its
//! value without failing.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{GenericArgument, Ident, PathArguments, Type, parse_quote};

use crate::items::{argument, arguments, last_segment};

/// The parameter of a method.
pub(crate) struct Argument {
    /// Its type.
    pub(crate) kind: TokenStream,
    conversion: Conversion,
}

/// Converts a parameter to the value of a field.
enum Conversion {
    Unchanged,
    Into,
    Collect,
    CollectPairs,
    /// Collects the items as values of this type.
    CollectAs(Box<Type>),
    IntoOption,
    IntoPatch,
    Some(Box<Self>),
}

impl Argument {
    /// Returns the parameter for a list of ids whose field is one string.
    pub(crate) fn joined_list(id: &Ident) -> Self {
        let item: Box<Type> = Box::new(parse_quote!(types::#id));
        let kind = quote!(
            impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<#item>>
        );
        Self { kind, conversion: Conversion::CollectAs(item) }
    }

    /// Returns the parameter for an optional field.
    pub(crate) fn optional(self) -> Self {
        Self { conversion: Conversion::Some(Box::new(self.conversion)), ..self }
    }

    /// Whether `None` leaves the value out.
    pub(crate) fn takes_none(&self) -> bool {
        matches!(self.conversion, Conversion::IntoOption)
    }

    /// Whether the value is an optional list, for which `None` is no value.
    pub(crate) fn is_optional_list(&self) -> bool {
        matches!(self.conversion, Conversion::Some(_))
    }

    /// Returns the expression that converts the parameter `name` to the field's value.
    pub(crate) fn convert(&self, name: &Ident) -> TokenStream {
        self.conversion.apply(name)
    }
}

impl Conversion {
    fn apply(&self, name: &Ident) -> TokenStream {
        match self {
            Self::Unchanged => quote!(#name),
            Self::Into => quote!(#name.into()),
            Self::Collect => {
                quote!(#name.into_iter().map(::std::convert::Into::into).collect())
            }
            Self::CollectPairs => quote!(
                #name.into_iter().map(|(key, value)| (key.into(), value.into())).collect()
            ),
            Self::CollectAs(item) => quote!(
                #name.into_iter().map(::std::convert::Into::<#item>::into).collect()
            ),
            Self::IntoOption => quote!(crate::wire::IntoOption::into_option(#name)),
            Self::IntoPatch => quote!(crate::wire::IntoOption::into_patch(#name)),
            Self::Some(inner) => {
                let inner = inner.apply(name);
                quote!(::std::option::Option::Some(#inner))
            }
        }
    }
}

/// Returns the parameter for a required value of a type.
pub(crate) fn required(kind: &Type) -> Argument {
    let name = last_segment(kind).map(|segment| segment.ident.to_string());
    let (kind, conversion) = match name.as_deref() {
        Some("Vec") if argument(kind).is_some() => {
            let item = argument(kind);
            let item = quote!(impl ::std::convert::Into<#item>);
            (quote!(impl ::std::iter::IntoIterator<Item = #item>), Conversion::Collect)
        }
        Some("BTreeMap") if arguments(kind).count() == 2 => {
            let [key, value] = [arguments(kind).next(), arguments(kind).nth(1)];
            let item = quote!((impl ::std::convert::Into<#key>, impl ::std::convert::Into<#value>));
            (quote!(impl ::std::iter::IntoIterator<Item = #item>), Conversion::CollectPairs)
        }
        Some("Option") if argument(kind).is_some() => return optional(kind),
        // Taken as they are: with `impl Into<i64>`, a literal would be an `i32`.
        Some(
            "bool" | "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "f32" | "f64",
        ) => (kind.to_token_stream(), Conversion::Unchanged),
        _ => (quote!(impl ::std::convert::Into<#kind>), Conversion::Into),
    };
    Argument { kind, conversion }
}

/// Returns the parameter for a property that may be absent or null.
pub(crate) fn optional(kind: &Type) -> Argument {
    let name = last_segment(kind).map(|segment| segment.ident.to_string());
    match (name.as_deref(), argument(kind)) {
        (Some("Option"), Some(inner)) => {
            let inner_name = last_segment(inner).map(|segment| segment.ident.to_string());
            if matches!(inner_name.as_deref(), Some("Vec" | "BTreeMap")) {
                return required(inner).optional();
            }
            let kind = quote!(impl crate::wire::IntoOption<#inner>);
            Argument { kind, conversion: Conversion::IntoOption }
        }
        (Some("Patch"), Some(inner)) => {
            let kind = quote!(impl crate::wire::IntoOption<#inner>);
            Argument { kind, conversion: Conversion::IntoPatch }
        }
        _ => required(kind),
    }
}

/// Returns the type `kind` with the path that names it outside of the module `types`. `own` are the
/// types of that module.
pub(crate) fn qualified(kind: &Type, own: &BTreeSet<Ident>) -> Type {
    let Type::Path(path) = kind else { return kind.clone() };
    let mut path = path.clone();
    for segment in &mut path.path.segments {
        if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
            for argument in &mut arguments.args {
                if let GenericArgument::Type(kind) = argument {
                    *kind = qualified(kind, own);
                }
            }
        }
    }
    match path.path.get_ident() {
        Some(ident) if own.contains(ident) => parse_quote!(types::#ident),
        _ => Type::Path(path),
    }
}
