//! What a single call is told about its attempts.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode};

use super::Reopen;
use crate::retry::Verdict;
use crate::trace;

/// What a single call may take, in place of what the client allows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    /// The size of an answer, in bytes.
    pub(crate) max_body_bytes: Option<u64>,
    /// The time of the client's clock at which the call is over, if that is before its deadline.
    pub(crate) until: Option<Duration>,
    /// Whether an answer that could be handed on as it comes in is read to its end first, so that
    /// one that breaks off is asked for again.
    pub(crate) buffered: bool,
}

/// The record of one call, written by the attempts and read by the error.
pub(crate) struct Context {
    pub(super) limits: Limits,
    /// The body of the request, where that is a stream that can be read again.
    pub(super) body: Option<Reopen>,
    /// The span around the call and the reading of its answer.
    pub(crate) call: trace::Call,
    attempts: AtomicU32,
    repeatable: AtomicBool,
    unsure: AtomicBool,
    success: OnceLock<(StatusCode, Option<HeaderValue>)>,
}

impl Context {
    pub(crate) fn new(limits: Limits, body: Option<Reopen>, call: trace::Call) -> Self {
        Self {
            limits,
            body,
            call,
            attempts: AtomicU32::new(0),
            repeatable: AtomicBool::new(false),
            unsure: AtomicBool::new(false),
            success: OnceLock::new(),
        }
    }

    pub(super) fn attempt(&self, number: u32, repeatable: bool) {
        self.attempts.store(number, Ordering::Relaxed);
        self.repeatable.store(repeatable, Ordering::Relaxed);
    }

    pub(super) fn ended(&self, verdict: Verdict, result: &reqwest::Result<reqwest::Response>) {
        if verdict == Verdict::Unsure {
            self.unsure.store(true, Ordering::Relaxed);
        }
        if let Ok(response) = result
            && response.status().is_success()
        {
            // A body that cannot be read loses its head on the way; errors show some of it.
            let id = request_id(response.headers()).cloned();
            let _ = self.success.set((response.status(), id));
        }
    }

    /// Returns the number of requests that were sent.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }

    /// Returns whether repeating the call does no harm.
    pub(crate) fn repeatable(&self) -> bool {
        self.repeatable.load(Ordering::Relaxed)
    }

    /// Returns whether an attempt that failed may have been carried out.
    pub(crate) fn unsure(&self) -> bool {
        self.unsure.load(Ordering::Relaxed)
    }

    /// Returns the status of the successful answer and what it calls the request.
    pub(crate) fn success(&self) -> Option<&(StatusCode, Option<HeaderValue>)> {
        self.success.get()
    }
}

/// Returns what an answer calls the request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&HeaderValue> {
    ["x-request-id", "request-id", "x-correlation-id", "cf-ray"]
        .into_iter()
        .find_map(|name| headers.get(name).filter(|value| value.to_str().is_ok()))
}
