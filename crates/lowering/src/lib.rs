//! Lowers OpenAPI 3.1 descriptions to 3.0.3, for generators that read only that.
//!
//! A module per stage: [`parse`] reads YAML or JSON, [`overlay`] applies an OpenAPI Overlay, [`lower`]
//! writes the document in OpenAPI 3.0.3, and [`preflight`] finds what progenitor could only assert.
//! Each says what is wrong as a [`Problem`](problem::Problem): where, what, and how to fix it.

pub mod lower;
pub mod overlay;
pub mod parse;
pub mod preflight;
pub mod problem;
