//! The crate `drift` as an oracle: where it finds that two documents are not compatible, or that
//! a change is there at all, so do we.
//!
//! It compares OpenAPI 3.0, so the edited documents are lowered. It panics where media types
//! differ and never ends on cycles of aliases: it runs in a thread of its own, with a limit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;

use drift::ChangeClass;
use serde_json::{Value, json};

use super::super::{Change, Verdict, compare};
use super::{line, vendored};
use crate::lower::lower;

/// The worst that `drift` finds, or none where it does not judge.
fn oracle(old: &Value, new: &Value) -> Option<Vec<(Verdict, String)>> {
    let (old, new) = (old.clone(), new.clone());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let found = catch_unwind(AssertUnwindSafe(|| drift::compare(&old, &new)));
        let _ = sender.send(found.ok().and_then(Result::ok));
    });
    let changes = receiver.recv_timeout(Duration::from_secs(10)).ok().flatten()?;
    let infos = changes.into_iter().flat_map(|change| {
        let paths = format!("{:?}", change.paths);
        change.changes.into_iter().map(move |info| (info, paths.clone()))
    });
    let verdict = |class: ChangeClass| match class {
        ChangeClass::BackwardIncompatible | ChangeClass::Incompatible => Verdict::Breaking,
        ChangeClass::ForwardIncompatible => Verdict::Additive,
        ChangeClass::Trivial | ChangeClass::Unhandled => Verdict::Text,
    };
    Some(infos.map(|(info, at)| (verdict(info.class), format!("{} {at}", info.message))).collect())
}

fn worst(changes: &[Change]) -> Verdict {
    let plain = |change: &&Change| change.rule.id != "same-version-other-content";
    changes.iter().filter(plain).map(|change| change.wire).max().unwrap_or(Verdict::Text)
}
