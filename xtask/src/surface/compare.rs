//! The comparison of two surfaces, item by item.
//!
//! It is about source code that uses the crate: code that compiled must still compile, and mean the
//! same. The comparison of descriptions covers what happens on the wire.

use std::collections::BTreeSet;

use super::{HEADER, ItemKind, PublicItem, Surface};
use crate::diff::{ChangeRule, Severity};

macro_rules! rules {
    ($($name:ident = $id:literal: $title:literal;)*) => {
        $(static $name: ChangeRule = ChangeRule { id: $id, title: $title, needs_acceptance: false, is_warning: false };)*
        /// All rules of the surface.
        #[cfg(test)]
        pub(crate) static RULES: &[&ChangeRule] = &[$(&$name),*];
    };
}

rules! {
    ARGUMENT_RENAMED = "surface-argument-renamed": "argument has another name";
    DEPRECATED = "surface-deprecated": "item deprecated in Rust";
    FIELD_ADDED = "surface-field-added": "field added to a struct that may grow";
    FIELD_ADDED_EXHAUSTIVE = "surface-field-added-exhaustive": "field added to a struct that may not grow";
    FIELD_CHANGED = "surface-field-changed": "type of a field changed";
    FIELD_REMOVED = "surface-field-removed": "field removed";
    FUNCTION_ADDED = "surface-function-added": "function added";
    FUNCTION_CHANGED = "surface-function-changed": "signature changed";
    FUNCTION_REMOVED = "surface-function-removed": "function removed";
    LINE_ADDED = "surface-listing-added": "item added by the generator or the lowering";
    LINE_REMOVED = "surface-listing-removed": "item removed by the generator or the lowering";
    LIST_ADDED = "surface-list-added": "call became a list in pages";
    LIST_CHANGED = "surface-list-changed": "rows of a list changed";
    LIST_REMOVED = "surface-list-removed": "call is no longer a list in pages";
    NON_EXHAUSTIVE_ADDED = "surface-non-exhaustive-added": "type became non-exhaustive";
    NON_EXHAUSTIVE_REMOVED = "surface-non-exhaustive-removed": "type became exhaustive";
    TRAIT_ADDED = "surface-trait-added": "trait implemented";
    TRAIT_REMOVED = "surface-trait-removed": "trait no longer implemented";
    TYPE_ADDED = "surface-type-added": "type added";
    TYPE_CHANGED = "surface-type-changed": "kind of type changed";
    TYPE_REMOVED = "surface-type-removed": "type removed";
    UNDEPRECATED = "surface-undeprecated": "item no longer deprecated in Rust";
    VARIANT_ADDED = "surface-variant-added": "variant added to an open enum";
    VARIANT_ADDED_EXHAUSTIVE = "surface-variant-added-exhaustive": "variant added to a closed enum";
    VARIANT_CHANGED = "surface-variant-changed": "content of a variant changed";
    VARIANT_REMOVED = "surface-variant-removed": "variant removed";
}

/// One change between two surfaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SurfaceChange {
    pub(crate) rule: &'static ChangeRule,
    pub(crate) severity: Severity,
    /// The type it belongs to, or is: `types::TestRun`.
    pub(crate) owner: String,
    /// Its name within the owner; empty for the type itself.
    pub(crate) member: String,
    /// The lines of the listing. A mark that comes or goes does not change them.
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
    /// It is added or removed with its type, which is a change of its own.
    pub(crate) part: bool,
}

impl SurfaceChange {
    /// Whether only the mark of deprecation changed.
    pub(crate) fn is_deprecation(&self) -> bool {
        [&DEPRECATED, &UNDEPRECATED].contains(&self.rule)
    }
}

/// Compares two surfaces, sorted by item. Equal ones give nothing.
pub(crate) fn compare(old: &Surface, new: &Surface) -> Vec<SurfaceChange> {
    let keys: BTreeSet<_> = old.entries.keys().chain(new.entries.keys()).collect();
    let mut changes = Vec::new();
    for key in keys {
        let (before, after) = (old.entries.get(key), new.entries.get(key));
        let Some(entry) = after.or(before) else { continue };
        let mut add = |(rule, severity): (&'static ChangeRule, Severity)| {
            let type_of = |surface: &Surface| is_type(surface, &entry.owner);
            let part = entry.kind != ItemKind::Type
                && (before.is_none() != after.is_none())
                && type_of(old) != type_of(new);
            changes.push(SurfaceChange {
                rule,
                severity,
                owner: entry.owner.clone(),
                member: entry.member.clone(),
                old: before.map(|entry| entry.line.clone()),
                new: after.map(|entry| entry.line.clone()),
                part,
            });
        };
        match (before, after) {
            (Some(before), Some(after)) => {
                if before.line != after.line {
                    add(changed(before, after));
                }
                for judged in marks(before, after) {
                    add(judged);
                }
            }
            (Some(before), None) => add((removed(before.kind), Severity::Breaking)),
            (None, Some(after)) => add(added(after, old)),
            (None, None) => {}
        }
    }
    changes.sort_by(|a, b| {
        let key = |change: &SurfaceChange| (change.owner.clone(), change.member.clone());
        (key(a), a.rule.id).cmp(&(key(b), b.rule.id))
    });
    changes
}

/// Finds differences between the committed listing of the old surface and code generated today from
/// the same description. They come from changes in the lowering or in the generator.
pub(crate) fn against_listing(listing: &str, old: &Surface, new: &Surface) -> Vec<SurfaceChange> {
    let lines = |text: &str| -> BTreeSet<String> {
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    };
    // Before it had the hand-written items, a listing had another first line. What it lacks is not new then.
    let complete = listing.starts_with(HEADER);
    let (committed, old, new) = (lines(listing), lines(&old.listing()), lines(&new.listing()));
    let change = |rule, severity, old: Option<&String>, new: Option<&String>| SurfaceChange {
        rule,
        severity,
        owner: String::new(),
        member: String::new(),
        old: old.cloned(),
        new: new.cloned(),
        part: false,
    };
    // Callers pass arguments by position.
    let unnamed = |lines: &BTreeSet<String>| -> BTreeSet<String> {
        lines.iter().map(|line| without_names(line)).collect()
    };
    let (known, offered) = (unnamed(&committed), unnamed(&new));
    let removed = committed.iter().filter(|line| {
        !old.contains(*line) && !new.contains(*line) && !offered.contains(&without_names(line))
    });
    let removed = removed.map(|line| change(&LINE_REMOVED, Severity::Breaking, Some(line), None));
    let added = new
        .iter()
        .filter(|line| complete && old.contains(*line) && !known.contains(&without_names(line)));
    let added = added.map(|line| change(&LINE_ADDED, Severity::Additive, None, Some(line)));
    removed.chain(added).collect()
}

/// Returns the line of a function without the names of its arguments.
fn without_names(line: &str) -> String {
    if !line.starts_with("fn ") {
        return line.to_owned();
    }
    let is_name = |text: &str| text.chars().all(|c| c.is_alphanumeric() || " _".contains(c));
    let parts = line.split_inclusive(['(', ',']).map(|part| match part.split_once(": ") {
        Some((name, kind)) if is_name(name) => kind,
        _ => part,
    });
    parts.collect()
}

fn is_type(surface: &Surface, owner: &str) -> bool {
    surface.entries.contains_key(&(ItemKind::Type, owner.to_owned(), String::new()))
}

/// Code that names the item no longer compiles.
fn removed(kind: ItemKind) -> &'static ChangeRule {
    match kind {
        ItemKind::Type => &TYPE_REMOVED,
        ItemKind::Field => &FIELD_REMOVED,
        ItemKind::Variant => &VARIANT_REMOVED,
        ItemKind::Function => &FUNCTION_REMOVED,
        ItemKind::List => &LIST_REMOVED,
        ItemKind::Trait => &TRAIT_REMOVED,
    }
}

/// A type may grow if users can neither build it from its fields nor match it completely.
fn added(entry: &PublicItem, old: &Surface) -> (&'static ChangeRule, Severity) {
    let owner = old.entries.get(&(ItemKind::Type, entry.owner.clone(), String::new()));
    // No code uses the members of a new type yet.
    let grows = owner.is_none_or(|owner| owner.open);
    match (entry.kind, grows) {
        (ItemKind::Type, _) => (&TYPE_ADDED, Severity::Additive),
        (ItemKind::Field, true) => (&FIELD_ADDED, Severity::Additive),
        (ItemKind::Field, false) => (&FIELD_ADDED_EXHAUSTIVE, Severity::Breaking),
        (ItemKind::Variant, true) => (&VARIANT_ADDED, Severity::Additive),
        (ItemKind::Variant, false) => (&VARIANT_ADDED_EXHAUSTIVE, Severity::Breaking),
        (ItemKind::Function, _) => (&FUNCTION_ADDED, Severity::Additive),
        (ItemKind::List, _) => (&LIST_ADDED, Severity::Additive),
        (ItemKind::Trait, _) => (&TRAIT_ADDED, Severity::Additive),
    }
}

/// Another type or signature counts as incompatible.
fn changed(before: &PublicItem, after: &PublicItem) -> (&'static ChangeRule, Severity) {
    // Callers pass arguments by position.
    if before.positional.is_some() && before.positional == after.positional {
        return (&ARGUMENT_RENAMED, Severity::Text);
    }
    let rule = match before.kind {
        // The name of a trait is its key: its line does not change.
        ItemKind::Type | ItemKind::Trait => &TYPE_CHANGED,
        ItemKind::Field => &FIELD_CHANGED,
        ItemKind::Variant => &VARIANT_CHANGED,
        ItemKind::Function => &FUNCTION_CHANGED,
        ItemKind::List => &LIST_CHANGED,
    };
    (rule, Severity::Breaking)
}

fn marks(old: &PublicItem, new: &PublicItem) -> Vec<(&'static ChangeRule, Severity)> {
    let mut found = Vec::new();
    match (old.deprecated, new.deprecated) {
        (false, true) => found.push((&DEPRECATED, Severity::Additive)),
        (true, false) => found.push((&UNDEPRECATED, Severity::Additive)),
        _ => {}
    }
    match (old.open, new.open) {
        // Struct literals and matches without a wildcard no longer compile.
        (false, true) => found.push((&NON_EXHAUSTIVE_ADDED, Severity::Breaking)),
        (true, false) => found.push((&NON_EXHAUSTIVE_REMOVED, Severity::Additive)),
        _ => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{HEADER, RULES, against_listing, compare};
    use crate::diff::Severity::{self, Additive, Breaking};
    use crate::surface::{Surface, read};

    fn surface(code: &str) -> Surface {
        read(&syn::parse_file(code).expect("Rust")).expect("reads")
    }

    /// Code before and after, and what is found.
    type Case = (&'static str, &'static str, &'static [(&'static str, Severity)]);

    const CASES: &[Case] = &[
        ("pub struct A {}", "", &[("surface-type-removed", Breaking)]),
        ("", "pub struct A {}", &[("surface-type-added", Additive)]),
        ("pub struct A(u8);", "pub struct A(u16);", &[("surface-type-changed", Breaking)]),
        ("pub enum A {}", "pub struct A {}", &[("surface-type-changed", Breaking)]),
        (
            "#[non_exhaustive] pub struct A {}",
            "#[non_exhaustive] pub struct A { pub b: u8 }",
            &[("surface-field-added", Additive)],
        ),
        (
            "pub struct A {}",
            "pub struct A { pub b: u8 }",
            &[("surface-field-added-exhaustive", Breaking)],
        ),
        (
            "pub struct A { pub b: u8 }",
            "pub struct A { pub b: Option<u8> }",
            &[("surface-field-changed", Breaking)],
        ),
        ("pub struct A { pub b: u8 }", "pub struct A {}", &[("surface-field-removed", Breaking)]),
        (
            "crate::wire::open_enum! { A { B = \"b\", } }",
            "crate::wire::open_enum! { A { B = \"b\", C = \"c\", } }",
            &[("surface-variant-added", Additive)],
        ),
        (
            "pub enum A { B }",
            "pub enum A { B, C }",
            &[("surface-variant-added-exhaustive", Breaking)],
        ),
        ("pub enum A { B }", "pub enum A {}", &[("surface-variant-removed", Breaking)]),
        ("pub enum A { B(u8) }", "pub enum A { B(u16) }", &[("surface-variant-changed", Breaking)]),
        (
            "impl A { pub fn b(&self) {} }",
            "impl A { pub fn c(&self) {} }",
            &[("surface-function-removed", Breaking), ("surface-function-added", Additive)],
        ),
        (
            "impl A { pub fn b(&self) {} }",
            "impl A { pub fn b(&self, c: u8) {} }",
            &[("surface-function-changed", Breaking)],
        ),
        (
            "impl A { pub fn b(&self, c: u8) {} }",
            "impl A { pub fn b(&self, d: u8) {} }",
            &[("surface-argument-renamed", Severity::Text)],
        ),
        (
            "impl A { pub fn b(&self) {} }",
            "impl A { #[deprecated] pub fn b(&self) {} }",
            &[("surface-deprecated", Additive)],
        ),
        (
            "impl A { #[deprecated] pub fn b(&self) {} }",
            "impl A { pub fn b(&self) {} }",
            &[("surface-undeprecated", Additive)],
        ),
        (
            "impl ListOperation for A<'_> { type Item = u8; }",
            "",
            &[("surface-list-removed", Breaking)],
        ),
        (
            "",
            "impl ListOperation for A<'_> { type Item = u8; }",
            &[("surface-list-added", Additive)],
        ),
        (
            "impl ListOperation for A<'_> { type Item = u8; }",
            "impl ListOperation for A<'_> { type Item = u16; }",
            &[("surface-list-changed", Breaking)],
        ),
        (
            "#[derive(Clone, Default)] pub struct A {}",
            "#[derive(Clone)] pub struct A {}",
            &[("surface-trait-removed", Breaking)],
        ),
        (
            "pub struct A {}",
            "pub struct A {} impl ::std::convert::From<u8> for A {}",
            &[("surface-trait-added", Additive)],
        ),
        (
            "pub struct A {}",
            "#[non_exhaustive] pub struct A {}",
            &[("surface-non-exhaustive-added", Breaking)],
        ),
        (
            "#[non_exhaustive] pub struct A {}",
            "pub struct A {}",
            &[("surface-non-exhaustive-removed", Additive)],
        ),
    ];

    #[test]
    fn each_change_has_its_rule_and_verdict() {
        let mut seen = BTreeSet::new();
        for (old, new, expected) in CASES {
            let (old_surface, new_surface) = (surface(old), surface(new));
            let changes = compare(&old_surface, &new_surface);
            let found: Vec<_> =
                changes.iter().map(|change| (change.rule.id, change.severity)).collect();
            assert_eq!(found, *expected, "{old} -> {new}");
            seen.extend(found.iter().map(|(rule, _)| *rule));
            assert_eq!(compare(&new_surface, &new_surface), []);
        }
        let (old, new) = (surface("pub struct A {}"), surface("pub struct A {}"));
        let listing = "# head\nstruct A\nstruct A.gone: u8\n";
        let changes = against_listing(listing, &old, &new);
        assert_eq!(changes.len(), 1, "{changes:?}");
        seen.extend(changes.iter().map(|change| change.rule.id));
        let changes = against_listing(HEADER, &old, &new);
        assert_eq!(changes.len(), 1, "{changes:?}");
        let code = "impl A { pub fn b(&self, c: Vec<u8>, d: u8) {} }";
        let renamed = HEADER.to_owned() + "fn A::b(&self, e: Vec<u8>, d: u8)\n";
        assert_eq!(against_listing(&renamed, &surface(code), &surface(code)), []);
        // A listing from before it had the hand-written items.
        assert_eq!(against_listing("# The generated public surface.\n", &old, &new), []);
        seen.extend(changes.iter().map(|change| change.rule.id));
        let all: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(seen, all, "each rule has a case");
    }

    #[test]
    fn members_that_come_with_a_type_are_part_of_it() {
        let code = "#[derive(Clone)] pub struct A { pub b: u8 } impl A { pub fn c() {} }";
        for changes in
            [compare(&surface(""), &surface(code)), compare(&surface(code), &surface(""))]
        {
            let parts: Vec<_> = changes.iter().map(|change| change.part).collect();
            assert_eq!(parts, [false, true, true, true], "{changes:?}");
        }
    }
}
