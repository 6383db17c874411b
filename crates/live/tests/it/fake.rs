//! The fake is as described.

use k6_cloud_live::Outcome;

use crate::support::{Proxy, check, fake, listed};

#[tokio::test(flavor = "multi_thread")]
async fn fake_is_as_described() {
    let fake = fake().await;
    let report = check(&fake, &fake.base_url(), &[]).await;
    assert_eq!(listed(&report), "", "differences");
    let unchecked: Vec<_> = report
        .operations
        .iter()
        .filter(|checked| checked.outcome != Outcome::AsDescribed)
        .map(|checked| &checked.operation)
        .collect();
    assert!(unchecked.is_empty(), "not checked: {unchecked:?}");
    let noted: Vec<_> = report.operations.iter().filter(|checked| checked.note.is_some()).collect();
    assert!(noted.is_empty(), "{noted:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn server_that_passes_everything_on_is_as_described() {
    let fake = fake().await;
    let proxy = Proxy::rewriting(&fake, |_, _| {}).await;
    let report = check(&fake, &proxy.base_url, &[]).await;
    assert_eq!(listed(&report), "", "differences");
}

#[tokio::test(flavor = "multi_thread")]
async fn server_that_is_not_there_is_a_difference_of_every_operation() {
    let fake = fake().await;
    let report = check(&fake, "http://127.0.0.1:9", &["list_test_runs", "authenticate"]).await;
    let kinds: Vec<_> = report.findings().map(|(_, finding)| finding.kind.name()).collect();
    assert_eq!(kinds, ["no response", "no response"], "{}", listed(&report));
}

#[tokio::test(flavor = "multi_thread")]
async fn report_is_the_same_in_json_and_in_markdown() {
    let fake = fake().await;
    let proxy = Proxy::rewriting(&fake, |asked, answer| {
        if asked.path.ends_with("/projects") {
            answer.content_type = Some("text/html".to_owned());
        }
    })
    .await;
    let report = check(&fake, &proxy.base_url, &["list_projects"]).await;
    assert!(report.differences() > 0);
    let read: k6_cloud_live::Report = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!(read, report);
    let markdown = report.to_markdown();
    assert!(markdown.contains("### `list_projects`"), "{markdown}");
    assert!(
        markdown.contains("| the response | content type | application/json | text/html |"),
        "{markdown}"
    );
}
