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
            &["x"],
        ),
        refused("an overlay that is empty", Overlay(String::new), &["x"]),
        refused("an overlay that is no YAML", Overlay(|| "overlay: [".into()), &["x"]),
        refused("an overlay that is HTML", Overlay(|| "<html>".into()), &["x"]),
        refused("an overlay that is a list", Overlay(|| "- a\n".into()), &["x"]),
        refused("an overlay of version 2", Overlay(|| OVERLAY.replace("1.1.0", "2.0.0")), &["x"]),
        refused(
            "an overlay without actions",
            Overlay(|| OVERLAY.split("actions").next().expect("a part").into()),
            &["x"],
        ),
        refused(
            "an action without a description",
            Overlay(|| format!("{OVERLAY}  - {{target: $.info, remove: true}}\n")),
            &["x"],
        ),
        refused("an action without a target", Overlay(|| action("remove: true")), &["x"]),
        refused("an action that does nothing", Overlay(|| action("target: $.info")), &["x"]),
        refused("a target that is no path", Overlay(|| action("target: '$.['")), &["x"]),
        refused(
            "a target in another language",
            Overlay(|| action("target: /info, remove: true")),
            &["x"],
        ),
        refused(
            "a target with an unknown function",
            Overlay(|| action("target: '$..[?exec(@)]', remove: true")),
            &["x"],
        ),
        refused("everything removed", Overlay(|| action("target: $, remove: true")), &["x"]),
        refused("every value removed", Overlay(|| action("target: '$..*', remove: true")), &["x"]),
        refused("the paths removed", Overlay(|| action("target: $.paths, remove: true")), &["x"]),
        refused(
            "the document replaced by a text",
            Overlay(|| action("target: $, update: hello")),
            &["x"],
        ),
        refused(
            "a member of every object",
            Overlay(|| action("target: '$..*', update: {x: 1}")),
            &["x"],
        ),
        refused(
            "a target that multiplies",
            Overlay(|| action(&format!("target: '${}', remove: true", "..*".repeat(8)))),
            &["x"],
        ),
        refused(
            "filters within filters",
            Overlay(|| action("target: '$..[?@..[?@..[?@..[?@..*]]]]', remove: true")),
            &["x"],
        ),
        refused(
            "a pattern that backtracks",
            Overlay(|| {
                action("target: '$..[?search(@.name, \"(a+)+(a+)+(a+)+$\")]', remove: true")
            }),
            &["x"],
        ),
        refused(
            "a target of 100,000 brackets",
            Overlay(|| action(&format!("target: '$[?{}', remove: true", "(".repeat(100_000)))),
            &["x"],
        ),
        refused(
            "a target of 100,000 segments",
            Overlay(|| action(&format!("target: '${}', remove: true", ".a".repeat(100_000)))),
            &["x"],
        ),
        refused(
            "a target with escapes",
            Overlay(|| action("target: \"$.[\\e[31m\\n::error::x\", remove: true")),
            &["x"],
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
            &["x"],
        ),
    ]
}
