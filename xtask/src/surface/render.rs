//! Types and signatures as people write them, on one line.

use quote::ToTokens;
use syn::{FnArg, ReturnType};

/// A signature on one line, without the words that all of them have.
pub(super) fn signature(signature: &syn::Signature) -> String {
    written(signature, true)
}

/// The same without the names of the arguments, which callers do not write.
pub(super) fn positional(signature: &syn::Signature) -> String {
    written(signature, false)
}

fn written(signature: &syn::Signature, named: bool) -> String {
    let bounds: Vec<(String, String)> = signature
        .generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates)
        .filter_map(|predicate| match predicate {
            syn::WherePredicate::Type(bound) => {
                Some((text(&bound.bounded_ty), text(&bound.bounds).replace("std::ops::", "")))
            }
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
                if named { format!("{}: {kind}", text(&typed.pat)) } else { kind }
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

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Tokens as people write them.
pub(super) fn text(tokens: &impl ToTokens) -> String {
    let mut out = String::new();
    let spaced = tokens.to_token_stream().to_string();
    for word in spaced.split(' ') {
        // A path may begin with `::`, which keeps its distance from a keyword.
        let after_keyword = ["impl", "dyn", "mut", "for", "as"]
            .iter()
            .any(|keyword| out.strip_suffix(keyword).is_some_and(|rest| !rest.ends_with(is_word)));
        let starts_path = word == "::" && after_keyword;
        let tight_before =
            !starts_path && matches!(word, "::" | "<" | ">" | "," | ")" | "(" | ";" | "]");
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
        ("::std::convert::", ""),
        ("std::convert::", ""),
        ("::std::option::Option", "Option"),
        ("::std::string::String", "String"),
        ("::std::vec::Vec", "Vec"),
        ("::std::collections::BTreeMap", "BTreeMap"),
        ("::serde_json::", "serde_json::"),
        ("crate::wire::", "wire::"),
        ("::std::result::Result", "Result"),
        ("::std::iter::", ""),
        ("std::iter::", ""),
        ("crate::Error", "Error"),
        ("std::string::String", "String"),
        ("crate::generated::enums::", ""),
        ("crate::generated::ids::", ""),
    ] {
        out = out.replace(long, short);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_keep_their_distance_from_keywords() {
        for (code, shown) in [
            ("impl ::std::convert::Into<i64>", "impl Into<i64>"),
            ("&mut ::std::string::String", "&mut String"),
            ("::std::result::Result<(), crate::Error>", "Result<(), Error>"),
            ("::std::option::Option<super::Simple>", "Option<super::Simple>"),
            ("impl ::std::iter::IntoIterator<Item = u8>", "impl IntoIterator<Item = u8>"),
        ] {
            let parsed: syn::Type = syn::parse_str(code).expect("a type");
            assert_eq!(super::text(&parsed), shown);
        }
    }
}
