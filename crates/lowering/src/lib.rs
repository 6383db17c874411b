//! Lowers OpenAPI 3.1 and 3.2 descriptions to 3.0.3, for generators that read only that.
//!
//! There is a module for each stage: [`parse`] reads YAML or JSON, [`overlay`] applies an OpenAPI
//! Overlay, [`lower`](mod@lower) writes the document in OpenAPI 3.0.3, and `preflight` (feature
//! `progenitor`) finds what would make the generator progenitor fail. A stage lists all that is
//! wrong as [`Problems`](problem::Problems), each with its JSON pointer, what is wrong, and how to
//! fix it.
//!
//! ```
//! use openapi_lowering::{Options, Profile, lower, parse};
//!
//! let yaml = "
//! openapi: 3.1.0
//! info: {title: Pets, version: '1'}
//! paths: {}
//! components: {schemas: {Name: {type: [string, 'null']}}}
//! ";
//! let document = parse::parse(yaml.as_bytes(), "pets.yaml")?;
//! let lowered = lower(&document, &Options::new(Profile::Faithful))?;
//! assert_eq!(lowered.document["openapi"], "3.0.3");
//! assert_eq!(lowered.document["components"]["schemas"]["Name"]["nullable"], true);
//! assert!(lowered.notes.is_empty(), "nothing was lost");
//! # Ok::<(), openapi_lowering::problem::Problems>(())
//! ```
//!
//! # Features
//!
//! - `progenitor`: the module `preflight`. It adds `openapiv3` and `heck`.
//! - `openapiv3`: `Lowered::to_openapiv3`.
//! - `preserve-order`: [`KeyOrder::Source`]. It switches on the feature of that name of
//!   `serde_json`, for the whole program.

pub mod lower;
pub mod overlay;
pub mod parse;
#[cfg(feature = "progenitor")]
pub mod preflight;
pub mod problem;
mod schemas;

pub use lower::{
    Choice, KeyOrder, Lowered, Note, NoteKind, Options, Profile, RuleId, component_names, lower,
};

/// Runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
