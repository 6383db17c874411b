//! The stages together, in a workspace of their own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::StatusCode;
use axum::response::Redirect;

use openapi_lowering::lower::Lowered;
use openapi_lowering::overlay;
use openapi_lowering::parse::parse;

use super::gate::Accept;
use super::generate::{generated, surface};
use super::{Limits, Outcome, UpdateSpec};
use crate::client::lower;
use crate::write::{Provenance, canonical};

mod changes;

const DESCRIPTION: &str = "\
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
            application/json: {schema: {$ref: '#/components/schemas/ThingApiModel'}}
        '404': {description: None}
components:
  schemas:
    ThingApiModel:
      type: object
      required: [name]
      properties:
        name: {type: [string, 'null'], maxLength: 5}
";

const OVERLAY: &str = "\
overlay: 1.1.0
info: {title: t, version: 1.0.0}
actions:
  - {target: $.components, description: short, update: {x-rust-strip-suffix: ApiModel}}
  - target: $.paths['/things/{id}'].get
    description: verb first
    update: {operationId: get_thing}
";

/// A workspace with an overlay, and a description beside it.
struct Workspace {
    folder: tempfile::TempDir,
}

impl Workspace {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for sub in ["openapi", "src", "tests/golden", "crates/fake/openapi"] {
            std::fs::create_dir_all(folder.path().join(sub)).expect("creates");
        }
        let workspace = Self { folder };
        workspace.put("openapi/overlay.yaml", OVERLAY);
        workspace.put("given.yaml", DESCRIPTION);
        workspace
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("writes");
    }

    fn get(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("reads")
    }

    fn task(&self) -> UpdateSpec {
        UpdateSpec {
            from: Some(self.path("given.yaml").display().to_string()),
            root: Some(self.folder.path().to_owned()),
            ..UpdateSpec::default()
        }
    }

    fn check(&self) -> UpdateSpec {
        UpdateSpec { from: None, check: true, ..self.task() }
    }

    /// Every file below the workspace with its bytes.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("lists") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.insert(path.clone(), std::fs::read(path).expect("reads"));
                }
            }
        }
        found
    }
}

/// Runs a task; gives its outcome or message, with what it printed.
fn run(task: &UpdateSpec) -> (Result<Outcome, String>, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let result = task.run(&mut out, &mut err).map_err(|problem| problem.to_string());
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (result, text(out), text(err))
}

#[test]
fn description_goes_through_all_stages_and_is_written_once() {
    let workspace = Workspace::new();
    let (result, _, progress) = run(&workspace.task());
    assert_eq!(result, Ok(Outcome::Done));
    let stages: Vec<_> =
        progress.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let expected =
        ["fetch", "parse", "overlay", "lower", "preflight", "generate", "compare", "write"];
    assert_eq!(stages, expected, "{progress}");

    assert_eq!(workspace.get("openapi/published.yaml"), DESCRIPTION, "as it was served");
    let lowered: serde_json::Value =
        serde_json::from_str(&workspace.get("openapi/lowered.json")).expect("JSON");
    assert_eq!(lowered["openapi"], "3.0.3");
    assert_eq!(lowered["paths"]["/things/{id}"]["get"]["operationId"], "get_thing");
    assert!(lowered["components"]["schemas"]["Thing"].is_object());
    assert!(workspace.get("tests/golden/surface.txt").contains("fn Client::get_thing(&self, "));
    assert!(workspace.get("src/prebuilt.rs").contains("pub fn get_thing(&self, "));
    let provenance = Provenance::read(&workspace.path("openapi/provenance.toml"));
    let provenance = provenance.expect("parses");
    assert_eq!((&*provenance.source, &*provenance.version), ("given.yaml", "1.0.0"));

    let before = workspace.files();
    let (result, _, progress) = run(&workspace.task());
    assert_eq!(result, Ok(Outcome::Done));
    assert!(progress.contains("nothing changed"), "{progress}");
    assert_eq!(workspace.files(), before);
}

/// Each version becomes the base of the next one.
#[test]
fn versions_are_adopted_in_sequence() {
    let workspace = Workspace::new();
    let name = "name: {type: [string, 'null'], maxLength: 5}\n";
    let listed = "  /things:
    get:
      operationId: things_list
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/ThingApiModel'}}
components:
";
    let second = format!("{name}        tags: {{type: array, items: {{type: string}}}}\n");
    let steps: [(&str, &str, &str, &str); 5] = [
        ("1.1.0", name, &second, "Additive: "),
        ("1.1.1", "description: OK", "description: Fine", "unchanged in structure"),
        ("1.2.0", "components:\n", listed, "Additive: "),
        ("1.3.0", "maxLength: 5", "maxLength: 6", "unchanged in structure"),
        // Without a default, the type loses its `Default`.
        ("2.0.0", "required: [name]", "required: [name, id]", "Breaking: "),
    ];
    assert_eq!(run(&workspace.task()).0, Ok(Outcome::Done));
    let mut text = DESCRIPTION.to_owned();
    let mut version = "1.0.0".to_owned();
    for (next, old, new, verdict) in steps {
        assert!(text.contains(old), "{next}: {old}");
        text = text.replacen(old, new, 1).replace(&version, next);
        next.clone_into(&mut version);
        if next == "2.0.0" {
            text = text.replace("        name:", "        id: {type: integer}\n        name:");
        }
        workspace.put("given.yaml", &text);
        let task = UpdateSpec { accept: vec![Accept::Security], ..workspace.task() };
        let (result, out, progress) = run(&task);
        assert_eq!(result, Ok(Outcome::Done), "{next}: {progress}");
        assert!(out.contains(verdict), "{next}: {out}");
        assert!(workspace.get("openapi/provenance.toml").contains(next), "{next}");
        // A second time there is nothing to do.
        let before = workspace.files();
        let (result, out, _) = run(&task);
        assert_eq!(
            (result, workspace.files() == before),
            (Ok(Outcome::Done), true),
            "{next}: {out}"
        );
        let check = UpdateSpec { from: task.from.clone(), ..workspace.check() };
        assert_eq!(run(&check).0, Ok(Outcome::Done), "{next}");
    }
    assert!(workspace.get("src/prebuilt.rs").contains("pub fn things_list(&self)"));
}

#[test]
fn check_is_fresh_after_writing_and_names_what_is_stale() {
    let workspace = Workspace::new();
    assert_eq!(run(&workspace.task()).0, Ok(Outcome::Done));
    assert_eq!(run(&workspace.check()).0, Ok(Outcome::Done));

    for file in [
        "openapi/lowered.json",
        "src/prebuilt.rs",
        "tests/golden/surface.txt",
        "openapi/provenance.toml",
    ] {
        let good = workspace.get(file);
        workspace.put(file, &good.replacen('e', "E", 1));
        let before = workspace.files();
        let (result, out, _) = run(&workspace.check());
        assert_eq!(result, Ok(Outcome::Stale), "{file}");
        let fix = "run `cargo xtask update-spec --from openapi/published.yaml`";
        let found = match file {
            "openapi/lowered.json" => "was edited by hand: to have it made again,",
            "src/prebuilt.rs" | "tests/golden/surface.txt" => {
                "is out of date with the generated client:"
            }
            _ => "is stale:",
        };
        assert_eq!(out, format!("{file} {found} {fix}\n"));
        assert_eq!(workspace.files(), before, "--check wrote something");
        workspace.put(file, &good);
    }
}

#[test]
fn check_against_a_newer_description_is_stale() {
    let workspace = Workspace::new();
    assert_eq!(run(&workspace.task()).0, Ok(Outcome::Done));
    workspace.put("given.yaml", &DESCRIPTION.replace("1.0.0", "1.0.1"));
    let (result, out, _) = run(&UpdateSpec { check: true, ..workspace.task() });
    assert_eq!(result, Ok(Outcome::Stale));
    assert!(out.contains("openapi/published.yaml is stale"), "{out}");
}

#[test]
fn refreshing_from_the_vendored_file_keeps_its_source() {
    let workspace = Workspace::new();
    assert_eq!(run(&workspace.task()).0, Ok(Outcome::Done));
    let vendored = workspace.path("openapi/published.yaml").display().to_string();
    let task = UpdateSpec { from: Some(vendored), ..workspace.task() };
    assert_eq!(run(&task).0, Ok(Outcome::Done));
    assert!(workspace.get("openapi/provenance.toml").contains("source = \"given.yaml\""));
}

#[test]
fn action_that_matches_nothing_is_reported_and_refused_by_check() {
    let workspace = Workspace::new();
    let action = "  - {target: \"$.paths['/gone']\", description: why, remove: true}\n";
    workspace.put("openapi/overlay.yaml", &format!("{OVERLAY}{action}"));
    let report = workspace.path("report.md");
    let task = UpdateSpec { report: Some(report), ..workspace.task() };
    assert_eq!(run(&task).0, Ok(Outcome::Done));
    let line = "overlay action 2 matches nothing at $.paths['/gone']";
    assert!(workspace.get("report.md").contains(line));
    let message = run(&workspace.check()).0.expect_err("rejected");
    assert!(message.contains(line), "{message}");
}

#[test]
fn report_names_operations_without_a_name_and_what_is_lost() {
    let workspace = Workspace::new();
    let first = OVERLAY.split("  - target").next().expect("a part");
    workspace.put("openapi/overlay.yaml", first);
    let task = UpdateSpec { report: Some(workspace.path("report.md")), ..workspace.task() };
    assert_eq!(run(&task).0, Ok(Outcome::Done));
    let report = workspace.get("report.md");
    assert!(report.contains("- `things_retrieve`, `GET /things/{id}`\n"), "{report}");
    let place = "`/components/schemas/ThingApiModel/properties/name/maxLength`";
    assert!(report.contains("<code>drop-constraint</code>") && report.contains(place), "{report}");
}

#[test]
fn failure_of_any_stage_touches_nothing() {
    let workspace = Workspace::new();
    assert_eq!(run(&workspace.task()).0, Ok(Outcome::Done));
    let before = workspace.files();
    for (stage, text, message) in [
        ("parse", "openapi: 3.1.0\nopenapi: 3.1.0\n".to_owned(), "duplicate key"),
        ("parse", "<html>".to_owned(), "HTML"),
        ("lower", DESCRIPTION.replace("type: integer", "type: intger"), "there is no type"),
        ("lower", DESCRIPTION.replace("'#/comp", "'other.yaml#/comp"), "another document"),
        ("preflight", DESCRIPTION.replace("{id}:", "{key}:"), "\"key\" is not declared"),
        (
            "preflight",
            format!("{DESCRIPTION}    Thing-ApiModel: {{}}\n").replace(
                "maxLength: 5}",
                "allOf: [{$ref: '#/components/schemas/Thing-ApiModel'}]}",
            ),
            "both give the type Thing",
        ),
    ] {
        let given = workspace.path("given.yaml");
        workspace.put("given.yaml", &text);
        let (result, _, progress) = run(&workspace.task());
        let shown = result.expect_err(stage);
        assert!(shown.contains(message), "{stage}: {shown}");
        assert!(!progress.contains("write"), "{stage}: {progress}");
        std::fs::write(given, DESCRIPTION).expect("writes");
        assert_eq!(workspace.files(), before, "{stage}");
    }
    workspace.put("openapi/overlay.yaml", "overlay: 1.1.0\n");
    let shown = run(&workspace.task()).0.expect_err("no overlay");
    assert!(shown.starts_with("overlay.yaml: "), "{shown}");
    workspace.put("openapi/overlay.yaml", OVERLAY);
    assert_eq!(workspace.files(), before);
}

#[test]
fn everything_in_the_way_is_listed_in_one_run_and_the_fixes_work() {
    let workspace = Workspace::new();
    let more = "  /b/{key}:
    get: {operationId: get_b, responses: {'204': {description: done}}}
  /c:
    get: {operationId: request, responses: {'204': {description: done}}}
  /d:
    get:
      operationId: get_d
      parameters: [{in: query, name: at, schema: {type: intger}}]
      responses: {'204': {description: done}}
components:
";
    workspace.put("given.yaml", &DESCRIPTION.replace("components:\n", more));
    let before = workspace.files();
    let shown = run(&workspace.task()).0.expect_err("three stages reject it");
    for expected in [
        "/paths/~1d/get/parameters/0/schema/type: there is no type \"intger\": correct it",
        "/paths/~1b~1{key}/get: the path's variable \"key\" is not declared: add the parameter",
        "/paths/~1c/get/operationId: the operationId \"request\" is the name of one of the \
         client's functions: give it another",
    ] {
        assert!(shown.contains(expected), "{expected} is not in {shown}");
    }
    assert_eq!(shown.lines().count(), 3, "{shown}");
    assert_eq!(workspace.files(), before);
    // The fixes that the messages name, all at once.
    let fixes = "  - {target: \"$.paths['/d'].get.parameters[0].schema\", description: typo, update: {type: integer}}
  - target: $.paths['/b/{key}'].get
    description: missing
    update: {parameters: [{in: path, name: key, required: true, schema: {type: string}}]}
  - {target: \"$.paths['/c'].get\", description: taken, update: {operationId: get_c}}
";
    workspace.put("openapi/overlay.yaml", &format!("{OVERLAY}{fixes}"));
    let (result, _, progress) = run(&workspace.task());
    assert_eq!(result, Ok(Outcome::Done), "{progress}");
}

/// A lowered document whose generation is tried.
fn lowered(paths: serde_json::Value, schemas: serde_json::Value) -> Lowered {
    let document = serde_json::json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    });
    let schemas = document["components"]["schemas"].as_object().expect("an object");
    let names = schemas.keys().map(|name| (format!("{name}ApiModel"), name.clone()));
    Lowered { names: names.collect(), document, notes: Vec::new() }
}

/// An operation whose success has this schema.
fn responds_with(id: &str, schema: &str) -> serde_json::Value {
    let schema = serde_json::json!({"$ref": format!("#/components/schemas/{schema}")});
    let content = serde_json::json!({"application/json": {"schema": schema}});
    let responses = serde_json::json!({"200": {"description": "", "content": content}});
    serde_json::json!({"get": {"operationId": id, "responses": responses}})
}

#[test]
fn what_the_generator_rejects_is_narrowed_down() {
    // It panics at a path parameter that is not required, and at an enum beside a union.
    let parameter = serde_json::json!([{"in": "path", "name": "id", "schema": {"type": "string"}}]);
    let mut wrong = responds_with("b", "Good");
    wrong["get"]["parameters"] = parameter;
    let paths = serde_json::json!({
        "/a": responds_with("a", "Good"),
        "/b": wrong,
        "/c": responds_with("c", "Holder"),
        "/d": responds_with("d", "Good"),
    });
    let good = serde_json::json!({"type": "string"});
    let bad = serde_json::json!({
        "type": "string", "enum": ["x"], "oneOf": [{"$ref": "#/components/schemas/Good"}],
    });
    let holder = serde_json::json!({"type": "object", "properties": {
        "bad": {"$ref": "#/components/schemas/Bad"},
    }});
    let schemas = serde_json::json!({"Good": good, "Bad": bad, "Holder": holder});
    let problems = generated(&lowered(paths, schemas), surface).expect_err("two things are wrong");
    let places: Vec<_> = problems.iter().map(|problem| problem.place()).collect();
    assert_eq!(places, ["/paths/~1b/get", "/components/schemas/BadApiModel"], "{problems}");
    assert!(problems.iter().all(|found| found.what().starts_with("the generator gave up: ")));
}

#[test]
fn generating_twice_gives_equal_bytes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let client = std::fs::read_to_string(root.join("openapi/lowered.json")).expect("reads");
    let first = k6_cloud_codegen::generate(&client).expect("generates");
    for _ in 0..3 {
        let again = k6_cloud_codegen::generate(&client).expect("generates");
        assert!(again == first, "the generator is not stable");
    }
}

#[test]
fn committed_files_are_fresh() {
    let (result, out, _) = run(&UpdateSpec { check: true, ..UpdateSpec::default() });
    assert_eq!(result, Ok(Outcome::Done), "{out}");
}

#[test]
fn try_compiles_without_touching_anything() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let workspace = Workspace::new();
    let form = "  /form:
    post:
      operationId: send_form
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {shade: {$ref: '#/components/schemas/Shade'}}}
      responses: {'204': {description: done}}
components:
";
    let text = format!("{DESCRIPTION}    Shade: {{type: string, enum: [light, dark]}}\n");
    // The overlay of the crate has types of ids, and none is for things.
    let text = text.replace("format: int64}", "format: int64, x-id: false}");
    workspace.put(
        "given.yaml",
        &text.replace(
            "components:
",
            form,
        ),
    );
    let read = |name| std::fs::read(root.join("openapi").join(name)).expect("reads");
    let before = (read("published.yaml"), read("lowered.json"), read("provenance.toml"));
    let task = UpdateSpec { attempt: true, root: None, ..workspace.task() };
    let (result, out, progress) = run(&task);
    assert_eq!(result, Ok(Outcome::Done), "{progress}");
    // The overlay of the crate adds schemas of its own.
    let last = out.lines().last().unwrap_or_default();
    assert!(last.starts_with("1.0.0: 2 operations, "), "{out}");
    assert_eq!((read("published.yaml"), read("lowered.json"), read("provenance.toml")), before);
}

/// Serves a router on the loopback from a thread of its own.
fn serve(router: Router) -> String {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
            sender.send(listener.local_addr().expect("an address")).expect("sends");
            axum::serve(listener, router).await
        })
    });
    format!("http://{}/openapi", receiver.recv().expect("an address"))
}

#[test]
fn description_is_fetched_over_http() {
    let workspace = Workspace::new();
    let address = serve(Router::new().fallback(|| async { DESCRIPTION }));
    let task = UpdateSpec { from: Some(address.clone()), ..workspace.task() };
    assert_eq!(run(&task).0, Ok(Outcome::Done));
    assert!(workspace.get("openapi/provenance.toml").contains(&format!("source = \"{address}\"")));
}

#[test]
fn fetching_refuses_what_is_no_description() {
    let workspace = Workspace::new();
    let other = serve(Router::new().fallback(|| async { DESCRIPTION }));
    let to_other = move || async move { Redirect::temporary(&other) };
    let huge = || async { vec![b' '; openapi_lowering::parse::MOST_BYTES + 1] };
    for (router, message) in [
        (Router::new().fallback(to_other), "redirects to another host"),
        (Router::new().fallback(|| async { StatusCode::NOT_FOUND }), "responded with 404"),
        (Router::new().fallback(|| async { "<!doctype html>" }), "HTML"),
        (Router::new().fallback(huge), "bytes allowed"),
        (
            Router::new().fallback(|| async { Redirect::temporary("/openapi") }),
            "redirects too often",
        ),
    ] {
        let before = workspace.files();
        let task = UpdateSpec { from: Some(serve(router)), ..workspace.task() };
        let shown = run(&task).0.expect_err(message);
        assert!(shown.contains(message), "{shown}");
        assert_eq!(workspace.files(), before);
    }
    let task = UpdateSpec { from: Some("http://127.0.0.1:1/x".into()), ..workspace.task() };
    let shown = run(&task).0.expect_err("nobody listens");
    assert!(shown.contains("give a file with --from"), "{shown}");
}

#[test]
fn limits_are_raised_by_the_options_that_the_messages_name() {
    let raised = |arguments: &[&str]| -> Limits {
        #[derive(clap::Parser)]
        struct Arguments {
            #[command(flatten)]
            limits: Limits,
        }
        let all = ["update-spec"].iter().chain(arguments);
        <Arguments as clap::Parser>::parse_from(all).limits
    };
    let workspace = Workspace::new();
    for (option, too_low, enough) in
        [("--max-bytes", "100", "5000"), ("--max-values", "10", "500"), ("--max-parts", "3", "50")]
    {
        let task = |value| UpdateSpec { limits: raised(&[option, value]), ..workspace.task() };
        let message = run(&task(too_low)).0.expect_err(option);
        assert!(message.contains(option), "{message}");
        assert_eq!(run(&task(enough)).0, Ok(Outcome::Done), "{option}");
    }
}

/// Every list that comes in pages has streams, and nothing else has.
#[test]
fn lists_in_pages_are_known_by_their_shape() {
    let window = "
        - {in: query, name: $count, schema: {type: boolean}}
        - {in: query, name: $skip, schema: {type: integer}}
        - {in: query, name: $top, schema: {type: integer}}
        - {in: query, name: $orderby, schema: {type: string}}";
    let list = |path: &str, id: &str, parameters: &str, page: &str| {
        format!(
            "
  /{path}:
    get:
      operationId: {id}
      parameters: {parameters}
      responses:
        '200':
          description: OK
          content:
            application/json: {{schema: {{$ref: '#/components/schemas/{page}'}}}}"
        )
    };
    let whole = "[{in: query, name: $count, schema: {type: boolean}}]";
    let counted = window.replace("boolean", "integer");
    let description = [
        "openapi: 3.0.3\ninfo: {title: t, version: 1.0.0}\npaths:",
        &list("a", "list_a", window, "PageA"),
        &list("b", "list_b", window, "PageB"),
        &list("c", "list_c", whole, "PageA"),
        &list("d", "list_d", window, "Whole"),
        &list("e", "list_e", &counted, "PageA"),
        &list("f", "list_f", window, "PageF"),
        &list("g", "list_g", window, "PageG"),
        "
components:
  schemas:
    RowA: {type: object, required: [id], properties: {id: {type: integer}}}
    RowB: {type: object, required: [key], properties: {key: {type: string}}}
    RowF:
      type: object
      required: [project_id, limit]
      properties: {project_id: {type: integer}, limit: {type: integer}}
    RowG:
      type: object
      required: [project_id, test_id]
      properties: {project_id: {type: integer}, test_id: {type: integer}}
    PageF:
      type: object
      required: [value]
      properties:
        value: {type: array, items: {$ref: '#/components/schemas/RowF'}}
        '@count': {type: integer}
        '@nextLink': {type: string}
    PageG:
      type: object
      required: [value]
      properties:
        value: {type: array, items: {$ref: '#/components/schemas/RowG'}}
        '@count': {type: integer}
        '@nextLink': {type: string}
    PageA:
      type: object
      required: [value]
      properties:
        value: {type: array, items: {$ref: '#/components/schemas/RowA'}}
        '@count': {type: integer}
        '@nextLink': {type: string}
    PageB:
      type: object
      required: [value]
      properties:
        value: {type: array, items: {$ref: '#/components/schemas/RowB'}}
        '@count': {type: integer}
        '@nextLink': {type: string}
    Whole:
      type: object
      required: [value]
      properties:
        value: {type: array, items: {$ref: '#/components/schemas/RowA'}}",
    ]
    .concat();
    let value: serde_json::Value = serde_yaml::from_str(&description).expect("YAML");
    let code = k6_cloud_codegen::generate(&value.to_string()).expect("generates");
    let surface =
        crate::surface::read(&syn::parse_file(&code).expect("Rust")).expect("reads").listing();
    let lists: Vec<_> = surface.lines().filter(|line| line.starts_with("list ")).collect();
    let rows = [
        "ListA: types::RowA",
        "ListB: types::RowB",
        "ListD: types::RowA",
        "ListF: types::RowF",
        "ListG: types::RowG",
    ];
    assert_eq!(lists, rows.map(|row| format!("list builder::{row}")));
    // Rows are told apart by their id, else by the only id that they carry.
    let key = |name: &str| {
        let start = code.find(&format!("ListOperation for {name} {{")).expect(name);
        let body = code[start..].split("fn key").nth(1).expect("a key");
        body.split('}')
            .next()
            .and_then(|body| body.split('{').nth(1))
            .and_then(|body| body.trim().lines().last())
            .map(str::trim)
    };
    assert_eq!(key("ListA"), Some("Some(row.id)"));
    assert_eq!(key("ListB"), Some("None"));
    assert_eq!(key("ListF"), Some("Some(row.project_id)"));
    assert_eq!(key("ListG"), Some("None"));
    let operations = code.matches("impl crate::operation::Operation for ").count();
    assert_eq!(operations, 7);
}

#[test]
fn vendored_description_lowers_to_the_same_bytes() {
    let openapi = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let read = |name: &str| std::fs::read(openapi.join(name)).expect("it is vendored");
    let mut document = parse(&read("published.yaml"), "published.yaml").expect("it parses");
    let file = openapi.join("overlay.yaml");
    overlay::apply(&read("overlay.yaml"), &file, &mut document).expect("it applies");

    let first = lower(&document).expect("it lowers");
    let second = lower(&document).expect("it lowers");
    let bytes = canonical(&first.document);
    assert!(bytes == canonical(&second.document), "two runs give different bytes");
    assert_eq!(first.notes, second.notes);
    let again = lower(&first.document).expect("the lowered document lowers");
    assert!(bytes == canonical(&again.document), "lowering is not idempotent");
}
