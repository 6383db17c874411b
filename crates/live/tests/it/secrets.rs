//! No value from the account is in a report.

use k6_cloud_fake::{FakeCloud, LoadTestSeed, LoadZoneSeed, ProjectSeed, RunSeed, ScheduleSeed};
use k6_cloud_live::{Description, Found, Options, propose};
use serde_json::json;

use crate::support::{Proxy, check_by, listed};

/// In every text that a user can choose.
const SECRET: &str = "hunter";

async fn planted() -> FakeCloud {
    let text = |what: &str| format!("{SECRET}_{what}");
    let fake = FakeCloud::builder()
        .lenient()
        .token(text("token"))
        .stack_url(format!("https://{SECRET}.grafana.net"))
        .add_load_zone(LoadZoneSeed::private(text("zone")).name(text("zone name")))
        .start()
        .await
        .expect("starts");
    let project = fake.add_project(
        ProjectSeed::new(text("project"))
            .label(text("key"), text("value"))
            .grafana_folder_uid(text("folder")),
    );
    let load_test = LoadTestSeed::new(text("load test"))
        .project_id(project)
        .script_bytes(format!("// {SECRET}"));
    let load_test =
        fake.add_load_test(load_test.options(json!({ "cloud": { "name": text("name") } })));
    fake.add_schedule(load_test, ScheduleSeed::cron("0 9 * * 1", "Europe/Berlin"));
    for seed in [RunSeed::passed(), RunSeed::failed(), RunSeed::running()] {
        fake.add_run(
            seed.test_id(load_test)
                .project_id(project)
                .started_by(Some(&format!("{SECRET}@example.com")))
                .note(&text("note"))
                .script_bytes("text/javascript", format!("// {SECRET}"))
                .property("options", json!({ "env": { text("variable"): text("value") } }))
                .property("k6_versions", json!({ text("extension"): text("version") })),
        );
    }
    fake
}

/// Changes every value, so that reports have as much to say as they can.
fn spoil(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(properties) => {
            properties.values_mut().for_each(spoil);
            properties.insert("more".to_owned(), json!({ SECRET: SECRET }));
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(spoil),
        serde_json::Value::Number(_) | serde_json::Value::Bool(_) => {
            *value = json!(format!("{SECRET}5"))
        }
        serde_json::Value::Null => *value = json!([SECRET]),
        serde_json::Value::String(text) => *text = format!("{text} {SECRET}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_have_no_secrets() {
    let fake = planted().await;
    let servers = [
        Proxy::rewriting(&fake, |_, _| {}).await,
        Proxy::rewriting(&fake, |asked, answer| {
            // The lists without variables stay, so that there are ids.
            if asked.path.bytes().any(|byte| byte.is_ascii_digit() && byte > b'6')
                || !asked.query.is_empty()
            {
                let mut body = answer.json();
                spoil(&mut body);
                answer.set(&body);
            }
        })
        .await,
        Proxy::rewriting(&fake, |_, answer| {
            answer.body = format!("<html>{SECRET}</html>").into_bytes();
            answer.content_type = Some(format!("text/{SECRET} {SECRET}; charset={SECRET}"));
        })
        .await,
    ];
    for (number, server) in servers.iter().enumerate() {
        let Found { report, record, .. } =
            check_by(&fake, &server.base_url, &Options::default()).await;
        assert_eq!(number > 0, report.differences() > 0, "{number}: {}", listed(&report));
        let overlay = propose(&report, &Description::vendored().expect("a description"));
        for text in [report.to_markdown(), report.to_json(), record.to_json(), overlay] {
            let text = text.to_lowercase();
            for secret in [SECRET, "127.0.0.1", "example.com", "grafana.net", "Europe/Berlin"] {
                assert!(
                    !text.contains(&secret.to_lowercase()),
                    "{secret} is in the report {number}: {text}"
                );
            }
        }
    }
}
