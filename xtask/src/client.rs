//! What the client of this crate asks of the lowering.

mod reserved;

use std::collections::BTreeSet;

use openapi_lowering::lower::{ExtensionType, Note, Options, Profile, Reserved, RuleId};
use openapi_lowering::problem::{Place, Problem};
use serde_json::Value;

/// The base address that the client is written with.
const BASE_URL: &str = "https://api.k6.io";

/// Headers that the client sets on every request, so that callers never pass them.
const DROPPED_HEADERS: &[&str] = &["authorization", "x-stack-id"];

/// The format for which the crate has a type that joins a list by commas.
pub(crate) const COMMA_SEPARATED: &str = "comma-separated";

/// A member of `components` that the overlay sets: a suffix that schema names lose in Rust.
const STRIP_SUFFIX: &str = "x-rust-strip-suffix";

/// The name of a parameter in Rust, where its own is taken. The generated code reads it.
const PARAMETER_NAME: &str = "x-rust-name";

/// Facts about operations that the overlay states and the generated code carries.
const KEPT_EXTENSIONS: &[(&str, ExtensionType)] = &[
    ("x-handwritten", ExtensionType::Boolean),
    ("x-needs-stack-id", ExtensionType::Boolean),
    ("x-removal-date", ExtensionType::String),
    ("x-replacement", ExtensionType::String),
    ("x-retry-safe", ExtensionType::Boolean),
    ("x-search-words", ExtensionType::String),
];

/// The methods of the client that the generator writes itself. Those of the hand-written layer are
/// read from its source code.
const OF_GENERATOR: &[&str] = &["api_version", "baseurl", "client", "inner", "new_with_client"];

/// Names of the calls' own methods and fields, which no parameter may take.
const OF_CALLS: &[&str] = &[
    "body",
    "client",
    "collect_all",
    "header_map",
    "into_future",
    "new",
    "pages",
    "request",
    "response",
    "send",
    "stream",
    "url",
];

/// The options with which an overlaid description is lowered.
pub(crate) fn options(document: &Value) -> Result<Options, Problem> {
    let strip_suffix = match document.get("components").and_then(|all| all.get(STRIP_SUFFIX)) {
        None => None,
        Some(Value::String(suffix)) => Some(suffix.clone()),
        Some(_) => {
            let place = Place::root().at("components").at(STRIP_SUFFIX);
            let fix = "write the suffix as a string in openapi/overlay.yaml";
            return Err(place.problem("the suffix is not a string", fix));
        }
    };
    let names = |list: &[&str]| -> BTreeSet<String> {
        list.iter().map(|name| (*name).to_owned()).collect()
    };
    let kept = KEPT_EXTENSIONS.iter().map(|(name, kind)| ((*name).to_owned(), *kind));
    let mut options = Options::new(Profile::Tolerant);
    options.base_url = Some(BASE_URL.to_owned());
    options.dropped_headers = names(DROPPED_HEADERS);
    options.parameter_extension = Some(PARAMETER_NAME.to_owned());
    options.strip_suffix = strip_suffix;
    options.comma_separated_format = Some(COMMA_SEPARATED.to_owned());
    options.kept_extensions = kept.collect();
    options.only_reached = true;
    let of_client = reserved::of_client(document)?.into_iter().chain(names(OF_GENERATOR));
    options.reserved = Reserved { of_client: of_client.collect(), of_calls: names(OF_CALLS) };
    Ok(options)
}

/// Whether a note tells of a loss. What this client leaves out of every description by design is
/// none: error responses arrive undecoded, and the generator reads no titles, links or extensions. That
/// 1.0 is not an integer holds for every description.
pub(crate) fn is_loss(note: &Note) -> bool {
    !matches!(
        note.rule,
        RuleId::ClientHeader | RuleId::ErrorResponses | RuleId::Integer | RuleId::Unread
    )
}

/// Lowers an overlaid description for this client.
#[cfg(test)]
pub(crate) fn lower(
    document: &Value,
) -> Result<openapi_lowering::lower::Lowered, openapi_lowering::problem::Problems> {
    openapi_lowering::lower::lower(document, &options(document)?)
}
