//! The semantic comparison of two overlaid descriptions.
//!
//! It walks both documents together, by position: a property may be called `type`. Each kind of
//! object has one function that takes every member which differs and hands it to a rule; what it
//! does not know goes to `unknown-keyword-changed`, and [`leftover`] looks afterwards for
//! differences that no function came to. Spellings that mean the same are brought to one form
//! before they are compared ([`normal`]).
//!
//! A verdict says what happens to a crate already released, made from the old description, when
//! the server follows the new one. What such a crate does is set down in ARCHITECTURE.md: it reads
//! leniently, and the server refuses parameters and keys that it does not know. Which way a
//! component goes is found by reachability ([`reach`]); one that goes both ways gets the worse
//! verdict. A component is compared once, by its name, however often it is used.

mod content;
mod document;
mod leftover;
mod normal;
mod object;
mod operation;
mod parameter;
mod reach;
mod recorder;
mod rename;
mod response;
mod rules;
mod scalar;
mod schema;
mod security;
mod union;

use serde::Serialize;
use serde_json::Value;

#[cfg(test)]
pub(crate) use rules::RULES;

/// How much a change weighs. Ordered: the worse is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// Nothing that a program could notice.
    Text,
    /// Something new or something gone, and all calls of the released crate go on.
    Additive,
    /// Some call of the released crate fails, or does something else.
    Breaking,
}

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Stable, kebab-case, with its side where it matters: "response-property-removed".
    pub(crate) id: &'static str,
    /// What it says, as a short noun phrase: "property removed from an answer".
    pub(crate) title: &'static str,
    /// Server or security: never adopted without `--accept security`.
    pub(crate) needs_acceptance: bool,
}

/// One change between two descriptions.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) rule: &'static Rule,
    /// JSON pointer: in the new description, or in the old one for what is gone.
    pub(crate) pointer: String,
    /// The ids of the operations through which a user meets it, sorted; empty: none reaches it.
    pub(crate) operations: Vec<String>,
    /// Short one-line renderings (JSON, cut when long): raw text from the description.
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
    /// What it does to a crate already released.
    pub(crate) wire: Verdict,
    /// One sentence: what a user of the crate notices.
    pub(crate) consequence: String,
    /// What generated items it concerns, to find them in the surface listing.
    pub(crate) subject: Subject,
}

/// What generated items a change concerns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    /// Name of the component schema in the overlaid description ("TestRunApiModel").
    pub(crate) component: Option<String>,
    /// Property, enum value or parameter.
    pub(crate) member: Option<String>,
    /// operationId (as overlaid).
    pub(crate) operation: Option<String>,
}

/// Compares two overlaid descriptions (OpenAPI 3.1 or 3.0 as JSON values, before lowering).
///
/// Sorted by pointer, then rule. Equal documents give nothing. It never panics, and always ends.
pub(crate) fn compare(old: &Value, new: &Value) -> Vec<Change> {
    let mut comparison = recorder::Comparison::new(old, new);
    comparison.document();
    comparison.leftover();
    comparison.same_version();
    comparison.finish()
}

#[cfg(test)]
mod tests;
