//! Recorded behaviour, and the fake against it.

use k6_cloud_live::{Options, Record};
use serde_json::{Value, json};

use crate::support::{Proxy, check_by, fake};

fn options(only: &[&str]) -> Options {
    Options { only: only.iter().map(|only| (*only).to_owned()).collect(), ..Options::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn fake_agrees_with_its_own_record() {
    let fake = fake().await;
    let recorded = check_by(&fake, &fake.base_url(), &Options::default()).await.record;
    let read = Record::read(recorded.to_json().as_bytes()).expect("a record");
    assert_eq!(read, recorded);
    // A second time, as a later version of the fake would be compared.
    let again = check_by(&fake, &fake.base_url(), &Options::default()).await.record;
    assert_eq!(read.contradictions(&again), Vec::<String>::new());
    let cases = recorded.operations.values().map(|recorded| recorded.requests.len()).sum::<usize>();
    assert!(cases > 200, "{cases}");
}

/// A record of a server that is different on purpose names each of its ways, so that the fake would
/// have to follow them.
#[tokio::test(flavor = "multi_thread")]
async fn fake_is_checked_against_the_record_of_another_server() {
    let fake = fake().await;
    let other = Proxy::rewriting(&fake, |asked, answer| {
        let mut body = answer.json();
        if asked.path == "/cloud/v6/load_tests"
            && answer.status == 200
            && asked.get("$orderby").is_none()
        {
            body["value"].as_array_mut().expect("rows").reverse();
        }
        for row in body["value"].as_array_mut().into_iter().flatten() {
            if let Some(row) = row.as_object_mut().filter(|_| asked.path == "/cloud/v6/load_tests")
            {
                row.insert("id".to_owned(), json!(row["id"].to_string()));
                row.insert("folder".to_owned(), Value::Null);
                row.remove("baseline_test_run_id");
            }
        }
        match answer.status {
            400 => body["error"]["code"] = json!("bad_request"),
            404 => answer.status = 410,
            _ => {}
        }
        if body.is_object() {
            answer.set(&body);
        }
    })
    .await;
    let only = options(&["list_load_tests", "get_project"]);
    let recorded = check_by(&fake, &other.base_url, &only).await.record;
    let of_fake = check_by(&fake, &fake.base_url(), &only).await.record;
    let contradictions = recorded.contradictions(&of_fake).join("\n");
    for part in [
        "list_load_tests: /value/*/id is string, not integer",
        "list_load_tests: /value/*/baseline_test_run_id is never there",
        "list_load_tests: the order is created desc",
        "list_load_tests, `$top=x`: the error has /error/code bad_request, not /error/code validation_error",
        "get_project, an unknown id: the status is 410, not 404",
    ] {
        assert!(contradictions.contains(part), "{part} is not in\n{contradictions}");
    }
}

#[test]
fn other_files_are_not_records() {
    for (json, problem) in [("[]", "it is not a record"), ("{\"format\": 2}", "it is not a record")]
    {
        let message = Record::read(json.as_bytes()).expect_err(json);
        assert!(message.contains(problem), "{message}");
    }
    let later =
        json!({ "format": 2, "description": "2", "operations": {}, "orders": {} }).to_string();
    let message = Record::read(later.as_bytes()).expect_err("a later form");
    assert!(message.contains("this version reads form 1"), "{message}");
}

/// Records that were made with the service, when somebody has made one.
#[tokio::test(flavor = "multi_thread")]
async fn fake_agrees_with_recorded_services() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/recorded");
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let fake = fake().await;
    let of_fake = check_by(&fake, &fake.base_url(), &Options::default()).await.record;
    for entry in entries {
        let path = entry.expect("an entry").path();
        let recorded = Record::read(&std::fs::read(&path).expect("a file")).expect("a record");
        assert_eq!(recorded.contradictions(&of_fake), Vec::<String>::new(), "{}", path.display());
    }
}
