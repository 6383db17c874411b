//! `.github/propose` against a repository of its own and a stand-in for `gh`.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Writes down what it is asked, keeps the text that it is given, and knows of one pull request
/// or issue where there is a file with its number.
const GH: &str = r#"#!/bin/sh
printf '%s\n' "$*" >> "$STAND_IN/asked"
case "$1 $2" in
    'issue list') cat "$STAND_IN/issue" 2>/dev/null || true ;;
    'pr list') cat "$STAND_IN/pull" 2>/dev/null || true ;;
esac
while [ $# -gt 0 ]; do
    [ "$1" = --body-file ] && cp "$2" "$STAND_IN/body"
    shift
done
"#;

/// What a run of `cargo xtask update-spec` writes beside the provenance.
const WRITTEN: [&str; 6] = [
    "openapi/published.yaml",
    "openapi/lowered.json",
    "src/prebuilt.rs",
    "crates/fake/openapi/overlaid.json",
    "tests/golden/surface.txt",
    "CHANGELOG.md",
];

struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    /// A clone with a description, and where it was cloned from.
    fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().expect("a folder") };
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/propose");
        repository.put("stand-in/gh", GH);
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(repository.path("stand-in/gh"), executable).expect("sets");
        repository.git(".", &["init", "--quiet", "--bare", "--initial-branch=main", "origin"]);
        repository.git(".", &["clone", "--quiet", "origin", "clone"]);
        repository.put("clone/openapi/provenance.toml", "version = \"1.0.0\"\n");
        for file in WRITTEN {
            repository.put(&format!("clone/{file}"), "old\n");
        }
        let script = repository.path("clone/.github/propose");
        std::fs::create_dir(script.parent().expect("a folder")).expect("creates");
        std::fs::copy(source, script).expect("copies");
        repository.commit("clone", "Begin");
        repository.git("clone", &["push", "--quiet", "origin", "HEAD:main"]);
        repository
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("creates");
        std::fs::write(path, text).expect("writes");
    }

    fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=A", "-c", "user.email=a@example.org"]).args(arguments);
        let output = self.run(command.current_dir(self.path(folder)));
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn commit(&self, folder: &str, message: &str) {
        self.git(folder, &["add", "--all"]);
        self.git(folder, &["commit", "--quiet", "--message", message]);
    }

    fn run(&self, command: &mut Command) -> Output {
        let stand_in = self.path("stand-in");
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .env("PATH", format!("{}:{path}", stand_in.display()))
            .env("STAND_IN", &stand_in)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GITHUB_REF_NAME", "main")
            .env_remove("GIT_DIR")
            .output()
            .expect("runs")
    }

    fn fresh_clone(&self) {
        let _ = std::fs::remove_dir_all(self.path("clone"));
        self.git(".", &["clone", "--quiet", "origin", "clone"]);
    }

    /// Runs the script in a fresh clone with a change that was made in another one, and returns what it
    /// asked `gh`.
    fn propose(&self, how: &str, text: &str, change: Option<&str>) -> Vec<String> {
        self.fresh_clone();
        if let Some(change) = change {
            self.put("clone/openapi/provenance.toml", change);
            for file in WRITTEN {
                self.put(&format!("clone/{file}"), change);
            }
            self.git("clone", &["add", "--all"]);
        }
        self.propose_staged(how, text)
    }

    /// Runs the script with what is staged in the clone.
    fn propose_staged(&self, how: &str, text: &str) -> Vec<String> {
        let patch = self.git("clone", &["diff", "--cached", "--binary"]);
        self.put("patch", &if patch.is_empty() { patch } else { patch + "\n" });
        self.fresh_clone();
        self.put("text", text);
        let _ = std::fs::remove_file(self.path("stand-in/asked"));
        let mut command = Command::new(self.path("clone/.github/propose"));
        command.arg(how).arg(self.path("text"));
        if how == "changed" {
            command.arg(self.path("patch"));
        }
        let output = self.run(&mut command);
        assert!(output.status.success(), "{output:?}");
        assert_eq!(
            self.git("clone", &["status", "--porcelain"]),
            "",
            "all that was written is committed"
        );
        let asked = std::fs::read_to_string(self.path("stand-in/asked")).unwrap_or_default();
        // The name of a file is another each time.
        asked.lines().map(|line| line.split(" --body-file").next().unwrap_or(line).into()).collect()
    }

    fn body(&self) -> String {
        std::fs::read_to_string(self.path("stand-in/body")).unwrap_or_default()
    }

    /// The file in the branch as it was pushed.
    fn pushed(&self) -> String {
        self.git("origin", &["show", "update-spec:openapi/provenance.toml"])
    }
}

const LISTS: &str = "issue list --state open --limit 500 --json number,title --jq \
                     map(select(.title == \"The API description could not be updated\")) | .[0]\
                     .number // empty";
const PULLS: &str =
    "pr list --head update-spec --state open --json number --jq .[0].number // empty";

#[test]
fn without_a_change_nothing_is_proposed() {
    let repository = Repository::new();
    assert_eq!(repository.propose("changed", "report", None), [LISTS]);
}

#[test]
fn change_becomes_one_pull_request() {
    let repository = Repository::new();
    let change = "version = \"1.1.0\"\n";
    let asked = repository.propose("changed", "# The report\n", Some(change));
    let title = "--title Adopt API description 1.1.0";
    assert_eq!(
        asked,
        [
            LISTS,
            "auth setup-git",
            PULLS,
            &format!("pr create --head update-spec --base main {title}"),
            "workflow run ci.yml --ref update-spec",
        ]
    );
    assert_eq!(
        (repository.pushed().as_str(), repository.body().as_str()),
        ("version = \"1.1.0\"", "# The report\n")
    );

    // The next week finds it open, with the same change and with another one.
    repository.put("stand-in/pull", "7\n");
    let edit = format!("pr edit 7 {title}");
    let before = repository.git("origin", &["rev-parse", "update-spec"]);
    let asked = repository.propose("changed", "again", Some(change));
    assert_eq!(asked, [LISTS, "auth setup-git", PULLS, &edit]);
    assert_eq!(repository.git("origin", &["rev-parse", "update-spec"]), before);

    let asked = repository.propose("changed", "more", Some("version = \"1.2.0\"\n"));
    let edit = edit.replace("1.1.0", "1.2.0");
    let started = "workflow run ci.yml --ref update-spec";
    assert_eq!(asked, [LISTS, "auth setup-git", PULLS, &edit, started]);
    assert_eq!(
        (repository.pushed().as_str(), repository.body().as_str()),
        ("version = \"1.2.0\"", "more")
    );
}

#[test]
fn work_of_others_on_the_branch_is_kept() {
    let repository = Repository::new();
    repository.propose("changed", "report", Some("version = \"1.1.0\"\n"));
    repository.git(".", &["clone", "--quiet", "--branch", "update-spec", "origin", "other"]);
    repository.put("other/openapi/overlay.yaml", "names: new\n");
    repository.commit("other", "Name the new operations");
    repository.git("other", &["push", "--quiet"]);
    repository.put("stand-in/pull", "7\n");
    let before = repository.git("origin", &["rev-parse", "update-spec"]);
    let asked = repository.propose("changed", "report", Some("version = \"1.2.0\"\n"));
    assert_eq!(asked, [LISTS, "auth setup-git", PULLS]);
    assert_eq!(repository.git("origin", &["rev-parse", "update-spec"]), before);

    // Once it is merged or closed, the branch is nobody's.
    std::fs::remove_file(repository.path("stand-in/pull")).expect("removes");
    repository.propose("changed", "report", Some("version = \"1.2.0\"\n"));
    assert_eq!(repository.pushed(), "version = \"1.2.0\"");
}

#[test]
fn failure_becomes_one_issue_that_success_closes() {
    let repository = Repository::new();
    let log = "fetch     12 bytes\nerror: /paths: @everyone ~~~ ``` </pre>: fix it\n";
    let asked = repository.propose("failed", log, None);
    let create = "issue create --title The API description could not be updated";
    assert_eq!(asked, [LISTS, create]);
    let body = repository.body();
    assert!(body.contains("\n\n    fetch     12 bytes\n    error: /paths: @everyone"), "{body}");

    repository.put("stand-in/issue", "5\n");
    assert_eq!(repository.propose("failed", log, None), [LISTS, "issue edit 5"]);
    let asked = repository.propose("changed", "report", None);
    assert_eq!(asked, [LISTS, "issue close 5 --comment It could be updated again."]);
}

#[test]
fn version_that_is_no_version_stays_out_of_the_title() {
    let repository = Repository::new();
    let asked = repository.propose("changed", "report", Some("version = \"$(id) @all\"\n"));
    assert!(asked.iter().any(|line| line.ends_with("--title Adopt API description ")), "{asked:?}");
}

#[test]
fn only_files_that_are_generated_are_taken_from_the_change() {
    let repository = Repository::new();
    let script = std::fs::read_to_string(repository.path("clone/.github/propose")).expect("reads");
    repository.put("clone/.github/propose", "#!/bin/sh\nexit 3\n");
    repository.put("clone/src/lib.rs", "new\n");
    repository.put("clone/openapi/provenance.toml", "version = \"1.1.0\"\n");
    repository.put("clone/openapi/sub/added.json", "{}\n");
    repository.git("clone", &["add", "--all"]);
    let asked = repository.propose_staged("changed", "report");
    assert!(asked.iter().any(|line| line.starts_with("pr create")), "{asked:?}");
    assert_eq!(repository.pushed(), "version = \"1.1.0\"");
    let show = |file: &str| repository.git("origin", &["show", &format!("update-spec:{file}")]);
    assert_eq!(show("openapi/sub/added.json"), "{}");
    assert_eq!(show(".github/propose"), script.trim());
    let files = repository.git("origin", &["ls-tree", "-r", "--name-only", "update-spec"]);
    assert!(!files.lines().any(|file| file == "src/lib.rs"), "{files}");

    // A change of other files alone is not a change.
    repository.fresh_clone();
    repository.put("clone/build.rs", "fn main() {}\n");
    repository.git("clone", &["add", "--all"]);
    assert_eq!(repository.propose_staged("changed", "report"), [LISTS]);
}
