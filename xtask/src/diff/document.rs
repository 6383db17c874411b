//! The rules for the document itself: its version, its components, what it says of the API.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::Value;

use super::Verdict::{Additive, Text};
use super::reach::{METHODS, Node, Sides};
use super::recorder::{Comparison, Context, Member, Spot};
use super::rename::SCHEMAS;
use super::rules::*;

impl<'a> Comparison<'a> {
    /// Compares all but what [`Comparison::leftover`] finds.
    pub(super) fn document(&mut self) {
        let (old, new) = (Node::root(self.old), Node::root(self.new));
        let none = Context::default();
        // Of no operation in particular: what is said of all.
        let all = self.all_operations(false);
        let inheriting = self.all_operations(true);
        self.paths_whatever();
        for member in self.members(&old, &new, &none) {
            match member.key {
                "openapi" | "swagger" | "jsonSchemaDialect" | "$self" => {
                    // What the new dialect reads otherwise shows in the schemas.
                    let sentence = "The description is written in another dialect; what it says \
                                    is compared all the same.";
                    self.plain(&none, member.spot(), &DIALECT_CHANGED, Text, sentence);
                }
                "info" => self.info(&member),
                // Compared even where it is the same: parameters may lie in components.
                "paths" => {}
                "components" => self.components(&member),
                "servers" => self.servers(&member, &all),
                "security" => self.security(&member, &inheriting),
                "tags" => {
                    let sentence = "Only the grouping in the documentation changes.";
                    self.plain(&none, member.spot(), &TAG_CHANGED, Text, sentence);
                }
                "externalDocs" => self.text(&member, &none),
                "webhooks" => self.webhooks(&member),
                key if key.starts_with("x-") => self.extension(&member, &none),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), &none),
            }
        }
    }

    fn paths_whatever(&mut self) {
        let member = Member {
            key: "paths",
            old: Node::root(self.old).get("paths"),
            new: Node::root(self.new).get("paths"),
        };
        if member.old.is_some() || member.new.is_some() {
            self.paths(&member);
        }
    }

    /// All operations, or those that name no security of their own.
    fn all_operations(&self, inheriting: bool) -> Context {
        let pairs = self.operations.pairs.iter();
        let pairs = pairs.filter(|(old, new)| {
            !inheriting
                || (old.node.get("security").is_none() && new.node.get("security").is_none())
        });
        let sides = Sides { sent: pairs.map(|(_, new)| new.id()).collect(), ..Sides::default() };
        Context { sides: Rc::new(sides), ..Context::default() }
    }

    fn info(&mut self, member: &Member<'a>) {
        let none = Context::default();
        let Some((old, new)) = member.both() else {
            return self.plain(
                &none,
                member.spot(),
                &INFORMATION_CHANGED,
                Text,
                "Only what is said about the API as a whole changes.",
            );
        };
        for member in self.members(old, new, &none) {
            match member.key {
                "version" => self.version(&member),
                "title" | "summary" | "description" => self.text(&member, &none),
                "contact" | "license" | "termsOfService" => {
                    let sentence = "No call changes; read what the owner says.";
                    self.plain(&none, member.spot(), &INFORMATION_CHANGED, Text, sentence);
                }
                key if key.starts_with("x-") => self.extension(&member, &none),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), &none),
            }
        }
    }

    fn version(&mut self, member: &Member<'a>) {
        let text = |node: &Option<Node<'a>>| node.as_ref().and_then(|node| node.value.as_str());
        let order = match (text(&member.old), text(&member.new)) {
            (Some(old), Some(new)) => precedence(old, new),
            _ => None,
        };
        let (rule, wire, sentence) = match order {
            Some(Ordering::Less) => {
                (&VERSION_RAISED, Text, "The owner gives the description a higher version.")
            }
            // No call fails by it, but it may be an older description that is being adopted.
            Some(Ordering::Greater) => (
                &VERSION_LOWERED,
                Additive,
                "The description is older than the one it replaces: check that the source is the \
                 right one.",
            ),
            _ => (
                &VERSION_CHANGED,
                Additive,
                "Whether the description is newer cannot be told from its version: check that \
                 the source is the right one.",
            ),
        };
        self.plain(&Context::default(), member.spot(), rule, wire, sentence);
    }

    /// Says aloud that something changed and the version did not.
    pub(super) fn same_version(&mut self) {
        let version = |document: &'a Value| Node::root(document).get("info")?.get("version");
        let (Some(old), Some(new)) = (version(self.old), version(self.new)) else { return };
        if old.value != new.value || self.is_silent() {
            return;
        }
        let sentence = "The version does not tell these two descriptions apart: what users know \
                        as this version has changed.";
        let spot = Spot::of(Some(&old), Some(&new));
        self.plain(&Context::default(), spot, &SAME_VERSION_OTHER_CONTENT, Additive, sentence);
    }

    fn webhooks(&mut self, member: &Member<'a>) {
        let none = Context::default();
        let members = match member.both() {
            Some((old, new)) => self.members(old, new, &none),
            None => vec![Member { key: "", old: member.old.clone(), new: member.new.clone() }],
        };
        for member in members {
            // The server calls its user, not the other way round.
            let sentence = "The crate answers no calls of the server.";
            self.plain(&none, member.spot(), &WEBHOOK_CHANGED, Additive, sentence);
        }
    }

    fn components(&mut self, member: &Member<'a>) {
        let none = Context::default();
        let kinds = match member.both() {
            Some((old, new)) => self.members(old, new, &none),
            None => {
                let only = member.old.as_ref().or(member.new.as_ref());
                let members = only.map(Node::members).unwrap_or_default();
                let gone = member.old.is_some();
                let kind = |(key, node): (&'a str, Node<'a>)| Member {
                    key,
                    old: gone.then(|| node.clone()),
                    new: (!gone).then_some(node),
                };
                members.into_iter().map(kind).collect()
            }
        };
        for kind in kinds {
            match kind.key {
                "securitySchemes" => {
                    let all = self.all_operations(false);
                    self.security_schemes(&kind, &all);
                }
                "schemas" | "parameters" | "responses" | "requestBodies" | "headers"
                | "examples" | "links" | "callbacks" | "pathItems" | "mediaTypes" => {
                    self.components_of(&kind);
                }
                key if key.starts_with("x-") => self.extension(&kind, &none),
                _ => self.unknown(kind.old.as_ref(), kind.new.as_ref(), &none),
            }
        }
    }

    fn components_of(&mut self, kind: &Member<'a>) {
        let none = Context::default();
        if [&kind.old, &kind.new].into_iter().flatten().any(|node| !node.value.is_object()) {
            return self.unknown(kind.old.as_ref(), kind.new.as_ref(), &none);
        }
        if let Some((old, new)) = kind.both() {
            self.visit(old, new);
        }
        let part = |node: &Option<Node<'a>>, name: &str| node.as_ref().and_then(|n| n.get(name));
        let both = [&kind.old, &kind.new].into_iter().flatten();
        let names: BTreeSet<&str> = both.flat_map(Node::members).map(|(key, _)| key).collect();
        for name in names {
            let (old, new) = (part(&kind.old, name), part(&kind.new, name));
            let context =
                self.component_context(old.as_ref().map(|n| &n.at), new.as_ref().map(|n| &n.at));
            match (old, new) {
                (Some(old), Some(new)) if old.value != new.value => {
                    self.component(kind.key, &old, &new, &context);
                }
                (Some(old), None) => {
                    let renamed = self.renames.get(name).filter(|_| kind.key == "schemas");
                    if let Some(target) = renamed.and_then(|other| part(&kind.new, other)) {
                        self.renamed(&old, &target);
                    } else {
                        // Places that referred to it are changes of their own.
                        let sentence = match kind.key {
                            "schemas" => "Its type is gone from the next release.",
                            _ => "It mattered where it was used.",
                        };
                        let spot = Spot::gone(&old.at);
                        self.plain(&context, spot, &COMPONENT_REMOVED, Text, sentence);
                    }
                }
                (None, Some(new)) => {
                    let comes_of_rename =
                        kind.key == "schemas" && self.renames.values().any(|other| other == name);
                    if !comes_of_rename {
                        let sentence = match kind.key {
                            "schemas" => "The next release has a type for it.",
                            _ => "It matters where it is used.",
                        };
                        let spot = Spot::come(&new.at);
                        self.plain(&context, spot, &COMPONENT_ADDED, Text, sentence);
                    }
                }
                _ => {}
            }
        }
    }

    fn renamed(&mut self, old: &Node<'a>, new: &Node<'a>) {
        let context = self.component_context(Some(&old.at), Some(&new.at));
        let name = |node: &Node<'a>| {
            let pointer = format!("#{}", node.at.as_str());
            pointer.strip_prefix(SCHEMAS).map(str::to_owned)
        };
        // Names of components are not sent.
        let sentence = "Calls go on; the type in Rust has another name in a crate made from this \
                        description.";
        // What else differs is compared: only the names are accounted for.
        self.schema(old, new, &context);
        let spot = Spot::at(&old.at, &new.at).texts(name(old), name(new));
        self.plain(&context, spot, &COMPONENT_RENAMED, Text, sentence);
    }

    fn component(&mut self, kind: &str, old: &Node<'a>, new: &Node<'a>, context: &Context) {
        // What an operation uses has been compared where it is used, with all that is known there.
        let used = self.seen_new.visited.contains(new.at.as_str())
            && self.seen_old.visited.contains(old.at.as_str());
        match kind {
            "schemas" => self.schema(old, new, context),
            _ if used => {}
            "responses" => self.response(old, new, context),
            "requestBodies" => self.body(old, new, context),
            "headers" | "parameters" => self.header(old, new, context),
            "examples" => {
                let member =
                    Member { key: "examples", old: Some(old.clone()), new: Some(new.clone()) };
                self.example(&member, context);
            }
            _ => {
                let spot = Spot::of(Some(old), Some(new));
                let methods = kind == "pathItems"
                    && METHODS.iter().any(|method| new.value.get(*method).is_some());
                let sentence = if methods {
                    "No path of the description uses it."
                } else {
                    "The crate makes nothing of it."
                };
                self.plain(context, spot, &COMPONENT_CHANGED, Text, sentence);
            }
        }
    }
}

/// Which of two versions comes first, by their numbers; none where that cannot be told.
fn precedence(old: &str, new: &str) -> Option<Ordering> {
    let parts = |version: &str| -> Option<(Vec<u64>, Option<Vec<Identifier>>)> {
        let version = version.trim().trim_start_matches(['v', 'V']);
        let version = version.split('+').next()?;
        let (numbers, pre) = match version.split_once('-') {
            Some((numbers, pre)) => (numbers, Some(pre)),
            None => (version, None),
        };
        let numbers: Option<Vec<u64>> = numbers.split('.').map(|part| part.parse().ok()).collect();
        let mut numbers = numbers?;
        // 1.2 and 1.2.0 are one version.
        while numbers.last() == Some(&0) {
            numbers.pop();
        }
        Some((numbers, pre.map(|pre| pre.split('.').map(Identifier::new).collect())))
    };
    let ((a, x), (b, y)) = (parts(old)?, parts(new)?);
    let order = a.cmp(&b).then_with(|| match (&x, &y) {
        // What comes before a release is older than the release.
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (x, y) => x.cmp(y),
    });
    Some(order).filter(|order| *order != Ordering::Equal)
}

/// A part of what follows the hyphen of a version: numbers come before words.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    Number(u64),
    Word(String),
}

impl Identifier {
    fn new(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Word(text.to_owned()), Self::Number)
    }
}
