//! The rules for the document itself: its version, its components, its information on the API.

use std::cmp::Ordering;
use std::rc::Rc;

use serde_json::Value;

use super::Severity::{Additive, Text};
use super::endpoint::METHODS;
use super::located::{Located, SCHEMAS};
use super::reach::Sides;
use super::recorder::Comparison;
use super::rules::*;
use super::site::{Member, Site, Usage};

impl<'a> Comparison<'a> {
    /// Compares everything that rules know.
    pub(super) fn document(&mut self) {
        let (old, new) = (Located::root(self.old), Located::root(self.new));
        let none = Usage::default();
        // These parts belong to all operations, or to all that have no security of their own.
        let all = self.all_operations(false);
        let inheriting = self.all_operations(true);
        self.paths_whatever();
        for member in self.members(&old, &new, &none) {
            match member.key {
                "openapi" | "swagger" | "jsonSchemaDialect" | "$self" => {
                    let sentence = "The description uses another dialect; its contents are \
                                    compared as usual.";
                    self.plain(&none, member.site(), &DIALECT_CHANGED, Text, sentence);
                }
                "info" => self.info(&member),
                // Compared above, even if it is equal: parameters may stand in components.
                "paths" => {}
                "components" => self.components(&member),
                "servers" => self.servers(&member, &all),
                "security" => self.security(&member, &inheriting),
                "tags" => {
                    let sentence = "Only the grouping in the documentation changes.";
                    self.plain(&none, member.site(), &TAG_CHANGED, Text, sentence);
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
            old: Located::root(self.old).get("paths"),
            new: Located::root(self.new).get("paths"),
        };
        if member.old.is_some() || member.new.is_some() {
            self.paths(&member);
        }
    }

    /// The usage by all operations, or by those without security of their own.
    fn all_operations(&self, inheriting: bool) -> Usage {
        let pairs = self.ground.endpoints.pairs.iter();
        let pairs = pairs.filter(|(old, new)| {
            !inheriting
                || (old.node.get("security").is_none() && new.node.get("security").is_none())
        });
        let sides =
            Sides { requests: pairs.map(|(_, new)| new.id()).collect(), ..Sides::default() };
        Usage { sides: Rc::new(sides), ..Usage::default() }
    }

    fn info(&mut self, member: &Member<'a>) {
        let none = Usage::default();
        let Some((old, new)) = member.both() else {
            return self.plain(
                &none,
                member.site(),
                &INFORMATION_CHANGED,
                Text,
                "Only information about the API as a whole changes.",
            );
        };
        for member in self.members(old, new, &none) {
            match member.key {
                "version" => self.version(&member),
                "title" | "summary" | "description" => self.text(&member, &none),
                "contact" | "license" | "termsOfService" => {
                    let sentence = "No call changes; read what the owner writes.";
                    self.plain(&none, member.site(), &INFORMATION_CHANGED, Text, sentence);
                }
                key if key.starts_with("x-") => self.extension(&member, &none),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), &none),
            }
        }
    }

    fn version(&mut self, member: &Member<'a>) {
        let text = |node: &Option<Located<'a>>| node.as_ref().and_then(|node| node.value.as_str());
        let order = match (text(&member.old), text(&member.new)) {
            (Some(old), Some(new)) => precedence(old, new),
            _ => None,
        };
        let (rule, wire, sentence) = match order {
            Some(Ordering::Less) => {
                (&VERSION_RAISED, Text, "The description has a higher version.")
            }
            // No call fails, but an older description may be about to be adopted.
            Some(Ordering::Greater) => (
                &VERSION_LOWERED,
                Additive,
                "The description is older than the one it replaces: check its source.",
            ),
            _ => (
                &VERSION_CHANGED,
                Additive,
                "The version does not tell whether the description is newer: check its source.",
            ),
        };
        self.plain(&Usage::default(), member.site(), rule, wire, sentence);
    }

    fn webhooks(&mut self, member: &Member<'a>) {
        let none = Usage::default();
        let members = match member.both() {
            Some((old, new)) => self.members(old, new, &none),
            None => vec![Member { key: "", old: member.old.clone(), new: member.new.clone() }],
        };
        for member in members {
            // The server makes these calls, not the client.
            let sentence = "The crate handles no calls from the server.";
            self.plain(&none, member.site(), &WEBHOOK_CHANGED, Additive, sentence);
        }
    }

    fn components(&mut self, member: &Member<'a>) {
        let none = Usage::default();
        let kinds = match member.both() {
            Some((old, new)) => self.members(old, new, &none),
            None => member.parts(),
        };
        for kind in kinds {
            match kind.key {
                "securitySchemes" => self.security_schemes(&kind, &none),
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
        let none = Usage::default();
        if !kind.is(Value::is_object) {
            return self.unknown(kind.old.as_ref(), kind.new.as_ref(), &none);
        }
        if let Some((old, new)) = kind.both() {
            self.visit(old, new);
        }
        for Member { key: name, old, new } in kind.parts() {
            let usage =
                self.component_usage(old.as_ref().map(|n| &n.at), new.as_ref().map(|n| &n.at));
            match (old, new) {
                (Some(old), Some(new)) if old.value != new.value => {
                    self.component(kind.key, &old, &new, &usage);
                }
                (Some(old), None) => {
                    let renamed = self.ground.renames.get(name).filter(|_| kind.key == "schemas");
                    let new = kind.new.as_ref();
                    if let Some(target) = renamed.and_then(|other| new?.get(other)) {
                        self.renamed(&old, &target);
                    } else {
                        // References to it are told where they stand.
                        let sentence = match kind.key {
                            "schemas" => "The next release no longer has a type for it.",
                            _ => "Where it was used, the change is told.",
                        };
                        let site = Site::removed(&old.at);
                        self.plain(&usage, site, &COMPONENT_REMOVED, Text, sentence);
                    }
                }
                (None, Some(new)) => {
                    let comes_of_rename = kind.key == "schemas"
                        && self.ground.renames.values().any(|other| other == name);
                    if !comes_of_rename {
                        let sentence = match kind.key {
                            "schemas" => "The next release has a type for it.",
                            _ => "Where it is used, the change is told.",
                        };
                        let site = Site::added(&new.at);
                        self.plain(&usage, site, &COMPONENT_ADDED, Text, sentence);
                    }
                }
                _ => {}
            }
        }
    }

    fn renamed(&mut self, old: &Located<'a>, new: &Located<'a>) {
        let usage = self.component_usage(Some(&old.at), Some(&new.at));
        let name = |node: &Located<'a>| {
            let pointer = format!("#{}", node.at.as_str());
            pointer.strip_prefix(SCHEMAS).map(str::to_owned)
        };
        // Calls do not send names of components.
        let sentence = "Calls still work; the type in Rust has another name in the next release.";
        // Everything but the name is compared.
        self.schema(old, new, &usage);
        let site = Site::at(&old.at, &new.at).texts(name(old), name(new));
        self.plain(&usage, site, &COMPONENT_RENAMED, Text, sentence);
    }

    fn component(&mut self, kind: &str, old: &Located<'a>, new: &Located<'a>, usage: &Usage) {
        // A component that an operation uses was compared there.
        let used = self.new_coverage.visited.contains(new.at.as_str())
            && self.old_coverage.visited.contains(old.at.as_str());
        match kind {
            "schemas" => self.schema(old, new, usage),
            _ if used => {}
            "responses" => self.response(old, new, usage),
            "requestBodies" => self.body(old, new, usage),
            "headers" | "parameters" => self.header(old, new, usage),
            "examples" => {
                let member =
                    Member { key: "examples", old: Some(old.clone()), new: Some(new.clone()) };
                self.example(&member, usage);
            }
            _ => {
                let site = Site::of(Some(old), Some(new));
                let methods = kind == "pathItems"
                    && METHODS.iter().any(|method| new.value.get(*method).is_some());
                let sentence = if methods {
                    "No path uses it."
                } else {
                    "The crate generates nothing from it."
                };
                self.plain(usage, site, &COMPONENT_CHANGED, Text, sentence);
            }
        }
    }
}

/// The order of two versions by their numbers; `None` if it cannot be told.
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
        // A pre-release is older than its release.
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (x, y) => x.cmp(y),
    });
    Some(order).filter(|order| *order != Ordering::Equal)
}

/// A part after the hyphen of a version: numbers come before words.
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
