//! Overlays that are broken, or that break the description.

use super::Input::{Overlay, Prepared};
use super::{GOOD, OVERLAY, Row, accepted, put, refused};

/// An overlay with one more action.
fn action(action: &str) -> String {
    format!("{OVERLAY}  - {{description: why, {action}}}\n")
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        refused(
            "no overlay",
            Prepared(|root| {
                std::fs::remove_file(root.join("openapi/overlay.yaml")).expect("removes");
                put(root, "given.yaml", GOOD.as_bytes())
            }),
            &["overlay.yaml", "check the path"],
        ),
        refused(
            "an overlay that is empty",
            Overlay(String::new),
            &["overlay.yaml: the document is empty: check the source"],
        ),
        refused(
            "an overlay that is no YAML",
            Overlay(|| "overlay: [".into()),
            &[
                "overlay.yaml: did not find expected node content at line 2 column 1, while parsing a flow node: correct the document at the line named, or check the source",
            ],
        ),
        refused(
            "an overlay that is HTML",
            Overlay(|| "<html>".into()),
            &[
                "overlay.yaml: this is HTML or XML, not YAML or JSON: check the address: a login or error page may have answered",
            ],
        ),
        refused(
            "an overlay that is a list",
            Overlay(|| "- a\n".into()),
            &[
                "overlay.yaml: not an OpenAPI Overlay 1.1: invalid type: sequence, expected struct Overlay: correct the overlay",
            ],
        ),
        refused(
            "an overlay of version 2",
            Overlay(|| OVERLAY.replace("1.1.0", "2.0.0")),
            &[
                "overlay.yaml: not an OpenAPI Overlay 1.1: invalid value: string \"2.0.0\", expected `1.1.<patch>` semver (Overlay v1.1): correct the overlay",
            ],
        ),
        refused(
            "an overlay without actions",
            Overlay(|| OVERLAY.split("actions").next().expect("a part").into()),
            &[
                "overlay.yaml: not an OpenAPI Overlay 1.1: missing field `actions`: correct the overlay",
            ],
        ),
        refused(
            "an action without a description",
            Overlay(|| format!("{OVERLAY}  - {{target: $.info, remove: true}}\n")),
            &[
                "overlay.yaml: action 1 at $.info gives no reason: say in its `description` why it is there",
            ],
        ),
        refused(
            "an action without a target",
            Overlay(|| action("remove: true")),
            &[
                "overlay.yaml: not an OpenAPI Overlay 1.1: missing field `target`: correct the overlay",
            ],
        ),
        refused(
            "an action that does nothing",
            Overlay(|| action("target: $.info")),
            &[
                "overlay.yaml: #.actions[1]: action must specify one of `update`, `copy`, or `remove: true`: correct the overlay",
            ],
        ),
        refused(
            "a target that is no path",
            Overlay(|| action("target: '$.['")),
            &[
                "overlay.yaml: #.actions[1].target: invalid JSONPath query: at position 2, in dot member name, must start with lowercase alpha or '_'; #.actions[1]: action must specify one of `update`, `copy`, or `remove: true`: correct the overlay",
            ],
        ),
        refused(
            "a target in another language",
            Overlay(|| action("target: /info, remove: true")),
            &[
                "overlay.yaml: #.actions[1].target: invalid JSONPath query: at position 0, parser error: correct the overlay",
            ],
        ),
        refused(
            "a target with an unknown function",
            Overlay(|| action("target: '$..[?exec(@)]', remove: true")),
            &[
                "overlay.yaml: #.actions[1].target: invalid JSONPath query: at position 5, in long-hand segment, function name 'exec' is not defined: correct the overlay",
            ],
        ),
        refused(
            "everything removed",
            Overlay(|| action("target: $, remove: true")),
            &["overlay.yaml: action 1 removes the whole description: correct its target"],
        ),
        refused(
            "every value removed",
            Overlay(|| action("target: '$..*', remove: true")),
            &[
                "overlay.yaml: actions[1] (target \"$..*\"): action `target` must resolve to objects or arrays, not primitives or null: correct the action",
            ],
        ),
        refused(
            "the paths removed",
            Overlay(|| action("target: $.paths, remove: true")),
            &["#: the description has no `paths`: check that the source is the API's description"],
        ),
        refused(
            "the document replaced by a text",
            Overlay(|| action("target: $, update: hello")),
            &["#: the document is no object: check that the source is the API's description"],
        ),
        refused(
            "a member of every object",
            Overlay(|| action("target: '$..*', update: {x: 1}")),
            &[
                "overlay.yaml: actions[1] (target \"$..*\"): action `target` must resolve to objects or arrays, not primitives or null: correct the action",
            ],
        ),
        refused(
            "a target that multiplies",
            Overlay(|| action(&format!("target: '${}', remove: true", "..*".repeat(8)))),
            &[
                "overlay.yaml: actions[1] (target \"$..*..*..*..*..*..*..*..*\"): action `target` must resolve to objects or arrays, not primitives or null: correct the action",
            ],
        ),
        refused(
            "filters within filters",
            Overlay(|| action("target: '$..[?@..[?@..[?@..[?@..*]]]]', remove: true")),
            &["#: the description has no `paths`: check that the source is the API's description"],
        ),
        accepted(
            "a pattern that backtracks",
            Overlay(|| {
                action("target: '$..[?search(@.name, \"(a+)+(a+)+(a+)+$\")]', remove: true")
            }),
            &["get_thing"],
            &[],
        ),
        refused(
            "a target of 100,000 brackets",
            Overlay(|| action(&format!("target: '$[?{}', remove: true", "(".repeat(100_000)))),
            &[
                "overlay.yaml: the target of action 1 has 100003 bytes: aim at the place with a shorter path",
            ],
        ),
        refused(
            "a target of 100,000 segments",
            Overlay(|| action(&format!("target: '${}', remove: true", ".a".repeat(100_000)))),
            &[
                "overlay.yaml: the target of action 1 has 200001 bytes: aim at the place with a shorter path",
            ],
        ),
        refused(
            "a target with escapes",
            Overlay(|| action("target: \"$.[\\e[31m\\n::error::x\", remove: true")),
            &[
                "overlay.yaml: #.actions[1].target: invalid JSONPath query: at position 2, in dot member name, must start with lowercase alpha or '_': correct the overlay",
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
        refused(
            "a copy of the whole into itself",
            Overlay(|| {
                OVERLAY.to_owned()
                    + &"  - {target: $.components, description: why, copy: $}\n".repeat(30)
            }),
            &[
                "overlay.yaml: action 1 at $.components is a `copy`: write the value out in an `update`",
            ],
        ),
    ]
}
