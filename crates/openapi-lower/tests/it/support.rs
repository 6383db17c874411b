//! Runs the command in a folder of its own.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with files, in which the command runs.
pub(crate) struct Folder(TempDir);

/// What a run printed, and its exit code.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) output: String,
    pub(crate) errors: String,
}

impl Folder {
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::new().expect("a folder"));
        for (name, text) in files {
            let path = folder.path(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect(name)
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).expect(name)
    }

    /// The names of the files.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("a folder");
        let names = entries.map(|entry| entry.expect("a file").file_name());
        let mut names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with_input(arguments, "")
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_openapi-lower"))
            .args(arguments)
            .current_dir(self.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        // A run that fails early does not read it.
        let _ = child.stdin.take().expect("standard input").write_all(input.as_bytes());
        let ran = child.wait_with_output().expect("the command ends");
        Ran {
            code: ran.status.code().expect("an exit code"),
            output: String::from_utf8(ran.stdout).expect("UTF-8"),
            errors: String::from_utf8(ran.stderr).expect("UTF-8"),
        }
    }
}

/// Runs the command with a description as its standard input.
pub(crate) fn run_on(description: &str, arguments: &[&str]) -> Ran {
    let arguments: Vec<_> = ["-"].into_iter().chain(arguments.iter().copied()).collect();
    Folder::with(&[]).run_with_input(&arguments, description)
}

/// A description that loses something in every profile.
pub(crate) const SHOP: &str = "
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /orders:
    get:
      operationId: list_orders
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Order'}}
components:
  schemas:
    Order:
      type: object
      required: [id, note]
      propertyNames: {pattern: '^[a-z]+$'}
      properties:
        id: {type: string, const: 'on'}
        note: {type: [string, 'null']}
        count: {type: number, exclusiveMinimum: 0}
";
