//! A server of a list whose rows come and go while it is read.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use futures_util::stream;
use k6_cloud::prelude::*;
use k6_cloud_fake::{FIRST_RUN_ID, FakeCloud, RunSeed};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::scripted;
use crate::transport::serve;

/// Changes the list before the server responds. It gets the number of the request, from 0, and the
/// ids of the rows.
pub(crate) type Change = dyn FnMut(usize, &mut Vec<i64>) + Send;

/// A list whose rows come and go while it is read.
pub(crate) struct Moving {
    pub(crate) base: String,
    /// `($skip, $top)` of each request.
    pub(crate) windows: Arc<Mutex<Vec<(usize, usize)>>>,
    pub(crate) in_flight: Arc<AtomicUsize>,
    pub(crate) most_in_flight: Arc<AtomicUsize>,
    pub(crate) injected: Arc<AtomicUsize>,
}

#[derive(Clone)]
pub(crate) struct Quirks {
    /// The most rows in a page.
    pub(crate) largest: usize,
    pub(crate) latency: Duration,
    pub(crate) links: bool,
    pub(crate) count: bool,
    /// The first request without a response; none of the later ones gets a response either.
    pub(crate) stall: Option<usize>,
    /// The seed of random faults, and the percentage of requests that they hit. All of them are
    /// transient.
    pub(crate) faults: Option<(u64, u8)>,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            largest: 1000,
            latency: Duration::ZERO,
            links: true,
            count: true,
            stall: None,
            faults: None,
        }
    }
}

impl Moving {
    pub(crate) async fn start(
        rows: Vec<i64>,
        change: impl FnMut(usize, &mut Vec<i64>) + Send + 'static,
    ) -> Self {
        Self::with(rows, Quirks::default(), change).await
    }

    pub(crate) async fn with(
        rows: Vec<i64>,
        quirks: Quirks,
        change: impl FnMut(usize, &mut Vec<i64>) + Send + 'static,
    ) -> Self {
        let windows: Arc<Mutex<Vec<(usize, usize)>>> = Arc::default();
        let (in_flight, most_in_flight): (Arc<AtomicUsize>, Arc<AtomicUsize>) = Default::default();
        let state: Arc<Mutex<(Vec<i64>, Box<Change>)>> =
            Arc::new(Mutex::new((rows, Box::new(change))));
        let (seen, now, most) =
            (Arc::clone(&windows), Arc::clone(&in_flight), Arc::clone(&most_in_flight));
        let template = template().await.to_string();
        let id = format!("\"id\":{FIRST_RUN_ID},");
        let (head, tail) = template.split_once(&id).expect("an id");
        let (head, tail): (Arc<str>, Arc<str>) = (head.into(), tail.into());
        let (seed, share) = quirks.faults.unwrap_or_default();
        let dice = Arc::new(Mutex::new(fastrand::Rng::with_seed(seed)));
        let injected: Arc<AtomicUsize> = Arc::default();
        let faults = Arc::clone(&injected);
        let base = serve(Router::new().fallback(move |RawQuery(query): RawQuery| {
            let (state, seen) = (Arc::clone(&state), Arc::clone(&seen));
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            let (quirks, head, tail) = (quirks.clone(), Arc::clone(&head), Arc::clone(&tail));
            let fault = {
                let mut dice = dice.lock().expect("unpoisoned");
                (dice.u8(0..100) < share).then(|| dice.u8(0..5))
            };
            if fault.is_some() {
                faults.fetch_add(1, Ordering::SeqCst);
            }
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                let under_way = UnderWay(now);
                let query = query.unwrap_or_default();
                let number = |name: &str| {
                    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                    let mut values = pairs.filter(|(key, _)| key.trim_start_matches("%24") == name);
                    values.next().and_then(|(_, value)| value.parse::<usize>().ok())
                };
                let (skip, top) = (number("skip").unwrap_or(0), number("top").unwrap_or(0));
                let (number, page) = {
                    let mut state = state.lock().expect("unpoisoned");
                    let mut seen = seen.lock().expect("unpoisoned");
                    let (rows, change) = &mut *state;
                    let number = seen.len();
                    change(number, rows);
                    seen.push((skip, top));
                    let ids = rows.iter().skip(skip).take(top.min(quirks.largest));
                    let value: Vec<_> = ids.map(|id| format!("{head}\"id\":{id},{tail}")).collect();
                    let next = skip + value.len();
                    let mut page = format!("{{\"value\":[{}]", value.join(","));
                    if quirks.count {
                        page.push_str(&format!(",\"@count\":{}", rows.len()));
                    }
                    if quirks.links && next < rows.len() {
                        let link = format!("/cloud/v6/test_runs?$skip={next}");
                        page.push_str(&format!(",\"@nextLink\":\"{link}\""));
                    }
                    (number, page + "}")
                };
                if quirks.stall.is_some_and(|from| number >= from) {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(quirks.latency).await;
                drop(under_way);
                let status = match fault {
                    None => return page.into_response(),
                    Some(0) => StatusCode::INTERNAL_SERVER_ERROR,
                    Some(1) => StatusCode::SERVICE_UNAVAILABLE,
                    Some(2) => StatusCode::TOO_MANY_REQUESTS,
                    Some(3) => return StatusCode::BAD_GATEWAY.into_response(),
                    // The connection breaks in the middle of the body.
                    Some(_) => {
                        let half = Bytes::from(page[..page.len() / 2].to_owned());
                        let broken = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
                        let pieces = stream::iter([Ok(half), Err(broken)]);
                        return axum::body::Body::from_stream(pieces).into_response();
                    }
                };
                (status, [("retry-after", "1")]).into_response()
            }
        }))
        .await;
        Self { base, windows, in_flight, most_in_flight, injected }
    }

    pub(crate) fn client(&self) -> Client {
        scripted::builder(&self.base).build().expect("complete")
    }

    pub(crate) fn windows(&self) -> Vec<(usize, usize)> {
        self.windows.lock().expect("unpoisoned").clone()
    }
}

/// Counts a request as in flight until the response is sent or the connection is closed.
pub(crate) struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The JSON of a run, a template for runs with other ids.
pub(crate) async fn template() -> Value {
    static TEMPLATE: OnceCell<Value> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(|| async {
        let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
        let id = fake.add_run(RunSeed::queued());
        fake.run_json(id).expect("the run")
    });
    template.await.clone()
}

pub(crate) fn run(template: &Value, id: i64) -> Value {
    let mut run = template.clone();
    run["id"] = json!(id);
    run
}
