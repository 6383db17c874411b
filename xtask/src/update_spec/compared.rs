//! The comparison of the new description with its base, on both axes.

use std::cmp::Ordering;
use std::path::Path;

use semver::Version;
use serde_json::Value;

use super::base::version as version_of;
use super::stages::Ready;
use crate::diff::{self, Severity, Terms};
use crate::report::{self, Findings};
use crate::surface::{self, Surface};
use openapi_lowering::lower::Note;
use openapi_lowering::problem::Problem;

/// The result of the comparison with the base.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) findings: Findings,
    /// The lossy steps of lowering the base.
    pub(super) notes: Vec<Note>,
    pub(super) problem: Option<Problem>,
    pub(super) version: String,
}

/// The results of the stages that the base got through: its overlaid document, its lowered form,
/// and its surface where that differs.
pub(super) type OldSide =
    (Option<Value>, Option<Result<Ready, Problem>>, Option<Result<Surface, Problem>>);

impl Compared {
    pub(super) fn of(
        old: Option<OldSide>,
        (document, ready, surface): (&Value, &Ready, &Surface),
        listing: Option<&str>,
    ) -> Self {
        let Some((old_document, old_ready, old_surface)) = old else {
            // The descriptions are equal: only the generator can make a difference.
            let lines = listing.map(|listing| surface::against_listing(listing, surface, surface));
            let findings = Findings::join(Vec::new(), lines.unwrap_or_default(), &ready.names);
            return Self { findings, ..Self::default() };
        };
        let version = old_document.as_ref().map_or_else(|| "unknown".to_owned(), version_of);
        let mut names = ready.names.clone();
        if let Some(Ok(old)) = &old_ready {
            // A component that both have goes by its new name.
            let removed = old.names.iter().filter(|(name, _)| !ready.names.contains_key(*name));
            names.extend(removed.map(|(name, lowered)| (name.clone(), lowered.clone())));
        }
        let terms = Terms { today: chrono::Utc::now().date_naive(), names: &names };
        let changes =
            old_document.map_or_else(Vec::new, |old| diff::compare(&old, document, terms));
        let mut notes = Vec::new();
        let mut problem = None;
        let mut lines = Vec::new();
        match (old_ready, old_surface) {
            (Some(Ok(old)), None) => {
                notes = old.lowered.notes;
                if let Some(listing) = listing {
                    lines = surface::against_listing(listing, surface, surface);
                }
            }
            (Some(Ok(old)), Some(Ok(old_surface))) => {
                notes = old.lowered.notes;
                lines = surface::compare(&old_surface, surface);
                if let Some(listing) = listing {
                    lines.extend(surface::against_listing(listing, &old_surface, surface));
                }
            }
            (Some(Err(found)), _) | (_, Some(Err(found))) => problem = Some(found),
            (None, _) => {}
        }
        Self { findings: Findings::join(changes, lines, &names), notes, problem, version }
    }
}

/// Warnings about the versions of two descriptions.
pub(super) fn warnings(old: &str, new: &str, same_bytes: bool) -> Vec<String> {
    let (shown_old, shown_new) = (report::visible(old), report::visible(new));
    let mut found = Vec::new();
    if old == new && !same_bytes {
        found.push(format!(
            "The published description has the same version as the base, `{shown_new}`, but other \
             bytes."
        ));
    }
    if report::compare_versions(old, new) == Some(Ordering::Greater) {
        found.push(format!(
            "The version of the description was lowered, from `{shown_old}` to `{shown_new}`."
        ));
    }
    found
}

/// The version of the crate in its manifest, and the one that the changes call for.
pub(super) fn next_version(root: &Path, severity: Option<Severity>) -> Option<(Version, Version)> {
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).ok()?;
    let now = report::of_manifest(&manifest)?;
    let next = report::propose(&now, severity);
    Some((now, next))
}
