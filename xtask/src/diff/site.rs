//! Where a change is, what it means, and how the part that it is in is used.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::Value;

use super::located::Located;
use super::reach::Sides;
use super::text::{cut, rendered};
use super::{ChangeRule, Severity};
use openapi_lowering::problem::Place;

/// How a part of the description is used.
#[derive(Clone, Default)]
pub(super) struct Usage {
    pub(super) sides: Rc<Sides>,
    pub(super) operation: Option<Rc<str>>,
    pub(super) member: Option<Rc<str>>,
    /// The key of the value may be absent, so the released crate has an `Option` for it.
    pub(super) optional: bool,
    /// The client writes the value itself: callers never pass it.
    pub(super) by_client: bool,
}

impl Usage {
    /// The same usage for a property, parameter or value of this name.
    pub(super) fn member(&self, name: &str) -> Self {
        Self { member: Some(name.into()), optional: false, ..self.clone() }
    }

    /// The same usage for a value that must be present.
    pub(super) fn below(&self) -> Self {
        Self { optional: false, ..self.clone() }
    }
}

/// The pointers and values of a change.
#[derive(Clone, Default)]
pub(super) struct Site {
    pub(super) old: Option<Place>,
    pub(super) new: Option<Place>,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    pub(super) note: Option<String>,
}

impl Site {
    /// A member on either side, with its values.
    pub(super) fn of(old: Option<&Located<'_>>, new: Option<&Located<'_>>) -> Self {
        Self {
            old: old.map(|part| part.at.clone()),
            new: new.map(|part| part.at.clone()),
            from: old.map(|part| rendered(part.value)),
            to: new.map(|part| rendered(part.value)),
            note: None,
        }
    }

    pub(super) fn at(old: &Place, new: &Place) -> Self {
        Self { old: Some(old.clone()), new: Some(new.clone()), ..Self::default() }
    }

    pub(super) fn removed(old: &Place) -> Self {
        Self { old: Some(old.clone()), ..Self::default() }
    }

    pub(super) fn added(new: &Place) -> Self {
        Self { new: Some(new.clone()), ..Self::default() }
    }

    pub(super) fn values(mut self, from: Option<&Value>, to: Option<&Value>) -> Self {
        self.from = from.map(rendered);
        self.to = to.map(rendered);
        self
    }

    pub(super) fn texts(mut self, from: Option<String>, to: Option<String>) -> Self {
        self.from = from.map(|text| cut(&text));
        self.to = to.map(|text| cut(&text));
        self
    }

    /// What the description says about it, in a sentence.
    pub(super) fn note(mut self, note: Option<String>) -> Self {
        self.note = note;
        self
    }
}

/// What a change means in one direction.
pub(super) struct Judgement(pub(super) &'static ChangeRule, pub(super) Severity, pub(super) String);

/// A member that differs between two objects.
pub(super) struct Member<'a> {
    pub(super) key: &'a str,
    pub(super) old: Option<Located<'a>>,
    pub(super) new: Option<Located<'a>>,
}

impl<'a> Member<'a> {
    pub(super) fn site(&self) -> Site {
        Site::of(self.old.as_ref(), self.new.as_ref())
    }

    /// Whether the value passes a test on each side that has it.
    pub(super) fn is(&self, test: fn(&Value) -> bool) -> bool {
        [&self.old, &self.new].into_iter().flatten().all(|part| test(part.value))
    }

    /// Both sides, if both have it.
    pub(super) fn both(&self) -> Option<(&Located<'a>, &Located<'a>)> {
        Some((self.old.as_ref()?, self.new.as_ref()?))
    }

    /// The members of both sides by key, each with both of its values, equal or not.
    pub(super) fn parts(&self) -> Vec<Member<'a>> {
        let sides = [&self.old, &self.new].into_iter().flatten();
        let keys: BTreeSet<&str> = sides.flat_map(Located::members).map(|(key, _)| key).collect();
        let part = |side: &Option<Located<'a>>, key| side.as_ref().and_then(|side| side.get(key));
        let parts = keys.into_iter();
        parts
            .map(|key| Member { key, old: part(&self.old, key), new: part(&self.new, key) })
            .collect()
    }
}
