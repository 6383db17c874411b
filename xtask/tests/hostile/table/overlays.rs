//! Overlays that are broken, or that break the description.

use super::Input::{Overlay, Prepared};
use super::{GOOD, OVERLAY, Row, accepted, put, rejected};

/// An overlay with one more action.
fn action(action: &str) -> String {
    format!("{OVERLAY}  - {{description: why, {action}}}\n")
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        rejected(
            "no overlay",
            Prepared(|root| {
                std::fs::remove_file(root.join("openapi/overlay.yaml")).expect("removes");
                put(root, "given.yaml", GOOD.as_bytes())
            }),
            &["overlay.yaml", "check the path"],
        ),
        rejected(
            "an overlay that is empty",
            Overlay(String::new),
            &["overlay.yaml: the document is empty: check the source"],
        ),
        rejected(
            "an overlay that is no YAML",
            Overlay(|| "overlay: [".into()),
            &[
                "overlay.yaml: did not find expected node content at line 2 column 1, while parsing a flow node: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "an overlay that is HTML",
            Overlay(|| "<html>".into()),
            &[
                "overlay.yaml: this is HTML or XML, not YAML or JSON: check the address: this may be a login or error page",
            ],
        ),
        rejected(
            "an overlay that is a list",
            Overlay(|| "- a\n".into()),
            &["overlay.yaml: #: this is not an OpenAPI Overlay: write one, of version 1.1.0"],
        ),
        rejected(
            "an overlay of version 2",
            Overlay(|| OVERLAY.replace("1.1.0", "2.0.0")),
            &[
                "overlay.yaml: /overlay: the version \"2.0.0\" is not one of OpenAPI Overlay 1.1: set it to 1.1.0",
            ],
        ),
        rejected(
            "an overlay without actions",
            Overlay(|| OVERLAY.split("actions").next().expect("a part").into()),
            &[
                "overlay.yaml: /actions: a list of actions is required here: write it in the overlay",
            ],
        ),
        rejected(
            "an action without a description",
            Overlay(|| format!("{OVERLAY}  - {{target: $.info, remove: true}}\n")),
            &["overlay.yaml: /actions/1: the action gives no reason: say why in its `description`"],
        ),
        rejected(
            "an action without a target",
            Overlay(|| action("remove: true")),
            &[
                "overlay.yaml: /actions/1/target: a string with a JSONPath is required here: write the target",
            ],
        ),
        rejected(
            "an action that does nothing",
            Overlay(|| action("target: $.info")),
            &[
                "overlay.yaml: /actions/1: the action does nothing: give it an `update` or `remove: true`",
            ],
        ),
        rejected(
            "a target that is no path",
            Overlay(|| action("target: '$.['")),
            &[
                "overlay.yaml: /actions/1: the action does nothing: give it an `update` or `remove: true`",
            ],
        ),
        rejected(
            "a target in another language",
            Overlay(|| action("target: /info, remove: true")),
            &[
                "overlay.yaml: /actions/1/target: this is not a JSONPath (RFC 9535): at position 0, parser error: correct it",
            ],
        ),
        rejected(
            "a target with an unknown function",
            Overlay(|| action("target: '$..[?exec(@)]', remove: true")),
            &[
                "overlay.yaml: /actions/1/target: this is not a JSONPath (RFC 9535): at position 5, in long-hand segment, function name 'exec' is not defined: correct it",
            ],
        ),
        rejected(
            "everything removed",
            Overlay(|| action("target: $, remove: true")),
            &[
                "overlay.yaml: /actions/1: the action removes the whole description: correct its target",
            ],
        ),
        rejected(
            "every value removed",
            Overlay(|| action("target: '$..*', remove: true")),
            &["#: there is no `openapi` version: give it an OpenAPI 3.1 description"],
        ),
        rejected(
            "the paths removed",
            Overlay(|| action("target: $.paths, remove: true")),
            &["#: the description has no `paths`: check that the source is the API's description"],
        ),
        rejected(
            "the document replaced by a text",
            Overlay(|| action("target: $, update: hello")),
            &["overlay.yaml: /actions/1/update: the target # is an object, and the update a value"],
        ),
        rejected(
            "a member of every object",
            Overlay(|| action("target: '$..*', update: {x: 1}")),
            &[
                "overlay.yaml: /actions/1/update: the target /components/schemas/Thing/properties/name/type is a value, and the update an object: update an object with an object and a value with a value, or target the object that holds it",
            ],
        ),
        rejected(
            "a target that multiplies",
            Overlay(|| action(&format!("target: '${}', remove: true", "..*".repeat(8)))),
            &[
                "overlay.yaml: /actions/1/target: the target searches all levels 8 times: search them 3 times at most",
            ],
        ),
        rejected(
            "filters within filters",
            Overlay(|| action("target: '$..[?@..[?@..[?@..[?@..*]]]]', remove: true")),
            &[
                "overlay.yaml: /actions/1/target: the target searches all levels 5 times: search them 3 times at most",
            ],
        ),
        accepted(
            "a pattern that backtracks",
            Overlay(|| {
                action("target: '$..[?search(@.name, \"(a+)+(a+)+(a+)+$\")]', remove: true")
            }),
            &["get_thing"],
            &[],
        ),
        rejected(
            "a target of 100,000 brackets",
            Overlay(|| action(&format!("target: '$[?{}', remove: true", "(".repeat(100_000)))),
            &["overlay.yaml: /actions/1/target: the target has 100003 bytes: use a shorter path"],
        ),
        rejected(
            "a target of 100,000 segments",
            Overlay(|| action(&format!("target: '${}', remove: true", ".a".repeat(100_000)))),
            &["overlay.yaml: /actions/1/target: the target has 200001 bytes: use a shorter path"],
        ),
        rejected(
            "a target with escapes",
            Overlay(|| action("target: \"$.[\\e[31m\\n::error::x\", remove: true")),
            &[
                "overlay.yaml: /actions/1/target: this is not a JSONPath (RFC 9535): at position 2, in dot member name, must start with lowercase alpha or '_': correct it",
            ],
        ),
        accepted(
            "10,000 actions that match nothing",
            Overlay(|| {
                let action = |index| {
                    format!("  - {{target: $.gone{index}, description: why, remove: true}}\n")
                };
                OVERLAY.to_owned() + &(0..10_000).map(action).collect::<String>()
            }),
            &["get_thing"],
            &[],
        ),
        rejected(
            "a copy of the whole into itself",
            Overlay(|| {
                OVERLAY.to_owned()
                    + &"  - {target: $.components, description: why, copy: $}\n".repeat(30)
            }),
            &[
                "overlay.yaml: /actions/1/copy: a `copy` is not supported: write the value out in an `update`",
            ],
        ),
    ]
}
