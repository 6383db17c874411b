//! The crate `drift` as an oracle: where it finds that two documents are not compatible, or that
//! a change is there at all, so do we.
//!
//! It compares OpenAPI 3.0, so the edited documents are lowered. It panics where media types
//! differ and never ends on cycles of aliases: it runs in a thread of its own, with a limit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;

use drift::ChangeClass;
use serde_json::Value;

use super::super::{Change, Severity};
use super::{compare, line, vendored};
use crate::client::lower;

/// The worst that `drift` finds, or none where it does not judge.
fn oracle(old: &Value, new: &Value) -> Option<Vec<(Severity, String)>> {
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
    let severity = |class: ChangeClass| match class {
        ChangeClass::BackwardIncompatible | ChangeClass::Incompatible => Severity::Breaking,
        ChangeClass::ForwardIncompatible => Severity::Additive,
        ChangeClass::Trivial | ChangeClass::Unhandled => Severity::Text,
    };
    Some(infos.map(|(info, at)| (severity(info.class), format!("{} {at}", info.message))).collect())
}

fn worst(changes: &[Change]) -> Severity {
    changes.iter().map(|change| change.wire).max().unwrap_or(Severity::Text)
}

#[test]
fn what_the_oracle_finds_is_found() {
    let document = lower(&vendored()).expect("the vendored description lowers").document;
    let (mut judgement, mut incompatible, mut missed) = (0, 0, Vec::new());
    for seed in 0..400 {
        let mut rng = fastrand::Rng::with_seed(30_000 + seed);
        let mut edited = document.clone();
        let place = super::edits::edit(&mut edited, &mut rng);
        for (old, new) in [(&document, &edited), (&edited, &document)] {
            let Some(found) = oracle(old, new) else { continue };
            let changes = compare(old, new);
            judgement += 1;
            let worst_of_all = found.iter().map(|(severity, _)| *severity).max();
            incompatible += usize::from(worst_of_all > Some(Severity::Text));
            // Which of the two it is depends on what the client does; that it is one does not.
            let enough = match worst_of_all {
                None => true,
                Some(Severity::Text) => !changes.is_empty(),
                Some(_) => worst(&changes) > Severity::Text,
            };
            if !enough {
                let lines: Vec<_> = changes.iter().map(line).collect();
                missed.push(format!("{seed} {place}: {found:?}\n  {}", lines.join("\n  ")));
            }
        }
    }
    assert!(missed.is_empty(), "{} missed\n{}", missed.len(), missed.join("\n"));
    assert!(
        judgement > 200 && incompatible > 40,
        "{judgement} judgement, {incompatible} incompatible"
    );
}
