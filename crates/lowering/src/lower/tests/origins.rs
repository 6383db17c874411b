//! Every note and every problem names a location that the description has.

use serde_json::{Value, json};

use super::{Case, described, lower, yaml};

/// Whether a pointer leads to something in a document.
fn leads_somewhere(pointer: &str, document: &Value) -> bool {
    pointer == "#" || document.pointer(pointer).is_some()
}

#[test]
fn notes_of_all_cases_name_locations_of_the_description() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in Case::all() {
        let document = case.document();
        let notes = lower(&document).map(|lowered| lowered.notes).unwrap_or_default();
        count += notes.len();
        for note in notes.iter().filter(|note| !leads_somewhere(&note.source, &document)) {
            wrong.push(format!("{}: {} at {}", case.file, note.rule, note.source));
        }
    }
    assert!(count > 100, "the cases have only {count} notes");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn keyword_of_an_arm_that_joined_is_noted_in_the_arm() {
    let it =
        "{type: object, properties: {a: {anyOf: [{type: string, maxLength: 3}, {type: 'null'}]}}}";
    let document = described(json!({ "components": { "schemas": { "It": yaml(it) } } }));
    let notes = lower(&document).expect("lowers").notes;
    let places: Vec<_> = notes.iter().map(|note| note.source.as_str()).collect();
    assert_eq!(places, ["/components/schemas/It/properties/a/anyOf/0/maxLength"]);
}

#[test]
fn problem_in_a_moved_schema_names_where_it_was() {
    // The `allOf` gets the reference as its first part, and the arm joins the schema around it.
    let it = "{$ref: '#/components/schemas/A', allOf: [{type: sting}], \
              properties: {a: {anyOf: [{oneOf: [{items: {type: txt}}]}, {type: 'null'}]}}}";
    let schemas = json!({ "It": yaml(it), "A": {} });
    let problems = lower(&described(json!({ "components": { "schemas": schemas } })));
    let problems = problems.expect_err("two types do not exist");
    let mut places: Vec<_> = problems.iter().map(|problem| problem.place()).collect();
    places.sort_unstable();
    let it = "/components/schemas/It";
    let items = format!("{it}/properties/a/anyOf/0/oneOf/0/items/type");
    assert_eq!(places, [format!("{it}/allOf/0/type"), items]);
}

#[test]
fn parameter_and_component_are_noted_where_the_description_has_them() {
    let parts = yaml(
        "paths: {/a: {get: {parameters: [{name: z, in: query, schema: {type: string, maxLength: 1}}, \
         {$ref: '#/components/parameters/P'}], responses: {2XX: {description: ''}}}}}\n\
         components: {parameters: {P: {name: a, in: query, schema: {type: string, minLength: 1}}}}",
    );
    let notes = lower(&described(parts)).expect("lowers").notes;
    let places: Vec<_> = notes.iter().map(|note| note.source.as_str()).collect();
    let expected = [
        "/components/parameters/P/schema/minLength",
        "/paths/~1a/get/parameters/0/schema/maxLength",
        "/paths/~1a/get",
    ];
    assert_eq!(places, expected);
}
