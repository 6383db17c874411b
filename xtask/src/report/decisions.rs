//! What a maintainer has to decide about an operation that is new.

use heck::ToSnakeCase as _;
use openapi_lowering::problem::Place;
use serde_json::{Value, json};

use super::neutral::{code, visible};
use super::{Base, Report};

/// HTTP methods that are safe to send twice, according to RFC 9110.
const IDEMPOTENT: [&str; 5] = ["delete", "get", "head", "options", "put"];

/// An operation with the facts that the overlay states, or leaves to a default.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) pointer: String,
    /// As in `GET /things`.
    pub(crate) address: String,
    /// Whether the overlay names it.
    pub(crate) is_named: bool,
    pub(crate) retry_safe: Fact,
    pub(crate) needs_stack_id: Fact,
    /// Whether the fake serves it.
    pub(crate) in_fake: bool,
}

/// A fact, and whether the overlay states it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    pub(crate) holds: bool,
    pub(crate) is_stated: bool,
}

impl Fact {
    fn of(operation: &Value, key: &str, default: bool) -> Self {
        let stated = operation[key].as_bool();
        Self { holds: stated.unwrap_or(default), is_stated: stated.is_some() }
    }
}

/// Reads the operations of an overlaid description.
pub(crate) fn operations(
    document: &Value,
    unnamed: &[String],
    in_fake: impl Fn(&str) -> bool,
) -> Vec<Operation> {
    let mut found = Vec::new();
    let paths = document["paths"].as_object().into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let Some(id) = operation.get("operationId").and_then(Value::as_str) else { continue };
            let place = Place::root().at("paths").at(path).at(method);
            let by_method = IDEMPOTENT.contains(&method.as_str());
            found.push(Operation {
                id: id.to_owned(),
                pointer: place.to_string(),
                address: format!("{} {path}", method.to_uppercase()),
                is_named: !unnamed.contains(&format!("{id} at {place}")),
                retry_safe: Fact::of(operation, "x-retry-safe", by_method),
                needs_stack_id: Fact::of(operation, "x-needs-stack-id", true),
                in_fake: in_fake(&id.to_snake_case()),
            });
        }
    }
    found
}

impl Operation {
    /// What is to be decided, each in one sentence.
    fn decisions(&self) -> Vec<String> {
        let by = |fact: Fact| if fact.is_stated { ", as the overlay states" } else { "" };
        let name = match self.is_named {
            true => "The overlay names it.".to_owned(),
            false => "It keeps its published name: name it, verb first, with `operationId`.".into(),
        };
        let retry = match (self.retry_safe.holds, self.retry_safe.is_stated) {
            (true, false) => {
                "It is retried, as its method allows: if that is not safe, set `x-retry-safe: false`."
                    .to_owned()
            }
            (false, false) => {
                "It is not retried: if it is safe to send twice, set `x-retry-safe: true`.".into()
            }
            (true, true) => format!("It is retried{}.", by(self.retry_safe)),
            (false, true) => format!("It is not retried{}.", by(self.retry_safe)),
        };
        let stack = match (self.needs_stack_id.holds, self.needs_stack_id.is_stated) {
            (true, false) => {
                "It sends the id of the stack: if it needs none, set `x-needs-stack-id: false`."
                    .to_owned()
            }
            (true, true) => format!("It sends the id of the stack{}.", by(self.needs_stack_id)),
            (false, _) => "It does not send the id of the stack.".into(),
        };
        let fake = match self.in_fake {
            true => "The fake serves it.",
            false => {
                "The fake responds with 404: serve it in `crates/fake/src/operations`, or leave it."
            }
        };
        vec![name, retry, stack, fake.to_owned()]
    }

    pub(super) fn to_json(&self) -> Value {
        json!({
            "operation": visible(&self.id),
            "pointer": visible(&self.pointer),
            "named": self.is_named,
            "retry_safe": self.retry_safe.holds,
            "retry_safe_is_stated": self.retry_safe.is_stated,
            "needs_stack_id": self.needs_stack_id.holds,
            "needs_stack_id_is_stated": self.needs_stack_id.is_stated,
            "in_fake": self.in_fake,
        })
    }

    /// An entry of a list in Markdown.
    pub(super) fn to_markdown(&self) -> String {
        let sentences = self.decisions();
        let list: String = sentences.iter().map(|sentence| format!("  - {sentence}\n")).collect();
        format!("- {}, {}\n{list}", code(&self.id), code(&self.address))
    }
}

impl Report<'_> {
    /// The operations that the base did not have.
    pub(super) fn new_operations(&self) -> Vec<&Operation> {
        let is_new = |operation: &&Operation| {
            let mut changes = self.findings.changes.iter().map(|finding| &finding.change);
            changes.any(|change| {
                let id = change.rule.id;
                (id.starts_with("operation-added") || id == "operation-moved")
                    && change.pointer == operation.pointer
            })
        };
        match self.base {
            Base::Missing => self.operations.iter().collect(),
            Base::Known { .. } => self.operations.iter().filter(is_new).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::operations;

    #[test]
    fn each_decision_is_told_with_the_key_that_makes_it() {
        let document = json!({"paths": {"/a": {
            "get": {"operationId": "listA"},
            "post": {"operationId": "make_a", "x-retry-safe": true, "x-needs-stack-id": false},
            "parameters": [],
        }}});
        let unnamed = ["listA at /paths/~1a/get".to_owned()];
        let found = operations(&document, &unnamed, |id| id == "make_a");
        let told: Vec<String> = found.iter().map(|operation| operation.to_markdown()).collect();
        for part in [
            "`listA`, `GET /a`",
            "with `operationId`",
            "`x-retry-safe: false`",
            "`x-needs-stack-id: false`",
            "404",
        ] {
            assert!(told[0].contains(part), "{part}: {}", told[0]);
        }
        for part in [
            "The overlay names it",
            "retried, as the overlay states",
            "does not send the id",
            "The fake serves it",
        ] {
            assert!(told[1].contains(part), "{part}: {}", told[1]);
        }
        assert_eq!(found[1].to_json()["retry_safe_is_stated"], true);
    }
}
