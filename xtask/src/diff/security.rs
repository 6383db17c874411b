//! The rules for servers and security, which decide who gets the token. None of their changes is
//! adopted without being accepted.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use super::Severity::{Additive, Breaking, Text};
use super::endpoint::Endpoint;
use super::located::{Located, same};
use super::reach::Sides;
use super::recorder::Comparison;
use super::rules::*;
use super::site::{Member, Site, Usage};

/// The security of a new operation, where it differs from that of the others.
pub(super) struct UnusualSecurity {
    pub(super) label: String,
    pub(super) consequence: String,
}

/// The alternatives of a list of security requirements, each with a key in which order does not
/// matter.
fn alternatives<'a>(list: Option<&Located<'a>>) -> Vec<(String, Located<'a>)> {
    let list = list.map(Located::elements).unwrap_or_default();
    let key = |requirement: &Located<'a>| {
        let schemes = requirement.members().into_iter().map(|(name, scopes)| {
            let mut scopes: Vec<_> =
                scopes.elements().iter().map(|s| s.value.to_string()).collect();
            scopes.sort();
            (name.to_owned(), scopes)
        });
        format!("{:?}", schemes.collect::<BTreeMap<_, _>>())
    };
    list.into_iter().map(|requirement| (key(&requirement), requirement)).collect()
}

/// Whether whoever meets the old requirement meets the new one: it has no other schemes, and no other
/// scopes of them.
fn asks_for_no_more(new: &Located<'_>, old: &Located<'_>) -> bool {
    new.members().iter().all(|(scheme, scopes)| {
        old.get(scheme).is_some_and(|known| {
            let known = known.elements();
            scopes.elements().iter().all(|scope| known.iter().any(|k| k.value == scope.value))
        })
    })
}

/// The security requirements of an operation: its own, or those of its description.
fn requirements_of<'a>(document: &'a Value, operation: &Endpoint<'a>) -> Option<Located<'a>> {
    operation.node.get("security").or_else(|| Located::root(document).get("security"))
}

/// The alternatives that an operation accepts; an empty one stands for no authentication.
fn accepted(document: &Value, operation: &Endpoint<'_>) -> Vec<String> {
    let all = alternatives(requirements_of(document, operation).as_ref());
    if all.is_empty() {
        return vec![String::new()];
    }
    let is_open = |requirement: &Located<'_>| requirement.members().is_empty();
    let key = |(key, requirement)| if is_open(&requirement) { String::new() } else { key };
    all.into_iter().map(key).collect()
}

/// The URL of a server; a slash at its end means nothing.
fn url<'a>(server: &Located<'a>) -> Option<&'a str> {
    server.text("url").map(|url| url.trim_end_matches('/'))
}

impl<'a> Comparison<'a> {
    /// Compares the servers of the description, a path or an operation.
    pub(super) fn servers(&mut self, member: &Member<'a>, usage: &Usage) {
        let list =
            |part: &Option<Located<'a>>| part.as_ref().map(Located::elements).unwrap_or_default();
        if !member.is(Value::is_array) {
            return self.unknown(member.old.as_ref(), member.new.as_ref(), usage);
        }
        if let Some((old, new)) = member.both() {
            self.visit(old, new);
        }
        let (old, new) = (list(&member.old), list(&member.new));
        let mut added = new.clone();
        let mut removed = Vec::new();
        for server in &old {
            match added.iter().position(|other| url(other) == url(server)) {
                Some(at) => {
                    let other = added.remove(at);
                    self.server(server, &other, usage);
                }
                None => removed.push(server.clone()),
            }
        }
        // The client has one base address. It ignores the servers of a path or an operation.
        let sides = [&member.old, &member.new].into_iter().flatten();
        let root = sides.map(|part| part.at.as_str()).all(|at| at == "/servers");
        if let ([was], [is]) = (removed.as_slice(), added.as_slice()) {
            // The released crate has its base address from the old description.
            let sentence = "A released crate still calls the old address, unless it is given \
                            another; the next release sends its token to the new one.";
            let site = Site::at(&was.at, &is.at).values(was.value.get("url"), is.value.get("url"));
            self.plain(usage, site, &SERVER_CHANGED, Breaking, sentence);
            return self.server(was, is, usage);
        }
        self.servers_on_one_side(&removed, &added, root, usage);
        let urls = |list: &[Located<'a>]| -> Vec<Option<&str>> { list.iter().map(url).collect() };
        if removed.is_empty() && added.is_empty() && urls(&old) != urls(&new) {
            // The first server is the default.
            let sentence = "The next release calls another address by default.";
            self.plain(usage, member.site(), &SERVER_ORDER_CHANGED, Additive, sentence);
        }
    }

    fn servers_on_one_side(
        &mut self,
        removed: &[Located<'a>],
        added: &[Located<'a>],
        root: bool,
        usage: &Usage,
    ) {
        for server in removed {
            let (wire, sentence) = if root {
                (Breaking, "A released crate that calls this address fails.")
            } else {
                (Additive, "Nothing changes: the crate calls one base address for everything.")
            };
            let site = Site::removed(&server.at).values(server.value.get("url"), None);
            self.plain(usage, site, &SERVER_REMOVED, wire, sentence);
        }
        for server in added {
            let (wire, sentence) = if root {
                (Additive, "The token may be sent to one more address.")
            } else {
                (Breaking, "Calls may have to go to another address than the base address.")
            };
            let site = Site::added(&server.at).values(None, server.value.get("url"));
            self.plain(usage, site, &SERVER_ADDED, wire, sentence);
        }
    }

    fn server(&mut self, old: &Located<'a>, new: &Located<'a>, usage: &Usage) {
        for member in self.members(old, new, usage) {
            match member.key {
                // Compared above, with the list. Anything but a string is malformed.
                "url" if member.both().is_some() && member.is(Value::is_string) => {}
                "description" | "name" => self.text(&member, usage),
                "variables" => {
                    let sentence = "The address of calls is built in another way.";
                    self.plain(usage, member.site(), &SERVER_CHANGED, Breaking, sentence);
                }
                key if key.starts_with("x-") => self.extension(&member, usage),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), usage),
            }
        }
    }

    /// Compares the requirements of all operations that have none of their own.
    pub(super) fn security(&mut self, member: &Member<'a>, usage: &Usage) {
        if !member.is(Value::is_array) {
            return self.unknown(member.old.as_ref(), member.new.as_ref(), usage);
        }
        if let Some((old, new)) = member.both() {
            self.visit(old, new);
        }
        if usage.sides.is_empty() && !self.ground.endpoints.pairs.is_empty() {
            // Every operation has requirements of its own, at least on one side.
            return;
        }
        let at = Located::root(self.new).at.at("security");
        let site = Site::at(&at, &at);
        self.requirements(member.old.as_ref(), member.new.as_ref(), site, usage);
    }

    /// Compares the effective requirements of an operation, if either side has its own.
    pub(super) fn operation_security(
        &mut self,
        old: &Endpoint<'a>,
        new: &Endpoint<'a>,
        usage: &Usage,
    ) {
        let own = (old.node.get("security"), new.node.get("security"));
        if own.0.as_ref().map(|part| part.value) == own.1.as_ref().map(|part| part.value) {
            return;
        }
        let both = [&own.0, &own.1];
        if both.into_iter().flatten().any(|part| !part.value.is_array()) {
            return self.unknown(own.0.as_ref(), own.1.as_ref(), usage);
        }
        if let (Some(old), Some(new)) = (&own.0, &own.1) {
            self.visit(old, new);
        }
        let was = requirements_of(self.old, old);
        let is = requirements_of(self.new, new);
        let site = Site::at(&old.node.at.at("security"), &new.node.at.at("security"));
        self.requirements(was.as_ref(), is.as_ref(), site, usage);
    }

    fn requirements(
        &mut self,
        old: Option<&Located<'a>>,
        new: Option<&Located<'a>>,
        site: Site,
        usage: &Usage,
    ) {
        let (was, is) = (alternatives(old), alternatives(new));
        let lacks = |list: &[(String, Located<'a>)], key: &str| list.iter().all(|(k, _)| k != key);
        // Without any alternative everybody may call; the first one ends that.
        let open = was.is_empty();
        for (_, requirement) in was.iter().filter(|(key, _)| lacks(&is, key)) {
            let less = is.iter().find(|(_, new)| asks_for_no_more(new, requirement));
            let site = site.clone().values(Some(requirement.value), less.map(|(_, new)| new.value));
            if less.is_some_and(|(_, new)| !new.members().is_empty()) {
                let sentence = "Calls that authenticate in this way still pass: less is asked for.";
                self.plain(usage, site, &SECURITY_REQUIREMENT_REMOVED, Additive, sentence);
            } else if is.is_empty() {
                let sentence = "The operation no longer asks for authentication; a released crate \
                                still sends its token.";
                self.plain(usage, site, &SECURITY_REQUIREMENT_REMOVED, Additive, sentence);
            } else {
                let sentence = "Calls that authenticate in this way are rejected.";
                self.plain(usage, site, &SECURITY_REQUIREMENT_REMOVED, Breaking, sentence);
            }
        }
        for (_, requirement) in is.iter().filter(|(key, _)| lacks(&was, key)) {
            let site = site.clone().values(None, Some(requirement.value));
            if open {
                // The client sends its token with every call, which may be the wrong credential.
                let sentence = "The operation now asks for authentication, which a released crate \
                                may not have.";
                self.plain(usage, site, &SECURITY_REQUIREMENT_ADDED, Breaking, sentence);
            } else {
                let sentence = "Calls may authenticate in one more way.";
                self.plain(usage, site, &SECURITY_REQUIREMENT_ADDED, Additive, sentence);
            }
        }
    }

    /// Tells how the security of a new operation differs from that of the operations that were
    /// there before. Most of them accept what the client sends.
    pub(super) fn unusual_security(&self, new: &Endpoint<'a>) -> Option<UnusualSecurity> {
        let endpoints = &self.ground.endpoints;
        let known: Vec<_> =
            endpoints.pairs.iter().map(|(old, _)| old).chain(&endpoints.removed).collect();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for alternative in known.iter().flat_map(|old| accepted(self.old, old)) {
            *counts.entry(alternative).or_default() += 1;
        }
        let usual = |alternative: &String| {
            counts.get(alternative).is_some_and(|count| 2 * count > known.len())
        };
        let own = accepted(self.new, new);
        if known.is_empty() || own.iter().any(usual) {
            return None;
        }
        if own == [String::new()] {
            return Some(UnusualSecurity {
                label: "without authentication".to_owned(),
                consequence: "It asks for no authentication, but the client would send its token \
                              to it."
                    .to_owned(),
            });
        }
        let requirements = alternatives(requirements_of(self.new, new).as_ref());
        let schemes: Vec<_> = requirements
            .iter()
            .map(|(_, requirement)| {
                let names = requirement.members().into_iter().map(|(name, _)| name.to_owned());
                names.collect::<Vec<_>>().join(" and ")
            })
            .collect();
        Some(UnusualSecurity {
            label: format!("authenticated by {}", schemes.join(" or ")),
            consequence: "It authenticates in another way than the other operations, and the \
                          client would send its token to it."
                .to_owned(),
        })
    }

    /// The operations of either description that name a security scheme.
    fn usage_of_scheme(&self, name: &str) -> Usage {
        let endpoints = &self.ground.endpoints;
        let names = |document: &'a Value, operation: &Endpoint<'a>| {
            let requirements = alternatives(requirements_of(document, operation).as_ref());
            requirements.iter().any(|(_, requirement)| requirement.get(name).is_some())
        };
        let mut found = Sides::default();
        for (old, new) in &endpoints.pairs {
            if names(self.old, old) || names(self.new, new) {
                found.requests.insert(new.id());
            }
        }
        let removed = endpoints.removed.iter().filter(|old| names(self.old, old));
        let added = endpoints.added.iter().filter(|new| names(self.new, new));
        found.requests.extend(removed.chain(added).map(Endpoint::id));
        Usage { sides: Rc::new(found), ..Usage::default() }.member(name)
    }

    pub(super) fn security_schemes(&mut self, member: &Member<'a>, usage: &Usage) {
        if !member.is(Value::is_object) {
            return self.unknown(member.old.as_ref(), member.new.as_ref(), usage);
        }
        if let Some((old, new)) = member.both() {
            self.visit(old, new);
        }
        for scheme in member.parts() {
            let usage = self.usage_of_scheme(scheme.key);
            let unused = usage.sides.is_empty();
            let site = scheme.site();
            match scheme.both() {
                Some((old, new)) if unused && !same(old.value, new.value) => {
                    let sentence = "No operation uses the scheme.";
                    self.plain(&usage, site, &UNUSED_SECURITY_SCHEME_CHANGED, Text, sentence);
                }
                Some((old, new)) => self.security_scheme(old, new, &usage),
                None if unused => {
                    let added = scheme.new.is_some();
                    let rule = match added {
                        true => &UNUSED_SECURITY_SCHEME_ADDED,
                        false => &UNUSED_SECURITY_SCHEME_REMOVED,
                    };
                    let sentence = "No operation uses the scheme.";
                    self.plain(&usage, site, rule, Additive, sentence);
                }
                None if scheme.new.is_some() => {
                    let sentence = "One more way of authentication is described.";
                    self.plain(&usage, site, &SECURITY_SCHEME_ADDED, Additive, sentence);
                }
                None => {
                    // The token of a released crate may be rejected.
                    let sentence = "A released crate that authenticates in this way is rejected.";
                    self.plain(&usage, site, &SECURITY_SCHEME_REMOVED, Breaking, sentence);
                }
            }
        }
    }

    fn security_scheme(&mut self, old: &Located<'a>, new: &Located<'a>, usage: &Usage) {
        for member in self.members(old, new, usage) {
            match member.key {
                "description" => self.text(&member, usage),
                // A hint for people about the form of a token.
                "bearerFormat" => {
                    let sentence = "Only the note about the form of the token changes.";
                    self.plain(usage, member.site(), &SECURITY_SCHEME_CHANGED, Text, sentence);
                }
                "scheme" if equal_in_any_case(&member) => {}
                "type" | "name" | "in" | "scheme" | "flows" | "openIdConnectUrl" | "$ref" => {
                    let sentence = "A released crate authenticates in the old way, and may be \
                                    rejected.";
                    let site = member.site();
                    self.plain(usage, site, &SECURITY_SCHEME_CHANGED, Breaking, sentence);
                }
                key if key.starts_with("x-") => self.extension(&member, usage),
                _ => self.unknown(member.old.as_ref(), member.new.as_ref(), usage),
            }
        }
    }
}

/// Names of HTTP authentication schemes are case-insensitive.
fn equal_in_any_case(member: &Member<'_>) -> bool {
    member.both().is_some_and(|(a, b)| match (a.value.as_str(), b.value.as_str()) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => false,
    })
}
