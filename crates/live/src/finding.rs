//! Differences, without any value from the account.

use serde::{Deserialize, Serialize};

/// The kinds of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// The request got no response that could be read.
    NoResponse,
    /// The description does not have the status.
    Status,
    /// The description does not have the content type, or the response has none.
    MediaType,
    /// A header is missing that the description has.
    MissingHeader,
    /// The body is not JSON, although its content type says so.
    NotJson,
    /// There is a body where the description has none, or none where it has one.
    Body,
    /// A property that the description does not have.
    UnknownProperty,
    /// A required property is missing.
    MissingProperty,
    /// A value is null, and must not be.
    Null,
    /// A value has another type.
    Type,
    /// A value is not one of those that the description lists.
    UnknownValue,
    /// A string does not have its format.
    Format,
    /// A value is outside of the limits of the description.
    Limit,
    /// The client fails on a response that the service gave as a success.
    ClientError,
    /// The client reads another value than the response has.
    ClientValue,
    /// The client sends another request than the description says.
    ClientRequest,
    /// `@count` is missing or is not the number of rows.
    Count,
    /// A page has more or fewer rows than requested.
    PageSize,
    /// The link to the next page is missing, or there although no row follows.
    NextLink,
    /// The rows are in another order than requested.
    Order,
    /// A filter returns rows that do not match it, or leaves out rows that do.
    Filter,
    /// Pages do not add up to the whole list.
    Pages,
    /// An error response differs from that of the fake.
    ErrorResponse,
    /// A request that changes something did not have its effect.
    Effect,
}

impl Kind {
    /// Returns the name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoResponse => "no response",
            Self::Status => "status",
            Self::MediaType => "content type",
            Self::MissingHeader => "missing header",
            Self::NotJson => "not JSON",
            Self::Body => "body",
            Self::UnknownProperty => "unknown property",
            Self::MissingProperty => "missing property",
            Self::Null => "null",
            Self::Type => "type",
            Self::UnknownValue => "unknown value",
            Self::Format => "format",
            Self::Limit => "limit",
            Self::ClientError => "error of the client",
            Self::ClientValue => "value of the client",
            Self::ClientRequest => "request of the client",
            Self::Count => "count",
            Self::PageSize => "page size",
            Self::NextLink => "next link",
            Self::Order => "order",
            Self::Filter => "filter",
            Self::Pages => "pages",
            Self::ErrorResponse => "error response",
            Self::Effect => "effect",
        }
    }
}

/// A difference between the service and what is known of it.
///
/// Its texts come from the description, from this program, and from what `word` lets pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// The kind.
    pub kind: Kind,
    /// The JSON pointer to the value in the response; `*` is any item. Empty for the whole response.
    pub pointer: String,
    /// What the description, the client or the fake says.
    pub expected: String,
    /// What the service does.
    pub found: String,
    /// The first request that showed it, with values replaced by their types.
    pub request: String,
    /// The pointer to the schema in the description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// How often it was seen.
    pub times: u64,
}

impl Finding {
    pub(crate) fn new(kind: Kind, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            kind,
            pointer: String::new(),
            expected: expected.into(),
            found: found.into(),
            request: String::new(),
            schema: None,
            times: 1,
        }
    }

    pub(crate) fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = pointer.into();
        self
    }

    /// Whether both are the same difference.
    fn repeats(&self, other: &Self) -> bool {
        (self.kind, &self.pointer, &self.expected, &self.found)
            == (other.kind, &other.pointer, &other.expected, &other.found)
    }
}

/// The differences of an operation. The same one is listed once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings(pub(crate) Vec<Finding>);

impl Findings {
    pub(crate) fn add(&mut self, request: &str, mut finding: Finding) {
        match self.0.iter_mut().find(|known| known.repeats(&finding)) {
            Some(known) => known.times += 1,
            None => {
                request.clone_into(&mut finding.request);
                self.0.push(finding);
            }
        }
    }
}

/// Returns a word of the service's vocabulary, such as the name of a property or the code of an error.
/// Anything else could be a value from the account, and becomes `{placeholder}`.
pub(crate) fn word(text: &str, placeholder: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().is_some_and(|c| c.is_ascii_alphabetic() || "_@$".contains(c));
    let is_word = first
        && text.len() <= 40
        && !text.replace("k6", "").bytes().any(|byte| byte.is_ascii_digit())
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_word { text.to_owned() } else { format!("{{{placeholder}}}") }
}

/// Returns a content type without its parameters.
pub(crate) fn media_type(text: &str) -> String {
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_plain = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-+.".contains(&byte))
    };
    match essence.split_once('/') {
        Some((kind, name)) if is_plain(kind) && is_plain(name) && essence.len() <= 50 => essence,
        _ => "{content type}".to_owned(),
    }
}

/// Returns the name of a value's type.
pub(crate) fn type_name(value: &serde_json::Value) -> &'static str {
    use serde_json::Value;
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
