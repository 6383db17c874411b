//! Overlay actions for differences that can be corrected in the description.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::description::Description;
use crate::finding::{Finding, Kind};
use crate::report::Report;

/// Returns an OpenAPI Overlay with an action for each difference that it can correct.
///
/// Each is a proposal: a person must say whether the service or the description is right.
pub fn propose(report: &Report, description: &Description) -> String {
    let mut text = String::from(
        "# Proposed by `cargo xtask check-live`. Copy into openapi/overlay.yaml what is right.\n\
         overlay: 1.1.0\ninfo:\n  title: What the service does otherwise\n  version: 1.0.0\nactions:",
    );
    let mut known = BTreeSet::new();
    for (operation, finding) in report.findings() {
        if let Some((target, change)) = action(operation, finding, description)
            && known.insert((target.clone(), change.to_string()))
        {
            let why = format!(
                "{} of {operation}: {} is {}.",
                finding.kind.name(),
                finding.expected,
                finding.found
            );
            // JSON is YAML.
            let _ =
                write!(text, "\n  - target: {}\n    description: {}", json!(target), json!(why));
            let _ = match change {
                Value::Null => write!(text, "\n    remove: true"),
                change => write!(text, "\n    update: {change}"),
            };
        }
    }
    if known.is_empty() {
        text.push_str(" []");
    }
    text.push('\n');
    text
}

/// Returns the target and the update, which is null to remove the target.
fn action(
    operation: &str,
    finding: &Finding,
    description: &Description,
) -> Option<(String, Value)> {
    if finding.kind == Kind::Status {
        return status(operation, finding, description);
    }
    let pointer = finding.schema.as_deref()?;
    let schema = description.document.pointer(pointer)?;
    let target = json_path(pointer);
    let name = finding.pointer.rsplit('/').next().filter(|name| !name.starts_with('{'))?;
    match finding.kind {
        Kind::UnknownProperty => {
            let mut property = json!({ "type": finding.found });
            if finding.found == "object" {
                property["additionalProperties"] = json!(true);
            }
            if finding.found == "null" {
                property = json!({});
            }
            Some((target, json!({ "properties": { name: property } })))
        }
        Kind::MissingProperty => Some((format!("{target}.required[?@ == '{name}']"), Value::Null)),
        // The component is used elsewhere too, where null may not be.
        Kind::Null | Kind::Type if pointer.matches('/').count() > 3 => match &schema["type"] {
            Value::String(own) if *own != finding.found => {
                Some((target, json!({ "type": [own, finding.found] })))
            }
            Value::Array(_) => Some((target, json!({ "type": [finding.found] }))),
            _ => None,
        },
        Kind::Format => Some((format!("{target}.format"), Value::Null)),
        Kind::Limit if schema.get(&finding.expected).is_some() => {
            Some((format!("{target}.{}", finding.expected), Value::Null))
        }
        _ => None,
    }
}

/// Describes an error status, with the body that the operation's other errors have.
fn status(
    operation: &str,
    finding: &Finding,
    description: &Description,
) -> Option<(String, Value)> {
    let status: u16 = finding.found.parse().ok().filter(|status| (400..600).contains(status))?;
    let operation = description.operations.iter().find(|one| one.id == operation)?;
    let method = operation.method.to_lowercase();
    let item = &description.document["paths"][&operation.path][&method];
    let mut errors =
        item["responses"].as_object()?.iter().filter(|(known, _)| known.starts_with(['4', '5']));
    let content =
        errors.next().map(|(_, response)| description.resolve(response)["content"].clone())?;
    let target = format!("$.paths['{}'].{method}.responses", operation.path);
    let response =
        json!({ "description": "Not in the published description.", "content": content });
    Some((target, json!({ status.to_string(): response })))
}

fn json_path(pointer: &str) -> String {
    let token = |token: &str| {
        let token = token.replace("~1", "/").replace("~0", "~").replace('\'', "\\'");
        match token.parse::<usize>() {
            Ok(index) => format!("[{index}]"),
            Err(_) => format!("['{token}']"),
        }
    };
    format!("${}", pointer.split('/').skip(1).map(token).collect::<String>())
}
