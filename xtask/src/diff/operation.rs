//! Operations: which belong together, and the rules for what they say of themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use super::Verdict::{Additive, Breaking, Text};
use super::reach::{METHODS, Node, Sides, follow};
use super::recorder::{Comparison, Context, Member, Spot};
use super::rules::*;
use openapi_lowering::problem::Place;

/// An operation of one of the descriptions.
#[derive(Clone, Debug)]
pub(super) struct Operation<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    pub(super) node: Node<'a>,
    /// The path item that it is in, behind references.
    pub(super) item: Node<'a>,
}

impl Operation<'_> {
    fn own_id(&self) -> Option<&str> {
        self.node.text("operationId")
    }

    /// The operationId, or the method and path where it has none.
    pub(super) fn id(&self) -> String {
        let place = || format!("{} {}", self.method.to_uppercase(), self.path);
        self.own_id().map_or_else(place, str::to_owned)
    }

    fn said(&self) -> Option<String> {
        Some(format!("{} {}", self.method.to_uppercase(), self.path))
    }
}

/// The operations of both descriptions, matched.
#[derive(Debug, Default)]
pub(super) struct Operations<'a> {
    pub(super) pairs: Vec<(Operation<'a>, Operation<'a>)>,
    pub(super) gone: Vec<Operation<'a>>,
    pub(super) come: Vec<Operation<'a>>,
    /// The path items that belong together.
    items: Vec<(Node<'a>, Node<'a>)>,
    old_ids: BTreeMap<(String, String), String>,
    new_ids: BTreeMap<(String, String), String>,
}

/// A path with its parameters without their names.
fn template(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, after)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str("{}");
        rest = after;
    }
    out + rest
}

/// The names of the parameters in a path, in order.
pub(super) fn names_in(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}

fn operations<'a>(document: &'a Value) -> Vec<Operation<'a>> {
    let mut found = Vec::new();
    for (path, item) in Node::root(document).get("paths").iter().flat_map(Node::members) {
        if path.starts_with("x-") {
            continue;
        }
        let Some(target) = follow(document, &item) else { continue };
        for method in METHODS {
            // What stands beside a reference counts as well.
            if let Some(node) = item.get(method).or_else(|| target.get(method)) {
                found.push(Operation { path, method, node, item: target.clone() });
            }
        }
    }
    found
}

impl<'a> Operations<'a> {
    pub(super) fn new(old: &'a Value, new: &'a Value) -> Self {
        let mut out = Self { gone: operations(old), come: operations(new), ..Self::default() };
        out.pair(|old, new| old.path == new.path && old.method == new.method);
        out.pair(|old, new| old.method == new.method && template(old.path) == template(new.path));
        // The same name at another address is the same operation, moved.
        out.pair(|old, new| old.own_id().is_some() && old.own_id() == new.own_id());
        let key =
            |operation: &Operation<'_>| (operation.path.to_owned(), operation.method.to_owned());
        for (old, new) in &out.pairs {
            out.old_ids.insert(key(old), new.id());
            out.new_ids.insert(key(new), new.id());
        }
        out.old_ids.extend(out.gone.iter().map(|gone| (key(gone), gone.id())));
        out.new_ids.extend(out.come.iter().map(|come| (key(come), come.id())));
        out.items = items(old, new);
        out
    }

    fn pair(&mut self, belong: impl Fn(&Operation<'a>, &Operation<'a>) -> bool) {
        let mut left = Vec::new();
        for old in std::mem::take(&mut self.gone) {
            match self.come.iter().position(|new| belong(&old, new)) {
                Some(at) => self.pairs.push((old, self.come.remove(at))),
                None => left.push(old),
            }
        }
        self.gone = left;
    }

    /// The id of an operation of the old description, by that of the new one where it is there.
    pub(super) fn old_id(&self, path: &str, method: &str) -> String {
        let key = (path.to_owned(), method.to_owned());
        self.old_ids.get(&key).cloned().unwrap_or_default()
    }

    pub(super) fn new_id(&self, path: &str, method: &str) -> String {
        let key = (path.to_owned(), method.to_owned());
        self.new_ids.get(&key).cloned().unwrap_or_default()
    }
}

fn items<'a>(old: &'a Value, new: &'a Value) -> Vec<(Node<'a>, Node<'a>)> {
    let (old, new) = (Node::root(old).get("paths"), Node::root(new).get("paths"));
    let mut come = new.map(|paths| paths.members()).unwrap_or_default();
    come.retain(|(path, _)| !path.starts_with("x-"));
    let mut pairs = Vec::new();
    for same in [true, false] {
        for (path, item) in old.iter().flat_map(Node::members) {
            if pairs.iter().any(|(known, _): &(Node<'a>, Node<'a>)| known.at == item.at) {
                continue;
            }
            let found = come.iter().position(|(other, _)| {
                if same { *other == path } else { template(other) == template(path) }
            });
            if let Some(at) = found {
                pairs.push((item, come.remove(at).1));
            }
        }
    }
    pairs
}

impl<'a> Comparison<'a> {
    /// The context of something that stands in an operation.
    pub(super) fn context_of(&self, operation: &Operation<'a>, sides: Sides) -> Context {
        Context {
            sides: Rc::new(sides),
            operation: Some(operation.id().into()),
            ..Context::default()
        }
    }

    pub(super) fn paths(&mut self, member: &Member<'a>) {
        let context = Context::default();
        if let Some((old, new)) = member.both() {
            self.visit(old, new);
        }
        let both = [&member.old, &member.new].into_iter().flatten();
        if both.clone().any(|paths| !paths.value.is_object()) {
            return self.unknown(member.old.as_ref(), member.new.as_ref(), &context);
        }
        let keys: BTreeSet<&str> = both.flat_map(Node::members).map(|(key, _)| key).collect();
        for key in keys.into_iter().filter(|key| key.starts_with("x-")) {
            let part = |node: &Option<Node<'a>>| node.as_ref().and_then(|node| node.get(key));
            let member = Member { key, old: part(&member.old), new: part(&member.new) };
            if member.old.as_ref().map(|n| n.value) != member.new.as_ref().map(|n| n.value) {
                self.extension(&member, &context);
            }
        }
        let operations = Rc::clone(&self.operations);
        let Operations { pairs, gone, come, items, .. } = &*operations;
        for (old, new) in pairs {
            self.operation(old, new);
        }
        for old in gone {
            self.operation_removed(old);
        }
        for new in come {
            let sentence = "The next release has a call for it.";
            let context = self.context_of(new, everywhere(new));
            let spot = Spot::come(&new.node.at).texts(None, new.said());
            self.plain(&context, spot, &OPERATION_ADDED, Additive, sentence);
        }
        for (old, new) in items {
            self.path_item(old, new, pairs);
        }
    }

    fn operation_removed(&mut self, old: &Operation<'a>) {
        // The released crate goes on calling it.
        let sentence = if old.node.is("deprecated") {
            "Calls of it fail with status 404 or 405; it had been deprecated."
        } else {
            "Calls of it fail with status 404 or 405, and it had not been deprecated."
        };
        let context = self.context_of(old, everywhere(old));
        let spot = Spot::gone(&old.node.at).texts(old.said(), None);
        self.plain(&context, spot, &OPERATION_REMOVED, Breaking, sentence);
    }

    /// What stands at a path beside its operations; its parameters are compared with theirs.
    fn path_item(
        &mut self,
        old: &Node<'a>,
        new: &Node<'a>,
        pairs: &[(Operation<'a>, Operation<'a>)],
    ) {
        let mut context = Context::default();
        let mut sides = Sides::default();
        let below = |operation: &&(Operation<'a>, Operation<'a>)| {
            operation.1.node.at.as_str().starts_with(new.at.as_str())
        };
        sides.sent.extend(pairs.iter().filter(below).map(|(_, new)| new.id()));
        context.sides = Rc::new(sides);
        self.visit(old, new);
        let targets = (follow(self.old, old), follow(self.new, new));
        let (Some(old_target), Some(new_target)) = targets else {
            if old.value != new.value {
                self.lost(old, new, &context);
            }
            return;
        };
        let mut members = self.members(&old_target, &new_target, &context);
        if (&old_target.at, &new_target.at) != (&old.at, &new.at) {
            members.extend(self.members(old, new, &context));
        }
        for member in members {
            match member.key {
                key if METHODS.contains(&key) => {}
                "parameters" | "$ref" => {
                    if let Some((old, new)) = member.both() {
                        self.visit(old, new);
                    }
                }
                "summary" | "description" => self.text(&member, &context),
                "servers" => self.servers(&member, &context),
                key if key.starts_with("x-") => self.extension(&member, &context),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), &context),
            }
        }
    }

    fn operation(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let context = self.context_of(new, everywhere(new));
        let moved = old.method != new.method || template(old.path) != template(new.path);
        if moved {
            // The released crate calls the old address.
            let spot = Spot::at(&old.node.at, &new.node.at).texts(old.said(), new.said());
            let sentence = "Calls of a released crate go to the old address and fail.";
            self.plain(&context, spot, &OPERATION_MOVED, Breaking, sentence);
        } else if old.path != new.path {
            // Addresses have values in them and no names.
            let sentence = "Calls go on; the builder's method for it has another name in a crate \
                            made from this description.";
            let place = |path: &str| Place::root().at("paths").at(path);
            let spot = Spot::at(&place(old.path), &place(new.path))
                .texts(Some(old.path.to_owned()), Some(new.path.to_owned()));
            let (was, is) = (names_in(old.path), names_in(new.path));
            let renamed = was.iter().zip(&is).find(|(a, b)| a != b);
            let context = renamed.map_or(context.clone(), |(_, name)| context.member(name));
            self.plain(&context, spot, &PATH_PARAMETER_RENAMED, Text, sentence);
        }
        self.parameters(old, new);
        // Where neither says anything of its own, the description's requirements hold for both.
        self.operation_security(old, new, &context);
        for member in self.members(&old.node, &new.node, &context) {
            match member.key {
                "operationId" => {
                    // The id is a name in the description; calls do not send it.
                    let sentence = "Calls go on; the method has another name in a crate made \
                                    from this description.";
                    self.plain(&context, member.spot(), &OPERATION_RENAMED, Text, sentence);
                }
                "deprecated" if !member.is(Value::is_boolean) => {
                    self.unknown(member.old.as_ref(), member.new.as_ref(), &context);
                }
                "deprecated" => self.deprecation(&member, old, new, &context),
                // These were compared above.
                "parameters" => {
                    if member.both().is_none_or(|(a, b)| a.value.is_array() && b.value.is_array()) {
                        if let Some((old, new)) = member.both() {
                            self.visit(old, new);
                        }
                    } else {
                        self.unknown(member.old.as_ref(), member.new.as_ref(), &context);
                    }
                }
                "security" => {}
                "requestBody" => self.request_body(&member, new),
                "responses" => self.responses(&member, new),
                "tags" => {
                    let sentence = "Only the grouping in the documentation changes.";
                    self.plain(&context, member.spot(), &TAG_CHANGED, Text, sentence);
                }
                "summary" | "externalDocs" => self.text(&member, &context),
                "description" => {
                    self.text(&member, &context);
                    let (was, is) = (removal(&old.node), removal(&new.node));
                    let deprecated = old.node.is("deprecated") && new.node.is("deprecated");
                    if deprecated && was != is {
                        let spot = member.spot().texts(was, is.clone());
                        let sentence = announced(is);
                        self.plain(&context, spot, &REMOVAL_DATE_CHANGED, Additive, sentence);
                    }
                }
                "callbacks" => self.callbacks(&member, &context),
                "servers" => self.servers(&member, &context),
                key if is_date_of_removal(key) => {
                    let sentence = announced(removal(&new.node));
                    self.plain(&context, member.spot(), &REMOVAL_DATE_CHANGED, Additive, sentence);
                }
                key if key.starts_with("x-") => self.extension(&member, &context),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), &context),
            }
        }
    }

    fn deprecation(
        &mut self,
        member: &Member<'a>,
        old: &Operation<'a>,
        new: &Operation<'a>,
        context: &Context,
    ) {
        if old.node.is("deprecated") == new.node.is("deprecated") {
            return;
        }
        // Calls of it go on until it is removed.
        if new.node.is("deprecated") {
            let sentence = announced(removal(&new.node));
            self.plain(context, member.spot(), &OPERATION_DEPRECATED, Additive, sentence);
        } else {
            let sentence = "It is there to stay.";
            self.plain(context, member.spot(), &OPERATION_UNDEPRECATED, Additive, sentence);
        }
    }

    /// Calls that the server makes, which a client does not answer.
    fn callbacks(&mut self, member: &Member<'a>, context: &Context) {
        let members = match member.both() {
            Some((old, new)) => self.members(old, new, context),
            None => vec![Member { key: "", old: member.old.clone(), new: member.new.clone() }],
        };
        for member in members {
            let sentence = "The crate answers no calls of the server.";
            self.plain(context, member.spot(), &CALLBACK_CHANGED, Additive, sentence);
        }
    }
}

fn everywhere(operation: &Operation<'_>) -> Sides {
    Sides { sent: BTreeSet::from([operation.id()]), ..Sides::default() }
}

/// Whether an extension tells when an operation goes.
fn is_date_of_removal(key: &str) -> bool {
    key.starts_with("x-") && (key.contains("removal") || key.contains("sunset"))
}

fn announced(date: Option<String>) -> String {
    match date {
        Some(date) => format!("It works until its removal, announced for {date}."),
        None => "It works until its removal, for which no date is announced.".to_owned(),
    }
}

/// The date on which a deprecated operation is announced to go: an extension says it, or the
/// prose does, after a word about removing.
fn removal(operation: &Node<'_>) -> Option<String> {
    let members = operation.members();
    let extension = members.iter().find(|(key, _)| is_date_of_removal(key));
    if let Some(text) = extension.and_then(|(_, node)| node.value.as_str()) {
        return date(text);
    }
    let prose = operation.text("description")?.to_ascii_lowercase();
    prose.match_indices("remov").find_map(|(at, _)| date(&prose[at..]))
}

/// The first date of the form 2026-09-01 in a text.
fn date(text: &str) -> Option<String> {
    let form = |part: &[u8]| {
        part.iter().enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    };
    let found = text.as_bytes().windows(10).find(|part| form(part))?;
    std::str::from_utf8(found).ok().map(str::to_owned)
}
