//! Deliberate deviations: each must be found.

use std::sync::Arc;

use k6_cloud_live::Kind;
use serde_json::{Value, json};

use crate::support::{After, Answer, Asked, Before, Proxy, check, fake, listed};

/// A way in which a server differs.
struct Deviation {
    name: &'static str,
    operation: &'static str,
    before: Option<Before>,
    after: After,
    /// How it must read.
    kind: Kind,
    pointer: &'static str,
}

const RUNS: &str = "/cloud/v6/test_runs";
const LOAD_TESTS: &str = "/cloud/v6/load_tests";
const PROJECTS: &str = "/cloud/v6/projects";
const ZONES: &str = "/cloud/v6/load_zones";
const LIMITS: &str = "/cloud/v6/project-limits";

/// Changes the body of successful responses to a path. `*` in it is any segment.
fn edit(
    name: &'static str,
    (operation, path): (&'static str, &'static str),
    (kind, pointer): (Kind, &'static str),
    change: impl Fn(&mut Value) + Send + Sync + 'static,
) -> Deviation {
    answer(name, (operation, path), (kind, pointer), move |_, answer| {
        if answer.status == 200 {
            let mut body = answer.json();
            change(&mut body);
            answer.set(&body);
        }
    })
}

/// Changes each row.
fn rows(
    name: &'static str,
    list: (&'static str, &'static str),
    expected: (Kind, &'static str),
    change: impl Fn(&mut Value) + Send + Sync + 'static,
) -> Deviation {
    edit(name, list, expected, move |body| {
        body["value"].as_array_mut().into_iter().flatten().for_each(&change);
    })
}

fn answer(
    name: &'static str,
    (operation, path): (&'static str, &'static str),
    (kind, pointer): (Kind, &'static str),
    change: impl Fn(&Asked, &mut Answer) + Send + Sync + 'static,
) -> Deviation {
    let after: After = Arc::new(move |asked, answer| {
        if is_at(path, &asked.path) && asked.method == "GET" {
            change(asked, answer);
        }
    });
    Deviation { name, operation, before: None, after, kind, pointer }
}

/// Changes the query that the fake gets.
fn query(
    name: &'static str,
    (operation, path): (&'static str, &'static str),
    kind: Kind,
    change: impl Fn(&mut Vec<(String, String)>) + Send + Sync + 'static,
) -> Deviation {
    let before: Before = Arc::new(move |asked: &mut Asked| {
        if is_at(path, &asked.path) {
            change(&mut asked.query);
        }
    });
    Deviation {
        name,
        operation,
        before: Some(before),
        after: Arc::new(|_, _| {}),
        kind,
        pointer: "",
    }
}

fn is_at(template: &str, path: &str) -> bool {
    template.split('/').count() == path.split('/').count()
        && template.split('/').zip(path.split('/')).all(|(a, b)| a == "*" || a == b)
}

fn remove(value: &mut Value, name: &str) {
    if let Some(object) = value.as_object_mut() {
        object.remove(name);
    }
}

fn drop_parameter(name: &'static str) -> impl Fn(&mut Vec<(String, String)>) {
    move |query| query.retain(|(known, _)| known != name)
}

const RUN: (&str, &str) = ("get_test_run", "/cloud/v6/test_runs/*");
const ALL_RUNS: (&str, &str) = ("list_test_runs", RUNS);
const OF_TEST: (&str, &str) = ("list_load_test_runs", "/cloud/v6/load_tests/*/test_runs");
const TEST: (&str, &str) = ("get_load_test", "/cloud/v6/load_tests/*");
const TESTS: (&str, &str) = ("list_load_tests", LOAD_TESTS);
const PROJECT: (&str, &str) = ("get_project", "/cloud/v6/projects/*");
const ALL_PROJECTS: (&str, &str) = ("list_projects", PROJECTS);
const ALL_ZONES: (&str, &str) = ("list_load_zones", ZONES);
const PROJECT_LIMITS: (&str, &str) = ("get_project_limits", "/cloud/v6/projects/*/limits");
const ALL_LIMITS: (&str, &str) = ("list_project_limits", LIMITS);

fn members() -> Vec<Deviation> {
    use Kind::{MissingProperty, Null, UnknownProperty};
    vec![
        rows("rows without a status", ALL_RUNS, (MissingProperty, "/value/*/status"), |row| {
            remove(row, "status")
        }),
        edit("a run without a time", RUN, (MissingProperty, "/created"), |run| {
            remove(run, "created")
        }),
        edit("a load test without a name", TEST, (MissingProperty, "/name"), |test| {
            remove(test, "name")
        }),
        edit("a project without a flag", PROJECT, (MissingProperty, "/is_default"), |one| {
            remove(one, "is_default")
        }),
        edit(
            "limits without one",
            PROJECT_LIMITS,
            (MissingProperty, "/vu_max_per_test"),
            |limits| {
                remove(limits, "vu_max_per_test");
            },
        ),
        edit("a status without a time", RUN, (MissingProperty, "/status_details/entered"), |run| {
            remove(&mut run["status_details"], "entered");
        }),
        edit("a history without types", RUN, (MissingProperty, "/status_history/*/type"), |run| {
            run["status_history"]
                .as_array_mut()
                .into_iter()
                .flatten()
                .for_each(|entry| remove(entry, "type"));
        }),
        edit("a list without rows", ALL_ZONES, (MissingProperty, "/value"), |body| {
            remove(body, "value")
        }),
        edit("a run without an id", RUN, (Null, "/id"), |run| run["id"] = Value::Null),
        edit("a run whose note is null", RUN, (Null, "/note"), |run| run["note"] = Value::Null),
        edit("a run whose history is null", RUN, (Null, "/status_history"), |run| {
            run["status_history"] = Value::Null
        }),
        edit("versions that are null", RUN, (Null, "/k6_versions"), |run| {
            run["k6_versions"] = Value::Null
        }),
        rows("names that are null", TESTS, (Null, "/value/*/name"), |row| {
            row["name"] = Value::Null
        }),
        edit("rows that are null", ALL_LIMITS, (Null, "/value"), |body| {
            body["value"] = Value::Null
        }),
        edit("a status that is null", RUN, (Null, "/status"), |run| run["status"] = Value::Null),
        edit("a new property", RUN, (UnknownProperty, "/region"), |run| {
            run["region"] = json!("eu")
        }),
        edit("a new property within", RUN, (UnknownProperty, "/status_details/reason"), |run| {
            run["status_details"]["reason"] = json!({ "text": "because" });
        }),
        edit("a new property of a list", ALL_RUNS, (UnknownProperty, "/total"), |body| {
            body["total"] = json!(3)
        }),
        rows("a new property of rows", ALL_PROJECTS, (UnknownProperty, "/value/*/owner"), |row| {
            row["owner"] = json!({ "email": "ada@example.com" });
        }),
    ]
}

fn values() -> Vec<Deviation> {
    use Kind::{ClientError, Format, Limit, Type, UnknownValue};
    vec![
        edit("an id that is a string", RUN, (Type, "/id"), |run| run["id"] = json!("7")),
        edit("an id that the client cannot read", RUN, (ClientError, "/id"), |run| {
            run["id"] = json!("seven")
        }),
        edit("a flag that is a string", RUN, (Type, "/is_starred"), |run| {
            run["is_starred"] = json!("yes")
        }),
        edit("a duration with a fraction", RUN, (Type, "/execution_duration"), |run| {
            run["execution_duration"] = json!(1.5);
        }),
        edit("options that are a list", RUN, (Type, "/options"), |run| {
            run["options"] = json!(["a"])
        }),
        edit("a cost that is a number", RUN, (Type, "/cost"), |run| run["cost"] = json!(2.5)),
        edit("an amount that is an object", RUN, (Type, "/cost/total_vuh"), |run| {
            run["cost"] = json!({ "total_vuh": {}, "breakdown": {} });
        }),
        edit("a time that is a number", PROJECT, (Type, "/created"), |one| {
            one["created"] = json!(1_700_000_000)
        }),
        edit("rows that are an object", ALL_ZONES, (Type, "/value"), |body| {
            body["value"] = json!({ "a": 1 })
        }),
        edit("a list without an object around it", ALL_ZONES, (Type, ""), |body| {
            *body = body["value"].take()
        }),
        edit("a map with numbers", RUN, (Type, "/k6_versions/{key}"), |run| {
            run["k6_versions"] = json!({ "own": 1 })
        }),
        edit("a new status", RUN, (UnknownValue, "/status"), |run| run["status"] = json!("paused")),
        edit("a new result", RUN, (UnknownValue, "/result"), |run| run["result"] = json!("flaky")),
        edit("an empty result", RUN, (UnknownValue, "/result"), |run| run["result"] = json!("")),
        edit("a time without a zone", RUN, (Format, "/created"), |run| {
            run["created"] = json!("2026-06-30T12:00:00")
        }),
        edit("a day for a time", TEST, (Format, "/updated"), |test| {
            test["updated"] = json!("2026-06-30")
        }),
        edit("a name for an email", RUN, (Format, "/started_by"), |run| {
            run["started_by"] = json!("ada")
        }),
        edit("an empty name", PROJECT, (Limit, "/name"), |one| one["name"] = json!("")),
        edit("a limit of 0", PROJECT_LIMITS, (Limit, "/vu_max_per_test"), |limits| {
            limits["vu_max_per_test"] = json!(0)
        }),
    ]
}

fn envelopes() -> Vec<Deviation> {
    use Kind::{Body, ClientError, MediaType, NotJson, Status};
    let status = |from: u16, to: u16| {
        move |_: &Asked, answer: &mut Answer| {
            if answer.status == from {
                answer.status = to;
            }
        }
    };
    let content_type = |name: Option<&'static str>| {
        move |_: &Asked, answer: &mut Answer| answer.content_type = name.map(str::to_owned)
    };
    vec![
        answer("201 for 200", PROJECT, (Status, ""), status(200, 201)),
        answer("206 for a list", TESTS, (Status, ""), status(200, 206)),
        answer("an error with 200", RUN, (ClientError, ""), |_, answer| {
            // A success whose body is an error.
            if answer.status == 200 {
                answer.set(&json!({ "error": { "code": "error", "message": "a" } }));
            }
        }),
        answer("a redirect", TEST, (Status, ""), status(200, 302)),
        answer("another content type", ALL_RUNS, (MediaType, ""), content_type(Some("text/plain"))),
        answer(
            "JSON of another kind",
            PROJECT,
            (MediaType, ""),
            content_type(Some("application/problem+json")),
        ),
        answer("no content type", TEST, (MediaType, ""), content_type(None)),
        answer(
            "a script as bytes",
            ("get_test_run_script", "/cloud/v6/test_runs/*/script"),
            (MediaType, ""),
            |_, answer| {
                if answer.status == 200 {
                    answer.content_type = Some("application/octet-stream".to_owned());
                }
            },
        ),
        answer("the page of a proxy", ALL_PROJECTS, (MediaType, ""), |_, answer| {
            answer.content_type = Some("text/html; charset=utf-8".to_owned());
            answer.body = b"<html><body>Sign in</body></html>".to_vec();
        }),
        answer("HTML that is called JSON", TEST, (NotJson, ""), |_, answer| {
            answer.body = b"<html></html>".to_vec()
        }),
        answer("half of the JSON", ALL_ZONES, (NotJson, ""), |_, answer| {
            answer.body.truncate(answer.body.len() / 2)
        }),
        answer("no body", PROJECT, (Body, ""), |_, answer| {
            if answer.status == 200 {
                answer.body.clear();
            }
        }),
    ]
}

fn lists() -> Vec<Deviation> {
    use Kind::{Count, Filter, NextLink, Order, PageSize, Pages};
    let desc_is_ignored = |query: &mut Vec<(String, String)>| {
        for (name, value) in query.iter_mut() {
            if name == "$orderby" {
                *value = value.replace(" desc", "");
            }
        }
    };
    let smaller = |query: &mut Vec<(String, String)>| {
        for (name, value) in query.iter_mut() {
            if name == "$top" && value != "1" {
                *value = "1".to_owned();
            }
        }
    };
    vec![
        query("an order that is ignored", TESTS, Order, drop_parameter("$orderby")),
        query("an order that always ascends", OF_TEST, Order, desc_is_ignored),
        edit("rows in the order of their pages only", ALL_RUNS, (Pages, ""), |body| {
            body["value"].as_array_mut().expect("rows").reverse();
        }),
        query("a page size that is ignored", ALL_PROJECTS, PageSize, drop_parameter("$top")),
        query("pages that are smaller", ALL_RUNS, PageSize, smaller),
        query("an offset that is ignored", ALL_RUNS, Pages, drop_parameter("$skip")),
        edit("a row is left out", TESTS, (PageSize, ""), |body| {
            body["value"].as_array_mut().expect("rows").pop();
        }),
        query("a count that is left out", ALL_PROJECTS, Count, drop_parameter("$count")),
        edit("a count that is too small", ALL_RUNS, (Count, ""), |body| {
            if body["@count"].is_number() {
                body["@count"] = json!(1);
            }
        }),
        edit("a count that is a string", TESTS, (Kind::Type, "/@count"), |body| {
            if body["@count"].is_number() {
                body["@count"] = json!("3");
            }
        }),
        answer("a count without a request", TESTS, (Count, ""), |_, answer| {
            let mut body = answer.json();
            if body["value"].is_array() {
                body["@count"] = json!(3);
                answer.set(&body);
            }
        }),
        edit("no next link", ALL_RUNS, (NextLink, ""), |body| remove(body, "@nextLink")),
        edit("a next link after the last row", TESTS, (NextLink, ""), |body| {
            body["@nextLink"] = json!("https://api.k6.io/cloud/v6/load_tests?$skip=1");
        }),
        edit("a next link that is a number", ALL_RUNS, (Kind::Type, "/@nextLink"), |body| {
            body["@nextLink"] = json!(2)
        }),
        query("a name that is ignored", TESTS, Filter, drop_parameter("name")),
        query("a start that is ignored", ALL_RUNS, Filter, drop_parameter("created_after")),
        query("an end that is ignored", OF_TEST, Filter, drop_parameter("created_before")),
        query("a star that is ignored", OF_TEST, Filter, drop_parameter("is_starred")),
        query("ids that are ignored", ALL_LIMITS, Filter, drop_parameter("project_id_in")),
        query("a zone that is ignored", ALL_ZONES, Filter, drop_parameter("k6_load_zone_id")),
        answer("a search that finds nothing", ALL_PROJECTS, (Filter, ""), |asked, answer| {
            if asked.get("name_search").is_some() && answer.status == 200 {
                answer.set(&json!({ "value": [] }));
            }
        }),
        answer("a start that is exclusive", ALL_RUNS, (Filter, ""), |asked, answer| {
            if let Some(start) = asked.get("created_after") {
                let mut body = answer.json();
                if let Some(rows) = body["value"].as_array_mut() {
                    rows.retain(|row| row["created"] != start);
                    answer.set(&body);
                }
            }
        }),
    ]
}

fn errors() -> Vec<Deviation> {
    use Kind::ErrorResponse;
    /// Changes error responses with a status.
    fn error(
        name: &'static str,
        status: u16,
        pointer: &'static str,
        change: impl Fn(&mut Answer) + Send + Sync + 'static,
    ) -> Deviation {
        answer(name, TESTS, (ErrorResponse, pointer), move |_, answer| {
            if answer.status == status {
                change(answer);
            }
        })
    }
    fn body(
        name: &'static str,
        status: u16,
        pointer: &'static str,
        change: impl Fn(&mut Value) + Send + Sync + 'static,
    ) -> Deviation {
        error(name, status, pointer, move |answer| {
            let mut body = answer.json();
            change(&mut body["error"]);
            answer.set(&body);
        })
    }
    vec![
        body("another code", 400, "/error/code", |error| error["code"] = json!("invalid_request")),
        body("no code", 403, "/error/code", |error| remove(error, "code")),
        body("no target", 400, "/error/target", |error| remove(error, "target")),
        body("another target", 400, "/error/target", |error| error["target"] = json!("query")),
        body("no details", 400, "/error/details", |error| remove(error, "details")),
        body("an empty message", 401, "/error/message", |error| error["message"] = json!("")),
        error("403 for 401", 401, "", |answer| answer.status = 403),
        error("404 for 403", 403, "", |answer| answer.status = 404),
        error("422 for 400", 400, "", |answer| answer.status = 422),
        error("no WWW-Authenticate", 401, "", |answer| answer.www_authenticate = false),
        error("an error as HTML", 401, "", |answer| {
            answer.content_type = Some("text/html".to_owned());
            answer.body = b"<html>401</html>".to_vec();
        }),
        error("an error in another form", 400, "/error/code", |answer| {
            answer.set(&json!({ "detail": "bad" }))
        }),
        query("a page size beyond the maximum", TESTS, ErrorResponse, |query| {
            query.retain(|(name, value)| name != "$top" || value != "1001");
        }),
        answer("an unknown id that is found", PROJECT, (ErrorResponse, ""), |_, answer| {
            if answer.status == 404 {
                answer.status = 200;
            }
        }),
    ]
}

fn metrics() -> Vec<Deviation> {
    use Kind::{MissingProperty, Type, UnknownValue};
    const METRICS: (&str, &str) = ("list_run_metrics", "/cloud/v5/test_runs/*/metrics");
    const LABELS: (&str, &str) = ("list_series_labels", "/cloud/v5/test_runs/*/labels");
    const AGGREGATE: (&str, &str) = ("query_aggregate", "/cloud/v5/test_runs/*/*");
    const RANGE: (&str, &str) = ("query_range", "/cloud/v5/test_runs/*/*");
    vec![
        rows("metrics of a new type", METRICS, (UnknownValue, "/value/*/type"), |row| {
            row["type"] = json!("histogram")
        }),
        rows("metrics without names", METRICS, (MissingProperty, "/value/*/name"), |row| {
            remove(row, "name")
        }),
        edit("labels that are null", LABELS, (Kind::Null, "/data"), |body| {
            body["data"] = Value::Null
        }),
        edit("a result of another type", AGGREGATE, (UnknownValue, "/data/resultType"), |body| {
            if body["data"].is_object() {
                body["data"]["resultType"] = json!("scalar");
            }
        }),
        edit("values that are objects", RANGE, (Type, "/data/result/*/values/*"), |body| {
            for series in body["data"]["result"].as_array_mut().into_iter().flatten() {
                series["values"] = json!([{ "time": 1, "value": 2 }]);
            }
        }),
        edit("a result that is missing", RANGE, (MissingProperty, "/data/result"), |body| {
            remove(&mut body["data"], "result");
        }),
    ]
}

fn all() -> Vec<Deviation> {
    [members(), values(), envelopes(), lists(), errors(), metrics()].into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_deviation_is_found() {
    let fake = fake().await;
    let all = all();
    assert!(all.len() >= 60, "{} deviations", all.len());
    let mut missed = Vec::new();
    let mut table = String::new();
    for deviation in all {
        let Deviation { name, operation, before, after, kind, pointer } = deviation;
        let before = before.unwrap_or_else(|| Arc::new(|_| {}));
        let proxy = Proxy::start(&fake, before, after).await;
        let report = check(&fake, &proxy.base_url, &[operation]).await;
        let found = report
            .findings()
            .find(|(_, finding)| finding.kind == kind && finding.pointer == pointer);
        match found {
            None => {
                missed.push(format!("{name}: no {kind:?} at {pointer:?}, but\n{}", listed(&report)))
            }
            Some((_, finding)) => {
                table += &format!(
                    "| {operation} | {name} | {} | `{pointer}` | {} | {} |\n",
                    kind.name(),
                    finding.expected,
                    finding.found
                );
            }
        }
    }
    println!("{table}");
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
}
