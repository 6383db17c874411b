//! The first refresh from the network, rehearsed: a description that differs from the vendored one
//! as the owner's does is adopted from a loopback server with the documented commands only.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

/// Files that a refresh reads or writes.
const FILES: &[&str] = &[
    "Cargo.toml",
    "CHANGELOG.md",
    "openapi/published.yaml",
    "openapi/overlay.yaml",
    "openapi/lowered.json",
    "openapi/provenance.toml",
    "openapi/removals.toml",
    "tests/golden/surface.txt",
];

/// Removes operations that no token of this client is for. Only some versions have any.
const WITHOUT_SECURITY: &str = "
  - target: >-
      $.paths[?(@.get && !@.get.security) || (@.post && !@.post.security) || (@.put && !@.put.security)
      || (@.patch && !@.patch.security) || (@.delete && !@.delete.security)]
    description: >-
      An operation without security is not one of those that a token of this client is for.
    x-optional: true
    remove: true
";

fn workspace() -> tempfile::TempDir {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = tempfile::tempdir().expect("a folder");
    for file in FILES {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("creates");
        std::fs::copy(source.join(file), path).expect(file);
    }
    std::fs::create_dir_all(folder.path().join("crates/fake/openapi")).expect("creates");
    copy(&source.join("src"), &folder.path().join("src"));
    let overlay = folder.path().join("openapi/overlay.yaml");
    let text = std::fs::read_to_string(&overlay).expect("reads");
    if !text.contains("x-optional: true") {
        std::fs::write(overlay, text + WITHOUT_SECURITY).expect("writes");
    }
    folder
}

/// Copies a folder. The surface lists what is written by hand there.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("creates");
    for entry in std::fs::read_dir(from).expect("reads") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        match entry.file_type().expect("a type").is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(std::fs::copy(entry.path(), to).expect("copies")),
        }
    }
}

fn update_spec(root: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("update-spec").arg("--root").arg(root).args(arguments);
    command.output().expect("xtask runs")
}

fn succeeds(root: &Path, arguments: &[&str]) -> String {
    let output = update_spec(root, arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn read(root: &Path, file: &str) -> String {
    std::fs::read_to_string(root.join(file)).expect(file)
}

/// Serves a text to every request, and returns its address.
fn serve(text: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("binds");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut seen = Vec::new();
            let mut byte = [0];
            while !seen.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read > 0)
            {
                seen.push(byte[0]);
            }
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", text.len());
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(text.as_bytes());
        }
    });
    format!("http://{address}/openapi")
}

/// Says everything in other words, but for the dates; and gives every schema a title, as the owner's
/// server does.
fn reword(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let named = |value: &Value| value.is_string() || value.is_array();
            let schema = members.get("type").is_some_and(named) && !members.contains_key("in");
            for (key, value) in members.iter_mut() {
                match (key.as_str(), value) {
                    ("description" | "summary", Value::String(text)) => {
                        *text = format!("As the owner says: {text}");
                    }
                    ("example" | "examples", _) => {}
                    (_, value) => reword(value),
                }
            }
            if schema && !members.contains_key("scheme") {
                members.insert("title".into(), "Some title".into());
            }
        }
        Value::Array(list) => list.iter_mut().for_each(reword),
        _ => {}
    }
}

/// The vendored description as its owner publishes it.
fn owners(vendored: &str) -> Value {
    let mut document: Value = serde_yaml::from_str(vendored).expect("YAML");
    reword(&mut document);
    document["info"]["contact"] = json!({"name": "k6", "url": "https://k6.io"});
    document["servers"][0]["description"] = "Production".into();
    for tag in document["tags"].as_array_mut().expect("a list") {
        tag["description"] = "What the owner says of it.".into();
    }
    for (name, scheme) in [("basic", "basic"), ("internal", "bearer")] {
        let scheme = json!({"type": "http", "scheme": scheme});
        document["components"]["securitySchemes"][name] = scheme;
    }
    // `style` and `explode` are in the parameter's schema by mistake.
    let limits = &mut document["paths"]["/cloud/v6/project-limits"]["get"]["parameters"];
    let ids = limits.as_array_mut().expect("a list").iter_mut();
    let ids = ids.filter(|parameter| parameter["name"] == "project_id_in");
    for parameter in ids {
        parameter["schema"]["style"] = "form".into();
        parameter["schema"]["explode"] = false.into();
    }
    // Operations of another API, for which no token is needed here.
    let schema = json!({"$ref": "#/components/schemas/ProvisionedApiModel"});
    let content = json!({"application/json": {"schema": schema}});
    for path in ["/provisioning/v1/organizations", "/provisioning/v1/stacks"] {
        document["paths"][path] = json!({"post": {
            "operationId": format!("provisioning_{}", path.rsplit('/').next().unwrap_or_default()),
            "tags": ["provisioning"],
            "requestBody": {"content": content},
            "responses": {"200": {"description": "Done", "content": content}},
        }});
    }
    document["components"]["schemas"]["ProvisionedApiModel"] = json!({
        "type": "object", "properties": {"id": {"type": "integer"}},
    });
    let examples = json!(["2025-01-31T10:00:00.123456"]);
    for schema in document["components"]["schemas"].as_object_mut().expect("an object").values_mut()
    {
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for property in properties.into_iter().flat_map(|all| all.values_mut()) {
            if property["format"] == "date-time" {
                property["examples"] = examples.clone();
            }
        }
    }
    document
}

/// A lowered document without its prose.
fn structure(lowered: &str) -> Value {
    fn without_prose(value: &mut Value) {
        match value {
            Value::Object(members) => {
                let prose = |key: &str, value: &Value| {
                    matches!(key, "description" | "summary" | "example") && !value.is_object()
                };
                members.retain(|key, value| !prose(key, value) && key != "x-error-statuses");
                members.values_mut().for_each(without_prose);
            }
            Value::Array(list) => list.iter_mut().for_each(without_prose),
            _ => {}
        }
    }
    let mut document = serde_json::from_str(lowered).expect("JSON");
    without_prose(&mut document);
    document
}

/// The first location at which two documents differ, with what is there.
fn difference(old: &Value, new: &Value, at: &str) -> Option<String> {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) if old.keys().eq(new.keys()) => {
            old.iter().find_map(|(key, old)| difference(old, &new[key], &format!("{at}/{key}")))
        }
        (old, new) if old == new => None,
        (old, new) => Some(format!("{at}: {old} and {new}")),
    }
}

#[test]
fn description_of_the_owner_is_adopted_without_a_step_by_hand() {
    let folder = workspace();
    let root = folder.path();
    // What a change of the overlay takes, should there have been one.
    succeeds(root, &["--from", &root.join("openapi/published.yaml").display().to_string()]);
    let (lowered, surface) =
        (read(root, "openapi/lowered.json"), read(root, "tests/golden/surface.txt"));

    let published = owners(&read(root, "openapi/published.yaml"));
    let text = serde_yaml::to_string(&published).expect("YAML");
    let address = serve(text.clone());
    let report = root.join("report.md").display().to_string();
    let shown = succeeds(root, &["--from", &address, "--changelog", "--report", &report]);

    // With the colon before it: "45 of 51 operations" would be another finding.
    let unchanged = "1.12.0: 51 operations unchanged in structure";
    assert!(shown.lines().next().is_some_and(|line| line.starts_with(unchanged)), "{shown}");
    let report = read(root, "report.md");
    let unchanged = "51 operations unchanged in structure";
    assert!(report.starts_with(unchanged), "{report}");
    assert_eq!(read(root, "openapi/published.yaml"), text, "as it was served");
    let adopted = read(root, "openapi/lowered.json");
    assert_eq!(difference(&structure(&lowered), &structure(&adopted), ""), None);
    assert_eq!(read(root, "tests/golden/surface.txt"), surface, "the crate's API is the same");
    assert!(read(root, "openapi/provenance.toml").contains(&format!("source = \"{address}\"")));
    assert!(!read(root, "openapi/lowered.json").contains("Provisioned"));
    // Afterwards everything is fresh, and the same description changes nothing.
    succeeds(root, &["--check"]);
    assert_eq!(succeeds(root, &["--from", &address]), "");
}
