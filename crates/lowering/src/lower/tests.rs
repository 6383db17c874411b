//! Golden cases of the lowering, one file each in `tests/golden/lower`, and what it rejects.
//!
//! A case names its `rule`, says whether it is `lossless` (notes nothing), and has an `in` and an
//! `out`, which comes last in the file. `notes` lists all notes, each as `kind rule source`; without
//! it, notes that nearly every case has do not count. With `schema: true` these are one schema: component `It`
//! beside the file's `components`, in a response, or with `sent: true` in a request body only.
//! Otherwise they are parts of a document; of `out`, `paths` and what else it names is compared.
//! `pass: first` stops before the second pass, which drops the constraints that the first one
//! rewrites, and `pass: second` before the third, which moves types to components of their own.
//! `profile` is `faithful` or `progenitor`, and tolerant without it.
//! `strip-suffix` and `only-reached` are options of the lowering. `UPDATE_GOLDEN=1` in the
//! environment rewrites each `out` that differs.

mod listing;
mod origins;
mod rejections;
mod unread;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::{
    ExtensionType, Lowering, Note, Options, Problems, Profile, Reserved, RuleId, origin, shape,
};
use crate::parse::parse;

/// Every rule, by its function's name, in the order of the code.
const RULES: &[&str] = &[
    // document.rs
    "document",
    "info",
    "servers",
    "tags",
    "components",
    // names.rs
    "component-names",
    "operation-name",
    "schema-reference",
    "resolve",
    "hoist",
    // operation.rs
    "paths",
    "path-item",
    "operation",
    // parameter.rs
    "parameters",
    "parameter",
    "with-misplaced-keywords",
    "check-style",
    "name-parameters",
    "insert-header",
    // content.rs
    "request-body",
    "copy-examples",
    "responses",
    "response",
    // schema.rs
    "schema",
    "member",
    "drop-unknown-keywords",
    "drop-annotations",
    "example-from-examples",
    "enum-from-const",
    "all-of-from-reference-with-siblings",
    "type-from-enum",
    "nullable-only-with-null-in-enum",
    "exclusive-bounds",
    "open-additional-properties",
    "additional-properties-from-patterns",
    "items-from-prefix-items",
    "binary-from-content-keywords",
    "drop-conditions",
    "default-null",
    // unions.rs
    "drop-null-arms",
    "merge-only-arm",
    "split-type-array",
    "arm",
    // nullable.rs
    "settle",
    "unwrap-parameters",
    "move-nullable-to-references",
    // shape.rs
    "directions",
    "drop-constraints",
    "drop-extra-beside-extra",
    "unrequire-nullable",
    "open-inline-enum",
    "drop-composition-beside-enum",
    "loosen-format",
    "drop-default",
    "note-missing-null",
    "join-scalar-arms",
    // inline.rs
    "name-types",
    // faithful/
    "add-missing",
    "annotations",
    "arms",
    "arrays",
    "bytes",
    "complete",
    "conditions",
    "conform",
    "contains",
    "copied",
    "dependent-required",
    "dependent-schemas",
    "dynamic-targets",
    "enumeration",
    "error-responses",
    "index",
    "integer",
    "keywords-of-items",
    "null-of-discriminated",
    "null-of-enum",
    "null-type",
    "says-nothing",
    "is-dropped",
    "join-constants",
    "join-examples",
    "join-null",
    "license",
    "listed",
    "long-numbers",
    "members-of",
    "negation",
    "new-members",
    "pattern-properties",
    "plain-keywords",
    "property-names",
    "recursive-target",
    "reference-siblings",
    "required",
    "respell",
    "security",
    "shown-name",
    "tuple",
    "unevaluated-items",
    "unevaluated-properties",
    "union",
    "unread",
    "webhooks",
    "written-in-place",
];

const KEYS: &[&str] = &[
    "rule",
    "lossless",
    "schema",
    "sent",
    "pass",
    "profile",
    "strip-suffix",
    "only-reached",
    "components",
    "notes",
    "in",
    "out",
];

struct Case {
    path: PathBuf,
    file: String,
    members: Map<String, Value>,
}

/// What a case's document lowers to, once and once more.
struct Outcome {
    lowered: Value,
    again: Value,
    notes: Vec<Note>,
    /// All notes as text, before those that nearly every case has are taken away.
    all_notes: Vec<String>,
}

impl Case {
    fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/lower");
        let mut paths: Vec<_> = std::fs::read_dir(&folder)
            .expect("the folder of the cases is in the repository")
            .map(|entry| entry.expect("the folder can be listed").path())
            .collect();
        paths.sort();
        paths.into_iter().map(Self::read).collect()
    }

    fn read(path: PathBuf) -> Self {
        let file = path.file_name().expect("a listed file has a name").to_string_lossy();
        let file = file.into_owned();
        let bytes = std::fs::read(&path).expect("a listed file can be read");
        match parse(&bytes, &file) {
            Ok(Value::Object(members)) => Self { path, file, members },
            Ok(_) => panic!("{file}: a case is an object"),
            Err(problem) => panic!("{problem}"),
        }
    }

    fn profile(&self) -> Profile {
        match self.members.get("profile").and_then(Value::as_str) {
            Some("faithful") => Profile::Faithful,
            Some("progenitor") => Profile::Progenitor,
            _ => Profile::Tolerant,
        }
    }

    fn is(&self, key: &str) -> bool {
        self.members.get(key) == Some(&Value::Bool(true))
    }

    fn rule(&self) -> &str {
        self.members.get("rule").and_then(Value::as_str).unwrap_or_default()
    }

    /// Slips in the file that would make it check less than it seems to.
    fn slips(&self) -> Vec<String> {
        let mut slips = Vec::new();
        for key in self.members.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            slips.push(format!("no case has a key {key:?}"));
        }
        for key in ["rule", "lossless", "in", "out"] {
            if !self.members.contains_key(key) {
                slips.push(format!("the key {key:?} is missing"));
            }
        }
        if self.members.get("lossless").is_some_and(|value| !value.is_boolean()) {
            slips.push("`lossless` is true or false".to_owned());
        }
        match self.members.get("profile").map(Value::as_str) {
            None | Some(Some("faithful" | "progenitor")) => {}
            Some(_) => slips.push("`profile` is `faithful` or `progenitor`".to_owned()),
        }
        match self.members.get("pass").map(Value::as_str) {
            None | Some(Some("second")) => {}
            Some(Some("first")) if self.is("schema") => {}
            Some(_) => slips.push("`pass` is `first`, of one schema, or `second`".to_owned()),
        }
        if !RULES.contains(&self.rule()) {
            slips.push(format!("no rule is called {:?}", self.rule()));
        }
        if !self.file.starts_with(&format!("{}--", self.rule())) || !self.file.ends_with(".yaml") {
            slips.push("the file is called <rule>--<what it shows>.yaml".to_owned());
        }
        slips
    }

    fn document(&self) -> Value {
        super::in_order(&self.written(), &options()).into_owned()
    }

    fn written(&self) -> Value {
        let input = self.members["in"].clone();
        if !self.is("schema") {
            return described(input);
        }
        let mut schemas = Map::from_iter([("It".to_owned(), input)]);
        if let Some(Value::Object(others)) = self.members.get("components") {
            schemas.extend(others.clone());
        }
        let content = json!({
            "application/json": { "schema": { "$ref": "#/components/schemas/It" } }
        });
        let item = if self.is("sent") {
            json!({ "put": {
                "operationId": "put_it",
                "requestBody": { "content": content },
                "responses": { "204": { "description": "" } },
            } })
        } else {
            json!({ "get": {
                "operationId": "get_it",
                "responses": { "200": { "description": "", "content": content } },
            } })
        };
        described(json!({ "paths": { "/it": item }, "components": { "schemas": schemas } }))
    }

    fn run(&self) -> Result<Outcome, Problems> {
        let lower = match self.members.get("pass").and_then(Value::as_str) {
            Some("first") => first_pass,
            Some(_) => two_passes,
            None => all_passes,
        };
        let suffix = self.members.get("strip-suffix").and_then(Value::as_str);
        let options = Options {
            profile: self.profile(),
            strip_suffix: suffix.map(str::to_owned),
            only_reached: self.is("only-reached"),
            ..options()
        };
        let (lowered, notes) = lower(&self.document(), &options)?;
        let (again, _) = lower(&lowered, &options)?;
        let listed = |note: &Note| format!("{} {} {}", note.kind, note.rule, note.source);
        let all_notes = notes.iter().map(listed).collect();
        let mut outcome = Outcome { lowered, again, notes, all_notes };
        if self.rule() != "integer" {
            // Nearly every case has an integer.
            outcome.notes.retain(|note| note.rule != RuleId::Integer);
        }
        if self.rule() != "unread" {
            // What no client of ours reads is noted wherever it is.
            let unread = [RuleId::Unread, RuleId::ErrorResponses, RuleId::ClientHeader];
            outcome
                .notes
                .retain(|note| !unread.contains(&note.rule) || self.profile() != Profile::Tolerant);
        }
        if self.rule() != "operation-name" {
            // Most cases have operations without a name, which is not what they are about.
            let named = ids(&self.document());
            outcome.notes.retain(|note| note.rule != RuleId::OperationName);
            for document in [&mut outcome.lowered, &mut outcome.again] {
                for operation in operations(document) {
                    let id = operation.get("operationId").and_then(Value::as_str);
                    if !id.is_some_and(|id| named.contains(id)) {
                        operation.remove("operationId");
                    }
                }
            }
        }
        Ok(outcome)
    }

    /// The part of a lowered document that the case is about.
    fn compared(&self, mut lowered: Value) -> Value {
        if self.is("schema") {
            return lowered["components"]["schemas"]["It"].take();
        }
        let Value::Object(members) = &mut lowered else { return lowered };
        let named = |key: &String| self.members["out"].get(key).is_some();
        // These are in every document; any other member is compared.
        let common = |key: &String| matches!(key.as_str(), "openapi" | "info" | "components");
        members.retain(|key, _| named(key) || !common(key));
        lowered
    }

    fn check(&self, update: bool) -> Vec<String> {
        let mut failures = self.slips();
        if !failures.is_empty() {
            return failures;
        }
        let Outcome { lowered, again, notes, all_notes } = match self.run() {
            Ok(outcome) => outcome,
            Err(problem) => return vec![format!("it is rejected: {problem}")],
        };
        if lowered != again {
            failures.push(difference("lowered again it differs", &lowered, &again));
        }
        let got = self.compared(lowered);
        let expected = &self.members["out"];
        if expected != &got && update {
            self.rewrite(&got);
        } else if expected != &got {
            failures.push(difference("`out` differs", expected, &got));
        }
        if let Some(expected) = self.members.get("notes")
            && expected != &json!(all_notes)
        {
            failures.push(difference("`notes` differ", expected, &json!(all_notes)));
        }
        if self.is("lossless") != notes.is_empty() {
            let expected = self.is("lossless");
            failures.push(format!("`lossless: {expected}`, and the notes are {notes:#?}"));
        }
        failures
    }

    /// Replaces the file's `out`, and leaves what stands above it as it is written.
    fn rewrite(&self, got: &Value) {
        let text = std::fs::read_to_string(&self.path).expect("the case was read before");
        let at = text.find("\nout:").expect("every case has `out:` at the margin") + 1;
        let out = serde_yaml::to_string(&json!({ "out": got })).expect("JSON is YAML");
        std::fs::write(&self.path, text[..at].to_owned() + &out).expect("the case can be written");
    }
}

/// The operations of a document, also those that its path items refer to.
fn operations(document: &mut Value) -> Vec<&mut Map<String, Value>> {
    let mut found = Vec::new();
    let Some(members) = document.as_object_mut() else { return found };
    for (key, value) in members {
        let items = match key.as_str() {
            "components" => value.get_mut("pathItems"),
            "paths" => Some(value),
            _ => None,
        };
        let items = items.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
        let operations = items.filter_map(Value::as_object_mut).flat_map(Map::values_mut);
        found.extend(operations.filter_map(Value::as_object_mut));
    }
    found
}

fn ids(document: &Value) -> BTreeSet<String> {
    let mut document = document.clone();
    let operations = operations(&mut document);
    let ids = operations.iter().filter_map(|operation| operation.get("operationId")?.as_str());
    ids.map(str::to_owned).collect()
}

/// A document of the parts that a test is about.
fn described(mut parts: Value) -> Value {
    if let Value::Object(members) = &mut parts {
        members.entry("openapi").or_insert("3.1.0".into());
        members.entry("info").or_insert(json!({ "title": "Small", "version": "1.0.0" }));
        members.entry("paths").or_insert(json!({}));
    }
    parts
}

/// The options of every case but for the suffix.
fn options() -> Options {
    let kept = [
        ("x-removal-date", ExtensionType::String),
        ("x-replacement", ExtensionType::String),
        ("x-retry-safe", ExtensionType::Boolean),
    ];
    let defaults = Options::new(Profile::Tolerant);
    Options {
        base_url: Some("https://api.example.com".to_owned()),
        dropped_headers: ["authorization", "x-stack-id"].map(str::to_owned).into(),
        parameter_extension: Some("x-rust-name".to_owned()),
        reserved: Reserved { of_calls: ["send".to_owned()].into(), ..Reserved::default() },
        comma_separated_format: Some("comma-separated".to_owned()),
        kept_extensions: kept.map(|(name, kind)| (name.to_owned(), kind)).into(),
        ..defaults
    }
}

fn lower(document: &Value) -> Result<super::Lowered, Problems> {
    super::lower(document, &options())
}

type Passed = Result<(Value, Vec<Note>), Problems>;

/// Lowers component `It` by the first pass, and leaves the rest of the document alone.
fn first_pass(document: &Value, options: &Options) -> Passed {
    let written = super::faithful::write(document, options, &BTreeMap::new())?;
    let (source, drafts) = super::as_written(written)?;
    let names = BTreeMap::new();
    let mut lowering = Lowering::new(&source, options, &names);
    lowering.notes = drafts;
    let pointer = "/components/schemas/It";
    let schema = source.pointer(pointer).expect("the document was made with it");
    let it = lowering.component(schema, &super::names::place_of(pointer));
    let mut lowered = document.clone();
    lowered["components"]["schemas"]["It"] = it;
    let notes = super::note::located(lowering.notes, document, &lowered);
    origin::remove_marks(&mut lowered);
    Problems::none_or(lowering.problems, (lowered, notes))
}

/// Lowers a document by the passes that do not move its types.
fn two_passes(document: &Value, options: &Options) -> Passed {
    let names = super::component_names(document, options)?;
    let written = super::faithful::write(document, options, &names)?;
    let (mut lowered, mut notes) = super::first_pass(written, options, &names)?;
    shape::shape(&mut lowered, &mut notes, options);
    let notes = super::note::located(notes, document, &lowered);
    origin::remove_marks(&mut lowered);
    Ok((lowered, notes))
}

fn all_passes(document: &Value, options: &Options) -> Passed {
    let lowered = super::lower(document, options)?;
    Ok((lowered.document, lowered.notes))
}

fn difference(what: &str, expected: &Value, got: &Value) -> String {
    format!("{what}\nexpected: {expected:#}\ngot: {got:#}")
}

/// Lowers the parts of a document, and returns the problems or says that there are none.
fn rejection(parts: Value) -> String {
    match lower(&described(parts)) {
        Ok(lowered) => format!("not rejected: {:#}", lowered.document),
        Err(problem) => problem.to_string(),
    }
}

fn yaml(text: &str) -> Value {
    // What starts with a brace would be read as JSON.
    parse(format!("---\n{text}").as_bytes(), "test").expect("the table's YAML is well formed")
}

#[test]
fn golden_cases_lower_as_written() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    let cases = Case::all();
    assert!(!cases.is_empty(), "there are no golden cases");
    let mut report = String::new();
    for case in &cases {
        for failure in case.check(update) {
            report += &format!("\n--- {}: {failure}\n", case.file);
        }
    }
    assert!(
        report.is_empty(),
        "{report}\nCorrect the rule; where the new output is meant, run \
         `UPDATE_GOLDEN=1 cargo test -p openapi-lowering golden` and review what it wrote"
    );
}

#[test]
fn golden_cases_cover_every_rule() {
    let cases = Case::all();
    let covered: BTreeSet<_> = cases.iter().map(Case::rule).collect();
    let missing: Vec<_> = RULES.iter().filter(|rule| !covered.contains(**rule)).collect();
    assert!(missing.is_empty(), "no golden case shows {missing:?}: add one to tests/golden/lower");
}

#[test]
fn wholes_that_share_their_parts_are_followed_once() {
    // A walk along every path would come to the last part a thousand million times.
    let sum = |next: usize| json!({ "allOf": vec![json!({ "$ref": format!("#/components/schemas/S{next}") }); 2] });
    let mut schemas: Map<String, Value> =
        (0..30).map(|index| (format!("S{index}"), sum(index + 1))).collect();
    let last = json!({ "type": "object", "properties": { "a": { "type": ["string", "null"] } } });
    schemas.insert("S30".to_owned(), last);
    let document = described(json!({ "paths": {}, "components": { "schemas": schemas } }));
    assert!(lower(&document).is_ok());
}

#[test]
fn arm_that_hides_those_after_it_is_noted() {
    let open = json!({ "type": "object", "properties": { "a": {} } });
    let tagged = json!({ "type": "object", "properties": { "kind": { "const": "k" } }, "required": ["kind"] });
    let noted = |arms: [&Value; 2]| {
        let schemas = json!({ "It": { "oneOf": arms } });
        let document = described(json!({ "components": { "schemas": schemas } }));
        let lowered = lower(&document).expect("it can be lowered");
        lowered.notes.iter().any(|note| note.rule == super::RuleId::FirstArm)
    };
    assert!(noted([&open, &tagged]));
    assert!(noted([&open, &open]));
    assert!(!noted([&tagged, &open]), "the constant tells them apart");
}
