//! The rules for what is trusted: servers and security. None is adopted without a word.

use serde_json::Value;

use super::Verdict::{Additive, Breaking, Text};
use super::operation::Operation;
use super::reach::Node;
use super::recorder::{Comparison, Context, Member, Spot, same};
use super::rules::*;

/// Alternatives of authentication: each by what it asks for, with the order taken out.
fn alternatives<'a>(node: Option<&Node<'a>>) -> Vec<(String, Node<'a>)> {
    let list = node.map(Node::elements).unwrap_or_default();
    let key = |node: &Node<'a>| {
        let schemes = node.members().into_iter().map(|(name, scopes)| {
            let mut scopes: Vec<_> =
                scopes.elements().iter().map(|s| s.value.to_string()).collect();
            scopes.sort();
            (name.to_owned(), scopes)
        });
        format!("{:?}", schemes.collect::<std::collections::BTreeMap<_, _>>())
    };
    list.into_iter().map(|node| (key(&node), node)).collect()
}

impl<'a> Comparison<'a> {
    /// Servers of the description, a path or an operation.
    pub(super) fn servers(&mut self, member: &Member<'a>, context: &Context) {
        let list = |node: &Option<Node<'a>>| node.as_ref().map(Node::elements).unwrap_or_default();
        if [&member.old, &member.new].into_iter().flatten().any(|node| !node.value.is_array()) {
            return self.unknown(member.old.as_ref(), member.new.as_ref(), context);
        }
        if let Some((old, new)) = member.both() {
            self.visit(old, new);
        }
        let (old, new) = (list(&member.old), list(&member.new));
        let mut come = new.clone();
        let mut gone = Vec::new();
        for server in &old {
            let found = come.iter().position(|other| other.text("url") == server.text("url"));
            match found {
                Some(at) => {
                    let other = come.remove(at);
                    self.server(server, &other, context);
                }
                None => gone.push(server.clone()),
            }
        }
        // The client has one base address, and calls no other for a path or an operation.
        let root = [&member.old, &member.new]
            .into_iter()
            .flatten()
            .all(|node| node.at.as_str() == "/servers");
        if let ([was], [is]) = (gone.as_slice(), come.as_slice()) {
            // The released crate has its base address from the old description.
            let sentence = "A released crate goes on to call the old address, unless it is given \
                            another; one made from this description sends its token to the new one.";
            let spot = Spot::at(&was.at, &is.at).values(was.value.get("url"), is.value.get("url"));
            self.plain(context, spot, &SERVER_CHANGED, Breaking, sentence);
            return self.server_members(was, is, context);
        }
        for server in &gone {
            let (wire, sentence) = if root {
                (Breaking, "A released crate that calls this address fails.")
            } else {
                (Additive, "Nothing changes: the crate calls one base address for everything.")
            };
            let spot = Spot::gone(&server.at).values(server.value.get("url"), None);
            self.plain(context, spot, &SERVER_REMOVED, wire, sentence);
        }
        for server in &come {
            let (wire, sentence) = if root {
                (Additive, "The token may go to one more address.")
            } else {
                (
                    Breaking,
                    "Calls may have to go to another address than the one base address \
                            of the crate.",
                )
            };
            let spot = Spot::come(&server.at).values(None, server.value.get("url"));
            self.plain(context, spot, &SERVER_ADDED, wire, sentence);
        }
        let urls = |list: &[Node<'a>]| -> Vec<Option<&str>> {
            list.iter().map(|server| server.text("url")).collect()
        };
        let (was, is) = (urls(&old), urls(&new));
        if gone.is_empty() && come.is_empty() && was != is {
            // The first is the one that is called by default.
            let sentence = "Another address is called by default in a crate made from this \
                            description.";
            self.plain(context, member.spot(), &SERVER_ORDER_CHANGED, Additive, sentence);
        }
    }

    fn server(&mut self, old: &Node<'a>, new: &Node<'a>, context: &Context) {
        self.visit(old, new);
        self.server_members(old, new, context);
    }

    fn server_members(&mut self, old: &Node<'a>, new: &Node<'a>, context: &Context) {
        for member in self.members(old, new, context) {
            match member.key {
                // Compared above, with the list; what is no text has no place there.
                "url"
                    if member
                        .both()
                        .is_some_and(|(a, b)| a.value.is_string() && b.value.is_string()) => {}
                "description" | "name" => self.text(&member, context),
                "variables" => {
                    let sentence = "The address that is called is put together in another way.";
                    self.plain(context, member.spot(), &SERVER_CHANGED, Breaking, sentence);
                }
                key if key.starts_with("x-") => self.extension(&member, context),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), context),
            }
        }
    }

    /// The requirements that hold for all operations which name none of their own.
    pub(super) fn security(&mut self, member: &Member<'a>, context: &Context) {
        if [&member.old, &member.new].into_iter().flatten().any(|node| !node.value.is_array()) {
            return self.unknown(member.old.as_ref(), member.new.as_ref(), context);
        }
        if let Some((old, new)) = member.both() {
            self.visit(old, new);
        }
        let at = (Node::root(self.old).at.at("security"), Node::root(self.new).at.at("security"));
        self.requirements(
            member.old.as_ref(),
            member.new.as_ref(),
            Spot::at(&at.0, &at.1),
            context,
        );
    }

    /// What an operation asks for in fact, where either side says something of its own.
    pub(super) fn operation_security(
        &mut self,
        old: &Operation<'a>,
        new: &Operation<'a>,
        context: &Context,
    ) {
        let own = (old.node.get("security"), new.node.get("security"));
        let differ = own.0.as_ref().map(|n| n.value) != own.1.as_ref().map(|n| n.value);
        let one_sided = own.0.is_some() != own.1.is_some();
        if !differ && !one_sided {
            return;
        }
        let both = [&own.0, &own.1];
        if both.into_iter().flatten().any(|node| !node.value.is_array()) {
            return self.unknown(own.0.as_ref(), own.1.as_ref(), context);
        }
        if let (Some(old), Some(new)) = (&own.0, &own.1) {
            self.visit(old, new);
        }
        let was = own.0.or_else(|| Node::root(self.old).get("security"));
        let is = own.1.or_else(|| Node::root(self.new).get("security"));
        let spot = Spot::at(&old.node.at.at("security"), &new.node.at.at("security"));
        self.requirements(was.as_ref(), is.as_ref(), spot, context);
    }

    fn requirements(
        &mut self,
        old: Option<&Node<'a>>,
        new: Option<&Node<'a>>,
        spot: Spot,
        context: &Context,
    ) {
        let (was, is) = (alternatives(old), alternatives(new));
        let lacks = |list: &[(String, Node<'a>)], key: &str| list.iter().all(|(k, _)| k != key);
        // Without any alternative everybody may call; the first one shuts that door.
        let open = was.is_empty();
        for (_, node) in was.iter().filter(|(key, _)| lacks(&is, key)) {
            let spot = spot.clone().values(Some(node.value), None);
            if is.is_empty() {
                let sentence = "The operation asks for no authentication any more; a released \
                                crate sends the token all the same.";
                self.plain(context, spot, &SECURITY_REQUIREMENT_REMOVED, Additive, sentence);
            } else {
                let sentence = "Calls that authenticate in this way are refused.";
                self.plain(context, spot, &SECURITY_REQUIREMENT_REMOVED, Breaking, sentence);
            }
        }
        for (_, node) in is.iter().filter(|(key, _)| lacks(&was, key)) {
            let spot = spot.clone().values(None, Some(node.value));
            if open {
                // The client sends its token with every call, which may not be what is asked for.
                let sentence = "The operation now asks for authentication, which a released crate \
                                may not have.";
                self.plain(context, spot, &SECURITY_REQUIREMENT_ADDED, Breaking, sentence);
            } else {
                let sentence = "Calls may authenticate in one more way.";
                self.plain(context, spot, &SECURITY_REQUIREMENT_ADDED, Additive, sentence);
            }
        }
    }

    pub(super) fn security_schemes(&mut self, member: &Member<'a>, context: &Context) {
        let members = match member.both() {
            Some((old, new)) => self.members(old, new, context),
            None => {
                let part =
                    |node: &Option<Node<'a>>| node.as_ref().map(Node::members).unwrap_or_default();
                let gone = part(&member.old).into_iter();
                let gone = gone.map(|(key, old)| Member { key, old: Some(old), new: None });
                let come = part(&member.new).into_iter();
                let come = come.map(|(key, new)| Member { key, old: None, new: Some(new) });
                gone.chain(come).collect()
            }
        };
        for member in members {
            let context = context.member(member.key);
            match member.both() {
                Some((old, new)) => self.security_scheme(old, new, &context),
                None if member.new.is_some() => {
                    let sentence = "One more way of authentication is described.";
                    let spot = member.spot();
                    self.plain(&context, spot, &SECURITY_SCHEME_ADDED, Additive, sentence);
                }
                None => {
                    // What a released crate sends as its token may be refused.
                    let sentence = "A released crate that authenticates in this way is refused.";
                    let spot = member.spot();
                    self.plain(&context, spot, &SECURITY_SCHEME_REMOVED, Breaking, sentence);
                }
            }
        }
    }

    fn security_scheme(&mut self, old: &Node<'a>, new: &Node<'a>, context: &Context) {
        for member in self.members(old, new, context) {
            match member.key {
                "description" => self.text(&member, context),
                // A hint for people about what a token looks like.
                "bearerFormat" => {
                    let sentence = "Only what is said about the form of the token changes.";
                    self.plain(context, member.spot(), &SECURITY_SCHEME_CHANGED, Text, sentence);
                }
                "scheme" if equal_in_any_case(&member) => {}
                "type" | "name" | "in" | "scheme" | "flows" | "openIdConnectUrl" | "$ref" => {
                    let sentence = "A released crate authenticates in the old way, and may be \
                                    refused.";
                    let spot = member.spot();
                    self.plain(context, spot, &SECURITY_SCHEME_CHANGED, Breaking, sentence);
                }
                key if key.starts_with("x-") => self.extension(&member, context),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), context),
            }
        }
    }
}

/// Names of HTTP authentication schemes are the same in capitals.
fn equal_in_any_case(member: &Member<'_>) -> bool {
    let text = |node: &Node<'_>| node.value.as_str().map(str::to_ascii_lowercase).map(Value::from);
    member.both().is_some_and(|(a, b)| match (text(a), text(b)) {
        (Some(a), Some(b)) => same(&a, &b),
        _ => false,
    })
}
