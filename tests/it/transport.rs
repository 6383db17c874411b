//! Properties of every call: credentials, limits, no redirects.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, Redirect};
use axum::routing::get;
use k6_cloud::{Client, ClientBuilder, RetryPolicy};
use k6_cloud_fake::FakeCloud;
use serde_json::{Value, json};

use crate::errors::shown as everything;
use crate::{client_of, rejected, stalled_download};

const CANARY: &str = "canary-token";

/// Serves a router on the loopback until the test's runtime ends.
pub(crate) async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn builder(base_url: &str) -> ClientBuilder {
    Client::builder().base_url(base_url).token(CANARY).stack_id(7)
}

#[tokio::test]
async fn wrong_credentials_are_told_apart() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let right = || Client::builder().base_url(fake.base_url()).token(fake.token());
    let wrong_token = right().token("wrong").stack_id(fake.stack_id()).build().expect("complete");
    let wrong_stack = right().stack_id(fake.stack_id().get() + 1).build().expect("complete");
    let (status, error) = rejected(wrong_token.list_test_runs().send().await);
    assert_eq!((status, error.code()), (401, Some("error")));
    let (status, error) = rejected(wrong_stack.list_test_runs().send().await);
    assert_eq!((status, error.code()), (403, Some("error")));
}

#[tokio::test]
async fn base_url_may_have_a_path() {
    let paths: Arc<std::sync::Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&paths);
    let base = serve(Router::new().fallback(move |uri: axum::http::Uri| async move {
        seen.lock().expect("unpoisoned").push(uri.path().to_owned());
        StatusCode::NOT_FOUND
    }))
    .await;
    let client = builder(&format!("{base}/proxy/")).build().expect("complete");
    assert!(client.get_test_run(1).send().await.is_err());
    assert_eq!(*paths.lock().expect("unpoisoned"), ["/proxy/cloud/v6/test_runs/1"]);
}

#[tokio::test]
async fn redirect_to_another_host_gets_nothing() {
    let hits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&hits);
    let other = serve(Router::new().fallback(move || async move {
        counted.fetch_add(1, Ordering::SeqCst);
    }))
    .await;
    let base =
        serve(Router::new().fallback(move || async move { Redirect::temporary(&other) })).await;
    let client = builder(&base).build().expect("complete");
    let error = client.star_test_run(1).send().await.expect_err("no success");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(307));
    assert_eq!(hits.load(Ordering::SeqCst), 0, "the redirect was followed");
}

#[tokio::test]
async fn user_agent_names_the_program_first() {
    let base = serve(Router::new().fallback(|headers: HeaderMap| async move {
        let agent = headers["user-agent"].to_str().unwrap_or_default().to_owned();
        (StatusCode::IM_A_TEAPOT, agent)
    }))
    .await;
    let client = builder(&base).user_agent("bot/1.2").build().expect("complete");
    let (_, error) = rejected(client.get_test_run(1).send().await);
    let agent = error.body_excerpt().unwrap_or_default();
    assert!(agent.starts_with("bot/1.2 k6-cloud-rs/"), "{agent}");
}

#[tokio::test]
async fn timeout_ends_a_call_that_hangs() {
    let base = serve(Router::new().fallback(std::future::pending::<()>)).await;
    let client = builder(&base).timeout(Duration::from_millis(50)).build().expect("complete");
    let error = client.get_test_run(1).send().await.expect_err("it hangs");
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn body_over_the_cap_is_rejected_announced_or_not() {
    let run = |length: usize| json!({ "note": "n".repeat(length) }).to_string();
    let announced = Router::new().fallback(move || async move { run(100_000) });
    let chunked = Router::new().fallback(|| async {
        let chunk = bytes::Bytes::from(vec![b' '; 1024]);
        let chunks = std::iter::repeat_n(chunk, 1000).map(Ok::<_, std::io::Error>);
        axum::body::Body::from_stream(futures_util::stream::iter(chunks))
    });
    for router in [announced, chunked] {
        let base = serve(router).await;
        let client = builder(&base).max_body_bytes(50_000).build().expect("complete");
        let error = client.get_test_run(1).send().await.expect_err("too large");
        assert!(error.to_string().contains("larger than 50000 bytes"), "{error}");
    }
}

#[tokio::test]
async fn requests_in_flight_are_limited() {
    let now = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (now_seen, most_seen) = (Arc::clone(&now), Arc::clone(&most));
    let router = Router::new().route(
        "/cloud/v6/test_runs",
        get(move || async move {
            let running = now_seen.fetch_add(1, Ordering::SeqCst) + 1;
            most_seen.fetch_max(running, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(5)).await;
            now_seen.fetch_sub(1, Ordering::SeqCst);
            axum::body::Body::from(json!({ "value": Value::Array(vec![]) }).to_string())
        }),
    );
    let base = serve(router).await;
    let client = builder(&base).max_in_flight(3).build().expect("complete");
    let calls = (0..30).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.list_test_runs().send().await.map(|_| ()) })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.expect("no panic").expect("a page");
    }
    assert_eq!(most.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn permits_come_back_when_responses_are_dropped() {
    let fake = FakeCloud::start().await.expect("the fake starts");
    let client = Client::builder()
        .base_url(fake.base_url())
        .token(fake.token())
        .stack_id(fake.stack_id())
        .max_in_flight(1)
        .timeout(Duration::from_secs(5))
        .build()
        .expect("complete");
    let calls = async {
        let mut kept = Vec::new();
        for _ in 0..3 {
            // An error that is kept, and a script that is not read to its end.
            kept.push(client.get_test_run(1).send().await.expect_err("404"));
            assert!(client.get_test_run(1).send().await.is_err());
            drop(stalled_download(&fake, &client).await);
        }
    };
    // The client would wait for a permit that never comes back.
    tokio::time::timeout(Duration::from_secs(10), calls).await.expect("every call gets a permit");
}

#[tokio::test]
async fn nothing_shows_the_token() {
    let fake = FakeCloud::builder().token(CANARY).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let mut shown = format!("{client:?} {:?} {fake:?}", client.get_test_run(1));
    let error = client.get_test_run(1).send().await.expect_err("404");
    shown.push_str(&format!("{error} {error:?} {error:#}"));
    shown.push_str(&format!("{:?}", fake.requests()));
    drop(fake);
    let error = client.get_test_run(1).send().await.expect_err("connection refused");
    shown.push_str(&everything(&error));
    assert!(!shown.contains(CANARY), "{shown}");
}

/// The type of a script is quoted if it is not that of a script.
#[tokio::test]
async fn type_of_a_script_does_not_show_the_token() {
    let echo = || async { ([("content-type", format!("text/{CANARY}; a=b"))], "export default 1") };
    let base = serve(Router::new().fallback(echo)).await;
    let client = builder(&base).build().expect("complete");
    let error = client.get_test_run_script(1).send().await.expect_err("not a script");
    assert!(error.to_string().contains("its type is text/[redacted]"), "{error}");
    assert!(!format!("{error:?}").contains(CANARY), "{error:?}");
}

/// A server or a proxy may send the token back in any header that an error shows.
#[tokio::test]
async fn headers_of_a_response_do_not_show_the_token() {
    let names = ["content-type", "content-encoding", "x-request-id", "retry-after", "location"];
    // As it is, percent-encoded, with the escapes of JSON, and in the header of Basic authentication.
    let forms = [
        CANARY,
        "canary%2Dtoken",
        "canary\\u002dtoken",
        "Basic dXNlcjpjYW5hcnktdG9rZW4=",
        "CANARY-TOKEN",
    ];
    let cases =
        [200, 302, 400, 500].into_iter().flat_map(|status| forms.map(|form| (status, form)));
    for (status, form) in cases {
        let echo = move || async move {
            let headers = names.map(|name| (name, format!("x/{form}; a={form}")));
            let body = format!("not JSON: {form}");
            (StatusCode::from_u16(status).expect("a status"), AppendHeaders(headers), body)
        };
        let base = serve(Router::new().fallback(echo)).await;
        let client = builder(&base).retries(RetryPolicy::off()).build().expect("complete");
        let run = client.get_test_run(1).send().await.expect_err("not a run");
        // A script may have any type that is not HTML or JSON.
        let script = client.get_test_run_script(1).send().await.err();
        for error in [Some(run), script].into_iter().flatten() {
            let shown = everything(&error);
            let lower = shown.to_lowercase();
            for part in [CANARY, "canary", "token=", "jyw5hcnk", "dg9r"] {
                assert!(!lower.contains(part), "{status} {form}: {shown}");
            }
        }
    }
}
