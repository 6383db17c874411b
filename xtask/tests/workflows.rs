//! The workflows call what exists, and keep the rules of this project. `.ci/run` runs actionlint,
//! which knows GitHub's own rules.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::{Mapping, Value};

const WORKFLOWS: [&str; 3] = ["ci.yml", "release.yml", "update-spec.yml"];
const SCRIPTS: [&str; 6] =
    [".ci/hermetic", ".ci/packages", ".ci/run", ".github/propose", ".github/release", "fuzz/run"];
/// The only action that is not GitHub's own: it gets a token from crates.io for one run.
const TRUSTED_PUBLISHING: &str = "rust-lang/crates-io-auth-action";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn workflow(name: &str) -> Value {
    serde_yaml::from_str(&read(&format!(".github/workflows/{name}"))).expect("is YAML")
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.as_mapping().into_iter().flat_map(Mapping::iter);
    members.map(|(key, value)| (key.as_str().unwrap_or("?"), value))
}

/// The steps of a workflow with the name of their job.
fn steps(workflow: &Value) -> impl Iterator<Item = (&str, &Value)> {
    members(&workflow["jobs"]).flat_map(|(job, value)| {
        value["steps"].as_sequence().into_iter().flatten().map(move |step| (job, step))
    })
}

/// What breaks a rule of this project; actionlint has no such rules.
fn findings(workflow: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if !workflow["permissions"].is_mapping() {
        found.push("workflow: permissions are missing".into());
    }
    for (key, value) in members(&workflow["permissions"]) {
        if value.as_str() != Some("read") {
            found.push(format!("workflow: all jobs may do more to {key} than read"));
        }
    }
    for (job, value) in members(&workflow["jobs"]) {
        // The jobs of a called workflow have limits of their own.
        let is_call = value["uses"].as_str().is_some_and(|called| called.starts_with("./"));
        if !is_call && value["timeout-minutes"].as_u64().is_none_or(|minutes| minutes > 60) {
            found.push(format!("{job}: timeout-minutes is missing or more than 60"));
        }
    }
    for (job, step) in steps(workflow) {
        if let Some(action) = step["uses"].as_str() {
            let (name, version) = action.split_once('@').unwrap_or((action, ""));
            let major = version.strip_prefix('v').is_some_and(|v| v.parse::<u32>().is_ok());
            let commit = version.len() == 40 && version.bytes().all(|b| b.is_ascii_hexdigit());
            let known = name.starts_with("actions/") || name == TRUSTED_PUBLISHING;
            if !known || !(major || commit) {
                found.push(format!("{job}: {action} is not an action of GitHub at a version"));
            }
            let kept = &step["with"]["persist-credentials"];
            if name == "actions/checkout" && *kept != Value::Bool(false) {
                found.push(format!("{job}: the checkout leaves its token to all steps"));
            }
        }
        if step["run"].as_str().is_some_and(|script| script.contains("${{")) {
            found.push(format!("{job}: a script has an expression in it; pass it by `env`"));
        }
    }
    found
}

/// The scripts of a repository: those of the workflows' steps and those in files.
fn scripts() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for name in WORKFLOWS {
        let workflow = workflow(name);
        for (job, step) in steps(&workflow) {
            if let Some(script) = step["run"].as_str() {
                found.push((format!("{name}, {job}"), script.to_owned()));
            }
        }
    }
    for file in SCRIPTS {
        found.push((file.to_owned(), read(file)));
    }
    found
}

/// What the commands of scripts may name.
struct Names {
    packages: Vec<String>,
    features: Vec<String>,
    /// Kind (`example`, `test`, `bench`) and name.
    targets: Vec<(String, String)>,
    /// The options of `cargo xtask update-spec`.
    options: Vec<String>,
}

impl Names {
    fn read() -> Self {
        let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).expect("is TOML");
        let mut folders = vec![root().join("xtask")];
        for entry in std::fs::read_dir(root().join("crates")).expect("crates") {
            folders.push(entry.expect("an entry").path());
        }
        let members: Vec<toml::Table> = folders
            .iter()
            .map(|folder| std::fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest"))
            .map(|text| toml::from_str(&text).expect("is TOML"))
            .collect();
        let name = |manifest: &toml::Table| manifest["package"]["name"].as_str().map(str::to_owned);
        let features = manifest["features"].as_table().expect("features").keys().cloned();
        let mut targets = Vec::new();
        for kind in ["test", "bench"] {
            let listed = manifest[kind].as_array().into_iter().flatten();
            let names = listed.filter_map(|target| target["name"].as_str());
            targets.extend(names.map(|name| (kind.to_owned(), name.to_owned())));
        }
        let tests = std::fs::read_dir(root().join("xtask/tests")).expect("tests");
        for test in tests.map(|entry| entry.expect("an entry").path()) {
            if test.extension().is_some_and(|extension| extension == "rs") {
                let name = test.file_stem().expect("a name").to_string_lossy().into_owned();
                targets.push(("test".to_owned(), name));
            }
        }
        folders.push(root());
        for folder in folders.iter().filter_map(|folder| folder.join("examples").read_dir().ok()) {
            for entry in folder {
                let path = entry.expect("an entry").path();
                let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
                targets.push(("example".to_owned(), name));
            }
        }
        let help = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["update-spec", "--help"])
            .output()
            .expect("xtask runs");
        let help = String::from_utf8(help.stdout).expect("is a text");
        let options = help.split_whitespace().filter(|word| word.starts_with("--"));
        Self {
            packages: members.iter().chain([&manifest]).filter_map(name).collect(),
            features: features.collect(),
            targets,
            options: options.map(|word| word.trim_end_matches([',', ':']).to_owned()).collect(),
        }
    }

    /// What a script names that is not there.
    fn missing(&self, script: &str) -> Vec<String> {
        let script = script.replace("\\\n", " ");
        let lines = script.lines().filter(|line| !line.trim_start().starts_with('#'));
        let commands = lines.flat_map(|line| line.split(['|', '&', ';', '(', ')']));
        commands.flat_map(|command| self.missing_of(command)).collect()
    }

    fn missing_of(&self, command: &str) -> Vec<String> {
        let words: Vec<_> = command.split_whitespace().collect();
        let mut found = Vec::new();
        // Options of the command itself, and not of what it runs.
        let Some(at) = words.iter().position(|word| *word == "cargo") else { return found };
        let words = words[at + 1..].split(|word| *word == "--").next().unwrap_or_default();
        if words.first() == Some(&"xtask") {
            let options = words.iter().filter(|word| word.starts_with("--"));
            let names = options.map(|word| word.split('=').next().unwrap_or(word));
            let unknown = names.filter(|name| !self.options.iter().any(|known| known == name));
            found.extend(unknown.map(|name| format!("{name} is no option of update-spec")));
            return found;
        }
        for pair in words.windows(2) {
            let value = pair[1].trim_matches('"');
            if value.contains('$') {
                continue;
            }
            let known = |names: &[String]| names.iter().any(|name| name == value);
            let there = match pair[0] {
                "--package" | "-p" => known(&self.packages),
                "--features" => {
                    value.split(',').all(|name| self.features.iter().any(|known| known == name))
                }
                "--example" | "--test" | "--bench" => {
                    let kind = pair[0].trim_start_matches('-');
                    self.targets.iter().any(|(of, name)| of == kind && name == value)
                }
                _ => true,
            };
            if !there {
                found.push(format!("{} {value} is not there", pair[0]));
            }
        }
        found
    }
}

#[test]
fn workflows_keep_the_rules() {
    for name in WORKFLOWS {
        let found = findings(&workflow(name));
        assert!(found.is_empty(), "{name}:\n{}", found.join("\n"));
    }
}

#[test]
fn workflow_that_breaks_a_rule_is_found() {
    let good = "\
on: push
permissions: {contents: read}
jobs:
  one:
    runs-on: b
    timeout-minutes: 5
    steps:
      - {uses: actions/checkout@v5, with: {persist-credentials: false}}
      - {run: make}
";
    let of = |text: &str| findings(&serde_yaml::from_str(text).expect("is YAML"));
    assert_eq!(of(good), [""; 0]);
    for (from, to, finding) in [
        ("permissions: {contents: read}", "", "workflow: permissions are missing"),
        ("{contents: read}", "{contents: write}", "workflow: all jobs may do more to contents"),
        ("    timeout-minutes: 5\n", "", "one: timeout-minutes is missing"),
        ("actions/checkout@v5", "somebody/checkout@v5", "is not an action of GitHub at a version"),
        ("actions/checkout@v5", "actions/checkout@main", "is not an action of GitHub at a version"),
        ("persist-credentials: false", "fetch-depth: 0", "one: the checkout leaves its token"),
        ("{run: make}", "{run: 'make ${{ github.ref }}'}", "one: a script has an expression"),
    ] {
        assert!(good.contains(from), "{from}");
        let found = of(&good.replacen(from, to, 1));
        assert!(found.iter().any(|found| found.contains(finding)), "{to}: {found:?}");
    }
}

#[test]
fn commands_name_what_exists() {
    let names = Names::read();
    for (place, script) in scripts() {
        assert_eq!(names.missing(&script), [""; 0], "{place}");
    }
}

#[test]
fn command_that_names_something_missing_is_found() {
    let names = Names::read();
    for (script, missing) in [
        ("cargo xtask update-spec --chek", "--chek is no option of update-spec"),
        ("cargo xtask update-spec --repot=x --check", "--repot is no option of update-spec"),
        ("true && A=b cargo run --example quickstar", "--example quickstar is not there"),
        ("cargo test \\\n  --test unit", "--test unit is not there"),
        ("cargo bench --bench quickstart", "--bench quickstart is not there"),
        ("cargo doc --features fake,fakes", "--features fake,fakes is not there"),
        ("(cargo doc --package xtasks)", "--package xtasks is not there"),
    ] {
        assert_eq!(names.missing(script), [missing], "{script}");
    }
    let fine = "cargo test --test it -- --whatever\n# cargo test --test none\necho --test none";
    assert_eq!(names.missing(fine), [""; 0]);
}

/// What jobs may write, as `workflow, job: scope`.
fn written_scopes() -> Vec<String> {
    let mut found = Vec::new();
    for name in WORKFLOWS {
        for (job, value) in members(&workflow(name)["jobs"]) {
            let scopes = members(&value["permissions"]);
            let written = scopes.filter(|(_, access)| access.as_str() == Some("write"));
            found.extend(written.map(|(scope, _)| format!("{name}, {job}: {scope}")));
        }
    }
    found
}

#[test]
fn jobs_write_only_what_they_must() {
    assert_eq!(
        written_scopes(),
        [
            "release.yml, publish: id-token",
            "release.yml, pypi: id-token",
            "release.yml, announce: contents",
            "update-spec.yml, propose: actions",
            "update-spec.yml, propose: contents",
            "update-spec.yml, propose: issues",
            "update-spec.yml, propose: pull-requests",
        ]
    );
    for name in WORKFLOWS {
        let text = serde_yaml::to_string(&workflow(name)).expect("writes");
        assert!(!text.contains("secrets."), "{name}: no secret is needed");
        assert!(name != "ci.yml" || !text.contains("github.token"), "{name}: it runs foreign code");
    }
}

/// A build runs the code of all dependencies, which could use what the job may do.
#[test]
fn jobs_that_write_build_nothing() {
    let written = written_scopes();
    for name in WORKFLOWS {
        let workflow = workflow(name);
        for (job, step) in steps(&workflow) {
            let writes = written.iter().any(|scope| scope.starts_with(&format!("{name}, {job}:")));
            let script = step["run"].as_str().unwrap_or_default();
            let builds = ["cargo ", ".ci/", "fuzz/"].iter().any(|what| script.contains(what));
            assert!(!(writes && builds), "{name}, {job}: {script}");
        }
    }
    let release = read(".github/release");
    assert!(release.contains("cargo publish --locked --no-verify "), "publishing would build");
}

#[test]
fn release_needs_all_checks() {
    let release = workflow("release.yml");
    let needs = |job: &str| release["jobs"][job]["needs"].as_str().unwrap_or("").to_owned();
    assert_eq!(
        [needs("announce"), needs("publish"), needs("packages"), needs("checks")],
        ["publish", "packages", "checks", "version"]
    );
    assert_eq!(release["jobs"]["checks"]["uses"].as_str(), Some("./.github/workflows/ci.yml"));
    assert!(
        workflow("ci.yml")["on"].as_mapping().is_some_and(|on| on.contains_key("workflow_call"))
    );
}

#[test]
fn removals_fall_due_without_a_commit() {
    assert!(workflow("ci.yml")["on"]["schedule"].is_sequence());
}

#[test]
fn oldest_supported_toolchain_is_named_once() {
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).expect("is TOML");
    let toolchain: toml::Table = toml::from_str(&read("rust-toolchain.toml")).expect("is TOML");
    let oldest = manifest["workspace"]["package"]["rust-version"].as_str().expect("a version");
    let used = toolchain["toolchain"]["channel"].as_str().expect("a version");
    let oldest_version = semver::Version::parse(&format!("{oldest}.0")).expect("a version");
    assert!(oldest_version <= semver::Version::parse(used).expect("a version"));
    assert!(read("README.md").contains(&format!("Rust {oldest} or newer")));
    // The workflow reads it from the manifest, by this line.
    let line = format!("rust-version = \"{oldest}\"");
    assert_eq!(read("Cargo.toml").lines().filter(|found| *found == line).count(), 1);
}

#[cfg(unix)]
#[test]
fn scripts_are_shell() {
    use std::os::unix::fs::PermissionsExt as _;

    for (place, script) in scripts() {
        let output = Command::new("bash").args(["-n", "-c", &script]).output().expect("bash runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && errors.is_empty(), "{place}: {errors}");
    }
    for file in SCRIPTS {
        let mode = std::fs::metadata(root().join(file)).expect(file).permissions().mode();
        assert_eq!(mode & 0o111, 0o111, "{file} can be run");
    }
}
