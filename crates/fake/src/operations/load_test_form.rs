//! The form that creates a load test.

use std::convert::Infallible;

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use futures_util::{FutureExt as _, stream};
use multer::Multipart;

use super::call::{Call, Outcome};
use super::load_tests::{check_k6_version, load_test_json, upload};
use super::lookup;
use crate::error::{ApiError, json_response};
use crate::inventory::{CURRENT_K6_VERSION, LoadTest};
use crate::script::StoredScript;

/// How many characters a name can have.
const MAX_NAME: usize = 300;

/// The parts of the form. The service ignores others.
const PARTS: [&str; 3] = ["name", "script", "k6_version"];

#[derive(Debug, Default)]
struct Form {
    name: Option<String>,
    script: Option<StoredScript>,
    k6_version: Option<i64>,
}

/// Creates a load test in a project.
pub(super) fn create(call: &Call<'_>) -> Outcome {
    let project_id = call.arguments.id();
    let form = Form::read(call)?;
    let name = form.name.ok_or_else(|| ApiError::validation("name", "name is required"))?;
    let length = name.chars().count();
    if !(1..=MAX_NAME).contains(&length) {
        let message = format!("name must have 1 to {MAX_NAME} characters, got {length}");
        return Err(ApiError::validation("name", message));
    }
    let mut store = call.shared.store();
    lookup::project(&store.inventory, project_id)?;
    lookup::load_test_name_is_free(&store.inventory, project_id, &name, None)?;
    let now = call.shared.now();
    let load_test = LoadTest {
        id: store.inventory.load_tests.next_id(),
        project_id,
        name,
        baseline_test_run_id: None,
        k6_version: form.k6_version.unwrap_or(CURRENT_K6_VERSION),
        created: now,
        updated: now,
        script: form.script,
        options: None,
    };
    let body = load_test_json(&store, &load_test);
    store.put_load_test(load_test);
    Ok(json_response(StatusCode::CREATED, &body))
}

impl Form {
    /// Reads the parts of the body.
    fn read(call: &Call<'_>) -> Result<Self, ApiError> {
        let content_type = call.parts.headers.get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or("");
        let boundary = multer::parse_boundary(content_type)
            .map_err(|error| ApiError::validation("Content-Type", error.to_string()))?;
        let body = Bytes::copy_from_slice(call.body);
        let parts = Multipart::new(stream::iter([Ok::<_, Infallible>(body)]), boundary);
        // The whole body is here, so the future is ready.
        let form = Self::read_parts(parts, call.shared.settings().is_strict).now_or_never();
        form.unwrap_or_else(|| Err(ApiError::validation("body", "the form does not end")))
    }

    async fn read_parts(mut parts: Multipart<'_>, is_strict: bool) -> Result<Self, ApiError> {
        let broken = |error: multer::Error| {
            ApiError::validation("body", format!("the body is not a form: {error}"))
        };
        let mut form = Self::default();
        let mut seen: Vec<String> = Vec::new();
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or("").to_owned();
            if seen.contains(&name) {
                let message = format!("{name} is given more than once");
                return Err(ApiError::validation(name, message));
            }
            let content = part.bytes().await.map_err(broken)?;
            if is_strict || PARTS.contains(&name.as_str()) {
                form.set(&name, content)?;
            }
            seen.push(name);
        }
        Ok(form)
    }

    fn set(&mut self, name: &str, content: Bytes) -> Result<(), ApiError> {
        if name == "script" {
            self.script = Some(upload(content, "script")?);
            return Ok(());
        }
        let value = std::str::from_utf8(&content)
            .map_err(|_| ApiError::validation(name, format!("{name} is not UTF-8")))?;
        match name {
            "name" => self.name = Some(value.to_owned()),
            "k6_version" => {
                let version = value.parse().map_err(|_| {
                    let message = format!("k6_version must be an integer, got {value:?}");
                    ApiError::validation(name, message)
                })?;
                check_k6_version(version)?;
                self.k6_version = Some(version);
            }
            other => {
                let message = format!("unknown part {other:?}: the form has {}", PARTS.join(", "));
                return Err(ApiError::validation(other, message));
            }
        }
        Ok(())
    }
}
