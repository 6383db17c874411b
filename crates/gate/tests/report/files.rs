//! Where reports are written.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use k6_gate::report::{CiFiles, ReportFiles, markdown};

use crate::samples;

fn files(folder: &std::path::Path) -> ReportFiles {
    let path = |name: &str| Some(folder.join(name));
    ReportFiles {
        summary: path("summary.md"),
        junit: path("junit.xml"),
        json: path("report.json"),
        html: path("report.html"),
        dotenv: path("k6.env"),
    }
}

#[test]
fn all_files_are_written_and_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = files(folder.path());
    for mut report in [samples::failed(), samples::passed()] {
        let mut stdout = Vec::new();
        assert!(files.write(&mut report, &mut stdout).is_empty());
        assert!(stdout.is_empty());
        for (name, beginning) in [
            ("summary.md", "### "),
            ("junit.xml", "<?xml "),
            ("report.json", "{\n  \"format\": 1,"),
            ("report.html", "<!DOCTYPE html>"),
            ("k6.env", "K6_RUN_ID=1001\n"),
        ] {
            let text = fs::read_to_string(folder.path().join(name)).expect(name);
            assert!(text.starts_with(beginning), "{name}");
        }
        let text = fs::read_to_string(folder.path().join("k6.env")).expect("variables");
        assert!(text.contains(report.verdict.as_str()), "{text}");
    }
    // Nothing half written is left.
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 5);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let found = fs::metadata(folder.path().join("junit.xml")).expect("a file");
        assert_eq!(found.permissions().mode() & 0o444, 0o444, "other users can read it");
    }
}

#[test]
fn file_that_cannot_be_written_does_not_stop_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut files = files(folder.path());
    files.summary = Some(folder.path().join("no/such/folder.md"));
    let failures = files.write(&mut samples::failed(), &mut Vec::new());
    assert_eq!(failures.len(), 1);
    assert!(failures[0].asked_for);
    let message = failures[0].to_string();
    assert!(message.starts_with("the report ") && message.contains("folder.md"), "{message}");
    assert!(folder.path().join("junit.xml").exists());
}

#[test]
fn github_gets_its_files_without_being_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let (summary, outputs) = (folder.path().join("summary"), folder.path().join("outputs"));
    fs::write(&summary, "another step").expect("written");
    fs::write(&outputs, "a=b\n").expect("written");
    let environment = [
        ("GITHUB_STEP_SUMMARY", summary.clone().into_os_string()),
        ("GITHUB_OUTPUT", outputs.clone().into_os_string()),
        ("GITHUB_ACTIONS", OsString::from("true")),
    ];
    let ci = CiFiles::from_lookup(|name| {
        environment.iter().find(|pair| pair.0 == name).map(|pair| pair.1.clone())
    });
    let mut stdout = Vec::new();
    let failures = ci.write(&samples::passed(), Some(&mut stdout));
    assert!(failures.is_empty(), "{failures:?}");
    let text = fs::read_to_string(&summary).expect("a summary");
    assert!(text.starts_with("another step\n### "), "{text}");
    let text = fs::read_to_string(&outputs).expect("outputs");
    assert!(text.starts_with("a=b\nrun_id=1001\n"), "{text}");
    assert!(stdout.starts_with(b"::notice title=k6%3A Checkout::passed"));
}

#[test]
fn step_summary_takes_what_is_left_of_its_limit() {
    let folder = tempfile::tempdir().expect("a folder");
    let summary = folder.path().join("summary");
    let ci = CiFiles { step_summary: Some(summary.clone()), ..CiFiles::default() };
    for (taken, fails) in
        [(markdown::STEP_SUMMARY_BYTES - 1_000, false), (markdown::STEP_SUMMARY_BYTES - 20, true)]
    {
        fs::write(&summary, vec![b'x'; taken]).expect("written");
        let failures = ci.write(&samples::failed(), None);
        assert_eq!(!failures.is_empty(), fails, "{taken}");
        assert!(failures.iter().all(|failure| !failure.asked_for));
        let size = fs::metadata(&summary).expect("a summary").len();
        // GitHub takes somewhat less than 1 MiB.
        assert!(size <= 1024 * 1024 - 1024, "{size}");
    }
}

#[test]
fn json_takes_standard_output_for_itself() {
    let files = ReportFiles { json: Some(PathBuf::from("-")), ..ReportFiles::default() };
    assert!(files.takes_stdout());
    let mut stdout = Vec::new();
    assert!(files.write(&mut samples::passed(), &mut stdout).is_empty());
    serde_json::from_slice::<serde_json::Value>(&stdout).expect("JSON and nothing else");
}

#[test]
fn failure_of_a_file_is_in_what_standard_output_gets() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut files = files(folder.path());
    files.html = Some(folder.path().join("no/such/folder.html"));
    files.json = Some(PathBuf::from("-"));
    let (mut report, mut stdout) = (samples::passed(), Vec::new());
    assert_eq!(files.write(&mut report, &mut stdout).len(), 1);
    let shown = String::from_utf8(stdout).expect("UTF-8");
    for text in [shown, fs::read_to_string(folder.path().join("summary.md")).expect("a summary")] {
        assert!(text.contains("folder.html could not be written"), "{text}");
    }
    assert_ne!(report.exit_code, 0);
}
