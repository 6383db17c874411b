//! Requests that no generated call makes.

use std::fmt::{self, Write as _};
use std::marker::PhantomData;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Request, Response, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::ext::awaitable;
use crate::http::{perform_request, reserved};
use crate::operation::{OperationSpec, ReadResponse, SendError, read_body};
use crate::{Client, Error, ResponseValue};

/// The name of the operation in errors and spans.
const OPERATION: &str = "request";

impl Client {
    /// Returns a request to any endpoint of the service, for what the client has no call for.
    ///
    /// It has what every call has: the client's credentials, permits and timeout, its retries, errors
    /// of the type [`Error`] and no token in them. Its [`operation`](Error::operation) is `request`.
    ///
    /// `path` begins with `/` and goes on after the base URL. Values in braces are set by
    /// [`path_value`](RequestCall::path_value) and percent-encoded, and so is the rest of the path: give
    /// it as plain text.
    ///
    /// ```no_run
    /// # async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
    /// use k6_cloud::Method;
    /// use serde_json::{Value, json};
    ///
    /// let run: Value = client
    ///     .request(Method::GET, "/cloud/v6/test_runs/{id}")
    ///     .path_value("id", 42)
    ///     .send()
    ///     .await?;
    ///
    /// let note = json!({ "note": "after the fix" });
    /// client.request(Method::PATCH, "/cloud/v6/test_runs/42").json(&note).send::<()>().await?;
    /// # Ok(()) }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> RequestCall {
        let retry_safe =
            matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PUT" | "DELETE");
        let headers =
            HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        RequestCall {
            client: self.clone(),
            method,
            path: path.into(),
            values: Vec::new(),
            query: Vec::new(),
            headers,
            body: None,
            retry_safe,
            needs_stack_id: true,
            problem: None,
        }
    }
}

/// A request from [`Client::request`].
///
/// [`send`](Self::send) sends it, and so does `.await`, which returns a [`Value`].
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent: `.send().await`"]
pub struct RequestCall {
    client: Client,
    method: Method,
    path: String,
    values: Vec<(String, String)>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Option<Bytes>,
    retry_safe: bool,
    needs_stack_id: bool,
    /// What makes the request one that cannot be sent.
    problem: Option<String>,
}

impl fmt::Debug for RequestCall {
    /// Shows the request without values, headers and body, in which there may be secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RequestCall")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("retry_safe", &self.retry_safe)
            .field("needs_stack_id", &self.needs_stack_id)
            .finish_non_exhaustive()
    }
}

impl RequestCall {
    /// Sets the value of `{name}` in the path. It becomes part of a single path segment: a `/` in it is
    /// encoded.
    pub fn path_value(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.values.push((name.into(), value.to_string()));
        self
    }

    /// Adds a query parameter. It may be added more than once.
    pub fn query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Sets a header. `Accept` is `application/json` unless you set it. Headers that the client or HTTP
    /// itself sets, such as `Authorization`, `X-Stack-Id`, `Host` and `Content-Length`, cannot be set.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value.as_ref())) {
            (Ok(name), Ok(value)) => match reserved::of_every_request(&name) {
                Some(by) => {
                    self.reject(format!("the header {name} cannot be set: it is set by {by}"))
                }
                None => {
                    self.headers.insert(name, value);
                    self
                }
            },
            (Err(_), _) => self.reject(format!("{name:?} is not the name of a header")),
            // The value may be a secret.
            (_, Err(_)) => self.reject(format!("the value of the header {name} has a line break")),
        }
    }

    /// Sets the body to a value in JSON.
    pub fn json(self, body: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(body) {
            Ok(json) => self.body("application/json", json),
            Err(error) => self.reject(format!("the body cannot be written as JSON: {error}")),
        }
    }

    /// Sets the body to these bytes.
    pub fn body(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self.header(CONTENT_TYPE.as_str(), content_type)
    }

    /// Sets whether sending the request twice does the same as sending it once. If so, it is also
    /// retried where the server may have carried it out already. The default is what HTTP says of the
    /// method: true unless it is `POST`, `PATCH` or one of your own.
    pub fn retry_safe(mut self, retry_safe: bool) -> Self {
        self.retry_safe = retry_safe;
        self
    }

    /// Leaves out the header `X-Stack-Id`.
    pub fn without_stack_id(mut self) -> Self {
        self.needs_stack_id = false;
        self
    }

    fn reject(mut self, problem: String) -> Self {
        self.problem.get_or_insert(problem);
        self
    }

    /// Sends the request, and reads the response as JSON. An empty response reads as null: ask for
    /// `()`, an `Option` or a [`Value`] where there may be one.
    ///
    /// # Errors
    ///
    /// The kinds of [`send`](crate::OperationExt::send);
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) also if the request is not one that can be
    /// sent, in which case nothing is: a path without `/` at its beginning or with a `?`, a value in
    /// braces that is not set, is empty or is `.` or `..`, or a bad header.
    pub async fn send<T: DeserializeOwned + Send>(self) -> Result<T, Error> {
        Ok(self.response::<T>().await?.into_inner())
    }

    /// Sends the request like [`send`](Self::send), and returns status and headers too.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    pub async fn response<T: DeserializeOwned + Send>(self) -> Result<ResponseValue<T>, Error> {
        self.perform::<JsonOrEmpty<T>>().await
    }

    /// Sends the request, and returns the bytes of the response with status and headers. They are read
    /// to the end, within [`max_body_bytes`](crate::ClientBuilder::max_body_bytes).
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send), without `Decode`.
    pub async fn bytes(self) -> Result<ResponseValue<Bytes>, Error> {
        self.perform::<WholeBody>().await
    }

    #[expect(clippy::result_large_err, reason = "the type that generated calls return")]
    async fn perform<R: ReadResponse>(mut self) -> Result<ResponseValue<R::Output>, Error>
    where
        R::Output: Send,
    {
        let facts = OperationSpec {
            id: OPERATION,
            method: static_name(&self.method),
            path: "",
            success: 200..=299,
            streamed: false,
            retry_safe: self.retry_safe,
            needs_stack_id: self.needs_stack_id,
        };
        let problem = self.problem.take();
        let path = match problem {
            Some(problem) => Err(problem),
            None => expand(&self.path, &self.values),
        };
        let client = self.client.clone();
        let template = path.as_ref().map(|path| path.template.clone()).unwrap_or_default();
        let request = || self.build(path.map_err(SendError::InvalidRequest)?);
        let (response, _) = perform_request::<R>(&client, &facts, &template, request).await?;
        Ok(response)
    }

    #[expect(clippy::result_large_err, reason = "the type that generated calls return")]
    fn build(self, path: ExpandedPath) -> Result<Request, SendError> {
        let mut url = Url::parse(&format!("{}{}", self.client.baseurl, path.encoded))
            .map_err(|error| SendError::InvalidRequest(format!("the path is wrong: {error}")))?;
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(self.query);
        }
        let mut request = Request::new(self.method, url);
        *request.headers_mut() = self.headers;
        *request.body_mut() = self.body.map(reqwest::Body::from);
        Ok(request)
    }
}

awaitable! { RequestCall => Value; }

/// Returns the name that spans record; methods of the caller's own have one name together.
fn static_name(method: &Method) -> &'static str {
    const NAMES: [&str; 9] =
        ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"];
    NAMES.into_iter().find(|name| *name == method.as_str()).unwrap_or("_OTHER")
}

/// A path with its values.
#[derive(Debug, PartialEq)]
struct ExpandedPath {
    encoded: String,
    /// The same with the names of the values, to check that they stay in their segments.
    template: String,
}

/// Puts the values into a path.
fn expand(path: &str, values: &[(String, String)]) -> Result<ExpandedPath, String> {
    if !path.starts_with('/') {
        return Err(format!("the path {path:?} must begin with `/` and go on after the base URL"));
    }
    if path.contains(['?', '#']) {
        return Err("the path has a `?` or `#`: set parameters by `query`".to_owned());
    }
    let mut expanded = ExpandedPath { encoded: String::new(), template: String::new() };
    let mut used = Vec::new();
    let mut rest = path;
    while let Some((literal, after)) = rest.split_once('{') {
        expanded.literal(literal)?;
        let (name, after) = after
            .split_once('}')
            .ok_or_else(|| "the path has a `{` without a `}` after it".to_owned())?;
        let value = values.iter().rev().find(|(known, _)| known == name);
        let (name, value) = value.ok_or_else(|| {
            format!("the path has {{{name}}}, which is not set: add `.path_value({name:?}, ...)`")
        })?;
        encode(value, b"-._~!$'()*,=", &mut expanded.encoded);
        expanded.template.push_str("{}");
        used.push(name);
        rest = after;
    }
    expanded.literal(rest)?;
    match values.iter().find(|(name, _)| !used.contains(&name)) {
        Some((name, _)) => {
            Err(format!("the path does not have {{{name}}}, for which a value is set"))
        }
        None => Ok(expanded),
    }
}

impl ExpandedPath {
    fn literal(&mut self, literal: &str) -> Result<(), String> {
        if literal.contains('}') {
            return Err("the path has a `}` without a `{` before it".to_owned());
        }
        let mut encoded = String::new();
        encode(literal, b"-._~!$&'()*+,;=:@[]/", &mut encoded);
        self.encoded.push_str(&encoded);
        self.template.push_str(&encoded);
        Ok(())
    }
}

fn encode(text: &str, plain: &[u8], out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// A response in JSON. An empty one reads as null.
struct JsonOrEmpty<T>(PhantomData<T>);

impl<T: DeserializeOwned + Send> ReadResponse for JsonOrEmpty<T> {
    type Output = T;

    async fn read(response: Response) -> Result<ResponseValue<T>, SendError> {
        read_body(response, |body| {
            serde_json::from_slice(if body.is_empty() { b"null" } else { body })
        })
        .await
    }
}

/// A response whose bytes are returned.
struct WholeBody;

impl ReadResponse for WholeBody {
    type Output = Bytes;

    async fn read(response: Response) -> Result<ResponseValue<Bytes>, SendError> {
        read_body(response, |body| Ok(body.clone())).await
    }
}

#[cfg(test)]
mod tests {
    use super::expand;

    fn values(values: &[(&str, &str)]) -> Vec<(String, String)> {
        values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn values_and_the_rest_of_the_path_are_encoded() {
        let path = expand("/a b/{x}/f({y},{x})", &values(&[("x", "1/2?"), ("y", "%é")]));
        let path = path.expect("a path");
        assert_eq!(path.encoded, "/a%20b/1%2F2%3F/f(%25%C3%A9,1%2F2%3F)");
        assert_eq!(path.template, "/a%20b/{}/f({},{})");
    }

    #[test]
    fn wrong_path_says_what_is_wrong() {
        for (path, given, what) in [
            ("a", &[][..], "begin with `/`"),
            ("https://evil.example/", &[], "begin with `/`"),
            ("/a?b=c", &[], "by `query`"),
            ("/{x}", &[], r#"add `.path_value("x", ...)`"#),
            ("/a", &[("x", "1")], "does not have {x}"),
            ("/{x", &[], "`{` without"),
            ("/x}", &[], "`}` without"),
        ] {
            let error = expand(path, &values(given)).expect_err(path);
            assert!(error.contains(what), "{path}: {error}");
        }
    }
}
