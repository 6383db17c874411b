//! Reads calls from the code that progenitor generated.
//!
//! Only the request is kept of progenitor's builders. Required parameters of a call are arguments
//! of its method, optional ones are setters, and the properties of a JSON body count as parameters
//! of the call.

use std::collections::BTreeMap;

use quote::{ToTokens as _, format_ident};
use serde_json::Value;
use syn::{Attribute, Ident, ImplItem, ImplItemFn, Item, ItemStruct, Type, parse_quote};

use crate::description::{Described, ident, operations};
use crate::items::{argument, last_segment, module};
use crate::parameters;
use crate::requests::RequestType;
use crate::sent::Sent;

/// The names of methods that every builder has.
const RESERVED: [&str; 8] =
    ["body", "collect_all", "into_future", "new", "pages", "response", "send", "stream"];

/// A generated call.
pub(crate) struct Call<'d> {
    pub(crate) described: Described<'d>,
    pub(crate) builder: Ident,
    /// The required parameters: those of the path in its order, then the others.
    pub(crate) needed: Vec<Parameter<'d>>,
    /// The optional parameters.
    pub(crate) optional: Vec<Parameter<'d>>,
    pub(crate) body: Option<Body>,
    /// The `derive` attributes of the builder.
    pub(crate) derives: Vec<Attribute>,
    pub(crate) sent: Sent,
}

/// A parameter of a path, a query or a header.
pub(crate) struct Parameter<'d> {
    pub(crate) ident: Ident,
    pub(crate) kind: Type,
    pub(crate) value: &'d Value,
}

/// The body of a request.
pub(crate) struct Body {
    pub(crate) kind: Type,
    /// The type whose properties are parameters of the call.
    pub(crate) request: Option<Ident>,
}

/// Reads progenitor's builders.
pub(crate) fn read<'d>(
    file: &mut syn::File,
    document: &'d Value,
    requests: &BTreeMap<Ident, RequestType>,
) -> Result<Vec<Call<'d>>, String> {
    let Some(items) = module(&mut file.items, "builder") else { return Ok(Vec::new()) };
    let structs: BTreeMap<String, &ItemStruct> = items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(found) => Some((found.ident.to_string(), found)),
            _ => None,
        })
        .collect();
    let sends: BTreeMap<String, &ImplItemFn> = items.iter().filter_map(send_of).collect();
    let calls = operations(document).into_iter().map(|described| {
        let builder = described.builder();
        let missing = || format!("progenitor made no builder::{builder} for {}", described.id());
        let found = structs.get(&builder.to_string()).ok_or_else(missing)?;
        let send = sends.get(&builder.to_string()).ok_or_else(missing)?;
        let unknown = || {
            format!(
                "progenitor's builder::{builder}::send has a form that \
                 crates/codegen/src/sent.rs does not know: adapt it to this version of progenitor"
            )
        };
        Call::read(described, found, send, requests).ok_or_else(unknown)
    });
    calls.collect()
}

/// Returns the `send` of a builder, with the builder's name.
fn send_of(item: &Item) -> Option<(String, &ImplItemFn)> {
    let Item::Impl(block) = item else { return None };
    let owner = last_segment(&block.self_ty)?.ident.to_string();
    block.items.iter().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == "send" => Some((owner.clone(), function)),
        _ => None,
    })
}

impl<'d> Call<'d> {
    fn read(
        described: Described<'d>,
        found: &ItemStruct,
        send: &ImplItemFn,
        requests: &BTreeMap<Ident, RequestType>,
    ) -> Option<Self> {
        let mut call = Self {
            builder: found.ident.clone(),
            needed: Vec::new(),
            optional: Vec::new(),
            body: None,
            derives: found
                .attrs
                .iter()
                .filter(|attribute| attribute.path().is_ident("derive"))
                .cloned()
                .collect(),
            sent: Sent::take(send)?,
            described,
        };
        parameters::restore(&mut call.sent.request, described.value)?;
        for field in &found.fields {
            let ident = field.ident.clone()?;
            if ident == "client" {
                continue;
            }
            // `Result<T, String>`: progenitor stores errors of conversions.
            let kind = argument(&field.ty)?.clone();
            if ident == "body" {
                call.body = Some(call.body_of(kind, requests));
            } else if last_segment(&kind)?.ident == "Option" {
                let kind = argument(&kind)?.clone();
                let value = described.parameter(&ident)?;
                call.optional.push(Parameter { ident, kind, value });
            } else {
                let value = described.parameter(&ident)?;
                call.needed.push(Parameter { ident, kind, value });
            }
        }
        let at = |parameter: &Parameter<'_>| {
            let name = parameter.value["name"].as_str().unwrap_or_default();
            described.path.find(&format!("{{{name}}}")).unwrap_or(usize::MAX)
        };
        call.needed.sort_by_key(at);
        Some(call)
    }

    fn body_of(&self, kind: Type, requests: &BTreeMap<Ident, RequestType>) -> Body {
        // `types::builder::X`: the type is `types::X`.
        let name = last_segment(&kind).map(|segment| segment.ident.clone());
        let is_builder = kind.to_token_stream().to_string().contains("builder ::");
        let kind = match (&name, is_builder) {
            (Some(name), true) => parse_quote!(types::#name),
            _ => kind,
        };
        let request = name.filter(|name| {
            requests.get(name).is_some_and(|request| {
                let properties = request.required.iter().chain(&request.optional);
                let mut names = properties.map(|property| property.ident.to_string());
                !names.any(|name| RESERVED.contains(&&*name) || self.takes(&name))
            })
        });
        Body { kind, request }
    }

    pub(crate) fn takes(&self, name: &str) -> bool {
        self.needed.iter().chain(&self.optional).any(|parameter| parameter.ident == name)
    }

    /// Returns the name of the operation.
    pub(crate) fn id(&self) -> String {
        self.described.id()
    }

    /// Returns the name of the method, with an underscore after a keyword.
    pub(crate) fn method_name(&self) -> Ident {
        ident(&self.id())
    }

    pub(crate) fn is_public(&self) -> bool {
        !self.described.is_handwritten()
    }

    /// Returns the names of all fields except the client, in the order of the struct.
    pub(crate) fn fields(&self) -> Vec<Ident> {
        let parameters = self.needed.iter().chain(&self.optional);
        let body = self.body.iter().map(|_| format_ident!("body"));
        parameters.map(|parameter| parameter.ident.clone()).chain(body).collect()
    }

    /// The type whose properties are parameters of the call.
    pub(crate) fn request_type(&self) -> Option<&Ident> {
        self.body.as_ref().and_then(|body| body.request.as_ref())
    }

    /// Returns whether the call takes its body as an argument.
    pub(crate) fn takes_body(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body.request.is_none())
    }
}
