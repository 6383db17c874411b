//! All changes, on both axes: each change of the description with the generated items that it
//! changes, and the changes of the surface that no change of the description explains.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

use crate::diff::{Change, Severity};
use crate::surface::SurfaceChange;

/// A change of the description with its effect on the surface.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) change: Change,
    pub(crate) item: Item,
    /// Indices into the changes of the surface.
    pub(crate) surface: Vec<usize>,
    /// The worse of both axes.
    pub(crate) severity: Severity,
}

/// The item that a change is about, by its name in Rust. The names come from the description.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Item {
    /// A type or a method of the client.
    pub(crate) owner: Option<String>,
    /// A field, value or argument.
    pub(crate) member: Option<String>,
}

/// All changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    pub(crate) changes: Vec<Finding>,
    pub(crate) surface: Vec<SurfaceChange>,
    /// Indices of the changes of the surface that no change of the description explains.
    pub(crate) unexplained: Vec<usize>,
    /// Pointers of differences that have no meaning. They are not changes.
    pub(crate) respelled: Vec<String>,
}

/// Rules about prose, and about parts from which nothing is generated.
const NOT_GENERATED: &[&str] = &[
    "error-response-added",
    "error-response-removed",
    "example-changed",
    "information-changed",
    "tag-changed",
    "text-changed",
    "version-raised",
];

/// Rules that leave the structure of operations as it is.
const NOT_STRUCTURAL: &[&str] = &[
    "client-header-changed",
    "deprecated",
    "dialect-changed",
    "example-changed",
    "extension-changed",
    "information-changed",
    "operation-deprecated",
    "operation-undeprecated",
    "removal-announced",
    "removal-date-brought-forward",
    "removal-date-changed",
    "tag-changed",
    "text-changed",
    "undeprecated",
    "unused-security-scheme-added",
    "unused-security-scheme-changed",
    "unused-security-scheme-removed",
    "version-changed",
    "version-lowered",
    "version-raised",
];

impl Findings {
    /// Joins both axes. `names` has the lowered name of each published component.
    pub(crate) fn join(
        changes: Vec<Change>,
        surface: Vec<SurfaceChange>,
        names: &BTreeMap<String, String>,
    ) -> Self {
        let (respelled, changes): (Vec<_>, Vec<_>) =
            changes.into_iter().partition(|change| change.rule.id == "respelled");
        let respelled = respelled.into_iter().map(|change| change.pointer).collect();
        let mut findings: Vec<Finding> = changes
            .into_iter()
            .map(|change| Finding {
                severity: change.wire,
                item: Item::of(&change, names),
                surface: Vec::new(),
                change,
            })
            .collect();
        let subjects: Vec<_> = findings.iter().map(|found| Generated::of(found, names)).collect();
        let known = Known::of(&subjects);
        let mut unexplained = Vec::new();
        for (index, item) in surface.iter().enumerate() {
            let fits = known.candidates(item).into_iter();
            let fits: Vec<_> = fits.map(|at| (at, subjects[at].fit(item))).collect();
            let best = fits.iter().map(|(_, fit)| *fit).max().unwrap_or(0);
            if best == 0 {
                // Members that come or go with their type show in the diff of the listing.
                if !item.part {
                    unexplained.push(index);
                }
                continue;
            }
            let best = fits.iter().filter(|(_, fit)| *fit == best);
            let mut causes: Vec<_> = best.map(|(at, _)| *at).collect();
            if causes.iter().any(|at| findings[*at].change.wire != Severity::Text) {
                causes.retain(|at| findings[*at].change.wire != Severity::Text);
            }
            for at in causes {
                findings[at].surface.push(index);
                findings[at].severity = findings[at].severity.max(item.severity);
            }
        }
        for finding in &mut findings {
            finding.item.take_name(finding.surface.iter().map(|index| &surface[*index]));
        }
        Self { changes: findings, surface, unexplained, respelled }
    }

    /// The worst severity; `None` if nothing changed.
    pub(crate) fn severity(&self) -> Option<Severity> {
        let changes = self.changes.iter().map(|finding| finding.severity);
        changes.chain(self.surface.iter().map(|change| change.severity)).max()
    }

    /// The number of changes of a severity. Changes of the surface count if nothing explains them.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        let changes = self.changes.iter().map(|finding| finding.severity);
        let own = self.unexplained.iter().map(|index| self.surface[*index].severity);
        changes.chain(own).filter(|found| *found == severity).count()
    }

    /// The ids of the rules of all changes that have at least this severity.
    pub(crate) fn rules_from(&self, severity: Severity) -> Vec<&'static str> {
        let changes = self.changes.iter().map(|finding| (finding.severity, finding.change.rule.id));
        let own = self.unexplained.iter().map(|index| &self.surface[*index]);
        let own = own.map(|change| (change.severity, change.rule.id));
        changes.chain(own).filter(|(found, _)| *found >= severity).map(|(_, id)| id).collect()
    }

    /// Changes of servers and security.
    pub(crate) fn to_accept(&self) -> Vec<&Finding> {
        self.changes.iter().filter(|finding| finding.change.rule.needs_acceptance).collect()
    }

    /// Changes that deserve a warning of their own.
    pub(crate) fn to_warn(&self) -> impl Iterator<Item = &Finding> {
        self.changes.iter().filter(|finding| finding.change.rule.is_warning)
    }

    pub(crate) fn with(&self, severity: Severity) -> Vec<&Finding> {
        self.changes.iter().filter(|finding| finding.severity == severity).collect()
    }

    pub(crate) fn unexplained_with(&self, severity: Severity) -> Vec<&SurfaceChange> {
        let own = self.unexplained.iter().map(|index| &self.surface[*index]);
        own.filter(|change| change.severity == severity).collect()
    }

    /// How many of the new operations, `all` of them, have the structure that they had.
    pub(crate) fn unchanged_operations(&self, all: usize) -> usize {
        let is_removal =
            |finding: &&Finding| finding.change.rule.id.starts_with("operation-removed");
        let removed = self.changes.iter().filter(is_removal);
        let removed: BTreeSet<_> = removed.flat_map(|finding| &finding.change.operations).collect();
        let structural =
            self.changes.iter().filter(|finding| !NOT_STRUCTURAL.contains(&finding.change.rule.id));
        let changed: BTreeSet<_> =
            structural.flat_map(|finding| &finding.change.operations).collect();
        all.saturating_sub(changed.difference(&removed).count())
    }
}

impl Item {
    fn of(change: &Change, names: &BTreeMap<String, String>) -> Self {
        let subject = &change.subject;
        let component = subject.component.as_ref();
        let of_type = component.map(|name| names.get(name).unwrap_or(name).to_upper_camel_case());
        let is_scheme = change.pointer.starts_with("/components/securitySchemes/");
        // Without a component, the one operation that meets the change is its owner.
        let operation = match (&subject.operation, change.operations.as_slice()) {
            (Some(operation), _) => Some(operation),
            (None, [one]) if subject.member.is_some() && !is_scheme => Some(one),
            _ => None,
        };
        let method = |id: &String| match id.contains(' ') {
            // An operation without an id goes by its method and path.
            true => id.clone(),
            false => id.to_snake_case(),
        };
        Self { owner: of_type.or_else(|| operation.map(method)), member: subject.member.clone() }
    }

    /// Takes the name of the member from the generated item that has it.
    fn take_name<'s>(&mut self, surface: impl Iterator<Item = &'s SurfaceChange>) {
        let Some(member) = &self.member else { return };
        let mut named = surface.filter(|change| {
            let listed = change.old.iter().chain(&change.new);
            let is_field = |line: &String| line.starts_with("struct ") || line.starts_with("enum ");
            folded(&change.member) == folded(member) && listed.clone().any(is_field)
        });
        if let Some(found) = named.next() {
            self.member = Some(found.member.clone());
        }
    }
}

/// The generated code that a change is about.
struct Generated {
    generated: bool,
    /// It is about deprecation, and then about nothing else.
    deprecation: bool,
    component: Option<String>,
    /// Without case and signs, since fields, setters and variants differ in both.
    member: Option<String>,
    method: Option<String>,
    call: Option<String>,
    /// The calls that send or read the component, whose builders may have its fields.
    calls: Vec<String>,
}

impl Generated {
    fn of(finding: &Finding, names: &BTreeMap<String, String>) -> Self {
        let subject = &finding.change.subject;
        let component = subject.component.as_ref();
        Self {
            generated: !NOT_GENERATED.contains(&finding.change.rule.id),
            deprecation: finding.change.rule.id.contains("deprecated"),
            component: component.map(|name| names.get(name).unwrap_or(name).to_upper_camel_case()),
            member: subject.member.as_deref().map(folded),
            method: subject.operation.as_deref().map(str::to_snake_case),
            call: subject.operation.as_deref().map(str::to_upper_camel_case),
            calls: match (component, &subject.member) {
                (Some(_), Some(_)) => {
                    let operations = finding.change.operations.iter();
                    operations.map(|id| id.to_upper_camel_case()).collect()
                }
                _ => Vec::new(),
            },
        }
    }

    /// How well a change of the surface matches: 0 is not at all, more is better.
    fn fit(&self, item: &SurfaceChange) -> u8 {
        // An item that is added, removed or changed as a whole brings its mark along. Only a mark that
        // comes or goes alone has a change of its own.
        if !self.generated || self.deprecation != item.is_deprecation() {
            return 0;
        }
        let (module, owner) = item.owner.rsplit_once("::").unwrap_or(("", &item.owner));
        let of_types = module.starts_with("types") || matches!(module, "enums" | "ids");
        let member = |found: &str| self.member.as_ref().is_none_or(|own| *own == folded(found));
        if let Some(component) = self.component.as_deref().filter(|_| of_types) {
            if owner == component {
                return match (&self.member, item.member.as_str()) {
                    (Some(_), name) if !name.is_empty() && member(name) => 9,
                    (None, "") => 8,
                    (None, _) => 7,
                    // The type as a whole changes with any of its members.
                    (Some(_), "") => 6,
                    (Some(_), name) if name.contains("::") || name.contains("From") => 3,
                    (Some(_), _) => 0,
                };
            }
            // Inline types are named after their position.
            if let Some(rest) = owner.strip_prefix(component)
                && rest.starts_with(|c: char| c.is_ascii_uppercase())
            {
                let inside = self.member.as_ref().is_some_and(|own| folded(rest).starts_with(own));
                return if inside { 7 } else { u8::from(self.member.is_none()) * 2 };
            }
        }
        // The builder of a call has setters for the fields of its body.
        if module == "builder" && self.calls.iter().any(|call| call == owner) {
            return if !item.member.is_empty() && member(&item.member) { 5 } else { 0 };
        }
        if let (Some(method), Some(call)) = (&self.method, &self.call) {
            if item.owner == "Client" && item.member == *method {
                return if self.member.is_none() { 8 } else { 2 };
            }
            if module == "builder" && owner == call {
                return match &self.member {
                    Some(_) if !item.member.is_empty() && member(&item.member) => 9,
                    None => 8,
                    Some(_) if item.member == "send" || item.member.is_empty() => 2,
                    Some(_) => 0,
                };
            }
            if of_types
                && let Some(rest) = owner.strip_prefix(call.as_str())
                && rest.starts_with(|c: char| c.is_ascii_uppercase())
            {
                return 4;
            }
        }
        // A component that changed as a whole changes every item that names it.
        let named = |line: &Option<String>| {
            let component = self.component.as_deref().unwrap_or_default();
            line.as_deref().is_some_and(|line| names(line).contains(component))
        };
        let whole = self.component.is_some() && self.member.is_none();
        u8::from(whole && (named(&item.old) || named(&item.new)))
    }
}

/// The subjects by their names, so that not every one is compared with every change of the surface.
#[derive(Default)]
struct Known<'s> {
    components: BTreeMap<&'s str, Vec<usize>>,
    methods: BTreeMap<&'s str, Vec<usize>>,
    calls: BTreeMap<&'s str, Vec<usize>>,
}

impl<'s> Known<'s> {
    fn of(subjects: &'s [Generated]) -> Self {
        let mut known = Self::default();
        for (at, subject) in subjects.iter().enumerate() {
            for (name, by) in [
                (&subject.component, &mut known.components),
                (&subject.method, &mut known.methods),
                (&subject.call, &mut known.calls),
            ] {
                if let Some(name) = name {
                    by.entry(name).or_default().push(at);
                }
            }
            for call in &subject.calls {
                known.calls.entry(call).or_default().push(at);
            }
        }
        known
    }

    /// The subjects that can match a change of the surface.
    fn candidates(&self, item: &SurfaceChange) -> BTreeSet<usize> {
        let owner = item.owner.rsplit("::").next().unwrap_or_default();
        // The name of an inline type begins with the name of the type that it is in.
        let ends = owner.match_indices(|c: char| c.is_ascii_uppercase()).map(|(at, _)| at);
        let owners = ends.chain([owner.len()]).map(|end| &owner[..end]);
        let lines = item.old.iter().chain(&item.new).flat_map(|line| names(line));
        let components = lines.chain(owners.clone()).filter_map(|name| self.components.get(name));
        let calls = owners.filter_map(|name| self.calls.get(name));
        let methods = self.methods.get(item.member.as_str());
        components.chain(calls).chain(methods).flatten().copied().collect()
    }
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn names(line: &str) -> BTreeSet<&str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Findings;
    use crate::diff::{Change, ChangeRule, Severity, Subject};
    use crate::surface;

    static RULE: ChangeRule =
        ChangeRule { id: "a-rule", title: "something", needs_acceptance: false, is_warning: false };
    static MARK: ChangeRule = ChangeRule {
        id: "operation-deprecated",
        title: "x",
        needs_acceptance: false,
        is_warning: false,
    };
    static PROSE: ChangeRule = ChangeRule {
        id: "text-changed",
        title: "text",
        needs_acceptance: false,
        is_warning: false,
    };

    fn change(rule: &'static ChangeRule, component: &str, member: &str, operation: &str) -> Change {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Change {
            rule,
            pointer: "/x".into(),
            operations: Vec::new(),
            old: None,
            new: None,
            note: None,
            wire: Severity::Text,
            consequence: String::new(),
            subject: Subject {
                component: given(component),
                member: given(member),
                operation: given(operation),
            },
        }
    }

    fn joined(changes: Vec<Change>, old: &str, new: &str) -> Findings {
        let read = |code| surface::read(&syn::parse_file(code).expect("Rust")).expect("reads");
        let names = BTreeMap::from([("RunApiModel".to_owned(), "Run".to_owned())]);
        Findings::join(changes, surface::compare(&read(old), &read(new)), &names)
    }

    const OLD: &str = "
        pub mod types {
            #[non_exhaustive] pub struct Run { pub type_: u8, pub next_link: u8 }
            pub mod builder { impl Run { pub fn type_(self) {} } }
        }
        pub mod builder { impl<'a> GetRun<'a> { pub fn skip(self, value: u8) {} } }
        impl Client { pub fn get_run(&self) {} }";

    #[test]
    fn field_and_setter_belong_to_the_property() {
        let new = OLD.replace("pub type_: u8,", "").replace("pub fn type_(self) {}", "");
        let changes = vec![
            change(&PROSE, "RunApiModel", "type", ""),
            change(&RULE, "RunApiModel", "@nextLink", ""),
            change(&RULE, "RunApiModel", "type", ""),
        ];
        let findings = joined(changes, OLD, &new);
        assert_eq!(findings.surface.len(), 2, "{findings:?}");
        let counts: Vec<_> = findings.changes.iter().map(|found| found.surface.len()).collect();
        assert_eq!(counts, [0, 0, 2]);
        assert_eq!(findings.changes[2].severity, Severity::Breaking);
        assert_eq!(findings.changes[1].severity, Severity::Text);
        assert!(findings.unexplained.is_empty());
    }

    #[test]
    fn setter_and_method_belong_to_the_operation() {
        let new = OLD.replace("value: u8", "value: u16");
        let findings = joined(vec![change(&RULE, "", "$skip", "get_run")], OLD, &new);
        assert_eq!(findings.changes[0].surface, [0]);
        let new = OLD.replace("get_run", "read_run");
        let findings = joined(vec![change(&RULE, "", "", "read_run")], OLD, &new);
        assert_eq!(findings.changes[0].severity, Severity::Additive, "it was added");
        assert_eq!(findings.unexplained.len(), 1, "and nothing explains why the other is gone");
    }

    #[test]
    fn items_have_their_names_in_rust() {
        let new = OLD.replace("next_link: u8", "next_link: u16");
        let changes = vec![
            change(&RULE, "RunApiModel", "@nextLink", ""),
            change(&RULE, "RunApiModel", "", ""),
            change(&RULE, "", "$skip", "getRun"),
        ];
        let findings = joined(changes, OLD, &new);
        let name = |at: usize| {
            let item = &findings.changes[at].item;
            (item.owner.as_deref().unwrap_or_default(), item.member.as_deref().unwrap_or_default())
        };
        assert_eq!(name(0), ("Run", "next_link"));
        assert_eq!(name(1), ("Run", ""));
        assert_eq!(name(2), ("get_run", "$skip"));
    }

    #[test]
    fn respelled_parts_are_no_changes() {
        static RESPELLED: ChangeRule =
            ChangeRule { id: "respelled", title: "x", needs_acceptance: false, is_warning: false };
        let findings = joined(vec![change(&RESPELLED, "RunApiModel", "", "")], OLD, OLD);
        assert_eq!(findings.severity(), None);
        assert_eq!(findings.respelled, ["/x"]);
    }

    #[test]
    fn operations_without_a_structural_change_are_counted() {
        let of = |rule, operations: &[&str]| Change {
            operations: operations.iter().map(|id| (*id).to_owned()).collect(),
            ..change(rule, "", "", "")
        };
        static GONE: ChangeRule = ChangeRule {
            id: "operation-removed",
            title: "x",
            needs_acceptance: false,
            is_warning: false,
        };
        let changes =
            vec![of(&PROSE, &["a", "b", "c"]), of(&RULE, &["b", "gone"]), of(&GONE, &["gone"])];
        assert_eq!(joined(changes, OLD, OLD).unchanged_operations(3), 2);
        assert_eq!(joined(vec![of(&PROSE, &["a"])], OLD, OLD).unchanged_operations(3), 3);
    }

    #[test]
    fn setter_of_a_body_belongs_to_the_property() {
        let setter = "pub mod builder { impl<'a> GetRun<'a> { pub fn note(self) {}";
        let old = OLD.replace("pub mod builder { impl<'a> GetRun<'a> {", setter);
        let sent = Change {
            operations: vec!["get_run".into()],
            ..change(&RULE, "RunApiModel", "note", "")
        };
        let findings = joined(vec![sent], &old, OLD);
        assert_eq!(findings.changes[0].surface, [0]);
        assert!(findings.unexplained.is_empty());
    }

    #[test]
    fn enum_written_in_place_belongs_to_its_parameter() {
        let new = format!("{OLD} pub mod enums {{ pub enum GetRunColour {{ Red }} }}");
        let findings = joined(vec![change(&RULE, "", "colour", "get_run")], OLD, &new);
        assert!(findings.unexplained.is_empty(), "{findings:?}");
    }

    #[test]
    fn mark_of_deprecation_belongs_to_its_own_change() {
        let new = OLD.replace("pub fn get_run", "#[deprecated] pub fn get_run");
        let changes = vec![change(&RULE, "", "", "get_run"), change(&MARK, "", "", "get_run")];
        let findings = joined(changes, OLD, &new);
        let counts: Vec<_> = findings.changes.iter().map(|found| found.surface.len()).collect();
        assert_eq!(counts, [0, 1]);
    }

    #[test]
    fn unexplained_change_counts_by_itself() {
        let new = OLD.replace("next_link: u8", "next_link: u16");
        let findings = joined(vec![change(&RULE, "RunApiModel", "type", "")], OLD, &new);
        assert_eq!(findings.unexplained, [0]);
        assert_eq!(findings.severity(), Some(Severity::Breaking));
        assert_eq!(findings.count(Severity::Breaking), 1);
        assert_eq!(findings.rules_from(Severity::Additive), ["surface-field-changed"]);
        assert_eq!(joined(vec![], OLD, OLD).severity(), None);
    }
}
