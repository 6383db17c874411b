//! Findings of one kind together, so that a fact is told once.

use std::collections::BTreeMap;

use super::findings::{Finding, Findings, Item};
use crate::diff::{ChangeRule, Severity};
use crate::surface::SurfaceChange;

/// The most items of a kind that are told one by one.
const MAX_SEPARATE: usize = 3;

/// The most owners that an entry names.
const MAX_OWNERS: usize = 6;

/// One fact, about one or more items.
pub(super) struct Entry<'a> {
    pub(super) findings: Vec<&'a Finding>,
}

/// All entries with one rule and severity.
pub(super) struct ChangeKind<'a> {
    pub(super) entries: Vec<Entry<'a>>,
}

/// What is the same in all findings of an entry.
type Fact<'a> = (
    &'a str,
    Severity,
    &'a Option<String>,
    &'a Option<String>,
    &'a Option<String>,
    &'a str,
    Option<(String, String)>,
);

impl<'a> Entry<'a> {
    pub(super) fn first(&self) -> &'a Finding {
        self.findings[0]
    }

    /// The operations whose users meet the change, sorted.
    pub(super) fn operations(&self) -> Vec<&'a str> {
        operations(self.findings.iter().copied())
    }

    /// The items by their names in Rust, each name passed through `mark`.
    pub(super) fn lead(&self, mark: &dyn Fn(&str) -> String) -> String {
        let member = &self.first().item.member;
        let name = |found: &&'a Finding| match (&found.item.owner, member) {
            (Some(owner), _) => Some(owner.as_str()),
            (None, Some(_)) => None,
            (None, None) => Some(found.change.pointer.as_str()),
        };
        let mut owners: Vec<_> = self.findings.iter().filter_map(name).collect();
        owners.sort_unstable();
        owners.dedup();
        match (member, listed(&owners, mark)) {
            (Some(member), Some(owners)) => format!("{} of {owners}", mark(member)),
            (Some(member), None) => mark(member),
            (None, owners) => owners.unwrap_or_default(),
        }
    }

    /// What a user of the crate notices, and has to do.
    pub(super) fn consequence(&self) -> String {
        consequence(self.first())
    }

    /// What the description says, if it says the same about all items.
    pub(super) fn note(&self) -> Option<&'a str> {
        let note = self.first().change.note.as_deref();
        let mut notes = self.findings.iter().map(|found| found.change.note.as_deref());
        note.filter(|_| notes.all(|other| other == note))
    }

    /// The old and new values: types in Rust where those of a field changed.
    pub(super) fn values(&self, findings: &Findings) -> (Option<String>, Option<String>) {
        let change = &self.first().change;
        match rust_types(self.first(), findings) {
            Some((old, new)) => (Some(old), Some(new)),
            None => (change.old.clone(), change.new.clone()),
        }
    }

    /// The changes of the surface, without those that come with their type, and without setters of
    /// the builders of fields.
    pub(super) fn surface<'f>(&self, findings: &'f Findings) -> Vec<&'f SurfaceChange> {
        let mut all: Vec<_> =
            self.findings.iter().flat_map(|found| found.surface.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        let all = all.into_iter().map(|index| &findings.surface[index]);
        let mut all: Vec<_> = all.filter(|change| !change.part).collect();
        let is_builder = |change: &&SurfaceChange| change.owner.starts_with("types::builder::");
        if !all.iter().all(is_builder) {
            all.retain(|change| !is_builder(change));
        }
        all
    }
}

impl<'a> ChangeKind<'a> {
    pub(super) fn rule(&self) -> &'static ChangeRule {
        self.entries[0].first().change.rule
    }

    /// The number of changes.
    pub(super) fn count(&self) -> usize {
        self.entries.iter().map(|entry| entry.findings.len()).sum()
    }

    pub(super) fn operations(&self) -> Vec<&'a str> {
        operations(self.entries.iter().flat_map(|entry| entry.findings.iter().copied()))
    }

    /// Whether its entries are told one by one.
    pub(super) fn is_separate(&self) -> bool {
        self.count() <= MAX_SEPARATE || self.entries.len() == 1
    }

    /// The consequence that all of its entries have in common.
    pub(super) fn common_consequence(&self) -> Option<String> {
        let first = self.entries[0].consequence();
        self.entries.iter().all(|entry| entry.consequence() == first).then_some(first)
    }
}

/// The consequence on the wire, and in Rust where that is worse.
fn consequence(finding: &Finding) -> String {
    let wire = &finding.change.consequence;
    if finding.severity == Severity::Breaking
        && finding.change.wire != Severity::Breaking
        && finding.change.rule.id != "reference-changed"
    {
        return format!("{wire} Code that uses it in Rust must change.");
    }
    wire.clone()
}

fn operations<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<&'a str> {
    let all = findings.flat_map(|found| &found.change.operations);
    let mut all: Vec<_> = all.map(String::as_str).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Names with commas and an "and"; those beyond the first few are counted.
fn listed(names: &[&str], mark: &dyn Fn(&str) -> String) -> Option<String> {
    let shown = &names[..names.len().min(MAX_OWNERS)];
    let mut names_shown: Vec<_> = shown.iter().map(|name| mark(name)).collect();
    if names.len() > shown.len() {
        names_shown.push(format!("{} more", names.len() - shown.len()));
    }
    let last = names_shown.pop()?;
    match names_shown.as_slice() {
        [] => Some(last),
        names => Some(format!("{} and {last}", names.join(", "))),
    }
}

/// The types of a field in Rust, old and new, if they are what changed.
fn rust_types(finding: &Finding, findings: &Findings) -> Option<(String, String)> {
    let Item { owner: Some(owner), member: Some(member) } = &finding.item else { return None };
    let type_in = |line: &Option<String>| {
        let (field, kind) = line.as_deref()?.strip_prefix("struct types::")?.split_once(": ")?;
        (field == format!("{owner}.{member}")).then(|| short_type(kind))
    };
    let all = finding.surface.iter().map(|index| &findings.surface[*index]);
    all.filter_map(|change| Some((type_in(&change.old)?, type_in(&change.new)?)))
        .find(|(old, new)| old != new)
}

/// A type without the paths that a reader knows.
fn short_type(text: &str) -> String {
    let text = text.replace("serde_json::", "").replace("types::", "");
    text.replace("Map<String, Value>", "Map").replace("Map<String,Value>", "Map")
}

/// Groups findings into kinds, and their findings into entries. The order stays.
pub(super) fn kinds<'a>(found: &[&'a Finding], all: &Findings) -> Vec<ChangeKind<'a>> {
    let mut kinds: Vec<ChangeKind<'a>> = Vec::new();
    let mut known_kinds = BTreeMap::new();
    let mut known: BTreeMap<Fact<'a>, (usize, usize)> = BTreeMap::new();
    for finding in found {
        let change = &finding.change;
        let fact = (
            change.rule.id,
            finding.severity,
            &finding.item.member,
            &change.old,
            &change.new,
            change.consequence.as_str(),
            rust_types(finding, all),
        );
        if let Some((kind, entry)) = known.get(&fact) {
            kinds[*kind].entries[*entry].findings.push(finding);
            continue;
        }
        let kind = *known_kinds.entry((change.rule.id, finding.severity)).or_insert(kinds.len());
        if kind == kinds.len() {
            kinds.push(ChangeKind { entries: Vec::new() });
        }
        known.insert(fact, (kind, kinds[kind].entries.len()));
        kinds[kind].entries.push(Entry { findings: vec![finding] });
    }
    kinds
}
