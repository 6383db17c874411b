//! Requests that fail and change nothing: the service's error responses beside those of the fake.

use serde_json::Value;

use crate::calls::Values;
use crate::description::{Description, Operation};
use crate::finding::{Finding, Kind, media_type, word};
use crate::resources::path_parameter;
use crate::service::{RawRequest, RawResponse, encode};
use crate::survey::{Survey, request};

/// An id that no resource has.
const UNKNOWN_ID: i64 = 9_007_199_254_740_000;

/// A request that should fail.
struct Case {
    /// The request as it may be shown. It has no value from the account.
    name: String,
    change: Change,
}

enum Change {
    Path(&'static str),
    Query(Vec<(String, String)>),
    NoToken,
    OtherToken,
    OtherStack,
    StackIdThatIsNoNumber,
    NoStackId,
}

/// Sends the requests of an operation that fail. `is_there` tells whether there is what it returns.
pub(crate) async fn check(
    survey: &mut Survey<'_>,
    operation: &Operation,
    is_there: bool,
    own: &Values,
    reference: &Values,
) {
    for case in cases(operation) {
        // The account may have nothing where the fake has something.
        if !is_there && matches!(case.change, Change::Query(_)) {
            continue;
        }
        let ours = changed(&case, operation, request(survey.service, operation, own));
        let theirs = changed(&case, operation, request(survey.reference, operation, reference));
        let (Some(ours), Some(theirs)) = (ours, theirs) else { continue };
        let Some(expected) = survey.reference.send(&theirs).await else { continue };
        let Some(found) = survey.send(&operation.id, &case.name, &ours).await else { continue };
        // What neither rejects is no error.
        if expected.is_success() && found.is_success() {
            continue;
        }
        for finding in differences(survey.description, &expected, &found) {
            survey.add(&operation.id, &case.name, finding);
        }
        if !found.is_success() {
            for finding in survey.description.check(operation, &found) {
                // A status that the fake sends too is known, although the description does not have it.
                if finding.kind != Kind::Status || found.status != expected.status {
                    survey.add(&operation.id, &case.name, finding);
                }
            }
        }
    }
}

/// Returns the fake's response to the request of an operation.
pub(crate) async fn of_reference(
    survey: &Survey<'_>,
    operation: &Operation,
    values: &Values,
) -> Option<RawResponse> {
    let mut own = survey.reference_resources.values(operation).into_iter().next()?;
    for parameter in operation.parameters_in("query") {
        if let Some(value) = values.string(&parameter.name) {
            own = own.with(&parameter.name, value);
        }
    }
    survey.reference.send(&request(survey.reference, operation, &own)?).await
}

fn cases(operation: &Operation) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name: &str, change| cases.push(Case { name: name.to_owned(), change });
    if path_parameter(&operation.path).is_some() {
        add("an unknown id", Change::Path("unknown"));
        add("an id that is no number", Change::Path("abc"));
        add("the id -1", Change::Path("-1"));
    }
    for parameter in operation.parameters_in("query") {
        let schema = &parameter.schema;
        let mut bad = vec![String::new()];
        match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("integer"), _) => bad.extend(["x".to_owned(), "-1".to_owned()]),
            (Some("boolean"), _) => bad.push("maybe".to_owned()),
            (Some("array"), _) => bad.push("x".to_owned()),
            (_, Some("date-time")) => bad.push("yesterday".to_owned()),
            _ if parameter.name == "$orderby" => {
                bad.extend(
                    ["no_such_field", "created down", "created,created desc"].map(str::to_owned),
                );
            }
            _ => bad.clear(),
        }
        if let Some(maximum) = schema["maximum"].as_i64() {
            bad.push((maximum + 1).to_string());
        }
        for value in bad {
            add(
                &format!("`{}={value}`", parameter.name),
                Change::Query(vec![(parameter.name.clone(), value)]),
            );
        }
    }
    let integers = operation.parameters_in("query").filter(|one| one.schema["type"] == "integer");
    let several: Vec<_> = integers.map(|one| (one.name.clone(), "x".to_owned())).collect();
    if several.len() > 1 {
        add("several bad numbers", Change::Query(several));
    }
    let unknown = ("no_such_parameter".to_owned(), "1".to_owned());
    add("`no_such_parameter=1`", Change::Query(vec![unknown]));
    add("no token", Change::NoToken);
    add("an unknown token", Change::OtherToken);
    if operation.needs_stack_id() {
        add("another stack", Change::OtherStack);
        add("a stack id that is no number", Change::StackIdThatIsNoNumber);
        add("no stack id", Change::NoStackId);
    }
    cases
}

fn changed(case: &Case, operation: &Operation, request: Option<RawRequest>) -> Option<RawRequest> {
    let mut request = request?;
    match &case.change {
        Change::Path(value) => {
            let id = if *value == "unknown" { UNKNOWN_ID.to_string() } else { (*value).to_owned() };
            let (name, _) = path_parameter(&operation.path)?;
            let path = operation.path.replace(&format!("{{{name}}}"), &id);
            request.target = path;
        }
        Change::Query(pairs) => {
            for (name, value) in pairs {
                let separator = if request.target.contains('?') { '&' } else { '?' };
                let pair = format!("{separator}{}={}", encode(name), encode(value));
                request.target.push_str(&pair);
            }
        }
        Change::NoToken => request.token = None,
        Change::OtherToken => request.token = Some("0".repeat(64)),
        Change::OtherStack => request.stack_id = Some("1".to_owned()),
        Change::StackIdThatIsNoNumber => request.stack_id = Some("x".to_owned()),
        Change::NoStackId => request.stack_id = None,
    }
    Some(request)
}

/// Compares an error response with that of the fake. Messages are not compared, since programs do not
/// decide by them.
pub(crate) fn differences(
    description: &Description,
    expected: &RawResponse,
    found: &RawResponse,
) -> Vec<Finding> {
    let (theirs, ours) = (Parts::of(description, expected), Parts::of(description, found));
    let mut findings = Vec::new();
    for ((pointer, expected), (_, found)) in theirs.0.into_iter().zip(ours.0) {
        if expected != found {
            findings.push(Finding::new(Kind::ErrorResponse, expected, found).at(pointer));
        }
    }
    findings
}

/// The parts of an error response that programs can decide by.
pub(crate) struct Parts(pub(crate) Vec<(&'static str, String)>);

impl Parts {
    pub(crate) fn of(description: &Description, response: &RawResponse) -> Self {
        let status = format!("status {}", response.status);
        if response.is_success() {
            return Self(vec![("", status)]);
        }
        let body = response.json().unwrap_or_default();
        let error = &body["error"];
        let content_type = response
            .header("content-type")
            .map_or_else(|| "no content type".to_owned(), media_type);
        let code =
            error["code"].as_str().map_or_else(|| "no code".to_owned(), |code| word(code, "code"));
        let message = match error["message"].as_str() {
            Some(message) if !message.is_empty() => "a message",
            _ => "no message",
        };
        let header = response.header("www-authenticate").is_some();
        let header = if header { "WWW-Authenticate" } else { "no WWW-Authenticate" };
        let details = match error["details"].as_array() {
            Some(details) if !details.is_empty() => "details",
            _ => "no details",
        };
        Self(vec![
            ("", format!("{status}, {content_type}, {header}")),
            ("/error/code", code),
            ("/error/message", message.to_owned()),
            ("/error/target", target(description, &error["target"])),
            ("/error/details", details.to_owned()),
        ])
    }
}

/// Returns the target if it is the name of a parameter or property.
fn target(description: &Description, target: &Value) -> String {
    let Some(target) = target.as_str() else { return "no target".to_owned() };
    let is_parameter = description
        .operations
        .iter()
        .flat_map(|operation| &operation.parameters)
        .any(|one| one.name == target);
    if is_parameter || description.names.contains(target) {
        format!("`{target}`")
    } else {
        "another target".to_owned()
    }
}
