//! Sends the lines of a run as they become due.

use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::LogFault;
use super::request::TailRequest;
use crate::run::{LogEntry, Run};
use crate::state::WeakShared;

/// How often the fake looks for new lines, in real time.
const PAUSE: Duration = Duration::from_millis(10);

/// Sends lines until the client or the fake goes.
pub(super) async fn serve(
    mut socket: WebSocket,
    shared: WeakShared,
    request: TailRequest,
    fault: LogFault,
) {
    let mut tail = Tail { request, fault, sent: 0, last: None };
    loop {
        let Some(lines) = shared.upgrade().map(|shared| {
            let now = shared.now();
            let store = shared.store();
            store.get(tail.request.run).map_or_else(Vec::new, |run| tail.due(run, now))
        }) else {
            return;
        };
        for line in lines {
            if tail.send(&mut socket, &line).await.is_none() {
                return;
            }
        }
        // The tool sends nothing, and pings are answered already.
        let received = tokio::time::timeout(PAUSE, socket.recv()).await;
        if let Ok(None | Some(Err(_) | Ok(Message::Close(_)))) = received {
            return;
        }
    }
}

struct Tail {
    request: TailRequest,
    fault: LogFault,
    /// How many lines were sent.
    sent: usize,
    /// The time and the index of the last line.
    last: Option<(DateTime<Utc>, usize)>,
}

/// A line with its labels, and its place among those of the run.
struct DueLine {
    at: (DateTime<Utc>, usize),
    labels: Value,
    text: String,
}

impl Tail {
    /// Returns the lines that were not sent yet, oldest first.
    fn due(&self, run: &Run, now: DateTime<Utc>) -> Vec<DueLine> {
        let entries = run.logs().into_iter().enumerate();
        let mut due: Vec<_> = entries
            .map(|(index, entry)| DueLine {
                at: (entry.at, index),
                labels: labels(run, &entry),
                text: entry.text,
            })
            .filter(|line| self.last.is_none_or(|last| line.at > last))
            .filter(|line| line.at.0 >= self.request.start && line.at.0 <= now)
            .filter(|line| {
                let wanted = &self.request.labels;
                wanted.iter().all(|(name, value)| line.labels[name] == **value)
            })
            .collect();
        due.sort_by_key(|line| line.at);
        due
    }

    /// Sends a line, with the faults. Returns `None` if the connection breaks.
    async fn send(&mut self, socket: &mut WebSocket, line: &DueLine) -> Option<()> {
        if self.fault.break_after == Some(self.sent) {
            return None;
        }
        tokio::time::sleep(self.fault.pause).await;
        let time = nanoseconds(line.at.0);
        let message =
            json!({ "streams": [{ "stream": line.labels, "values": [[time, line.text]] }] });
        for _ in 0..=usize::from(self.fault.repeats) {
            socket.send(Message::text(message.to_string())).await.ok()?;
        }
        if self.sent == 0 && self.fault.dropped > 0 {
            let entry = json!({ "labels": line.labels, "timestamp": time });
            let message =
                json!({ "streams": null, "dropped_entries": vec![entry; self.fault.dropped] });
            socket.send(Message::text(message.to_string())).await.ok()?;
        }
        self.sent += 1;
        self.last = Some(line.at);
        // A break is seen even if no line follows.
        (self.fault.break_after != Some(self.sent)).then_some(())
    }
}

fn nanoseconds(at: DateTime<Utc>) -> String {
    at.timestamp_nanos_opt().unwrap_or_default().to_string()
}

fn labels(run: &Run, entry: &LogEntry) -> Value {
    let zone = run.plan.zones.first().map_or("", |(zone, _)| zone);
    json!({ "level": entry.level, "lz": zone, "instance_id": "0", "test_run_id": run.id.to_string() })
}
