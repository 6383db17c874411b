//! The overlay stage: `openapi/overlay.yaml`, an OpenAPI Overlay document, applied to the
//! description. Each action is one correction or naming decision with its reason.

use std::path::Path;

use enumset::EnumSet;
use roas_overlay::apply::Apply as _;
use roas_overlay::v1_1::Overlay;
use roas_overlay::validation::Validate as _;
use serde_json::Value;

use crate::parse::parse;
use crate::problem::Problem;

/// The most bytes of an action's target.
const LONGEST_TARGET: usize = 1_000;

/// What an overlay did.
#[derive(Debug, Default)]
pub struct Applied {
    /// The number of actions that matched something.
    pub actions: usize,
    /// One message for each action that matched nothing.
    pub unmatched: Vec<String>,
}

/// Applies the overlay in `bytes`, read from `file`, to `document`.
pub fn apply(bytes: &[u8], file: &Path, document: &mut Value) -> Result<Applied, Problem> {
    let name = file.file_name().map_or_else(|| "overlay".into(), |name| name.to_string_lossy());
    let problem = |what: String, mend: &str| Problem::new(&*name, what, mend);

    let overlay: Overlay = serde_json::from_value(parse(bytes, &name)?)
        .map_err(|e| problem(format!("not an OpenAPI Overlay 1.1: {e}"), "correct the overlay"))?;
    // Before they are parsed: the parser of paths recurses along its brackets.
    for (index, action) in overlay.actions.iter().enumerate() {
        if action.target.len() > LONGEST_TARGET {
            let what = format!("the target of action {index} has {} bytes", action.target.len());
            return Err(problem(what, "aim at the place with a shorter path"));
        }
        if action.target.trim() == "$" && action.is_remove() {
            let what = format!("action {index} removes the whole description");
            return Err(problem(what, "correct its target"));
        }
        if action.copy.is_some() {
            // A few copies of the whole into its parts would outgrow any machine.
            let what = format!("action {index} at {} is a `copy`", action.target);
            return Err(problem(what, "write the value out in an `update`"));
        }
    }
    overlay.validate(EnumSet::empty()).map_err(|errors| {
        let lines: Vec<_> = errors.errors.iter().map(|error| error.to_string()).collect();
        problem(lines.join("; "), "correct the overlay")
    })?;
    for (index, action) in overlay.actions.iter().enumerate() {
        if action.description.as_deref().unwrap_or_default().trim().is_empty() {
            return Err(problem(
                format!("action {index} at {} gives no reason", action.target),
                "say in its `description` why it is there",
            ));
        }
    }

    let report = overlay
        .apply(document, EnumSet::empty())
        .map_err(|error| problem(error.to_string(), "correct the action"))?;
    let unmatched = report
        .actions
        .iter()
        .filter(|outcome| outcome.matched == 0)
        .map(|outcome| {
            format!(
                "overlay action {} matches nothing at {}: remove it or correct its target",
                outcome.index, outcome.target
            )
        })
        .collect();
    Ok(Applied { actions: report.actions.len(), unmatched })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};

    use super::{Applied, apply};

    fn overlay(actions: &Value, document: &mut Value) -> Result<Applied, String> {
        let overlay = json!({
            "overlay": "1.1.0",
            "info": {"title": "t", "version": "1"},
            "actions": actions,
        });
        apply(overlay.to_string().as_bytes(), Path::new("x/overlay.yaml"), document)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn update_replaces_the_operation_id() {
        let mut document = json!({"paths": {"/a": {"get": {"operationId": "a_list"}}}});
        let action = json!([{
            "target": "$.paths['/a'].get",
            "description": "verb first",
            "update": {"operationId": "list_a"},
        }]);
        let applied = overlay(&action, &mut document).expect("applies");
        assert_eq!(document["paths"]["/a"]["get"]["operationId"], "list_a");
        assert!(applied.unmatched.is_empty());
    }

    #[test]
    fn action_that_matches_nothing_is_reported_with_its_mend() {
        let action = json!([{"target": "$.paths['/x']", "description": "why", "remove": true}]);
        let applied = overlay(&action, &mut json!({"paths": {}})).expect("applies");
        assert_eq!(
            applied.unmatched,
            ["overlay action 0 matches nothing at $.paths['/x']: remove it or correct its \
                 target"]
        );
    }

    #[test]
    fn action_without_a_reason_is_refused() {
        let action = json!([{"target": "$.info", "update": {"title": "x"}}]);
        let message = overlay(&action, &mut json!({"info": {}})).expect_err("no reason");
        assert!(message.contains("action 0 at $.info gives no reason"), "{message}");
    }

    #[test]
    fn bad_json_path_is_refused() {
        let action = json!([{"target": "$.[", "description": "why", "remove": true}]);
        let message = overlay(&action, &mut json!({})).expect_err("no JSONPath");
        assert!(message.contains("overlay.yaml"), "{message}");
    }
}
