//! The table of malformed, hostile and huge inputs, and how `update-spec` is run on one.
//!
//! A row is an input with what is said about it. The test asserts what is said and that nothing
//! was touched; the bench takes the same rows and asks for time and memory.

// The test and the bench use different parts.
#![allow(dead_code)]

mod names;
mod overlays;
mod prose;
mod references;
mod sizes;
mod sources;
mod structure;
mod syntax;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// One input, and what `update-spec` says about it.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) input: Input,
    pub(crate) outcome: Outcome,
}

pub(crate) enum Input {
    /// The description as a text.
    Text(fn() -> String),
    /// The description as bytes that may be no text.
    Bytes(fn() -> Vec<u8>),
    /// The description as a value, written as JSON.
    Json(fn() -> Value),
    /// An overlay; the description is a good one.
    Overlay(fn() -> String),
    /// What is done in the workspace before; returns the argument of `--from`.
    Prepared(fn(&Path) -> String),
    /// Who answers each request on the loopback; the request has been read.
    Served(fn(&mut TcpStream) -> std::io::Result<()>),
}

pub(crate) enum Outcome {
    /// Exit code 1, with lines of errors that have these parts in them.
    Rejected(&'static [&'static str]),
    /// Exit code 0. The surface listing and `lowered.json` have these parts, and nothing that is
    /// printed or made of the description has the others.
    Accepted { has: &'static [&'static str], lacks: &'static [&'static str] },
}

/// A description with most of what the rows find harmless at once, to be compiled.
pub(crate) const HARMLESS: Input = Input::Json(names::harmless);

/// All rows by subject.
pub(crate) fn groups() -> Vec<(&'static str, Vec<Row>)> {
    vec![
        ("syntax", syntax::rows()),
        ("structure", structure::rows()),
        ("references", references::rows()),
        ("names", names::rows()),
        ("prose", prose::rows()),
        ("sizes", sizes::rows()),
        ("overlays", overlays::rows()),
        ("sources", sources::rows()),
    ]
}

fn rejected(name: &'static str, input: Input, parts: &'static [&'static str]) -> Row {
    Row { name, input, outcome: Outcome::Rejected(parts) }
}

fn accepted(
    name: &'static str,
    input: Input,
    has: &'static [&'static str],
    lacks: &'static [&'static str],
) -> Row {
    Row { name, input, outcome: Outcome::Accepted { has, lacks } }
}

/// A good description; rows add to it.
pub(crate) const GOOD: &str = "\
openapi: 3.1.0
info: {title: Small, version: 1.0.0}
paths:
  /things/{id}:
    get:
      operationId: things_retrieve
      parameters:
        - {in: path, name: id, required: true, schema: {type: integer, format: int64}}
      responses:
        '200':
          description: OK
          content:
            application/json: {schema: {$ref: '#/components/schemas/Thing'}}
components:
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        name: {type: string}
";

pub(crate) const OVERLAY: &str = "\
overlay: 1.1.0
info: {title: t, version: 1.0.0}
actions:
  - target: $.paths['/things/{id}'].get
    description: verb first
    update: {operationId: get_thing}
";

/// The good description as a value.
fn good() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1.0.0"},
        "paths": {"/things/{id}": {"get": {
            "operationId": "things_retrieve",
            "parameters": [{
                "in": "path", "name": "id", "required": true,
                "schema": {"type": "integer", "format": "int64"},
            }],
            "responses": {"200": {
                "description": "OK",
                "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Thing"},
                }},
            }},
        }}},
        "components": {"schemas": {"Thing": {
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string"}},
        }}},
    })
}

/// The good description with `value` at a pointer, whose last key may be new.
fn with(pointer: &str, value: Value) -> Value {
    let mut document = good();
    set(&mut document, pointer, value);
    document
}

fn set(document: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(parent).expect("a parent");
    parent[key.replace("~1", "/").replace("~0", "~")] = value;
}

/// The good description without what is at a pointer.
fn without(pointer: &str) -> Value {
    let mut document = good();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(parent).and_then(Value::as_object_mut).expect("a parent");
    parent.remove(&key.replace("~1", "/").replace("~0", "~")).expect("it was there");
    document
}

const GET: &str = "/paths/~1things~1{id}/get";

/// The good description with a member of its operation set.
fn with_get(member: &str, value: Value) -> Value {
    with(&format!("{GET}/{member}"), value)
}

/// The good description with one more component, which a property refers to.
fn with_schema(name: &str, schema: Value) -> Value {
    let pointer = format!("/components/schemas/{}", name.replace('~', "~0").replace('/', "~1"));
    let mut document = with(&pointer, schema);
    refer_to(&mut document, name);
    document
}

/// Has a property of the good description refer to a component: what no operation reaches is not
/// looked at.
fn refer_to(document: &mut Value, name: &str) {
    let name = name.replace('~', "~0").replace('/', "~1").replace('%', "%25");
    let properties = &mut document["components"]["schemas"]["Thing"]["properties"];
    let count = properties.as_object().map_or(0, serde_json::Map::len);
    properties[format!("p{count}")] = json!({ "$ref": format!("#/components/schemas/{name}") });
}

/// Files by their path below a workspace, with their bytes.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A workspace to maintain, which holds what an earlier run wrote.
pub(crate) struct Workspace {
    folder: tempfile::TempDir,
}

/// What a run left and took.
pub(crate) struct Run {
    /// The exit code; none when it was killed, also by the guard.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) took: Duration,
    /// The greatest resident memory, in bytes.
    pub(crate) peak: u64,
}

/// How long a run may take before it counts as hung. It is no target: a busy machine is slow.
const GUARD: Duration = Duration::from_secs(60);

impl Workspace {
    /// A workspace whose files a run has written.
    pub(crate) fn seeded() -> Self {
        let workspace = Self { folder: tempfile::tempdir().expect("a folder") };
        for sub in ["openapi", "src", "tests/golden", "crates/fake/openapi"] {
            std::fs::create_dir_all(workspace.path().join(sub)).expect("creates");
        }
        workspace.put("openapi/overlay.yaml", OVERLAY.as_bytes());
        let given = workspace.put("given.yaml", GOOD.as_bytes());
        let run = workspace.run(&given);
        assert_eq!(run.code, Some(0), "the good description is adopted: {}", run.err);
        std::fs::remove_file(workspace.path().join("given.yaml")).expect("removes");
        workspace
    }

    /// A workspace with the files of another.
    pub(crate) fn like(other: &Self) -> Self {
        let workspace = Self { folder: tempfile::tempdir().expect("a folder") };
        for (path, bytes) in other.files() {
            let path = workspace.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("creates");
            std::fs::write(path, bytes).expect("writes");
        }
        workspace
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn get(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).expect("reads")
    }

    fn put(&self, name: &str, bytes: &[u8]) -> String {
        put(self.path(), name, bytes)
    }

    /// Every regular file below the workspace with its bytes.
    pub(crate) fn files(&self) -> Files {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("lists") {
                let entry = entry.expect("an entry");
                let (path, kind) = (entry.path(), entry.file_type().expect("a type"));
                if kind.is_dir() {
                    folders.push(path);
                } else if kind.is_file() {
                    let name = path.strip_prefix(self.path()).expect("below").to_owned();
                    found.insert(name, std::fs::read(path).expect("reads"));
                }
            }
        }
        found
    }

    /// Puts the input in its place and returns the argument of `--from`.
    pub(crate) fn give(&self, input: &Input) -> String {
        match input {
            Input::Text(text) => self.put("given.yaml", text().as_bytes()),
            Input::Bytes(bytes) => self.put("given.yaml", &bytes()),
            Input::Json(value) => self.put("given.json", value().to_string().as_bytes()),
            Input::Overlay(text) => {
                self.put("openapi/overlay.yaml", text().as_bytes());
                self.put("given.yaml", GOOD.as_bytes())
            }
            Input::Prepared(prepare) => prepare(self.path()),
            Input::Served(answer) => serve(*answer),
        }
    }

    /// Runs `update-spec` in this workspace.
    pub(crate) fn run(&self, from: &str) -> Run {
        let root = self.path().display().to_string();
        self.run_with(&["--root", &root, "--from", from])
    }

    /// Compiles the client of a description, with the parts of the real workspace.
    pub(crate) fn compile(&self, input: &Input) -> Run {
        self.run_with(&["--try", "--from", &self.give(input)])
    }

    fn run_with(&self, arguments: &[&str]) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("update-spec")
            .args(arguments)
            .current_dir(self.path())
            .env("RUST_BACKTRACE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("xtask runs");
        let started = Instant::now();
        let readers = (reader(child.stdout.take()), reader(child.stderr.take()));
        let mut peak = 0;
        let status = loop {
            peak = peak.max(peak_of(child.id()));
            if let Some(status) = child.try_wait().expect("waits") {
                break status;
            }
            if started.elapsed() > GUARD && !arguments.contains(&"--try") {
                child.kill().expect("is killed");
                break child.wait().expect("waits");
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        let took = started.elapsed();
        let text = |reader: std::thread::JoinHandle<Vec<u8>>| {
            String::from_utf8(reader.join().expect("reads")).expect("UTF-8")
        };
        Run { code: status.code(), out: text(readers.0), err: text(readers.1), took, peak }
    }
}

/// The greatest resident memory of a process so far, in bytes, as Linux tells it; elsewhere 0.
///
/// What `wait4` tells is no less than the parent's own peak, and rows are large.
fn peak_of(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1024
}

/// Reads a pipe to its end, in a thread of its own.
fn reader(pipe: Option<impl std::io::Read + Send + 'static>) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.expect("a pipe").read_to_end(&mut bytes).expect("reads");
        bytes
    })
}

/// Writes a file of the workspace and returns its path.
fn put(root: &Path, name: &str, bytes: &[u8]) -> String {
    let path = root.join(name);
    std::fs::write(&path, bytes).expect("writes");
    path.display().to_string()
}

/// Answers every connection with `answer`, until the process ends; returns the address.
fn serve(answer: fn(&mut TcpStream) -> std::io::Result<()>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("binds");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            std::thread::spawn(move || {
                read_request(&mut stream)?;
                answer(&mut stream)?;
                stream.flush()
            });
        }
    });
    format!("http://{address}/openapi")
}

fn read_request(stream: &mut TcpStream) -> std::io::Result<()> {
    use std::io::Read as _;

    let mut seen = Vec::new();
    let mut byte = [0];
    while !seen.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? > 0 {
        seen.push(byte[0]);
    }
    Ok(())
}
