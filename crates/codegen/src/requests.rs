//! Types that users make: the bodies of requests and their parts.
//!
//! progenitor gives each type a builder whose setters and `build` can fail at run time. We drop
//! these builders. A request type gets `new` with its required properties, and a setter for each
//! other property; all parameters convert without failing. Users only read the other types, so
//! those get neither.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase as _;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Attribute, Field, Ident, ImplItem, Item, ItemStruct, Type, parse_quote};

use crate::arguments::{optional, required};
use crate::description::request_components;
use crate::docs;
use crate::ids::Ids;
use crate::items::{
    argument, arguments, default_function, is_flattened, is_optional, is_skipped, last_segment,
    module, wire_name,
};

/// A type that users make.
pub(crate) struct RequestType {
    pub(crate) ident: Ident,
    pub(crate) required: Vec<Property>,
    pub(crate) optional: Vec<Property>,
    /// The field that holds all other properties, if there is one, and the type of their values.
    rest: Option<(Ident, Type)>,
}

/// A property of a request type.
pub(crate) struct Property {
    pub(crate) ident: Ident,
    /// The name of the setter.
    setter: Ident,
    pub(crate) kind: Type,
    /// Its documentation and deprecation.
    pub(crate) attributes: Vec<Attribute>,
    /// The function for its default, if that is not the default of its type.
    default: Option<String>,
}

/// Removes the generator's builders of types.
pub(crate) fn drop_builders(file: &mut syn::File) {
    let Some(types) = module(&mut file.items, "types") else { return };
    types.retain(|item| !matches!(item, Item::Mod(module) if module.ident == "builder"));
    for item in types {
        if let Item::Impl(block) = item
            && block.trait_.is_none()
        {
            block.items.retain(
                |item| !matches!(item, ImplItem::Fn(function) if function.sig.ident == "builder"),
            );
        }
    }
    let Some(types) = module(&mut file.items, "types") else { return };
    let is_empty = |item: &Item| matches!(item, Item::Impl(block) if block.trait_.is_none() && block.items.is_empty());
    types.retain(|item| !is_empty(item));
}

/// Writes the methods of the request types, and returns the types for the methods of calls.
pub(crate) fn write(
    file: &mut syn::File,
    document: &Value,
    ids: &Ids,
) -> Result<BTreeMap<Ident, RequestType>, String> {
    let mut made = BTreeMap::new();
    let components = request_components(document);
    let names: BTreeSet<String> =
        components.iter().map(|component| component.to_upper_camel_case()).collect();
    let Some(types) = module(&mut file.items, "types") else { return Ok(made) };
    let has_default: BTreeSet<String> = types.iter().filter_map(default_of).collect();
    let mut written = Vec::new();
    for item in types.iter_mut() {
        if let Item::Enum(found) = item
            && names.contains(&found.ident.to_string())
        {
            let fields = found.variants.iter_mut().flat_map(|variant| variant.fields.iter_mut());
            fields.filter(|field| field.ident.is_some()).for_each(tell_empty_from_absent);
        }
        let Item::Struct(found) = item else { continue };
        // A tuple struct is a named plain value, and has its own conversions.
        let named = found.fields.iter().all(|field| field.ident.is_some());
        if !named || !names.contains(&found.ident.to_string()) {
            continue;
        }
        found.fields.iter_mut().for_each(tell_empty_from_absent);
        let request = RequestType::of(found);
        let methods = request.methods();
        written.push(syn::parse2(methods).map_err(|error| error.to_string())?);
        if !has_default.contains(&found.ident.to_string())
            && let Some(default) = request.default()
        {
            written.push(syn::parse2(default).map_err(|error| error.to_string())?);
        }
        if let Some(rest) = request.takes_any_property() {
            check_properties(found, rest);
        }
        for conversion in request.conversions(ids) {
            written.push(syn::parse2(conversion).map_err(|error| error.to_string())?);
        }
        made.insert(request.ident.clone(), request);
    }
    types.extend(written.into_iter().map(Item::Impl));
    Ok(made)
}

/// Returns the name of the type that has a `Default`, if the item derives or implements it.
fn default_of(item: &Item) -> Option<String> {
    if let Item::Struct(found) = item {
        let mut derived = false;
        for attribute in found.attrs.iter().filter(|attribute| attribute.path().is_ident("derive"))
        {
            // Attributes whose list does not parse as paths do not derive `Default`.
            let _ = attribute.parse_nested_meta(|argument| {
                derived |= argument.path.is_ident("Default");
                Ok(())
            });
        }
        return derived.then(|| found.ident.to_string());
    }
    let Item::Impl(block) = item else { return None };
    let (path, _) = block.trait_.as_ref()?;
    (path.segments.last()?.ident == "Default").then_some(())?;
    Some(last_segment(&block.self_ty)?.ident.to_string())
}

/// Makes an optional list or map an `Option`. The generator leaves out empty ones, so that nobody
/// could send an empty list to clear it.
fn tell_empty_from_absent(field: &mut Field) {
    let kind = &field.ty;
    let collection = last_segment(kind)
        .is_some_and(|segment| ["Vec", "BTreeMap", "Map"].iter().any(|name| segment.ident == name));
    if collection && is_skipped(field) && !is_flattened(field) {
        let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        let name = wire_name(field).unwrap_or(ident);
        field.ty = parse_quote!(::std::option::Option<#kind>);
        field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
        field.attrs.push(parse_quote!(
            #[serde(rename = #name, default, skip_serializing_if = "::std::option::Option::is_none")]
        ));
    }
}

impl RequestType {
    fn of(found: &ItemStruct) -> Self {
        let mut made = Self {
            ident: found.ident.clone(),
            required: Vec::new(),
            optional: Vec::new(),
            rest: None,
        };
        for field in &found.fields {
            let Some(ident) = field.ident.clone() else { continue };
            // A flattened field that is not a map is a part of the object with a type of its own.
            if is_flattened(field)
                && let Some(value) = arguments(&field.ty).nth(1)
            {
                made.rest = Some((ident, value.clone()));
                continue;
            }
            let kept = |attribute: &&Attribute| {
                attribute.path().is_ident("doc") || attribute.path().is_ident("deprecated")
            };
            let property = Property {
                setter: ident.clone(),
                ident,
                kind: field.ty.clone(),
                attributes: field.attrs.iter().filter(kept).cloned().collect(),
                default: default_function(field),
            };
            if is_optional(field) {
                made.optional.push(property);
            } else {
                made.required.push(property);
            }
        }
        made.name_setters();
        made
    }

    /// Returns whether a property has a method of this name, or the type a function.
    pub(crate) fn has(&self, name: &Ident) -> bool {
        let own = |property: &Property| property.ident == *name || property.setter == *name;
        name == "new"
            || self.optional.iter().any(own)
            || self.rest.iter().any(|(rest, _)| rest == name)
    }

    /// Gives the setters of properties that are called like a function of the type other names.
    fn name_setters(&mut self) {
        let own = |property: &Property| property.ident.to_string();
        let mut taken: BTreeSet<String> = self.optional.iter().map(own).collect();
        let functions: Vec<_> =
            self.rest.iter().map(|(rest, _)| rest.clone()).chain([format_ident!("new")]).collect();
        for property in &mut self.optional {
            if functions.contains(&property.ident) {
                let mut name = format!("set_{}", property.ident);
                while !taken.insert(name.clone()) {
                    name.insert_str(0, "set_");
                }
                property.setter = format_ident!("{name}");
            }
        }
    }

    /// Returns `new` and the setters.
    fn methods(&self) -> TokenStream {
        let Self { ident, required: needed, optional: others, rest } = self;
        let names: Vec<_> = needed.iter().map(|property| &property.ident).collect();
        let arguments: Vec<_> = needed.iter().map(|property| required(&property.kind)).collect();
        let kinds = arguments.iter().map(|argument| &argument.kind);
        let values = names.iter().zip(&arguments).map(|(name, argument)| argument.convert(name));
        let (other_names, defaults): (Vec<_>, Vec<_>) = others
            .iter()
            .map(|property| {
                let default = property.default.as_ref().and_then(|path| path.parse().ok());
                let default: Option<TokenStream> = default;
                let default = default.map(|path| quote!(#path()));
                (&property.ident, default.unwrap_or(quote!(::std::default::Default::default())))
            })
            .unzip();
        let setters = others.iter().map(|property| {
            let setter = property.setter();
            let clear = property.clear().filter(|(name, _)| !self.has(name)).map(|(name, doc)| {
                let ident = &property.ident;
                quote!(
                    #[doc = #doc]
                    #[must_use]
                    pub fn #name(mut self) -> Self {
                        self.#ident = ::std::default::Default::default();
                        self
                    }
                )
            });
            quote!(#setter #clear)
        });
        let summary = if needed.is_empty() {
            "Returns a value without any property.".to_owned()
        } else {
            let listed: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("Returns a value with what is required: {}.", listed.join(", "))
        };
        let rest_field =
            rest.iter().map(|(rest, _)| quote!(#rest: ::std::default::Default::default(),));
        let rest_setter = rest.iter().map(|(rest, value)| {
            let text = "Sets a property that the description does not name.";
            let argument = required(value);
            let (kind, value) = (&argument.kind, argument.convert(&format_ident!("value")));
            quote!(
                #[doc = #text]
                #[must_use]
                pub fn #rest(
                    mut self,
                    name: impl ::std::convert::Into<::std::string::String>,
                    value: #kind,
                ) -> Self {
                    self.#rest.insert(name.into(), #value);
                    self
                }
            )
        });
        quote!(
            impl #ident {
                #[doc = #summary]
                #[must_use]
                pub fn new(#(#names: #kinds),*) -> Self {
                    Self {
                        #(#names: #values,)*
                        #(#other_names: #defaults,)*
                        #(#rest_field)*
                    }
                }
                #(#setters)*
                #(#rest_setter)*
            }
        )
    }

    /// Returns `Default`, if no property is required.
    fn default(&self) -> Option<TokenStream> {
        let ident = &self.ident;
        self.required.is_empty().then(|| {
            quote!(
                impl ::std::default::Default for #ident {
                    fn default() -> Self {
                        Self::new()
                    }
                }
            )
        })
    }

    /// Returns the field with the properties, if the type is any object: it requires nothing, and takes every
    /// property with any value.
    fn takes_any_property(&self) -> Option<&Ident> {
        let (rest, value) = self.rest.as_ref().filter(|_| self.required.is_empty())?;
        last_segment(value).is_some_and(|segment| segment.ident == "Value").then_some(rest)
    }

    /// Returns conversions from an id, a number or a string to a type whose only required property it is.
    /// Users can so pass a list of ids where the API wants a list of objects with an id.
    fn conversions(&self, ids: &Ids) -> Vec<TokenStream> {
        let ident = &self.ident;
        if let Some(rest) = self.takes_any_property() {
            return of_map(ident, rest);
        }
        let [only] = self.required.as_slice() else { return Vec::new() };
        if let Some(setter) = self.key_of_value(only) {
            return vec![of_pair(ident, setter)];
        }
        let from = |kind: TokenStream| {
            quote!(
                impl ::std::convert::From<#kind> for #ident {
                    fn from(value: #kind) -> Self {
                        Self::new(value)
                    }
                }
            )
        };
        if ids.contains(&only.kind) {
            let id = &only.kind;
            return vec![from(quote!(i64)), from(quote!(#id)), from(quote!(&#id))];
        }
        match last_segment(&only.kind).map(|segment| segment.ident.to_string()).as_deref() {
            Some("i64") => vec![from(quote!(i64))],
            Some("String") => vec![from(quote!(&str)), from(quote!(::std::string::String))],
            _ => Vec::new(),
        }
    }

    /// Returns the setter of the key, for a string `value` with an optional string `key`. A value alone
    /// says too little to convert from it.
    fn key_of_value(&self, only: &Property) -> Option<&Ident> {
        let is_string = |kind: &Type| last_segment(kind).is_some_and(|one| one.ident == "String");
        let mut optional = self.optional.iter().filter(|property| {
            property.ident == "key" && argument(&property.kind).is_some_and(is_string)
        });
        let setter = optional.next().map(|key| &key.setter)?;
        (only.ident == "value" && is_string(&only.kind)).then_some(setter)
    }
}

/// The conversion from a pair of a key and a value.
fn of_pair(ident: &Ident, setter: &Ident) -> TokenStream {
    quote!(
        impl<
            K: ::std::convert::Into<::std::string::String>,
            V: ::std::convert::Into<::std::string::String>,
        > ::std::convert::From<(K, V)> for #ident {
            fn from((key, value): (K, V)) -> Self {
                Self::new(value).#setter(key.into())
            }
        }
    )
}

/// Conversions from the JSON object of a type that allows every property, such as the one that a
/// response has. A property that has a field is sent from there all the same.
fn of_map(ident: &Ident, rest: &Ident) -> Vec<TokenStream> {
    let map = quote!(::serde_json::Map<::std::string::String, ::serde_json::Value>);
    let whole = quote!(
        impl ::std::convert::From<#map> for #ident {
            fn from(properties: #map) -> Self {
                Self { #rest: properties, ..Self::new() }
            }
        }
    );
    let optional = quote!(
        impl ::std::convert::From<::std::option::Option<#map>> for #ident {
            fn from(properties: ::std::option::Option<#map>) -> Self {
                Self { #rest: properties.unwrap_or_default(), ..Self::new() }
            }
        }
    );
    let json = quote!(
        #[doc = "Takes an object. Any other value is an error when the request is sent; null is no property."]
        impl ::std::convert::From<::serde_json::Value> for #ident {
            fn from(properties: ::serde_json::Value) -> Self {
                Self { #rest: crate::wire::strict::object(properties), ..Self::new() }
            }
        }
    );
    let any = quote!(
        impl #ident {
            #[doc = "Makes one from any value that serializes to an object. One that does not is an error when \
                     the request is sent."]
            #[must_use]
            pub fn of(value: &impl ::serde::Serialize) -> Self {
                Self { #rest: crate::wire::strict::serialized(value), ..Self::new() }
            }
        }
    );
    vec![whole, optional, json, any]
}

/// Rejects what was given as properties and is none, when it is written.
fn check_properties(found: &mut ItemStruct, rest: &Ident) {
    for field in found.fields.iter_mut().filter(|field| field.ident.as_ref() == Some(rest)) {
        field.attrs.push(parse_quote!(
            #[serde(serialize_with = "crate::wire::strict::properties")]
        ));
    }
}

impl Property {
    fn setter(&self) -> TokenStream {
        let Self { ident, setter, attributes, .. } = self;
        let argument = optional(&self.kind);
        let (kind, convert) = (&argument.kind, argument.convert(ident));
        let note = self.note_on_none();
        quote!(
            #(#attributes)*
            #note
            #[must_use]
            pub fn #setter(mut self, #ident: #kind) -> Self {
                self.#ident = #convert;
                self
            }
        )
    }

    /// Returns the method that leaves out an optional list, and its documentation.
    pub(crate) fn clear(&self) -> Option<(Ident, String)> {
        optional(&self.kind).is_optional_list().then(|| docs::clear(&self.setter))
    }

    /// Returns the note about `None`, which removes a property with three states.
    pub(crate) fn note_on_none(&self) -> Option<TokenStream> {
        let kind = last_segment(&self.kind)?.ident.to_string();
        let text = match (kind.as_str(), optional(&self.kind).takes_none()) {
            ("Patch", _) => {
                "`None` sends null, which removes the value; without this call the value stays as \
                 it is."
            }
            (_, true) => docs::NONE_LEAVES_OUT,
            (_, false) => return None,
        };
        let text = format!("\n\n{text}");
        argument(&self.kind).map(|_| quote!(#[doc = #text]))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{code, contains};

    /// Returns the code that is generated for the type `Limits` of a request.
    fn code_of(limits: &Value) -> String {
        let schema = json!({"$ref": "#/components/schemas/Limits"});
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {"/limits": {"post": {
                "operationId": "set_limits",
                "requestBody": {"content": {"application/json": {"schema": schema}}, "required": true},
                "responses": {"2XX": {"description": ""}},
            }}},
            "components": {"schemas": {
                "Limits": limits,
                "Zone": {"type": "object", "required": ["id"], "properties": {
                    "id": {"type": "integer"}, "name": {"type": "string"},
                }},
                "OnlyRead": {"type": "object", "properties": {"a": {"type": "string"}}},
            }},
        });
        code(&document)
    }

    #[test]
    fn request_type_has_new_and_setters() {
        let code =
            code_of(&json!({"type": "object", "required": ["zones", "name"], "properties": {
                "name": {"type": "string"},
                "zones": {"type": "array", "items": {"$ref": "#/components/schemas/Zone"}},
                "vus": {"type": "integer", "description": "How many."},
            }}));
        for expected in [
            "pub fn new( name: impl ::std::convert::Into<::std::string::String>, zones: impl \
             ::std::iter::IntoIterator< Item = impl ::std::convert::Into<Zone>, >, ) -> Self {",
            "#[must_use] #[inline] pub fn vus(mut self, vus: impl \
             crate::wire::IntoOption<i64>) -> Self {",
            // Zones can be passed by their ids.
            "impl ::std::convert::From<i64> for Zone {",
        ] {
            assert!(contains(&code, expected), "{expected} is not in {code}");
        }
        for unwanted in ["mod builder { use super::super", "pub fn builder()", "impl OnlyRead"] {
            assert!(!contains(&code, unwanted), "{unwanted} is in {code}");
        }
    }

    #[test]
    fn empty_list_that_is_set_is_sent() {
        let code = code_of(&json!({"type": "object", "properties": {
            "tags": {"type": "array", "items": {"type": "string"}},
            "m": {"type": "object", "additionalProperties": {"type": "string"}},
        }}));
        for expected in [
            "pub tags: ::std::option::Option<::std::vec::Vec<::std::string::String>>",
            "pub m: ::std::option::Option<",
            "self.tags = ::std::option::Option::Some(",
            "self.m = ::std::option::Option::Some(",
        ] {
            assert!(contains(&code, expected), "{expected} is not in {code}");
        }
        assert!(
            !contains(&code, "Vec::is_empty") && !contains(&code, "BTreeMap::is_empty"),
            "{code}"
        );
    }

    #[test]
    fn property_that_is_called_like_a_function_has_another_setter() {
        let text = json!({"type": "string"});
        let code =
            code_of(&json!({"type": "object", "properties": {"new": text, "set_new": text}}));
        for expected in ["pub fn set_set_new(mut self, new:", "pub fn set_new(mut self, set_new:"] {
            assert!(contains(&code, expected), "{expected} is not in {code}");
        }
    }

    #[test]
    fn empty_list_in_an_arm_is_sent() {
        let arm = |kind: &str| {
            json!({"type": "object", "required": ["kind"], "properties": {
                "kind": {"type": "string", "enum": [kind]},
                "tags": {"type": "array", "items": {"type": "string"}},
            }})
        };
        let code = code_of(&json!({
            "type": "object",
            "required": ["n"],
            "properties": {"n": {"type": "integer"}},
            "oneOf": [arm("a"), arm("b")],
        }));
        assert!(contains(&code, "pub enum Limits"), "{code}");
        let field = "tags: ::std::option::Option<::std::vec::Vec<::std::string::String>>";
        assert!(contains(&code, field) && !contains(&code, "Vec::is_empty"), "{code}");
    }

    #[test]
    fn default_of_the_description_is_kept() {
        let code = code_of(&json!({"type": "object", "properties": {
            "interval": {"type": "integer", "default": 5},
        }}));
        assert!(contains(&code, "interval: defaults::"), "{code}");
    }

    #[test]
    fn further_properties_can_be_set() {
        let code = code_of(&json!({"type": "object", "additionalProperties": {}, "properties": {
            "vus": {"type": "integer"},
        }}));
        assert!(contains(&code, "self.extra.insert(name.into(), value.into());"), "{code}");
        assert!(contains(&code, "value: impl ::std::convert::Into<::serde_json::Value>"), "{code}");
        // Their type is that of the map.
        let code = code_of(&json!({
            "type": "object",
            "additionalProperties": {"type": "integer"},
            "properties": {"name": {"type": "string"}},
        }));
        assert!(
            contains(&code, "value: i64) -> Self { self.extra.insert(name.into(), value)"),
            "{code}"
        );
    }
}
