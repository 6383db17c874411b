//! The form by which a load test is created.

use std::convert::Infallible;

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::Response;
use futures_util::{FutureExt, stream};
use multer::Multipart;

use super::load_tests::{name_is_free, shown, unknown};
use super::{Call, projects};
use crate::error::{ApiError, json_response};
use crate::inventory::LoadTest;
use crate::script::ScriptKind;

/// How many characters a name can have.
const LONGEST_NAME: usize = 300;

#[derive(Debug, Default)]
struct Form {
    name: Option<String>,
    script: Option<ScriptKind>,
    k6_version: Option<i64>,
}

/// Creates a load test in a project.
pub(super) fn create(call: &Call<'_>) -> Result<Response, ApiError> {
    let project_id = call.arguments.id();
    let form = Form::read(call)?;
    let name = form.name.ok_or_else(|| refused("name", "name is required"))?;
    let length = name.chars().count();
    if !(1..=LONGEST_NAME).contains(&length) {
        let message = format!("name has to have 1 to {LONGEST_NAME} characters, got {length}");
        return Err(ApiError::validation("name", message));
    }
    let mut store = call.shared.store();
    store.inventory.projects.get(project_id).ok_or_else(|| projects::unknown(project_id))?;
    name_is_free(&store.inventory, project_id, &name, None)?;
    let now = call.shared.now();
    let id = store.inventory.load_tests.add(|id| LoadTest {
        id,
        project_id,
        name,
        baseline_test_run_id: None,
        k6_version: form.k6_version,
        created: now,
        updated: now,
        script: form.script,
    });
    // Without its own list of runs it would be unknown to the operations on runs.
    store.add_load_test(id);
    let load_test = store.inventory.load_tests.get(id).ok_or_else(|| unknown(id))?;
    Ok(json_response(StatusCode::CREATED, &shown(&store, load_test)))
}

impl Form {
    /// Reads the parts of the body.
    fn read(call: &Call<'_>) -> Result<Self, ApiError> {
        let content_type = call.parts.headers.get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or("");
        let boundary = multer::parse_boundary(content_type)
            .map_err(|error| refused("Content-Type", &error.to_string()))?;
        let body = Bytes::copy_from_slice(call.body);
        let parts = Multipart::new(stream::iter([Ok::<_, Infallible>(body)]), boundary);
        // The body is here as a whole, so that there is nothing to wait for.
        let read = Self::of(parts).now_or_never();
        read.unwrap_or_else(|| Err(refused("body", "the form does not end")))
    }

    async fn of(mut parts: Multipart<'_>) -> Result<Self, ApiError> {
        let broken = |error: multer::Error| refused("body", &format!("not a form: {error}"));
        let mut form = Self::default();
        let mut seen: Vec<String> = Vec::new();
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or("").to_owned();
            if seen.contains(&name) {
                return Err(refused(&name, &format!("{name} is given more than once")));
            }
            let content = part.bytes().await.map_err(broken)?;
            let text = || String::from_utf8_lossy(&content).into_owned();
            match name.as_str() {
                "name" => form.name = Some(text()),
                "script" => form.script = Some(ScriptKind::uploaded(&content)),
                "k6_version" => {
                    let version = text();
                    form.k6_version = Some(version.parse().map_err(|_| {
                        let message = format!("k6_version has to be an integer, got {version:?}");
                        refused(&name, &message)
                    })?);
                }
                other => {
                    let message =
                        format!("unknown part {other:?}: there are name, script and k6_version");
                    return Err(refused(other, &message));
                }
            }
            seen.push(name);
        }
        Ok(form)
    }
}

fn refused(target: &str, message: &str) -> ApiError {
    ApiError::validation(target, message)
}
