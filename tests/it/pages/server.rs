//! A server of lists whose pages a test writes.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::RawQuery;
use k6_cloud::Client;
use serde_json::{Map, Value, json};

use crate::moving::template;
use crate::scripted;
use crate::transport::serve;

/// The `$skip` and `$top` of a request, and its number, from 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) number: usize,
    pub(super) skip: i64,
    pub(super) top: i64,
}

impl Window {
    /// Returns the part of a list that the window shows, if the server gives `limit` rows at most.
    pub(super) fn of<T: Clone>(self, rows: &[T], limit: i64) -> Vec<T> {
        let rows = rows.iter().skip(usize::try_from(self.skip).expect("not negative"));
        rows.take(usize::try_from(self.top.min(limit)).expect("not negative")).cloned().collect()
    }
}

/// A page with rows and whatever else it says.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// JSON, so that a row can be anything.
    pub(super) rows: Vec<String>,
    pub(super) rest: Map<String, Value>,
}

impl Page {
    pub(super) fn of(rows: Vec<String>) -> Self {
        Self { rows, rest: Map::new() }
    }

    pub(super) fn count(mut self, count: impl Into<Value>) -> Self {
        self.rest.insert("@count".to_owned(), count.into());
        self
    }

    pub(super) fn link(mut self, link: impl Into<Value>) -> Self {
        self.rest.insert("@nextLink".to_owned(), link.into());
        self
    }

    /// Adds a link to `next`.
    pub(super) fn next(self, next: i64) -> Self {
        self.link(format!("https://api.k6.io/cloud/v6/test_runs?$skip={next}"))
    }

    /// Adds a link to `next` if that lies within the list.
    pub(super) fn next_within(self, next: i64, size: i64) -> Self {
        if next < size { self.next(next) } else { self }
    }

    fn into_body(self) -> String {
        // After the rows, or before them.
        let rest = Value::Object(self.rest).to_string();
        let rest = rest.trim_start_matches('{').trim_end_matches('}');
        let rows = format!("\"value\": [{}]", self.rows.join(","));
        match (rest, self.rows.len() % 2) {
            ("", _) => format!("{{{rows}}}"),
            (rest, 0) => format!("{{{rows},{rest}}}"),
            (rest, _) => format!("{{ {rest} , {rows} }}"),
        }
    }
}

pub(super) struct ListServer {
    pub(super) base: String,
    windows: Arc<Mutex<Vec<(i64, i64)>>>,
}

impl ListServer {
    pub(super) async fn start(page: impl Fn(Window) -> Page + Send + Sync + 'static) -> Self {
        Self::of_bodies(move |window| page(window).into_body()).await
    }

    pub(super) async fn of_bodies(body: impl Fn(Window) -> String + Send + Sync + 'static) -> Self {
        let windows: Arc<Mutex<Vec<(i64, i64)>>> = Arc::default();
        let (seen, body) = (Arc::clone(&windows), Arc::new(body));
        let base = serve(Router::new().fallback(move |RawQuery(query): RawQuery| {
            let (seen, body) = (Arc::clone(&seen), Arc::clone(&body));
            async move {
                let query = query.unwrap_or_default();
                let number = |name: &str| {
                    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                    let mut values = pairs.filter(|(key, _)| key.trim_start_matches("%24") == name);
                    values
                        .next()
                        .and_then(|(_, value)| value.parse::<i64>().ok())
                        .expect("a number")
                };
                let (skip, top) = (number("skip"), number("top"));
                let number = {
                    let mut seen = seen.lock().expect("unpoisoned");
                    seen.push((skip, top));
                    seen.len() - 1
                };
                body(Window { number, skip, top })
            }
        }))
        .await;
        Self { base, windows }
    }

    pub(super) fn client(&self) -> Client {
        scripted::builder(&self.base).build().expect("complete")
    }

    /// The `$skip` and `$top` of the requests so far.
    pub(super) fn windows(&self) -> Vec<(i64, i64)> {
        self.windows.lock().expect("unpoisoned").clone()
    }
}

/// Runs as JSON.
pub(super) async fn runs(ids: impl IntoIterator<Item = i64>) -> Vec<String> {
    let template = template().await;
    let runs = ids.into_iter().map(|id| {
        let mut run = template.clone();
        run["id"] = json!(id);
        run.to_string()
    });
    runs.collect()
}
