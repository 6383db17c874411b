//! A description of 1 MB.

use std::fmt::Write as _;

use openapi_lowering::parse::{Limits, parse_within};
use openapi_lowering::{Lowered, Options, Profile, lower};

/// The bytes of the description.
const BYTES: usize = 1_000_000;

pub(crate) const PROFILES: [Profile; 3] =
    [Profile::Faithful, Profile::Progenitor, Profile::Tolerant];

/// Lowers a description from its text.
pub(crate) fn lowered(text: &str, profile: Profile) -> Lowered {
    let mut limits = Limits::default();
    limits.nodes = 1_000_000;
    let document = match parse_within(text.as_bytes(), "large", &limits) {
        Ok(document) => document,
        Err(problem) => panic!("{problem}"),
    };
    match lower(&document, &Options::new(profile)) {
        Ok(lowered) => lowered,
        Err(problems) => panic!("{problems}"),
    }
}

/// An API with as many resources as fill the bytes, each with a list, a call to make one, and
/// schemas of the usual kinds. It has a key or value for every 25 bytes; published ones have one for
/// every 35 to 65 bytes.
pub(crate) fn description() -> String {
    let mut paths = String::new();
    let mut schemas = String::new();
    let mut number = 0;
    while paths.len() + schemas.len() < BYTES {
        number += 1;
        let _ = write!(
            paths,
            "  /things{number}:
    get:
      operationId: list_things{number}
      summary: Lists things of kind {number}
      description: >-
        Returns the things that the caller may see, the newest first, in pages of 100. Things that were
        deleted less than a day ago are among them, so that reports can refer to them.
      parameters:
      - {{name: page, in: query, description: 'The page to return, from 1. Pages have 100 things each.', schema: {{type: integer, exclusiveMinimum: 0}}}}
      - {{name: order, in: query, schema: {{type: [string, 'null'], enum: [name, size, null]}}}}
      responses:
        '200':
          description: a page
          content:
            application/json:
              schema: {{type: array, items: {{$ref: '#/components/schemas/Thing{number}'}}}}
        default:
          description: an error
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Failure'}}}}}}
    post:
      operationId: make_thing{number}
      requestBody:
        required: true
        content:
          application/json:
            schema: {{$ref: '#/components/schemas/Thing{number}', description: a thing to make}}
      responses:
        '201': {{description: made}}
"
        );
        let _ = write!(
            schemas,
            "    Thing{number}:
      type: object
      description: A thing of kind {number}, with properties of all the usual kinds.
      required: [id, name, owner]
      properties:
        id: {{description: 'The number by which other calls refer to this thing, unique in the account.', type: integer, format: int64, examples: [{number}]}}
        name: {{description: 'What people call it, shown in lists and reports; it does not need to be unique.', type: string, minLength: 1, maxLength: 200}}
        note: {{description: 'Free text of the owner. Null removes it, and an absent key leaves it as it is.', type: [string, 'null'], examples: [a note, another note]}}
        kind: {{description: 'The kind, always the same, which tells this thing apart from things of others.', const: thing{number}}}
        size: {{description: 'How many parts it has. Null as long as nobody has counted them since the start.', type: [integer, 'null'], minimum: 0, exclusiveMaximum: 1000}}
        owner: {{description: 'Who pays for it and may delete it. Null for things that belong to the account.', anyOf: [{{$ref: '#/components/schemas/Owner'}}, {{type: 'null'}}]}}
        value: {{description: 'The last value that was measured, in the unit that the settings of the kind name.', type: [string, number, boolean]}}
        tags: {{description: 'Words for finding it again, in the order in which they were added to the thing.', type: array, items: {{type: string}}, contains: {{type: string}}}}
        pair: {{description: 'The unit and the number of decimals, of which lists show the first one only.', type: array, prefixItems: [{{type: string}}, {{type: integer}}], items: false}}
        labels: {{description: 'Labels of other systems, by their names, which begin with the letter l and a line.', type: object, patternProperties: {{'^l_': {{type: string}}}}}}
        state:
          oneOf:
          - {{type: object, required: [on], properties: {{on: {{const: true}}}}}}
          - {{type: object, required: [off], properties: {{off: {{const: true}}}}}}
      dependentRequired: {{note: [size]}}
      if: {{properties: {{name: {{const: x}}}}}}
      then: {{required: [note]}}
"
        );
    }
    format!(
        "openapi: 3.1.0
info: {{title: Things, version: '1'}}
paths:
{paths}components:
  schemas:
    Owner: {{type: object, required: [name], properties: {{name: {{type: string}}}}}}
    Failure: {{type: object, properties: {{message: {{type: string}}}}}}
{schemas}"
    )
}
