//! The operations of both descriptions, and which of them match.

use std::collections::BTreeMap;

use serde_json::Value;

use super::located::{Located, follow};

/// The methods of a path item. (`query` came with OpenAPI 3.2.)
pub(super) const METHODS: &[&str] =
    &["delete", "get", "head", "options", "patch", "post", "put", "trace"];

/// An operation of one of the descriptions.
#[derive(Clone, Debug)]
pub(super) struct Endpoint<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    pub(super) node: Located<'a>,
    /// Its path item, behind references.
    pub(super) item: Located<'a>,
}

impl Endpoint<'_> {
    fn own_id(&self) -> Option<&str> {
        self.node.text("operationId")
    }

    /// The operationId, or the method and path where it has none.
    pub(super) fn id(&self) -> String {
        self.own_id().map_or_else(|| self.address(), str::to_owned)
    }

    /// The method and path, as people write them.
    pub(super) fn address(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }
}

/// The operations of both descriptions, matched.
#[derive(Debug, Default)]
pub(super) struct MatchedEndpoints<'a> {
    pub(super) pairs: Vec<(Endpoint<'a>, Endpoint<'a>)>,
    pub(super) removed: Vec<Endpoint<'a>>,
    pub(super) added: Vec<Endpoint<'a>>,
    /// The path items that match.
    pub(super) items: Vec<(Located<'a>, Located<'a>)>,
    old_ids: BTreeMap<(String, String), String>,
    new_ids: BTreeMap<(String, String), String>,
}

/// A path without the names of its parameters.
pub(super) fn template(path: &str) -> String {
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

fn operations<'a>(document: &'a Value) -> Vec<Endpoint<'a>> {
    let mut found = Vec::new();
    for (path, item) in Located::root(document).get("paths").iter().flat_map(Located::members) {
        if path.starts_with("x-") {
            continue;
        }
        let Some(target) = follow(document, &item) else { continue };
        for method in METHODS {
            // Members beside a reference count as well.
            if let Some(node) = item.get(method).or_else(|| target.get(method)) {
                found.push(Endpoint { path, method, node, item: target.clone() });
            }
        }
    }
    found
}

impl<'a> MatchedEndpoints<'a> {
    pub(super) fn new(old: &'a Value, new: &'a Value) -> Self {
        let (removed, added) = (operations(old), operations(new));
        let mut out = Self { removed, added, ..Self::default() };
        out.pair(|old, new| old.path == new.path && old.method == new.method);
        out.pair(|old, new| old.method == new.method && template(old.path) == template(new.path));
        // The same id at another address is the same operation, moved.
        out.pair(|old, new| old.own_id().is_some() && old.own_id() == new.own_id());
        let key =
            |operation: &Endpoint<'_>| (operation.path.to_owned(), operation.method.to_owned());
        for (old, new) in &out.pairs {
            out.old_ids.insert(key(old), new.id());
            out.new_ids.insert(key(new), new.id());
        }
        out.old_ids.extend(out.removed.iter().map(|old| (key(old), old.id())));
        out.new_ids.extend(out.added.iter().map(|new| (key(new), new.id())));
        out.items = items(old, new);
        out
    }

    fn pair(&mut self, is_match: impl Fn(&Endpoint<'a>, &Endpoint<'a>) -> bool) {
        let mut left = Vec::new();
        for old in std::mem::take(&mut self.removed) {
            match self.added.iter().position(|new| is_match(&old, new)) {
                Some(at) => self.pairs.push((old, self.added.remove(at))),
                None => left.push(old),
            }
        }
        self.removed = left;
    }

    /// The id of an operation of the old description: its new id, if the operation stays.
    pub(super) fn old_id(&self, path: &str, method: &str) -> String {
        let key = (path.to_owned(), method.to_owned());
        self.old_ids.get(&key).cloned().unwrap_or_default()
    }

    pub(super) fn new_id(&self, path: &str, method: &str) -> String {
        let key = (path.to_owned(), method.to_owned());
        self.new_ids.get(&key).cloned().unwrap_or_default()
    }
}

fn items<'a>(old: &'a Value, new: &'a Value) -> Vec<(Located<'a>, Located<'a>)> {
    let (old, new) = (Located::root(old).get("paths"), Located::root(new).get("paths"));
    let mut added = new.map(|paths| paths.members()).unwrap_or_default();
    added.retain(|(path, _)| !path.starts_with("x-"));
    let mut pairs = Vec::new();
    for same in [true, false] {
        for (path, item) in old.iter().flat_map(Located::members) {
            if pairs.iter().any(|(known, _): &(Located<'a>, Located<'a>)| known.at == item.at) {
                continue;
            }
            let found = added.iter().position(|(other, _)| {
                if same { *other == path } else { template(other) == template(path) }
            });
            if let Some(at) = found {
                pairs.push((item, added.remove(at).1));
            }
        }
    }
    pairs
}

/// Whether a status reports success.
pub(super) fn is_success(status: &str) -> bool {
    status.len() == 3 && status.starts_with('2')
}
