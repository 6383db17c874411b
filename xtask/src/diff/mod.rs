//! The semantic comparison of two overlaid descriptions.
//!
//! It walks both documents together, by position: a property may be called `type`. Each kind of
//! object has one function that passes every member which differs to a rule. Keywords that it does
//! not know go to `unknown-keyword-changed`, and [`leftover`] then looks for differences that no
//! function reached. Spellings with the same meaning are brought to one form before they are
//! compared ([`normal`]).
//!
//! A severity says what happens to a released crate, made from the old description, when the
//! server follows the new one. ARCHITECTURE.md describes what such a crate does: it reads
//! leniently, and the server rejects values that it does not allow. Reachability tells whether a
//! component is sent, read or both ([`reach`]); one that goes both ways gets the worse severity. A
//! component is compared once, by its name, however often it is used.
//!
//! The modules stand on each other in this order: [`located`], [`positions`] and [`text`];
//! [`endpoint`], [`reach`], [`normal`] and [`rename`]; [`site`], [`summary`] and the
//! [`recorder`]; then the rules.

mod content;
mod deprecation;
mod document;
mod endpoint;
mod leftover;
mod located;
mod normal;
mod object;
mod operation;
mod parameter;
mod parts;
mod positions;
mod reach;
mod recorder;
mod rename;
mod response;
mod rules;
mod scalar;
mod schema;
mod security;
mod site;
mod summary;
mod text;
mod union;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

#[cfg(test)]
pub(crate) use rules::RULES;

/// How much a change matters. Ordered: the worse is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// No program can notice it.
    Text,
    /// Something was added or removed, and every call of the released crate still works.
    Additive,
    /// Some call of the released crate fails, or does something else.
    Breaking,
}

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ChangeRule {
    /// Stable, kebab-case, with its direction where that matters: "response-property-removed".
    pub(crate) id: &'static str,
    /// A short noun phrase: "property removed from a response".
    pub(crate) title: &'static str,
    /// Server or security: never adopted without `--accept security`.
    pub(crate) needs_acceptance: bool,
    /// It is told at the top of the report, as a warning.
    pub(crate) is_warning: bool,
}

/// One change between two descriptions.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) rule: &'static ChangeRule,
    /// JSON pointer: into the new description, or into the old one for what was removed.
    pub(crate) pointer: String,
    /// The ids of the operations whose users meet the change, sorted; empty if none reaches it.
    pub(crate) operations: Vec<String>,
    /// Short one-line renderings, cut if they are long: raw text from the description.
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
    /// The first sentence that the description says about it: raw text as well.
    pub(crate) note: Option<String>,
    /// What it does to a crate already released.
    pub(crate) wire: Severity,
    /// One sentence: what a user of the crate notices.
    pub(crate) consequence: String,
    /// The generated items it concerns, to find them in the surface listing.
    pub(crate) subject: Subject,
}

/// The generated items that a change concerns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    /// Name of the component schema in the overlaid description ("TestRunApiModel").
    pub(crate) component: Option<String>,
    /// Property, enum value or parameter.
    pub(crate) member: Option<String>,
    /// The overlaid operationId.
    pub(crate) operation: Option<String>,
}

/// What a comparison must know beside the two descriptions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms<'a> {
    /// Announced removals are early or due on this day.
    pub(crate) today: NaiveDate,
    /// The lowered name of each published component, from which its Rust type is named.
    pub(crate) names: &'a BTreeMap<String, String>,
}

/// Compares two overlaid descriptions (OpenAPI 3.1 or 3.0 as JSON values, before lowering).
///
/// The result is sorted by pointer, then rule; it is empty for equal documents. It never panics,
/// and it always ends.
pub(crate) fn compare(old: &Value, new: &Value, terms: Terms<'_>) -> Vec<Change> {
    let endpoints = endpoint::MatchedEndpoints::new(old, new);
    let ground = recorder::Ground {
        old_reach: reach::reach(old, &|path, method, _| endpoints.old_id(path, method)),
        new_reach: reach::reach(new, &|path, method, _| endpoints.new_id(path, method)),
        renames: rename::renames(old, new),
        endpoints,
        terms,
    };
    let mut comparison = recorder::Comparison::new(old, new, ground);
    comparison.document();
    comparison.leftover();
    comparison.finish()
}

#[cfg(test)]
mod tests;
