//! Open enums: enums of strings that keep unknown values.

use heck::ToUpperCamelCase as _;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::parse_quote;

/// A component that is an enum of strings.
pub(crate) struct OpenEnum {
    pub(crate) name: syn::Ident,
    values: Vec<String>,
    doc: String,
}

impl OpenEnum {
    /// Whether an empty string is one of the documented values.
    pub(crate) fn has_empty(&self) -> bool {
        self.values.iter().any(String::is_empty)
    }
}

/// Finds the enums to replace with open ones. A value that the API adds must not fail a whole page.
pub(crate) fn find(document: &Value) -> Vec<OpenEnum> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let named = schemas.into_iter().flatten().filter_map(|(name, schema)| {
        let values = schema.get("enum")?.as_array()?;
        let texts: Option<Vec<_>> =
            values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
        let texts = texts?;
        // An enum of one value is a constant that tells the arms of a union apart.
        (schema.get("type")? == "string" && texts.len() > 1).then_some(())?;
        let name = syn::parse_str(&name.to_upper_camel_case()).ok()?;
        Some(OpenEnum {
            name,
            values: texts,
            doc: schema["description"].as_str().unwrap_or_default().to_owned(),
        })
    });
    named.collect()
}

/// Writes the enums in their own module.
pub(crate) fn write(file: &mut syn::File, enums: &[OpenEnum]) {
    if enums.is_empty() {
        return;
    }
    let definitions = enums.iter().map(|OpenEnum { name, values, doc }| {
        let variants = variant_names(values);
        let doc = if doc.is_empty() {
            "One of the values that the API documents, or one that it has added since."
        } else {
            doc
        };
        quote!(crate::wire::open_enum! { #[doc = #doc] #name { #(#variants = #values,)* } })
    });
    file.items.push(parse_quote!(pub mod enums { #(#definitions)* }));
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
