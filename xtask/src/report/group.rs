//! Findings that say the same of several places are one entry.

use std::collections::BTreeMap;

use super::findings::Finding;

/// One entry of a report.
pub(super) struct Group<'a> {
    pub(super) first: &'a Finding,
    pub(super) others: Vec<&'a Finding>,
}

impl<'a> Group<'a> {
    pub(super) fn all(&self) -> impl Iterator<Item = &'a Finding> {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }

    /// The operations through which a user meets it, sorted.
    pub(super) fn operations(&self) -> Vec<&'a str> {
        let all = self.all().flat_map(|found| &found.change.operations);
        let mut all: Vec<_> = all.map(String::as_str).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The changes of the surface, without those that come with their type.
    pub(super) fn surface(&self) -> Vec<usize> {
        let mut all: Vec<_> = self.all().flat_map(|found| found.surface.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Puts together what differs only in the operation that it is about; the order stays.
pub(super) fn grouped<'a>(findings: &[&'a Finding]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut known = BTreeMap::new();
    for finding in findings {
        let change = &finding.change;
        // A component is compared once: what is said of two of them is never one thing. Neither
        // are two operations that come or go.
        let alone = change.subject.component.is_some()
            || change.subject.member.is_none() && change.old.is_none() && change.new.is_none()
            || change.rule.id.starts_with("operation-");
        let key =
            (change.rule.id, &change.subject.member, &change.old, &change.new, finding.severity);
        match known.get(&key) {
            Some(index) if !alone => {
                let group: &mut Group = &mut groups[*index];
                group.others.push(finding);
            }
            _ => {
                if !alone {
                    known.insert(key, groups.len());
                }
                groups.push(Group { first: finding, others: Vec::new() });
            }
        }
    }
    groups
}
