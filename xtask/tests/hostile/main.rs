//! Malformed, hostile and huge inputs: clear errors, one line each, and no file is touched.

mod table;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use table::{Files, Outcome, Row, Run, Workspace};

/// The longest error, in bytes, that can still be read.
const LONGEST_LINE: usize = 1_500;

/// Returns what is wrong with the run of a row.
fn judge(row: &Row, workspace: &Workspace, run: &Run, before: &Files) -> Result<(), String> {
    let after = workspace.files();
    if !after.keys().eq(before.keys()) {
        return Err("files were left behind or removed".to_owned());
    }
    let text = format!("{}{}", run.out, run.err);
    if let Some(c) = text.chars().find(|c| c.is_control() && *c != '\n') {
        return Err(format!("{c:?} is printed"));
    }
    let mut lines: Vec<_> = run.err.lines().collect();
    match row.outcome {
        Outcome::Rejected(parts) => {
            let first = lines.iter().position(|line| line.starts_with("error: "));
            let errors = lines.split_off(first.ok_or("there is no error")?);
            if run.code != Some(1) {
                return Err(format!("the exit code is {:?}", run.code));
            }
            let told = |part: &&str| errors.iter().any(|error| error.contains(part));
            if let Some(part) = parts.iter().find(|part| !told(part)) {
                return Err(format!("no error has {part:?} in it"));
            }
            for error in &errors {
                if !error.starts_with("error: ") {
                    return Err(format!("this is not an error: {error}"));
                }
                if let Some(c) = error.chars().find(|c| hides(*c)) {
                    return Err(format!("{c:?} is printed"));
                }
                if error.len() > LONGEST_LINE {
                    return Err("the error is too long to be read".to_owned());
                }
            }
            if after != *before {
                return Err("a file was touched".to_owned());
            }
            if !run.out.is_empty() {
                return Err("there is output beside the error".to_owned());
            }
        }
        Outcome::Accepted { has, lacks } => {
            if run.code != Some(0) {
                return Err(format!("the exit code is {:?}", run.code));
            }
            let made = ["openapi/lowered.json", "tests/golden/surface.txt"];
            let made = made.map(|file| workspace.get(file)).concat();
            if let Some(part) = has.iter().find(|part| !made.contains(**part)) {
                return Err(format!("{part:?} is missing"));
            }
            if let Some(part) =
                lacks.iter().find(|part| made.contains(**part) || text.contains(**part))
            {
                return Err(format!("{part:?} came through"));
            }
        }
    }
    match lines.iter().find(|line| !is_progress(line)) {
        Some(line) => Err(format!("this is no line of progress: {line}")),
        None => Ok(()),
    }
}

/// Whether a line is a stage with what it took.
fn is_progress(line: &str) -> bool {
    let stage = line.split(' ').next().unwrap_or_default();
    let took = line.rsplit_once(" (").and_then(|(_, took)| took.strip_suffix(" ms)"));
    !stage.is_empty()
        && stage.bytes().all(|b| b.is_ascii_lowercase())
        && took.is_some_and(|took| took.bytes().all(|b| b.is_ascii_digit()))
}

/// Characters that show nothing, or reorder what is shown.
fn hides(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Runs the rows of a group, two at a time, and tells of all that are not as they should be.
fn check(group: &str) {
    let (_, rows) = table::groups().into_iter().find(|(name, _)| *name == group).expect("a group");
    let seed = Workspace::seeded();
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let work = || {
        while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
            let workspace = Workspace::like(&seed);
            let from = workspace.give(&row.input);
            let before = workspace.files();
            let run = workspace.run(&from);
            if let Err(what) = judge(row, &workspace, &run, &before) {
                let err: String = run.err.chars().take(2_000).collect();
                let failure = format!("{}: {what}\n{err}", row.name);
                failures.lock().expect("no panic").push(failure);
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    let failures = failures.into_inner().expect("no panic");
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), rows.len(), failures.join("\n"));
}

#[test]
fn syntax_is_rejected() {
    check("syntax");
}

#[test]
fn structure_is_rejected() {
    check("structure");
}

#[test]
fn references_are_rejected() {
    check("references");
}

#[test]
fn names_are_rejected_or_harmless() {
    check("names");
}

#[test]
fn prose_is_harmless() {
    check("prose");
}

#[test]
fn sizes_are_rejected() {
    check("sizes");
}

#[test]
fn overlays_are_rejected() {
    check("overlays");
}

#[test]
fn sources_are_rejected() {
    check("sources");
}

/// A description that is adopted must not break the build of the crate.
#[test]
fn what_is_accepted_compiles() {
    let run = Workspace::seeded().compile(&table::HARMLESS);
    assert_eq!(run.code, Some(0), "{}", run.err);
}
