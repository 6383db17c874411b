//! What holds for every schema: drawn by chance, and lowered for any reader and for a client.
//!
//! The seeds are fixed, so a failure repeats. `LOWERING_SEEDS=10000` draws more.

#[path = "support/draw.rs"]
mod draw;
#[path = "support/strict.rs"]
mod strict;

use openapi_lowering::{Lowered, NoteKind, Options, Profile, lower};
use serde_json::{Value, json};

use draw::Draw;
use strict::{Reading, Validator};

/// How many documents are drawn.
fn seeds() -> u64 {
    let given = std::env::var("LOWERING_SEEDS").ok();
    given.map_or(400, |given| given.parse().expect("LOWERING_SEEDS is a number"))
}

fn document(schemas: Value) -> Value {
    let content =
        json!({ "application/json": { "schema": { "$ref": "#/components/schemas/It" } } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Drawn", "version": "1" },
        "paths": { "/it": { "get": {
            "operationId": "read_it",
            "responses": { "200": { "description": "", "content": content } },
        } } },
        "components": { "schemas": schemas },
    })
}

/// Calls `check` with documents, and lists the first failures.
fn for_documents(mut check: impl FnMut(&mut Draw, &Value) -> Result<(), String>) {
    let mut failures = Vec::new();
    let mut count = 0;
    for seed in 0..seeds() {
        let mut draw = Draw::new(seed);
        let document = document(draw.schemas());
        if let Err(message) = check(&mut draw, &document) {
            count += 1;
            let schemas = &document["components"]["schemas"];
            failures
                .push((schemas.to_string().len(), format!("seed {seed}: {message}\n{schemas}")));
        }
    }
    failures.sort();
    let shown: Vec<_> = failures.iter().take(3).map(|(_, text)| text.as_str()).collect();
    assert!(count == 0, "{count} of {} fail; the smallest:\n{}", seeds(), shown.join("\n\n"));
}

fn lowered(document: &Value, profile: Profile) -> Result<Lowered, String> {
    lower(document, &Options::new(profile)).map_err(|problems| format!("rejected: {problems}"))
}

/// Checks that what the description allows is allowed, and what it does not allow has a note.
fn check_instances(
    draw: &mut Draw,
    document: &Value,
    lowered: &Lowered,
    reading: Reading,
) -> Result<(), String> {
    let mut before = Validator::of_source(document);
    let mut after = Validator::new(&lowered.document, reading);
    let old = before.compile("/components/schemas/It")?;
    let pointer = match reading {
        Reading::Strict => "/components/schemas/It",
        // A client has null at what refers to a component, not in it.
        Reading::Client => "/response",
    };
    let new = after.compile(pointer).map_err(|error| format!("{error}\n{}", lowered.document))?;
    let widened = lowered.notes.iter().any(|note| note.kind == NoteKind::Widened);
    for _ in 0..30 {
        let instance = draw.instance();
        let (was, is) = (before.allows(old, &instance), after.allows(new, &instance));
        let schemas = &lowered.document["components"]["schemas"];
        if was && !is {
            return Err(format!("{instance} is not allowed any more by {schemas}"));
        }
        if !was && is && !widened && reading == Reading::Strict {
            return Err(format!("{instance} is allowed now without a note by {schemas}"));
        }
    }
    Ok(())
}

#[test]
fn faithful_allows_what_the_description_allows_and_notes_the_rest() {
    for_documents(|draw, document| {
        let lowered = lowered(document, Profile::Faithful)?;
        check_instances(draw, document, &lowered, Reading::Strict)
    });
}

#[test]
fn client_reads_what_the_description_allows() {
    for_documents(|draw, document| {
        let lowered = lowered(document, Profile::Tolerant)?;
        check_instances(draw, document, &lowered, Reading::Client)
    });
}

#[test]
fn lowering_again_changes_nothing() {
    for_documents(|_, document| {
        for profile in [Profile::Faithful, Profile::Progenitor, Profile::Tolerant] {
            let once = lowered(document, profile)?;
            let twice = lowered(&once.document, profile)?;
            if once.document != twice.document {
                let [once, twice] =
                    [&once, &twice].map(|lowered| &lowered.document["components"]["schemas"]);
                return Err(format!("{profile:?}: {once}\nbecomes {twice}"));
            }
        }
        Ok(())
    });
}

#[test]
fn same_description_gives_the_same_bytes_and_notes() {
    for_documents(|_, document| {
        for profile in [Profile::Faithful, Profile::Progenitor, Profile::Tolerant] {
            let [one, other] = [lowered(document, profile)?, lowered(document, profile)?];
            let [bytes, again] = [&one, &other].map(|lowered| lowered.document.to_string());
            if bytes != again || one.notes != other.notes {
                return Err(format!("{profile:?}: two runs differ"));
            }
        }
        Ok(())
    });
}

fn leads(pointer: &str, document: &Value) -> bool {
    pointer == "#" || document.pointer(pointer).is_some()
}

#[test]
fn pointers_of_notes_lead_somewhere_on_both_sides() {
    for_documents(|_, document| {
        for profile in [Profile::Faithful, Profile::Progenitor, Profile::Tolerant] {
            let lowered = lowered(document, profile)?;
            for note in &lowered.notes {
                if !leads(&note.source, document) || !leads(&note.result, &lowered.document) {
                    return Err(format!("{profile:?}: {note:?}"));
                }
            }
        }
        Ok(())
    });
}

/// A draw finds these once in ten thousand documents.
#[test]
fn rare_schemas_keep_their_pointers_and_are_lowered_alike_again() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let several = json!({ "allOf": [{ "multipleOf": 3 }, { "type": "integer" }],
        "anyOf": [false, { "const": "foo", "type": ["null", "string"] }] });
    let schemas = [
        json!({ "It": { "properties": { "a":
            { "enum": ["foo"], "type": "string", "anyOf": [reference("B")] } } },
            "B": { "minLength": 3 } }),
        json!({ "It": { "additionalProperties":
            { "enum": [[null], "foo"], "type": ["null", "string"], "$ref": reference("B")["$ref"] } },
            "B": { "multipleOf": 2 } }),
        json!({ "It": { "additionalProperties": false,
            "patternProperties": { "^a": { "enum": [], "type": "string" } } } }),
        json!({ "It": { "oneOf": [{}, reference("A")] }, "A": { "oneOf": [reference("B")] },
            "B": { "properties": { "b": { "type": "null" } }, "required": ["b"] } }),
        json!({ "It": { "oneOf": [{ "type": "integer" },
            { "type": "object", "properties": { "a": several } }] } }),
        json!({ "It": { "anyOf": [{ "const": "foo" }, { "minimum": 1 }],
            "oneOf": [{ "type": "integer" }, { "const": "foo" }, { "const": "a" }] } }),
        json!({ "It": { "anyOf": [{ "type": "number" }, { "type": "string" }],
            "oneOf": [{ "type": "object" }, { "maxItems": 2 }] } }),
        json!({ "It": { "items": { "anyOf": [{ "minProperties": 2 }, { "$ref": "#/components/schemas/B" }] },
            "properties": { "b": reference("B") } },
            "B": { "allOf": [{ "const": "" }, { "properties": {} }], "type": "integer" } }),
    ];
    for document in schemas.map(document) {
        for profile in [Profile::Faithful, Profile::Progenitor, Profile::Tolerant] {
            let once = lowered(&document, profile).expect("it can be lowered");
            for note in &once.notes {
                assert!(leads(&note.source, &document), "{profile:?}: {note:?}");
                assert!(leads(&note.result, &once.document), "{profile:?}: {note:?}");
            }
            let twice = lowered(&once.document, profile).expect("it can be lowered again");
            assert_eq!(once.document, twice.document, "{profile:?}");
        }
    }
}

#[test]
fn documents_of_3_0_keep_their_meaning() {
    for_documents(|draw, document| {
        let old = lowered(document, Profile::Faithful)?;
        let new = lowered(&old.document, Profile::Faithful)?;
        let mut before = Validator::new(&old.document, Reading::Strict);
        let mut after = Validator::new(&new.document, Reading::Strict);
        let pointer = "/components/schemas/It";
        let (one, other) = (before.compile(pointer)?, after.compile(pointer)?);
        for _ in 0..30 {
            let instance = draw.instance();
            if before.allows(one, &instance) != after.allows(other, &instance) {
                return Err(format!("{instance} is read otherwise"));
            }
        }
        Ok(())
    });
}
