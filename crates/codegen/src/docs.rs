//! Writes the documentation of generated items from the description.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use serde_json::Value;
use syn::Ident;
use syn::ext::IdentExt as _;

use crate::calls::{Call, Parameter};
use crate::description::{resources, resources_of_components};
use crate::items::module;
use crate::lists::List;
use crate::requests::RequestType;

/// Returns the heading of a resource's block of methods, with links to its calls that are written by hand.
pub(crate) fn resource(name: Option<&str>, text: &str, handwritten: &[String]) -> String {
    let mut doc = resource_heading(name, text);
    if !handwritten.is_empty() {
        let links: Vec<_> =
            handwritten.iter().map(|name| format!("[`{name}`](Self::{name})")).collect();
        let _ = write!(doc, "\n\nSee also {}.", links.join(", "));
    }
    doc
}

fn resource_heading(name: Option<&str>, text: &str) -> String {
    let Some(name) = name else { return "# Other calls".to_owned() };
    let name = heading(name);
    // Descriptions of tags tend to begin with the name of the tag, which is the heading here.
    let text = text.trim();
    let text = text.strip_prefix(&format!("{name}: ")).unwrap_or(text);
    let mut letters = text.chars();
    match letters.next() {
        None => format!("# {name}"),
        Some(first) => {
            let text: String = first.to_uppercase().chain(letters).collect();
            format!("# {name}\n\n{text}")
        }
    }
}

/// Returns a resource's name as a heading: `Load tests` for `load_tests`.
fn heading(name: &str) -> String {
    let words = name.to_snake_case().replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Returns the documentation of a method of the client.
pub(crate) fn method(
    call: &Call<'_>,
    list: Option<&List>,
    requests: &BTreeMap<Ident, RequestType>,
    example: &str,
) -> String {
    let mut doc = prose(call.described.value);
    if let Some(deprecation) = crate::deprecated::paragraph(call.described.value) {
        let (summary, rest) = doc.split_once("\n\n").unwrap_or((&doc, ""));
        doc = format!("{summary}\n\n{deprecation}\n\n{rest}");
    }
    let _ = write!(doc, "\n\n{}", returns(call, list));
    let arguments = arguments(call, requests);
    if !arguments.is_empty() {
        let _ = write!(doc, "\n\n# Arguments\n\n{arguments}");
    }
    let _ = write!(doc, "\n\n{example}");
    let _ = write!(doc, "\n\n`{} {}`", call.described.method(), call.described.path);
    doc
}

/// Returns the summary and description of an operation.
fn prose(operation: &Value) -> String {
    let text = |key: &str| operation[key].as_str().map(str::trim).filter(|text| !text.is_empty());
    let summary = text("summary").map(sentence);
    let parts: Vec<_> =
        [summary, text("description").map(str::to_owned)].into_iter().flatten().collect();
    parts.join("\n\n")
}

/// Returns a title with a full stop.
fn sentence(title: &str) -> String {
    let ends = title.ends_with(['.', '!', '?', ':']);
    format!("{title}{}", if ends { "" } else { "." })
}

/// Returns the section about the arguments.
fn arguments(call: &Call<'_>, requests: &BTreeMap<Ident, RequestType>) -> String {
    let mut lines = Vec::new();
    for Parameter { ident, value, .. } in &call.needed {
        lines.push(item(&ident.to_string(), value["description"].as_str()));
    }
    if let Some(request) = call.request_type().and_then(|name| requests.get(name)) {
        for property in &request.required {
            let text = property.attributes.iter().find_map(doc_text);
            lines.push(item(&property.ident.to_string(), text.as_deref()));
        }
    }
    if call.takes_body() {
        lines.push(item("body", call.described.value["requestBody"]["description"].as_str()));
    }
    lines.join("\n")
}

fn item(name: &str, text: Option<&str>) -> String {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        // A list item ends with its paragraph.
        Some(text) => format!("- `{name}`: {}", text.replace("\n\n", " ").replace('\n', "\n  ")),
        None => format!("- `{name}`"),
    }
}

fn doc_text(attribute: &syn::Attribute) -> Option<String> {
    let syn::Meta::NameValue(pair) = &attribute.meta else { return None };
    pair.path.is_ident("doc").then_some(())?;
    match &pair.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

/// Returns a sentence about what a call returns.
pub(crate) fn returns(call: &Call<'_>, list: Option<&List>) -> String {
    if let Some(List { row, is_paged: false, .. }) = list {
        return format!(
            "Returns the whole list. `stream()` yields every [`{row}`](crate::types::{row})."
        );
    }
    if let Some(List { row, .. }) = list {
        // The description may say so in its own words.
        let says_page = prose(call.described.value).contains("one page");
        let page = if says_page { "" } else { "Returns one page. " };
        return format!(
            "{page}`stream()` reads the list over all pages, and yields every \
             [`{row}`](crate::types::{row})."
        );
    }
    match call.sent.output_name().as_deref() {
        Some("ByteStream") => "Returns the bytes as they come in.".to_owned(),
        Some(name) if name.starts_with(char::is_uppercase) && name != "String" && name != "Vec" => {
            match name {
                "Value" | "Map" | "Option" | "Timestamp" | "Vuh" => format!("Returns a `{name}`."),
                _ => format!("Returns a [`{name}`](crate::types::{name})."),
            }
        }
        Some(name) => format!("Returns a `{name}`."),
        None => "Returns nothing: the success itself is the result.".to_owned(),
    }
}

/// Returns the section about the errors of a call.
pub(crate) fn errors(call: &Call<'_>) -> String {
    let mut text = "# Errors\n\n".to_owned();
    for (status, meaning) in call.described.errors() {
        let kind = match status {
            400 => "InvalidRequest",
            401 => "Unauthenticated",
            403 => "Forbidden",
            404 => "NotFound",
            406 => "NotAcceptable",
            409 => "Conflict",
            429 => "RateLimited",
            500..=599 => "Server",
            _ => continue,
        };
        let meaning = meaning.split_whitespace().collect::<Vec<_>>().join(" ");
        let meaning = meaning.trim_end_matches('.');
        let separator = if meaning.is_empty() { "" } else { ": " };
        let _ = writeln!(
            text,
            "- [`{kind}`](crate::ErrorKind::{kind}) ({status}){separator}{meaning}."
        );
    }
    text.push_str(
        "\nEvery call can also fail on its way to the server and back: see \
         [`ErrorKind`](crate::ErrorKind).",
    );
    text
}

/// Returns the documentation of a builder.
pub(crate) fn builder(call: &Call<'_>) -> String {
    let summary = call.described.value["summary"].as_str().unwrap_or_default().trim();
    if !call.is_public() {
        return "The bare request of a call that is written by hand.".to_owned();
    }
    let id = call.method_name();
    let summary = match summary {
        "" => String::new(),
        summary => format!("{}\n\n", sentence(summary)),
    };
    format!(
        "{summary}From [`Client::{id}`](crate::Client::{id}). [`send`](Self::send) sends the \
         request, and so does `.await`."
    )
}

/// What `None` does in the setter of a value that can be left out.
pub(crate) const NONE_LEAVES_OUT: &str =
    "`None` leaves it out, as if the setter had not been called.";

/// Returns the method that leaves out what a setter set, and its documentation.
pub(crate) fn clear(ident: &Ident) -> (Ident, String) {
    let doc =
        format!("Leaves out what [`{ident}`](Self::{ident}) sets, as if it had not been called.");
    (quote::format_ident!("clear_{}", ident.unraw()), doc)
}

/// Returns the documentation of a setter.
pub(crate) fn parameter(value: &Value, takes_none: bool) -> String {
    let text = value["description"].as_str().map(str::trim).unwrap_or_default();
    let text = match (value["name"].as_str().unwrap_or_default(), text) {
        ("$count", _) => "Sets whether the page has the number of rows in the whole list.".into(),
        (name, "") => format!("Sets `{name}`."),
        _ => text.to_owned(),
    };
    if takes_none { format!("{text}\n\n{NONE_LEAVES_OUT}") } else { text }
}

/// The calls that are written by hand and have no operation of their own, by resource.
const WORKFLOWS: &[(&str, &[&str])] = &[
    (
        "load_tests",
        &["ensure_load_test", "trend_of_load_test", "list_load_test_metrics", "query_load_test"],
    ),
    ("projects", &["ensure_project", "resource_names"]),
    (
        "test_runs",
        &[
            "test_run",
            "wait_for_test_run",
            "watch_test_run",
            "resume",
            "summarize_test_run",
            "summarize_baseline",
            "list_run_metrics",
            "list_series",
            "list_series_labels",
            "list_label_values",
            "query_range",
            "query_aggregate",
        ],
    ),
];

/// Returns the index of the client's methods by resource: those of the description, and those that are
/// written by hand.
pub(crate) fn index_of_methods(document: &Value, calls: &[Call<'_>]) -> String {
    let mut text = "# Methods by resource\n".to_owned();
    for (resource, _) in resources(document) {
        let own = calls.iter().filter(|call| call.described.tag() == Some(resource));
        let by_hand = WORKFLOWS.iter().filter(|(name, _)| *name == resource);
        let by_hand = by_hand.flat_map(|(_, names)| names.iter().map(|name| (*name).to_owned()));
        let names = own.map(|call| call.method_name().to_string()).chain(by_hand);
        let links: Vec<_> = names.map(|name| format!("[`{name}`](Self::{name})")).collect();
        if !links.is_empty() {
            let _ = write!(text, "\n- {}: {}", heading(resource), links.join(", "));
        }
    }
    text + "\n- Any endpoint: [`request`](Self::request)"
}

/// Returns the index of the builders by resource.
pub(crate) fn index_of_builders(document: &Value, calls: &[Call<'_>]) -> String {
    let mut text = "Builders of calls, from the methods of [`Client`](crate::Client).\n".to_owned();
    let mut listed = |heading: &str, tag: Option<&str>| {
        let names: Vec<_> = calls
            .iter()
            .filter(|call| call.is_public() && call.described.tag() == tag)
            .map(|call| format!("[`{}`]", call.builder))
            .collect();
        if !names.is_empty() {
            let _ = writeln!(text, "\n- {heading}: {}", names.join(", "));
        }
    };
    for (name, _) in resources(document) {
        listed(&heading(name), Some(name));
    }
    listed("Others", None);
    text
}

/// Documents the fields of types that the description says nothing of.
pub(crate) fn undocumented_fields(file: &mut syn::File) {
    let Some(types) = module(&mut file.items, "types") else { return };
    let first_line = |attributes: &[syn::Attribute]| {
        attributes.iter().find_map(doc_text).map(|text| text.trim().to_owned())
    };
    let of_types: BTreeMap<String, String> = types
        .iter()
        .filter_map(|item| match item {
            syn::Item::Struct(found) => Some((found.ident.to_string(), first_line(&found.attrs)?)),
            _ => None,
        })
        .collect();
    for item in types {
        let syn::Item::Struct(found) = item else { continue };
        for field in &mut found.fields {
            let Some(ident) = field.ident.as_ref().map(ToString::to_string) else { continue };
            if field.attrs.iter().any(|attribute| attribute.path().is_ident("doc")) {
                continue;
            }
            let optional = crate::items::is_of(&field.ty, "Option");
            let kind = crate::items::argument(&field.ty).filter(|_| optional).unwrap_or(&field.ty);
            let kind = crate::items::last_segment(kind).map(|kind| kind.ident.to_string());
            let text = match kind.and_then(|kind| of_types.get(&kind)) {
                _ if crate::items::is_flattened(field) => {
                    "The properties that have no field of their own, by their names.".to_owned()
                }
                Some(text) => text.clone(),
                None => format!("The `{ident}` of the API."),
            };
            field.attrs.insert(0, syn::parse_quote!(#[doc = #text]));
        }
    }
}

/// Returns the index of the types by resource.
pub(crate) fn index_of_types(document: &Value, exist: impl Fn(&str) -> bool) -> String {
    let belongs = resources_of_components(document);
    let mut text =
        "What requests and responses are made of, from the API's description.\n".to_owned();
    let mut listed = |heading: &str, wanted: &dyn Fn(&std::collections::BTreeSet<&str>) -> bool| {
        let names: Vec<_> = belongs
            .iter()
            .filter(|(_, resources)| wanted(resources))
            .map(|(component, _)| component.to_upper_camel_case())
            .filter(|name| exist(name))
            .map(|name| format!("[`{name}`]"))
            .collect();
        if !names.is_empty() {
            let _ = writeln!(text, "\n- {heading}: {}", names.join(", "));
        }
    };
    for (name, _) in resources(document) {
        listed(&heading(name), &|of| of.len() == 1 && of.contains(name));
    }
    listed("Of several resources", &|of| of.len() > 1);
    listed("Others", &|of| of.is_empty());
    text
}
