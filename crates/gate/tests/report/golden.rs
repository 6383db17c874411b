//! Compares each form of each sample with a file. `UPDATE_GOLDEN=1` rewrites the files.

use std::fs;
use std::path::PathBuf;

use k6_gate::report::{Report, TerminalStyle, ci, html, json, junit, markdown, terminal};

use crate::samples;

fn style(unicode: bool) -> TerminalStyle {
    TerminalStyle { color: false, unicode, width: 80 }
}

fn forms(report: &Report) -> [(&'static str, String); 9] {
    let colored = TerminalStyle { color: true, ..style(true) };
    [
        ("txt", terminal::render(report, style(true))),
        ("ascii.txt", terminal::render(report, style(false))),
        ("color.txt", terminal::render(report, colored)),
        ("md", markdown::render(report, markdown::COMMENT_BYTES)),
        ("xml", junit::render(report).expect("written")),
        ("json", json::render(report).expect("written")),
        ("html", html::render(report)),
        ("annotations.txt", ci::github_annotations(report)),
        ("env", ci::github_outputs(report) + &ci::gitlab_dotenv(report)),
    ]
}

#[test]
fn reports_are_as_in_the_golden_files() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/report/golden");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut stale = Vec::new();
    for (name, report) in samples::all() {
        for (form, text) in forms(&report) {
            let path = folder.join(format!("{name}.{form}"));
            if update {
                fs::write(&path, &text).expect("written");
            } else if fs::read_to_string(&path).ok().as_deref() != Some(&*text) {
                stale.push(path);
            }
        }
    }
    assert!(
        stale.is_empty(),
        "these files differ; review the diff of `UPDATE_GOLDEN=1 cargo test -p k6-gate --test report`: {stale:#?}"
    );
}
