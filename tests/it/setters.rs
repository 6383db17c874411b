//! Setters of optional values: what they take, and what `None` does.
#![expect(clippy::needless_borrows_for_generic_args, reason = "references are what is tested")]

use std::time::{Duration, SystemTime};

use k6_cloud::prelude::*;
use k6_cloud::wire::{OrderBy, Patch, Timestamp};
use k6_cloud::{LabelKeyId, ProjectId};
use k6_cloud_fake::{FakeCloud, RunSeed};
use serde_json::{Value, json};

use crate::client_of;

async fn start() -> (FakeCloud, Client) {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = client_of(&fake);
    (fake, client)
}

/// Returns the query and the JSON body of the only request.
fn sent(fake: &FakeCloud) -> (Option<String>, Value) {
    let [request]: [_; 1] = fake.requests().try_into().expect("one request");
    fake.clear_requests();
    let body = serde_json::from_slice(&request.body).unwrap_or_default();
    (request.query, body)
}

#[tokio::test]
async fn lists_are_cleared_and_ordered() {
    let (fake, client) = start().await;
    let list = client.list_project_limits().project_id_in([5001, 5002]).clear_project_id_in();
    list.send().await.expect("limits");
    assert_eq!(sent(&fake).0, None);
    let order = OrderBy::descending("created").then(OrderBy::ascending("name"));
    client.list_load_tests().orderby(order).send().await.expect("load tests");
    assert_eq!(sent(&fake).0.as_deref(), Some("%24orderby=created+desc%2Cname"));
    // A field that the client does not know is sent, and the API decides.
    let unknown = client.list_load_tests().orderby(OrderBy::ascending("colour")).send().await;
    assert_eq!(unknown.expect_err("no such field").kind(), ErrorKind::InvalidRequest);
    let rule = types::ScheduleRecurrenceRule::new("WEEKLY").byday(["MO"]).clear_byday();
    assert_eq!(rule, types::ScheduleRecurrenceRule::new("WEEKLY"));
    let request = types::ValidateOptionsRequest::new(types::Options::default());
    assert_eq!(request.clone().k6_dependencies([("k6", "1.0")]).clear_k6_dependencies(), request);
}

#[tokio::test]
async fn none_leaves_a_filter_out() {
    let (fake, client) = start().await;
    let call = client.list_load_test_runs(101).count(None).orderby(None).skip(None).top(None);
    let call = call.created_after(None).created_before(None).is_starred(None);
    call.send().await.expect("a list");
    assert_eq!(sent(&fake), (None, Value::Null));
    let call = client.list_load_zones().k6_load_zone_id(None);
    call.send().await.expect("a list");
    assert_eq!(sent(&fake).0, None);
}

#[tokio::test]
async fn filters_take_values_options_and_references() {
    let (fake, client) = start().await;
    let hour = SystemTime::UNIX_EPOCH + Duration::from_secs(3_600);
    let zoned = chrono::DateTime::<chrono::Utc>::from(hour).fixed_offset();
    let stamp = Timestamp::from(hour);
    let order = "created desc".to_owned();
    let call = || client.list_load_test_runs(101);
    for call in [
        call().created_after(hour).orderby("created desc").top(5),
        call().created_after(zoned).orderby(order.clone()).top(Some(5)),
        call().created_after(stamp).orderby(Some(order.clone())).top(Some(5)),
        call().created_after(Some(stamp)).orderby(&order).top(5),
        call().created_after(&stamp).orderby(&Some(order.clone())).top(5),
    ] {
        call.send().await.expect("a list");
        let (query, _) = sent(&fake);
        let query = query.expect("a query");
        assert!(query.contains("created_after=1970-01-01T01%3A00%3A00Z"), "{query}");
        assert!(query.contains("created+desc") || query.contains("created%20desc"), "{query}");
        assert!(query.contains("top=5"), "{query}");
    }
}

#[tokio::test]
async fn none_removes_a_value_in_a_partial_update() {
    let (fake, client) = start().await;
    let update = client.update_project_limits(5_001).vuh_max_per_month(None);
    update.vu_max_per_test(100).duration_max_per_test(Patch::Absent).send().await.expect("updated");
    assert_eq!(sent(&fake).1, json!({ "vuh_max_per_month": null, "vu_max_per_test": 100 }));
    let limit: Option<i64> = Some(7);
    client.update_project_limits(5_001).vuh_max_per_month(&limit).send().await.expect("updated");
    assert_eq!(sent(&fake).1, json!({ "vuh_max_per_month": 7 }));
    // A name cannot be removed.
    client.update_load_test(101).name(None).k6_version(2).send().await.expect("updated");
    assert_eq!(sent(&fake).1, json!({ "k6_version": 2 }));
}

#[test]
fn none_leaves_a_property_out() {
    let key = types::LabelKeyCreateItem::new("team").description(None);
    assert_eq!(serde_json::to_value(key).expect("JSON"), json!({ "key": "team" }));
    let label = types::ProjectLabelPutItem::new("web").key(None).key_id(None);
    assert_eq!(serde_json::to_value(label).expect("JSON"), json!({ "value": "web" }));
    let label = types::ProjectLabelPutItem::new("web").key_id(LabelKeyId::new(3));
    assert_eq!(serde_json::to_value(label).expect("JSON"), json!({ "key_id": 3, "value": "web" }));
    let rule = types::ScheduleRecurrenceRule::new(types::Frequency::Daily);
    let rule = serde_json::to_value(rule.count(None).interval(None).until(None)).expect("JSON");
    assert_eq!(rule["until"], Value::Null);
}

#[tokio::test]
async fn options_of_a_run_can_be_validated() {
    let (fake, client) = start().await;
    let id = fake.add_run(RunSeed::passed());
    let run = client.get_test_run(id).send().await.expect("a run");
    fake.clear_requests();
    let options = run.options.clone().expect("the run has options");
    let project: Option<ProjectId> = Some(run.project_id);
    client.validate_options(run.options).project_id(project).send().await.expect("valid");
    let (_, body) = sent(&fake);
    assert_eq!(body["options"], Value::Object(options));
    assert_eq!(body["project_id"], json!(run.project_id));
}

#[tokio::test]
async fn labels_are_pairs() {
    let (fake, client) = start().await;
    client.create_label_keys(["team"]).send().await.expect("created");
    fake.clear_requests();
    let tier = ("team".to_owned(), "web".to_owned());
    client.replace_project_labels(5_001, [tier]).send().await.expect("replaced");
    assert_eq!(sent(&fake).1, json!({ "value": [{ "key": "team", "value": "web" }] }));
    client.replace_project_labels(5_001, [("team", "shop")]).send().await.expect("replaced");
    assert_eq!(sent(&fake).1["value"][0]["value"], "shop");
}

#[tokio::test]
async fn times_have_differences() {
    let (fake, client) = start().await;
    let id = fake.add_run(RunSeed::passed());
    let run = client.get_test_run(id).send().await.expect("a run");
    let ended = run.ended.expect("it has ended");
    assert!((ended - run.created) > chrono::TimeDelta::zero());
    assert_eq!((run.created - ended) + (ended - run.created), chrono::TimeDelta::zero());
}

#[test]
fn error_names_the_setting() {
    let build = |builder: k6_cloud::ClientBuilder| builder.build().expect_err("a wrong setting");
    let problem = |builder| build(builder).setting().map(|one| (one.name, one.is_missing));
    let with_token = || Client::builder().token("0f9c36d2e1");
    assert_eq!(problem(Client::builder().stack_id(7)), Some(("token", true)));
    assert_eq!(problem(with_token()), Some(("stack_id", true)));
    assert_eq!(problem(with_token().stack_id(0)), Some(("stack_id", false)));
    assert_eq!(problem(Client::builder().token("a b").stack_id(7)), Some(("token", false)));
    let base_url = with_token().stack_id(7).base_url("ftp://example.com");
    assert_eq!(problem(base_url), Some(("base_url", false)));
    let error = build(Client::builder());
    assert_eq!(error.summary(), "no API token: set K6_CLOUD_TOKEN or run `k6 cloud login`");
    assert_eq!(error.hint(), Some("in code, call ClientBuilder::token"));
}

#[tokio::test]
async fn alternate_form_of_an_error_has_no_call() {
    let (_fake, client) = start().await;
    let error = client.get_test_run(1).send().await.expect_err("there is no such run");
    let (whole, short) = (error.to_string(), format!("{error:#}"));
    assert_eq!(whole, format!("get_test_run: {short}"));
    assert!(short.starts_with(error.summary()), "{short}");
}

#[tokio::test]
async fn options_are_json_or_anything_that_serializes() {
    #[derive(serde::Serialize)]
    struct Load {
        vus: u32,
        duration: &'static str,
    }
    let (fake, client) = start().await;
    let expected = json!({ "vus": 5, "duration": "1m" });
    for options in [
        types::Options::from(expected.clone()),
        types::Options::of(&Load { vus: 5, duration: "1m" }),
        types::Options::of(&expected),
    ] {
        client.validate_options(options).send().await.expect("valid");
        assert_eq!(sent(&fake).1["options"], expected);
    }
    client.validate_options(expected.clone()).send().await.expect("valid");
    assert_eq!(sent(&fake).1["options"], expected);
    let keys_that_are_no_text = std::collections::BTreeMap::from([(vec![1], 2)]);
    for (options, part) in [
        (
            types::Options::from(json!([1, 2])),
            "an object with properties is needed, and not a list",
        ),
        (types::Options::from(json!("vus")), "not a string"),
        (types::Options::of(&7), "not a number"),
        (types::Options::of(&true), "not true or false"),
        (types::Options::of(&keys_that_are_no_text), "it cannot be written as JSON: key must be"),
    ] {
        let error = client.validate_options(options).send().await.expect_err(part);
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(part), "{error}");
    }
    assert!(fake.requests().is_empty(), "nothing was sent");
}

/// Every body that a program can make can be sent.
#[tokio::test]
async fn whole_body_replaces_what_was_given() {
    let (fake, client) = start().await;
    let body = types::ValidateOptionsRequest::new(json!({ "vus": 7 })).project_id(5001);
    client.validate_options(json!({ "vus": 5 })).body(body).send().await.expect("valid");
    let sent = sent(&fake).1;
    assert_eq!((&sent["options"]["vus"], &sent["project_id"]), (&json!(7), &json!(5001)));
}
