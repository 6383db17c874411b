//! What a run says of the changes, what it lets through, and what it compares with.

use std::path::PathBuf;
use std::process::Command;

use clap::ValueEnum as _;

use super::{DESCRIPTION, OVERLAY, Workspace, run};
use crate::update_spec::gate::{Accept, FailOn};
use crate::update_spec::{Outcome, UpdateSpec};

/// A newer version: a property goes, another comes, with an operation and a word of prose.
const NEWER: &str = "\
openapi: 3.1.0
info: {title: Small, version: 1.1.0}
paths:
  /things/{id}:
    get:
      operationId: things_retrieve
      summary: One thing
      parameters:
        - {in: path, name: id, required: true, schema: {type: integer, format: int64}}
      responses:
        '200':
          description: OK
          content:
            application/json: {schema: {$ref: '#/components/schemas/ThingApiModel'}}
        '404': {description: None}
    delete:
      operationId: delete_thing
      parameters:
        - {in: path, name: id, required: true, schema: {type: integer, format: int64}}
      responses:
        '204': {description: Gone}
components:
  schemas:
    ThingApiModel:
      type: object
      properties:
        colour: {type: string}
";

/// A workspace that has adopted the description.
fn adopted() -> Workspace {
    let workspace = Workspace::new();
    workspace.put("Cargo.toml", "[package]\nname = \"small\"\nversion = \"0.3.1\"\n");
    assert_eq!(run(&workspace.task()).0, Ok(Outcome::Done));
    workspace
}

fn golden(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/report").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).expect("writes");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(text == expected, "{name} is not as expected:\n{text}");
}

#[test]
fn report_is_as_expected() {
    let workspace = adopted();
    workspace.put("given.yaml", NEWER);
    let task = UpdateSpec {
        report: Some(workspace.path("report.md")),
        report_json: Some(workspace.path("report.json")),
        ..workspace.task()
    };
    let (result, out, progress) = run(&task);
    assert_eq!(result, Ok(Outcome::Done), "{progress}");
    golden("report.md", &workspace.get("report.md"));
    golden("report.json", &workspace.get("report.json"));
    golden("terminal.txt", &anstream::adapter::strip_str(&out).to_string());
    // Adopted, it is the base of the next run.
    let (_, out, _) = run(&task);
    assert_eq!(out, "");
    assert!(workspace.get("report.md").contains("**Nothing changed.**"));
}

#[test]
fn first_run_says_that_there_is_no_base() {
    let workspace = Workspace::new();
    let task = UpdateSpec { report: Some(workspace.path("report.md")), ..workspace.task() };
    let (result, out, _) = run(&task);
    assert_eq!((result, &*out), (Ok(Outcome::Done), ""));
    assert!(workspace.get("report.md").contains("There is no earlier description"));
}

#[test]
fn change_of_a_server_is_adopted_only_on_demand() {
    let workspace = adopted();
    let servers = "servers: [{url: 'https://api.k6.io'}]\npaths:";
    workspace.put("given.yaml", &DESCRIPTION.replace("paths:", servers));
    let before = workspace.files();
    let task = UpdateSpec { report: Some(workspace.path("report.md")), ..workspace.task() };
    let (result, out, _) = run(&task);
    let message = result.expect_err("rejected");
    assert!(message.starts_with("servers and security: "), "{message}");
    assert!(message.contains("server-") && message.contains("--accept security"), "{message}");
    assert!(out.contains("server-"), "{out}");
    let report = workspace.get("report.md");
    assert!(report.contains("## Servers and security"), "{report}");
    std::fs::remove_file(workspace.path("report.md")).expect("removes");
    assert_eq!(workspace.files(), before, "nothing but the report is written");

    let check = UpdateSpec { check: true, ..workspace.task() };
    assert!(run(&check).0.expect_err("rejected").contains("--accept security"));
    let task = UpdateSpec { accept: vec![Accept::Security], ..workspace.task() };
    assert_eq!(run(&task).0, Ok(Outcome::Done));
    assert!(workspace.get("openapi/published.yaml").contains("servers"));
}

#[test]
fn fail_on_refuses_what_weighs_too_much() {
    let text = DESCRIPTION.replace("1.0.0", "1.0.1").replace("title: Small", "title: Tiny");
    let additive =
        NEWER.replace("colour: {type: string}", "name: {type: [string, 'null'], maxLength: 5}");
    let additive = additive.replace("type: object\n", "type: object\n      required: [name]\n");
    for (given, rejected) in [
        (DESCRIPTION, &[][..]),
        (&*text, &["any"][..]),
        (&*additive, &["any", "additive"][..]),
        (NEWER, &["any", "additive", "breaking"][..]),
    ] {
        for level in FailOn::value_variants() {
            let name = level.to_possible_value().expect("a name").get_name().to_owned();
            let workspace = adopted();
            workspace.put("given.yaml", given);
            let before = workspace.files();
            let task = UpdateSpec { fail_on: Some(*level), ..workspace.task() };
            let result = run(&task).0;
            if rejected.contains(&&*name) {
                let message = result.expect_err(&name);
                assert!(message.starts_with(&format!("--fail-on {name}: ")), "{message}");
                assert_eq!(workspace.files(), before);
            } else {
                assert_eq!(result, Ok(Outcome::Done), "{name}: {given}");
            }
        }
    }
}

#[test]
fn version_that_stays_or_is_lowered_is_a_warning() {
    for (given, said) in [
        (
            DESCRIPTION.replace("Small", "Tiny"),
            "the same version as the base, `1.0.0`, but other bytes",
        ),
        (DESCRIPTION.replace("1.0.0", "0.9.0"), "was lowered, from `1.0.0` to `0.9.0`"),
    ] {
        let workspace = adopted();
        workspace.put("given.yaml", &given);
        let task = UpdateSpec { report: Some(workspace.path("report.md")), ..workspace.task() };
        let (result, _, progress) = run(&task);
        assert_eq!(result, Ok(Outcome::Done));
        assert!(progress.contains(said), "{progress}");
        assert!(workspace.get("report.md").contains(said));
    }
}

#[test]
fn base_that_does_not_go_through_is_compared_as_far_as_it_does() {
    let workspace = adopted();
    workspace.put("openapi/published.yaml", "<html>");
    let task = UpdateSpec { report: Some(workspace.path("report.md")), ..workspace.task() };
    assert_eq!(run(&task).0, Ok(Outcome::Done));
    assert!(workspace.get("report.md").contains("could be compared only in part"));

    // It can be parsed, and not lowered.
    workspace.put("openapi/published.yaml", &DESCRIPTION.replace("type: integer", "type: intger"));
    workspace.put("given.yaml", NEWER);
    let (result, out, _) = run(&task);
    assert_eq!(result, Ok(Outcome::Done));
    let report = workspace.get("report.md");
    assert!(report.contains("there is no type"), "{report}");
    assert!(out.contains("operation-added"), "{out}");
}

#[test]
fn folder_can_be_the_base() {
    let workspace = adopted();
    std::fs::create_dir(workspace.path("old")).expect("creates");
    workspace.put("old/published.yaml", NEWER);
    workspace.put("old/overlay.yaml", OVERLAY);
    let base = Some(workspace.path("old").display().to_string());
    let check = UpdateSpec { base: base.clone(), ..workspace.check() };
    let (result, out, _) = run(&check);
    assert_eq!(result, Ok(Outcome::Done));
    assert!(out.contains("operation-removed"), "{out}");
    std::fs::remove_file(workspace.path("old/overlay.yaml")).expect("removes");
    let message = run(&check).0.expect_err("no overlay");
    assert!(message.contains("overlay.yaml"), "{message}");
}

fn git(workspace: &Workspace, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.arg("-C").arg(workspace.path("")).args(["-c", "user.name=a", "-c", "user.email=a@b"]);
    git.args(["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"]).args(arguments);
    let output = git.output().expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn revision_can_be_the_base() {
    let workspace = adopted();
    let with = |base: &str| UpdateSpec { base: Some(base.into()), ..workspace.check() };
    let message = run(&with("HEAD")).0.expect_err("no repository");
    assert!(message.contains("not a git repository"), "{message}");

    git(&workspace, &["init", "-q"]);
    git(&workspace, &["add", "Cargo.toml"]);
    git(&workspace, &["commit", "-q", "-m", "empty"]);
    let message = run(&with("HEAD")).0.expect_err("no description");
    assert!(message.contains("the revision has no openapi/published.yaml"), "{message}");
    git(&workspace, &["add", "."]);
    git(&workspace, &["commit", "-q", "-m", "first"]);
    workspace.put("given.yaml", NEWER);
    assert_eq!(run(&workspace.task()).0, Ok(Outcome::Done));

    let (result, out, _) = run(&with("HEAD"));
    assert_eq!(result, Ok(Outcome::Done));
    assert!(out.starts_with("1.0.0 -> 1.1.0: "), "{out}");
    let task = UpdateSpec { fail_on: Some(FailOn::Breaking), ..with("HEAD") };
    assert!(run(&task).0.expect_err("rejected").starts_with("--fail-on breaking: "));

    for name in ["none", "--output=x", "", "HEAD:openapi", "a b"] {
        let message = run(&with(name)).0.expect_err(name);
        assert!(message.starts_with("--base"), "{message}");
        let odd = name != "none";
        assert_eq!(message.contains("this is neither a folder nor"), odd, "{message}");
    }
}

#[test]
fn what_was_edited_by_hand_is_told_from_what_is_stale() {
    let told = |file: &str, edit: &dyn Fn(&str) -> String| {
        let workspace = adopted();
        workspace.put(file, &edit(&workspace.get(file)));
        let (result, out, _) = run(&workspace.check());
        assert_eq!(result, Ok(Outcome::Stale), "{file}");
        out
    };
    let out = told("openapi/lowered.json", &|text| text.replace("OK", "Fine"));
    assert!(out.starts_with("openapi/lowered.json was edited by hand: "), "{out}");
    assert_eq!(out.lines().count(), 1, "{out}");
    let out = told("openapi/published.yaml", &|text| format!("{text}# x\n"));
    assert!(out.starts_with("openapi/published.yaml was edited by hand: restore it"), "{out}");
    let out = told("openapi/overlay.yaml", &|text| format!("{text}# x\n"));
    assert!(out.starts_with("openapi/overlay.yaml has changed since "), "{out}");
    let out = told("openapi/provenance.toml", &|_| "nothing".into());
    assert!(out.starts_with("openapi/provenance.toml cannot be read: "), "{out}");
    let out = told("tests/golden/surface.txt", &|text| text.replace("get_thing", "got_thing"));
    assert!(out.contains("tests/golden/surface.txt is out of date"), "{out}");
    assert!(out.contains("surface-listing-removed was fn Client::got_thing"), "{out}");
    let workspace = adopted();
    std::fs::remove_file(workspace.path("openapi/lowered.json")).expect("removes");
    let (result, out, _) = run(&workspace.check());
    assert_eq!(result, Ok(Outcome::Stale));
    assert!(out.starts_with("openapi/lowered.json is missing: run "), "{out}");
}

#[test]
fn changelog_gets_the_changes_once() {
    let workspace = adopted();
    let before = "# Changes\n\n## Unreleased\n\n### Added\n\n- x\n\n## 0.3.1\n\n- y\n";
    workspace.put("CHANGELOG.md", before);
    workspace.put("given.yaml", NEWER);
    let old = workspace.path("old");
    std::fs::create_dir(&old).expect("creates");
    workspace.put("old/published.yaml", DESCRIPTION);
    workspace.put("old/overlay.yaml", OVERLAY);
    let base = Some(old.display().to_string());
    let task = UpdateSpec { changelog: true, base, ..workspace.task() };
    assert_eq!(run(&task).0, Ok(Outcome::Done));
    let changelog = workspace.get("CHANGELOG.md");
    let entry = "### API description\n\n- Version `1.1.0`, after `1.0.0`.\n- **Breaking:** ";
    assert!(changelog.contains(entry), "{changelog}");
    assert!(changelog.starts_with(before.split("## 0.3.1").next().expect("a part").trim_end()));
    assert!(changelog.ends_with("\n\n## 0.3.1\n\n- y\n"), "{changelog}");
    assert_eq!(run(&task).0, Ok(Outcome::Done));
    assert_eq!(workspace.get("CHANGELOG.md"), changelog);
}

#[test]
fn change_of_the_overlay_counts_by_the_surface() {
    let workspace = adopted();
    let old = workspace.path("old");
    std::fs::create_dir(&old).expect("creates");
    workspace.put("old/published.yaml", DESCRIPTION);
    workspace.put("old/overlay.yaml", &OVERLAY.replace("ApiModel", "Model"));
    let base = Some(old.display().to_string());
    let (result, out, _) = run(&UpdateSpec { base, ..workspace.check() });
    assert_eq!(result, Ok(Outcome::Done));
    assert!(out.contains("surface-type-removed was struct types::ThingApi\n"), "{out}");
}

#[test]
fn refresh_of_texts_alone_says_that_no_structure_changed() {
    let workspace = adopted();
    let given = DESCRIPTION
        .replace("1.0.0}", "1.0.1, contact: {email: owner@example.org}}")
        .replace("Small", "Tiny")
        .replace("description: OK", "description: Fine.")
        .replace("format: int64", "description: Its id.")
        .replace("    ThingApiModel:", "    ThingApiModel:\n      description: A thing.")
        .replace(
            "  schemas:\n",
            "  securitySchemes:\n    key: {type: http, scheme: basic}\n  schemas:\n",
        );
    workspace.put("given.yaml", &given);
    let report = Some(workspace.path("report.md"));
    let task = UpdateSpec { report, fail_on: Some(FailOn::Breaking), ..workspace.task() };
    let (result, out, progress) = run(&task);
    assert_eq!(result, Ok(Outcome::Done), "{progress}");
    let report = workspace.get("report.md");
    let first = "1 operation unchanged in structure: 1 additive, 6 text.";
    assert_eq!(report.lines().next(), Some(first), "{report}");
    assert!(report.contains("In 1 place, the description says the same in other words."));
    assert!(out.starts_with("1.0.0 -> 1.0.1: 1 operation unchanged in structure: "), "{out}");
}

#[test]
fn other_bytes_under_the_same_version_are_one_warning() {
    let workspace = adopted();
    workspace.put("given.yaml", &DESCRIPTION.replace("description: OK", "description: Fine."));
    let report = Some(workspace.path("report.md"));
    let json = Some(workspace.path("report.json"));
    let task = UpdateSpec { report, report_json: json, ..workspace.task() };
    let (result, out, progress) = run(&task);
    assert_eq!(result, Ok(Outcome::Done), "{progress}");
    let warning = "has the same version as the base";
    assert_eq!(workspace.get("report.md").matches(warning).count(), 1);
    assert_eq!(progress.matches(warning).count(), 1, "{progress}");
    assert!(!out.contains(warning), "{out}");
    let report: serde_json::Value =
        serde_json::from_str(&workspace.get("report.json")).expect("JSON");
    assert_eq!(report["severity"], "text");
    assert_eq!(report["changes"].as_array().map(Vec::len), Some(1), "{report:#}");
}

#[test]
fn new_operation_with_other_security_is_adopted_only_on_demand() {
    let workspace = Workspace::new();
    let secured = DESCRIPTION.replace("paths:", "security: [{token: []}]\npaths:").replace(
        "  schemas:\n",
        "  securitySchemes:\n    token: {type: http, scheme: bearer}\n  schemas:\n",
    );
    workspace.put("given.yaml", &secured);
    assert_eq!(run(&workspace.task()).0, Ok(Outcome::Done));
    let operation = "  /open:\n    get:\n      operationId: get_open\n      responses: {'204': {description: OK}}\n";
    for (security, accepted) in [("", true), ("      security: []\n", false)] {
        let given = secured.replace("components:", &format!("{operation}{security}components:"));
        workspace.put("given.yaml", &given.replace("1.0.0", "1.1.0"));
        let report = Some(workspace.path("report.md"));
        let (result, _, _) = run(&UpdateSpec { report, check: true, ..workspace.task() });
        let report = workspace.get("report.md");
        if accepted {
            assert_eq!(result, Ok(Outcome::Stale), "{report}");
            continue;
        }
        let message = result.expect_err("it needs to be accepted");
        assert!(message.contains("operation-added-with-other-security"), "{message}");
        let (before, _) = report.split_once("- `get_open`: operation added").expect("it is told");
        assert!(before.lines().count() < 10, "it is told at the top: {report}");
    }
}
