//! What the caller decides.

use std::collections::{BTreeMap, BTreeSet};

/// What the lowering does not know by itself: choices of the client that is generated.
///
/// The default keeps everything that OpenAPI 3.0.3 can say.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The base address of the client. A server with another address is noted.
    pub base_url: Option<String>,
    /// Headers that the client sets itself, in lower case. Their parameters are dropped.
    pub dropped_headers: BTreeSet<String>,
    /// A suffix that the names of component schemas lose where the short name is free.
    pub strip_suffix: Option<String>,
    /// The format of a string that stands for a list whose items are joined by commas. Without
    /// one, such a list is a plain string, with a note.
    pub comma_separated_format: Option<String>,
    /// Extensions of operations that are kept unchanged, each with the type of its value.
    pub kept_extensions: BTreeMap<String, ExtensionType>,
    /// Names that are taken in the generated code.
    pub reserved: Reserved,
}

/// The type of an extension's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtensionType {
    /// `true` or `false`.
    Boolean,
    /// A string.
    String,
}

/// Names that are taken in the generated code, in snake case.
#[derive(Clone, Debug, Default)]
pub struct Reserved {
    /// Methods and fields of the client, which no operation may be called.
    pub of_client: BTreeSet<String>,
    /// Methods and fields of calls, which no parameter may be called.
    pub of_calls: BTreeSet<String>,
}
