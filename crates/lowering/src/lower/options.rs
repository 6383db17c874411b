//! What the caller decides.

use std::collections::{BTreeMap, BTreeSet};

/// Choices of the generated client that the description does not contain.
///
/// The default keeps everything that OpenAPI 3.0.3 can say.
#[derive(Clone, Debug)]
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
    /// Leave out component schemas that no operation needs.
    pub only_reached: bool,
    /// Names that are taken in the generated code.
    pub reserved: Reserved,
    /// The most parts that the lowered description may have: operations, parameters, schemas and
    /// required keys. The time and memory of a generator grow with their number.
    pub most_parts: usize,
}

/// A description of 870 KiB has some 5,000 parts. One takes progenitor some 50 KiB and 0.7 ms, in a
/// build without optimisation.
const MOST_PARTS: usize = 16_000;

impl Default for Options {
    fn default() -> Self {
        Self {
            base_url: None,
            dropped_headers: BTreeSet::new(),
            strip_suffix: None,
            comma_separated_format: None,
            kept_extensions: BTreeMap::new(),
            only_reached: false,
            reserved: Reserved::default(),
            most_parts: MOST_PARTS,
        }
    }
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
