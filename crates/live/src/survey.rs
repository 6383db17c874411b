//! Reads everything, and compares.

use std::collections::BTreeMap;

use k6_cloud::{Error, ErrorKind};
use serde_json::Value;

use crate::calls::{Decoded, Values, call};
use crate::check::METRIC_NAMES;
use crate::description::{Description, Operation};
use crate::equal::differences;
use crate::finding::{Finding, Findings, Kind};
use crate::relay::{Exchange, Relay};
use crate::report::{Checked, Outcome};
use crate::resources::{MAX_SAMPLES, Resources};
use crate::service::{RawRequest, RawResponse, Service, encode};

/// What one request showed, for the record of the service's behaviour.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) operation: String,
    pub(crate) case: String,
    pub(crate) response: RawResponse,
}

/// The comparison of a service with the description and the client.
pub(crate) struct Survey<'a> {
    pub(crate) description: &'a Description,
    pub(crate) service: &'a Service,
    pub(crate) relay: Relay,
    /// The fake, for what the description does not say.
    pub(crate) reference: &'a Service,
    pub(crate) resources: Resources,
    pub(crate) reference_resources: Resources,
    /// The most rows that are read of a list.
    pub(crate) max_rows: usize,
    pub(crate) only: &'a [String],
    pub(crate) findings: BTreeMap<String, Findings>,
    pub(crate) requests: BTreeMap<String, u64>,
    pub(crate) notes: BTreeMap<String, String>,
    pub(crate) seen: Vec<Seen>,
    /// The rows of lists, by the operation.
    pub(crate) rows: BTreeMap<String, Vec<Value>>,
}

impl Survey<'_> {
    /// Checks all operations that read.
    pub(crate) async fn run(&mut self) {
        let description = self.description;
        for operation in description.reading() {
            if self.wants(&operation.id) {
                self.operation(operation).await;
            }
        }
        crate::metrics::check(self).await;
    }

    async fn operation(&mut self, operation: &Operation) {
        let values = self.resources.values(operation);
        let Some(first) = values.first().cloned() else {
            return self.note(&operation.id, "the account has no resource to read");
        };
        let mut succeeded = None;
        for (number, values) in values.iter().enumerate() {
            // Further resources are only for operations that the first ones have nothing for.
            if number >= MAX_SAMPLES && succeeded.is_some() {
                break;
            }
            let response = self.exchange(operation, "a resource", values).await;
            if response.is_some_and(|response| response.is_success()) {
                succeeded.get_or_insert_with(|| values.clone());
            }
        }
        let headers = operation
            .parameters_in("header")
            .any(|one| one.name.eq_ignore_ascii_case("x-stack-url"));
        if headers && self.service.stack_url.is_none() {
            return self.note(
                &operation.id,
                "the address of the stack is not known: set K6_CLOUD_STACK_URL",
            );
        }
        if succeeded.is_none() {
            self.note(&operation.id, "no request succeeded, so that no success was checked");
        }
        let is_there = succeeded.is_some();
        let existing = succeeded.unwrap_or(first);
        if crate::lists::is_list(operation, self.description) {
            crate::lists::check(self, operation, &existing).await;
        }
        let reference = self.reference_resources.values(operation).into_iter().next();
        if let Some(reference) = reference {
            crate::errors::check(self, operation, is_there, &existing, &reference).await;
        }
    }

    pub(crate) fn add(&mut self, operation: &str, request: &str, finding: Finding) {
        self.findings.entry(operation.to_owned()).or_default().add(request, finding);
    }

    pub(crate) fn note(&mut self, operation: &str, note: &str) {
        self.notes.entry(operation.to_owned()).or_insert_with(|| note.to_owned());
    }

    /// Whether the user wants the operation to be checked.
    pub(crate) fn wants(&self, operation: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == operation)
    }

    /// Sends a request, and notes what it showed.
    pub(crate) async fn send(
        &mut self,
        operation: &str,
        case: &str,
        request: &RawRequest,
    ) -> Option<RawResponse> {
        *self.requests.entry(operation.to_owned()).or_default() += 1;
        let response = self.service.send(request).await;
        match &response {
            None => self.add(operation, case, Finding::new(Kind::NoResponse, "a response", "none")),
            Some(response) => self.seen.push(Seen {
                operation: operation.to_owned(),
                case: case.to_owned(),
                response: response.clone(),
            }),
        }
        response
    }

    /// Sends a request, and checks the response and what the client makes of it. `case` is the request
    /// as it may be shown.
    pub(crate) async fn exchange(
        &mut self,
        operation: &Operation,
        case: &str,
        values: &Values,
    ) -> Option<RawResponse> {
        let request = request(self.service, operation, values)?;
        let response = self.send(&operation.id, case, &request).await?;
        for finding in self.description.check(operation, &response) {
            self.add(&operation.id, case, finding);
        }
        if response.is_success() {
            self.by_client(operation, case, values, &request, &response).await;
        }
        Some(response)
    }

    /// Lets the client read the same response, and compares.
    async fn by_client(
        &mut self,
        operation: &Operation,
        case: &str,
        values: &Values,
        request: &RawRequest,
        response: &RawResponse,
    ) {
        self.relay.replay(response.clone());
        let values = match &self.service.stack_url {
            Some(url) => values.clone().with("X-Stack-Url", url),
            None => values.clone(),
        };
        let Some(decoded) = Box::pin(call(self.relay.client(), &operation.id, &values)).await
        else {
            return;
        };
        let exchanges = self.relay.take();
        for finding in request_differences(operation, request, exchanges.first()) {
            self.add(&operation.id, case, finding);
        }
        match decoded {
            Err(error) => {
                let finding = client_error(&error, self.description);
                self.add(&operation.id, case, finding);
            }
            Ok(Decoded::Bytes(bytes)) => {
                if bytes != response.body {
                    let finding =
                        Finding::new(Kind::ClientValue, "the bytes of the script", "other bytes");
                    self.add(&operation.id, case, finding);
                }
            }
            Ok(Decoded::Json(read)) => {
                let sent = response.json().unwrap_or_default();
                for finding in differences(&sent, &read, &self.description.names) {
                    self.add(&operation.id, case, finding);
                }
            }
        }
    }

    /// Returns the result for each operation that reads.
    pub(crate) fn results(&mut self) -> Vec<Checked> {
        let mut results = Vec::new();
        for operation in self.description.reading().filter(|operation| self.wants(&operation.id)) {
            results.push((operation.id.clone(), operation.method.clone(), operation.path.clone()));
        }
        for (id, path) in crate::metrics::OPERATIONS {
            if self.wants(id) {
                results.push(((*id).to_owned(), "GET".to_owned(), (*path).to_owned()));
            }
        }
        results.into_iter().map(|(id, method, path)| self.result(id, method, path)).collect()
    }

    pub(crate) fn result(&mut self, operation: String, method: String, path: String) -> Checked {
        let requests = self.requests.get(&operation).copied().unwrap_or_default();
        let findings = self.findings.remove(&operation).unwrap_or_default().0;
        let note = self.notes.remove(&operation);
        let outcome = match (findings.is_empty(), requests) {
            (_, 0) => Outcome::NotChecked,
            (true, _) => Outcome::AsDescribed,
            (false, _) => Outcome::Differs,
        };
        Checked { operation, method, path, outcome, requests, note, findings }
    }
}

/// Returns the request for an operation. `None` if a value of its path is missing.
pub(crate) fn request(
    service: &Service,
    operation: &Operation,
    values: &Values,
) -> Option<RawRequest> {
    let mut parts = Vec::new();
    for part in operation.path.split('/') {
        parts.push(match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => encode(&values.string(name)?),
            None => part.to_owned(),
        });
    }
    let pairs = operation.parameters_in("query").filter_map(|parameter| {
        let value = values.string(&parameter.name)?;
        Some(format!("{}={}", encode(&parameter.name), encode(&value)))
    });
    let pairs: Vec<_> = pairs.collect();
    let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
    let mut request = service.request(format!("{}{query}", parts.join("/")));
    if !operation.needs_stack_id() {
        request.stack_id = None;
    }
    let content = operation.success().map(|success| success.content.as_slice()).unwrap_or_default();
    if !content.iter().any(|(_, schema)| schema.is_some()) && !content.is_empty() {
        let names: Vec<_> = content.iter().map(|(name, _)| name.as_str()).collect();
        request.headers.push(("accept", names.join(", ")));
    }
    for header in operation.parameters_in("header").filter(|header| header.required) {
        if header.name.eq_ignore_ascii_case("x-stack-url") {
            request.headers.push(("x-stack-url", service.stack_url.clone()?));
        }
    }
    Some(request)
}

/// Compares the client's request with ours, which follows the description.
fn request_differences(
    operation: &Operation,
    ours: &RawRequest,
    theirs: Option<&Exchange>,
) -> Vec<Finding> {
    let Some(theirs) = theirs else {
        return vec![Finding::new(Kind::ClientRequest, "a request", "none")];
    };
    let mut findings = Vec::new();
    let mut compare = |what: &str, same: bool| {
        if !same {
            findings.push(Finding::new(
                Kind::ClientRequest,
                format!("the described {what}"),
                format!("another {what}"),
            ));
        }
    };
    let (path, query) = ours.target.split_once('?').unwrap_or((&ours.target, ""));
    compare("method", theirs.method == operation.method);
    compare("path", decoded(path) == decoded(&theirs.path));
    compare("query", pairs(query) == pairs(&theirs.query));
    compare("X-Stack-Id", theirs.headers.contains_key("x-stack-id") == ours.stack_id.is_some());
    compare("Authorization", theirs.headers.contains_key("authorization"));
    findings
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

fn pairs(query: &str) -> Vec<String> {
    let mut pairs: Vec<_> = query.split('&').map(decoded).collect();
    pairs.sort();
    pairs
}

/// Returns an error of the client, without its message, which can have values.
pub(crate) fn client_error(error: &Error, description: &Description) -> Finding {
    let path = error.json_path().unwrap_or_default();
    let mut pointer = String::new();
    for token in path.split(['.', '[', ']']).filter(|token| !token.is_empty()) {
        pointer.push('/');
        pointer.push_str(match token {
            _ if token.bytes().all(|byte| byte.is_ascii_digit()) => "*",
            _ if description.names.contains(token) || METRIC_NAMES.contains(&token) => token,
            _ => "{key}",
        });
    }
    Finding::new(Kind::ClientError, "a value", kind_name(error.kind())).at(pointer)
}

pub(crate) fn kind_name(kind: ErrorKind) -> String {
    format!("an error of the kind {kind:?}")
}
