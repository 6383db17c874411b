//! What the token may do, as far as reading tells.

use k6_cloud::{Client, Error, ErrorKind, Method};
use serde_json::Value;

use super::check::{Check, Topic};
use crate::exit::with_causes;

/// What the token may read, by the paths of lists.
const LISTS: &[(&str, &str)] = &[
    ("projects", PROJECTS),
    ("load tests", "/cloud/v6/load_tests"),
    ("test runs", "/cloud/v6/test_runs"),
    ("schedules", "/cloud/v6/schedules"),
    ("load zones", "/cloud/v6/load_zones"),
    ("label keys", "/cloud/v6/labels"),
];

const PROJECTS: &str = "/cloud/v6/projects";

/// Lists that come whole.
const WHOLE: &[&str] = &["/cloud/v6/load_zones", "/cloud/v6/labels"];

/// The check of the token.
pub(super) const TOKEN: &str = "token and stack";

pub(super) async fn of(client: &Client) -> Vec<Check> {
    let mut checks = vec![token(client).await];
    for (name, path) in LISTS {
        checks.push(may_read(client, name, path).await);
    }
    for name in ["may start runs", "may change"] {
        let found = "it cannot be known without doing it";
        checks.push(Check::unknown(Topic::Access, name, found));
    }
    checks.extend(limits(client).await);
    checks
}

async fn token(client: &Client) -> Check {
    let settings = client.settings();
    let Some(url) = settings.stack_url() else {
        return match first(client, PROJECTS).await {
            Ok(_) => {
                let found = format!("accepted for the stack {}", settings.stack_id());
                Check::right(Topic::Access, TOKEN, found)
            }
            Err(error) => failed(TOKEN, &error),
        };
    };
    match client.authenticate(url).send().await {
        Ok(response) => {
            let response = serde_json::to_value(response).unwrap_or_default();
            let (stack, project) = (&response["stack_id"], &response["default_project_id"]);
            if *stack != settings.stack_id().get() {
                let found = format!("{url} is the stack {stack}, not {}", settings.stack_id());
                let fix = "correct K6_CLOUD_STACK_ID or K6_CLOUD_STACK_URL, or run `k6 cloud login` again";
                return Check::wrong(Topic::Settings, TOKEN, found, fix);
            }
            let found =
                format!("accepted for {url}, the stack {stack} with the default project {project}");
            Check::right(Topic::Access, TOKEN, found)
        }
        Err(error) => failed(TOKEN, &error),
    }
}

pub(super) fn failed(name: &str, error: &Error) -> Check {
    let found = with_causes(error);
    match error.kind() {
        ErrorKind::Unauthenticated => {
            let fix = "make a new token, and set K6_CLOUD_TOKEN or run `k6 cloud login`";
            Check::wrong(Topic::Settings, name, found, fix)
        }
        ErrorKind::Forbidden => {
            let fix = "use a token of this stack, or correct K6_CLOUD_STACK_ID";
            Check::wrong(Topic::Settings, name, found, fix)
        }
        _ => Check::unknown(Topic::Access, name, found),
    }
}

async fn first(client: &Client, path: &str) -> Result<Value, Error> {
    let request = client.request(Method::GET, path);
    let request = if WHOLE.contains(&path) { request } else { request.query("$top", 1) };
    request.send().await
}

async fn may_read(client: &Client, what: &str, path: &str) -> Check {
    let name = format!("may read {what}");
    match first(client, path).await {
        Ok(body) if body["value"].is_array() => Check::right(Topic::Access, &name, "yes"),
        Ok(_) => Check::unknown(Topic::Access, &name, "the response is not a list"),
        Err(error) if error.kind() == ErrorKind::Forbidden => {
            let fix = "use a token of a user who may, or ask an admin of the stack";
            Check::wrong(Topic::Access, &name, with_causes(&error), fix)
        }
        Err(error) => Check::unknown(Topic::Access, &name, with_causes(&error)),
    }
}

/// Returns the limits of the default project. What is left of the monthly hours is not in the API.
async fn limits(client: &Client) -> Option<Check> {
    const NAME: &str = "limits";
    let id = client.settings().default_project_id();
    let Some(id) = id else {
        return Some(Check::unknown(
            Topic::Access,
            NAME,
            "there is no default project to read them of",
        ));
    };
    let sent = client.get_project_limits(id).send().await;
    Some(match sent {
        Ok(limits) => {
            let limits = serde_json::to_value(limits).unwrap_or_default();
            let limit = |name: &str, unit: &str| match limits[name].as_i64() {
                Some(number) => format!("{number} {unit}"),
                None => format!("any {unit}"),
            };
            let found = format!(
                "project {id}: {}, {}, {}, {}; what is left of the VUh is not in the API",
                limit("vuh_max_per_month", "VUh a month"),
                limit("vu_max_per_test", "VUs"),
                limit("vu_browser_max_per_test", "browser VUs"),
                limit("duration_max_per_test", "seconds"),
            );
            Check::right(Topic::Access, NAME, found)
        }
        Err(error) if error.is_not_found() => {
            let fix = "correct K6_CLOUD_PROJECT_ID";
            Check::wrong(Topic::Settings, NAME, format!("there is no project {id}"), fix)
        }
        Err(error) => Check::unknown(Topic::Access, NAME, with_causes(&error)),
    })
}
