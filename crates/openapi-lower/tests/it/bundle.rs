//! Descriptions in several files.

use crate::support::Folder;

const ROOT: &str = "
openapi: 3.1.0
info: {title: Parts, version: '1'}
paths:
  /runs/{id}: {$ref: 'paths/run.yaml'}
components:
  schemas:
    Run: {$ref: 'schemas/run.yaml'}
    Error: {type: object, properties: {message: {type: [string, 'null']}}}
";

const PATH: &str = "
parameters: [{$ref: '../parts.json#/parameters/id'}]
get:
  operationId: get_run
  responses:
    '200':
      description: ''
      content:
        application/json:
          schema: {$ref: '../schemas/run.yaml'}
          examples: {one: {value: {$ref: 'data.yaml'}}}
    default: {$ref: '../parts.json#/responses/failed%7E1now'}
";

const RUN: &str = "
type: object
properties:
  id: {type: integer}
  parent: {$ref: '#'}
  tags: {type: array, items: {$ref: 'tags.yml#/$defs/Tag'}}
  error: {$ref: '../root.yaml#/components/schemas/Error'}
  owner:
    oneOf: [{$ref: './user.yaml'}, {$ref: 'team.yaml'}]
    discriminator: {propertyName: kind, mapping: {user: ./user.yaml, team: team.yaml}}
";

const PARTS: &str = r#"{
  "parameters": {"id": {"in": "path", "name": "id", "required": true, "schema": {"type": "integer"}}},
  "responses": {"failed/now": {"description": "x", "content": {"application/json":
    {"schema": {"$ref": "root.yaml#/components/schemas/Error"}}}}}
}"#;

fn owner(kind: &str) -> String {
    format!("type: object\nrequired: [kind]\nproperties: {{kind: {{const: {kind}}}}}\n")
}

fn folder() -> Folder {
    Folder::with(&[
        ("root.yaml", ROOT),
        ("paths/run.yaml", PATH),
        ("parts.json", PARTS),
        ("schemas/run.yaml", RUN),
        ("schemas/tags.yml", "$defs: {Tag: {type: [string, 'null']}}\n"),
        ("schemas/user.yaml", &owner("user")),
        ("schemas/team.yaml", &owner("team")),
    ])
}

#[test]
fn files_of_a_folder_become_one_description() {
    let folder = folder();
    for profile in ["faithful", "progenitor", "tolerant"] {
        let ran = folder.run(&["root.yaml", "--profile", profile, "-o", "out.json"]);
        assert_eq!(ran.code, 0, "{profile}: {ran:?}");
        let text = folder.read("out.json");
        let data = text.matches("data.yaml").count();
        assert_eq!(text.matches("yaml").count(), data, "{profile}: {text}");
    }
    let ran = folder.run(&["root.yaml", "-o", "out.json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let out = folder.json("out.json");
    let schemas = &out["components"]["schemas"];
    let names: Vec<_> = schemas.as_object().expect("schemas").keys().map(String::as_str).collect();
    assert_eq!(names, ["Error", "Run", "Tag", "team", "user"]);
    let properties = &schemas["Run"]["properties"];
    assert_eq!(properties["parent"]["$ref"], "#/components/schemas/Run");
    assert_eq!(properties["error"]["$ref"], "#/components/schemas/Error");
    assert_eq!(
        properties["owner"]["discriminator"]["mapping"]["user"],
        "#/components/schemas/user"
    );
    let path = &out["paths"]["/runs/{id}"];
    assert_eq!(path["parameters"][0]["$ref"], "#/components/parameters/id");
    let responses = &path["get"]["responses"];
    let media = &responses["200"]["content"]["application/json"];
    assert_eq!(media["schema"]["$ref"], "#/components/schemas/Run");
    assert_eq!(media["examples"]["one"]["value"]["$ref"], "data.yaml");
    assert_eq!(responses["default"]["$ref"], "#/components/responses/failednow");
}

#[test]
fn what_cannot_be_bundled_is_told_with_its_reference() {
    for (reference, message) in [
        ("none.yaml", "No such file"),
        ("schemas/tags.yml#/$defs/None", "nothing at this location"),
        ("../outside.yaml", "outside of the folder"),
        ("link.yaml", "outside of the folder"),
        ("https://example.invalid/run.yaml", "another document"),
        ("schemas/broken.yaml", "duplicate key"),
    ] {
        let folder = folder();
        let inner = folder.path("inner");
        std::fs::create_dir(&inner).expect("a folder");
        std::fs::rename(folder.path("schemas"), inner.join("schemas")).expect("moves");
        std::fs::write(folder.path("outside.yaml"), "{type: string}").expect("writes");
        std::fs::write(inner.join("schemas/broken.yaml"), "a: 1\na: 2\n").expect("writes");
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path("outside.yaml"), inner.join("link.yaml"))
            .expect("links");
        if cfg!(not(unix)) && reference == "link.yaml" {
            continue;
        }
        let root = format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths: {{}}\n\
             components: {{schemas: {{A: {{type: object, properties: {{a: {{$ref: '{reference}'}}}}}}}}}}\n"
        );
        std::fs::write(inner.join("root.yaml"), root).expect("writes");
        let ran = folder.run(&["inner/root.yaml", "-o", "out.json"]);
        assert_eq!(ran.code, 1, "{reference}: {ran:?}");
        assert!(ran.errors.contains(message), "{reference}: {ran:?}");
        assert!(!folder.path("out.json").exists(), "{reference}");
    }
}

#[test]
fn path_items_that_lead_in_a_circle_are_rejected() {
    let root = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {$ref: a.yaml}}\n";
    let folder = Folder::with(&[
        ("root.yaml", root),
        ("a.yaml", "$ref: b.yaml\n"),
        ("b.yaml", "$ref: a.yaml\n"),
    ]);
    let ran = folder.run(&["root.yaml"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.errors.contains("leads back to itself"), "{ran:?}");
}

#[test]
fn limits_hold_for_all_files_together() {
    let many: String = (0..200).map(|at| format!("p{at}: {{type: string}}\n")).collect();
    let root = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n\
                components: {schemas: {A: {$ref: 'a.yaml#/p1'}, B: {$ref: 'b.yaml#/p1'}}}\n";
    let folder = Folder::with(&[("root.yaml", root), ("a.yaml", &many), ("b.yaml", &many)]);
    assert_eq!(folder.run(&["root.yaml"]).code, 0);
    let ran = folder.run(&["root.yaml", "--max-values", "900"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.errors.contains("--max-values"), "{ran:?}");
    let ran = folder.run(&["root.yaml", "--max-bytes", "5000"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.errors.contains("--max-bytes"), "{ran:?}");
}
