//! The overlay that a report proposes.

use std::path::Path;

use k6_cloud_live::{Description, Options, propose};
use serde_json::{Value, json};

use crate::support::{Proxy, check, fake, listed, service};

const OVERLAID: &str = include_str!("../../../fake/openapi/overlaid.json");

#[tokio::test(flavor = "multi_thread")]
async fn proposed_overlay_describes_what_was_found() {
    let fake = fake().await;
    let proxy = Proxy::rewriting(&fake, |asked, answer| {
        if asked.path.starts_with("/cloud/v6/projects/") && answer.status == 200 {
            let mut body = answer.json();
            if body["name"].is_string() {
                body["team"] = json!("a");
                body["updated"] = Value::Null;
                body["grafana_folder_uid"] = json!(5);
                body["created"] = json!("2026-06-30");
                body.as_object_mut().expect("an object").remove("is_default");
                answer.set(&body);
            }
        }
        if answer.status == 404 {
            answer.status = 410;
        }
    })
    .await;
    let only = ["get_project"];
    let before = check(&fake, &proxy.base_url, &only).await;
    assert!(before.differences() >= 6, "{}", listed(&before));
    let description = Description::vendored().expect("a description");
    let overlay = propose(&before, &description);
    let mut document: Value = serde_json::from_str(OVERLAID).expect("JSON");
    let applied = openapi_lowering::overlay::apply(
        overlay.as_bytes(),
        Path::new("overlay.yaml"),
        &mut document,
    )
    .unwrap_or_else(|problems| panic!("{overlay}\n{problems:?}"));
    assert_eq!(applied.unmatched, Vec::<String>::new(), "{overlay}");

    let described = Description::new(document).expect("a description");
    let options = Options { only: only.map(str::to_owned).into(), ..Options::default() };
    let found = k6_cloud_live::check(&described, &service(&fake, &proxy.base_url), &options).await;
    let after = found.expect("it can be checked").report;
    // The client and the fake do not know of it.
    let left: Vec<_> = after
        .findings()
        .filter(|(_, finding)| {
            !["error of the client", "error response"].contains(&finding.kind.name())
        })
        .collect();
    assert!(left.is_empty(), "{overlay}\n{}", listed(&after));
}

#[test]
fn nothing_is_proposed_without_differences() {
    let report = json!({
        "format": 1, "client": "0.1.0", "description": "1.12.0", "date": "2026-06-30",
        "service": "the service", "operations": [],
    });
    let report = serde_json::from_value(report).expect("a report");
    let description = Description::vendored().expect("a description");
    assert!(propose(&report, &description).ends_with("actions: []\n"));
}
