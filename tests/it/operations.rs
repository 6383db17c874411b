//! Each of the operations: the request on the wire and the typed response.

use k6_cloud::{RunResult, RunStatus, ScriptKind};
use k6_cloud_fake::{CostForm, FIRST_LOAD_TEST_ID, FakeCloud, NEWEST, RunSeed, USER};
use serde_json::json;

use crate::{assert_line, client_of, only_request, raw, rejected};

async fn fake_with(seed: RunSeed) -> (FakeCloud, k6_cloud::Client, k6_cloud::TestRunId) {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let id = fake.add_run(seed);
    let client = client_of(&fake);
    (fake, client, id)
}

#[tokio::test]
async fn list_test_runs_pages_and_counts() {
    let fake = FakeCloud::builder().runs(25).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let page = client.list_test_runs().skip(10).top(10).count(true).send().await;
    let page = page.expect("a page");
    assert_eq!((page.value.len(), page.count), (10, Some(25)));
    assert!(page.next_link.is_some_and(|link| link.contains("skip=20")));
    assert_line(&fake, "GET", "/cloud/v6/test_runs", Some("%24count=true&%24skip=10&%24top=10"));
    only_request(&fake, &[("accept", "application/json")]);

    let last = client.list_test_runs().skip(20).top(10).send().await.expect("a page");
    assert_eq!((last.value.len(), last.count, &last.next_link), (5, None, &None));
}

#[tokio::test]
async fn list_test_runs_filters_by_date() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let at = |hours: i64| NEWEST - chrono::Duration::hours(hours);
    for hours in [3, 2, 1] {
        fake.add_run(RunSeed::passed().created(at(hours)));
    }
    let client = client_of(&fake);
    // From inclusive, to exclusive.
    let page = client.list_test_runs().created_after(at(2)).created_before(at(1)).send().await;
    let created: Vec<_> = page.expect("a page").value.iter().map(|run| *run.created).collect();
    assert_eq!(created, [at(2)]);
    let request = only_request(&fake, &[]);
    assert_eq!(request.query_value("created_after").as_deref(), Some("2026-06-30T10:00:00Z"));
    assert_eq!(request.query_value("created_before").as_deref(), Some("2026-06-30T11:00:00Z"));
}

#[tokio::test]
async fn list_load_test_runs_orders_and_filters_by_star() {
    let fake = FakeCloud::builder().runs(30).load_tests(2).start().await.expect("starts");
    let client = client_of(&fake);
    let id = FIRST_LOAD_TEST_ID;
    let page = client.list_load_test_runs(id).orderby("created desc").top(5).send().await;
    let page = page.expect("a page");
    assert_eq!(page.value.len(), 5);
    assert!(page.value.is_sorted_by(|a, b| a.created >= b.created));
    assert!(page.value.iter().all(|run| run.test_id == id));
    let path = format!("/cloud/v6/load_tests/{id}/test_runs");
    assert_line(&fake, "GET", &path, Some("%24orderby=created+desc&%24top=5"));

    for starred in [true, false] {
        let page = client.list_load_test_runs(id).is_starred(starred).send().await;
        let page = page.expect("a page");
        assert!(!page.value.is_empty(), "no run to tell by");
        assert!(page.value.iter().all(|run| run.is_starred == starred));
    }
    let last = fake.requests().pop().expect("a request");
    assert_eq!(last.query_value("is_starred").as_deref(), Some("false"));
}

#[tokio::test]
async fn list_load_test_runs_of_unknown_load_test_is_404() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let (status, error) = rejected(client_of(&fake).list_load_test_runs(1).send().await);
    assert_eq!((status, error.code()), (404, Some("not_found")));
}

#[tokio::test]
async fn get_test_run_reads_every_state() {
    for (seed, status, result) in [
        (RunSeed::passed(), "completed", Some("passed")),
        (RunSeed::failed(), "completed", Some("failed")),
        (RunSeed::aborted(), "aborted", Some("error")),
        (RunSeed::invalid(), "aborted", Some("error")),
        (RunSeed::running(), "running", None),
        (RunSeed::queued(), "queued", None),
    ] {
        let (fake, client, id) = fake_with(seed).await;
        let run = client.get_test_run(id).send().await.expect("the run");
        assert_eq!((run.id, run.result), (id, result.map(RunResult::from)));
        assert_eq!(run.status, status);
        assert_eq!(run.status_details.type_, status);
        assert_eq!(run.status_history.last().map(|last| last.type_.as_str()), Some(status));
        assert_eq!(run.ended.is_none(), result.is_none());
        assert_line(&fake, "GET", &format!("/cloud/v6/test_runs/{id}"), None);
    }
}

#[tokio::test]
async fn get_test_run_reads_amounts_in_both_forms() {
    let mut totals = Vec::new();
    for form in [CostForm::Number, CostForm::String, CostForm::Mixed] {
        let (_fake, client, id) = fake_with(RunSeed::passed().id(7).cost(form)).await;
        let run = client.get_test_run(id).send().await.expect("the run");
        totals.push(run.cost.expect("a cost").total_vuh);
    }
    assert!(totals[0].as_f64() > 0.0);
    assert!(totals.iter().all(|total| *total == totals[0]), "{totals:?}");
    let (_fake, client, id) = fake_with(RunSeed::passed().cost(CostForm::Absent)).await;
    let run = client.get_test_run(id).send().await.expect("the run");
    assert_eq!(run.cost, None);
}

#[tokio::test]
async fn get_test_run_reads_what_a_newer_server_sends() {
    let seed = RunSeed::running()
        .property("status", json!("hibernating"))
        .property("created", json!("2026-06-30T12:00:00"))
        .property("a_new_key", json!({"x": [1]}))
        .property("note", json!("n".repeat(10_000)));
    let (_fake, client, id) = fake_with(seed).await;
    let run = client.get_test_run(id).send().await.expect("the run");
    assert_eq!(run.status, "hibernating");
    assert_eq!(*run.created, NEWEST);
    assert_eq!(run.note.len(), 10_000);
}

#[tokio::test]
async fn get_test_run_that_does_not_exist_is_404() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let (status, error) = rejected(client_of(&fake).get_test_run(5).send().await);
    assert_eq!((status, error.code()), (404, Some("not_found")));
    assert!(error.message().is_some());
}

#[tokio::test]
async fn update_test_run_sends_the_note() {
    let (fake, client, id) = fake_with(RunSeed::passed()).await;
    let call = client.update_test_run(id, "after the fix \u{2713}");
    let response = call.response().await.expect("updated");
    assert_eq!(response.status(), 204);
    let request = only_request(&fake, &[("content-type", "application/json")]);
    assert_eq!(
        (request.method.as_str(), request.path),
        ("PATCH", format!("/cloud/v6/test_runs/{id}"))
    );
    let sent: serde_json::Value = serde_json::from_slice(&request.body).expect("JSON");
    assert_eq!(sent, json!({"note": "after the fix \u{2713}"}));
    let run = fake.run_json(id).expect("the run");
    assert_eq!(run["note"], "after the fix \u{2713}");
}

#[tokio::test]
async fn delete_test_run_removes_it() {
    let (fake, client, id) = fake_with(RunSeed::passed()).await;
    client.delete_test_run(id).send().await.expect("deleted");
    assert_line(&fake, "DELETE", &format!("/cloud/v6/test_runs/{id}"), None);
    assert_eq!(fake.run_json(id), None);
    let (status, _) = rejected(client.get_test_run(id).send().await);
    assert_eq!(status, 404);
}

#[tokio::test]
async fn delete_test_run_while_it_runs_is_409() {
    let (fake, client, id) = fake_with(RunSeed::running()).await;
    let (status, error) = rejected(client.delete_test_run(id).send().await);
    assert_eq!((status, error.code()), (409, Some("conflict")));
    assert!(fake.run_json(id).is_some());
}

#[tokio::test]
async fn abort_test_run_ends_it() {
    let (fake, client, id) = fake_with(RunSeed::running()).await;
    client.abort_test_run(id).send().await.expect("aborted");
    assert_line(&fake, "POST", &format!("/cloud/v6/test_runs/{id}/abort"), None);
    let run = client.get_test_run(id).send().await.expect("the run");
    assert_eq!((run.status, run.result), (RunStatus::Aborted, Some(RunResult::Error)));
    let by = run.status_details.extra.and_then(|extra| extra.by_user);
    assert_eq!(by.as_deref(), Some(USER));

    let (status, error) = rejected(client.abort_test_run(id).send().await);
    assert_eq!((status, error.code()), (409, Some("conflict")));
}

#[tokio::test]
async fn get_test_run_distribution_reads_zones_and_nodes() {
    let (fake, client, id) = fake_with(RunSeed::passed().distribution(true)).await;
    let response = client.get_test_run_distribution(id).send().await.expect("distribution");
    assert_line(&fake, "GET", &format!("/cloud/v6/test_runs/{id}/distribution"), None);
    let shares: i64 = response.distribution.values().map(|zone| zone.percentage).sum();
    assert_eq!(shares, 100);
    let mut nodes = response.distribution.values().flat_map(|zone| &zone.nodes);
    assert!(nodes.all(|node| !node.size.is_empty() && !node.public_ip.is_empty()));
}

#[tokio::test]
async fn get_test_run_distribution_without_data_is_404() {
    let (_fake, client, id) = fake_with(RunSeed::passed().distribution(false)).await;
    let (status, error) = rejected(client.get_test_run_distribution(id).send().await);
    assert_eq!((status, error.code()), (404, Some("not_found")));
}

#[tokio::test]
#[expect(deprecated, reason = "the operation is deprecated and still served")]
async fn save_and_unsave_test_run_change_its_expiry() {
    let (fake, client, id) = fake_with(RunSeed::passed()).await;
    client.save_test_run(id).send().await.expect("saved");
    assert_line(&fake, "POST", &format!("/cloud/v6/test_runs/{id}/save"), None);
    assert_eq!(fake.run_json(id).expect("the run")["retention_expiry"], json!(null));

    fake.clear_requests();
    client.unsave_test_run(id).send().await.expect("unsaved");
    assert_line(&fake, "POST", &format!("/cloud/v6/test_runs/{id}/unsave"), None);
    assert!(fake.run_json(id).expect("the run")["retention_expiry"].is_string());
}

#[tokio::test]
#[expect(deprecated, reason = "the operation is deprecated and still served")]
async fn save_test_run_has_two_conflicts() {
    let (_fake, client, id) = fake_with(RunSeed::passed().retention_expiry(NEWEST)).await;
    let (status, error) = rejected(client.save_test_run(id).send().await);
    assert_eq!((status, error.code()), (409, Some("conflict")));

    let fake = FakeCloud::builder().runs(0).saved_limit(0).start().await.expect("starts");
    let id = fake.add_run(RunSeed::passed());
    let (status, other) = rejected(client_of(&fake).save_test_run(id).send().await);
    assert_eq!((status, other.code()), (409, Some("conflict")));
    assert_ne!(error.message(), other.message());
}

#[tokio::test]
async fn star_and_unstar_test_run_are_idempotent() {
    let (fake, client, id) = fake_with(RunSeed::passed().starred(false)).await;
    for _ in 0..2 {
        fake.clear_requests();
        client.star_test_run(id).send().await.expect("starred");
        assert_line(&fake, "POST", &format!("/cloud/v6/test_runs/{id}/star"), None);
        assert_eq!(fake.run_json(id).expect("the run")["is_starred"], true);
    }
    for _ in 0..2 {
        fake.clear_requests();
        client.unstar_test_run(id).send().await.expect("unstarred");
        assert_line(&fake, "POST", &format!("/cloud/v6/test_runs/{id}/unstar"), None);
        assert_eq!(fake.run_json(id).expect("the run")["is_starred"], false);
    }
}

#[tokio::test]
async fn get_test_run_script_returns_both_kinds() {
    for (kind, content_type, start) in [
        (ScriptKind::JavaScript, "text/javascript", 0),
        (ScriptKind::Archive, "application/x-tar", 257),
    ] {
        let (fake, client, id) = fake_with(RunSeed::passed().script(kind)).await;
        let script = client.get_test_run_script(id).send().await.expect("the script");
        let mark: &[u8] = if start == 0 { b"import" } else { b"ustar" };
        assert_eq!(&script.as_bytes()[start..start + mark.len()], mark);
        assert_line(&fake, "GET", &format!("/cloud/v6/test_runs/{id}/script"), None);
        let request = raw::request(&fake, "GET", &format!("/test_runs/{id}/script"));
        let response = raw::send(request).await;
        assert_eq!((response.status, &*response.body), (200, script.as_bytes()));
        let header = response.content_type;
        assert!(header.starts_with(content_type), "{header}");
    }
}

#[tokio::test]
async fn get_test_run_script_requests_a_kind() {
    let (fake, client, id) = fake_with(RunSeed::passed()).await;
    let call = client.get_test_run_script(id).accept(k6_cloud::ScriptKind::JavaScript);
    call.send().await.expect("the script");
    only_request(&fake, &[("accept", "text/javascript")]);
}
