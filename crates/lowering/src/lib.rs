//! Lowers OpenAPI 3.1 descriptions to 3.0.3, for generators that read only that.
//!
//! There is a module for each stage: [`parse`] reads YAML or JSON, [`overlay`] applies an OpenAPI
//! Overlay, [`lower`] writes the document in OpenAPI 3.0.3, and [`preflight`] finds what would make
//! the generator progenitor fail. A stage lists all that is wrong as
//! [`Problems`](problem::Problems), each with its JSON pointer, what is wrong, and how to fix it.

pub mod lower;
pub mod overlay;
pub mod parse;
pub mod preflight;
pub mod problem;
mod schemas;
