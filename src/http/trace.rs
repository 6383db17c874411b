//! Spans of calls and attempts. Without the feature `tracing`, the functions do nothing.
//!
//! The names are those of OpenTelemetry's conventions for HTTP clients. Headers, bodies and the query of
//! the address are never recorded, so no span can contain a secret.

#[cfg(feature = "tracing")]
mod spans {
    use std::borrow::Cow;
    use std::time::Duration;

    use reqwest::Url;
    use tracing::field::Empty;
    use tracing::{Instrument as _, Span};

    use super::super::context::CallContext;
    use super::super::failure::{AttemptResult, Failure};
    use crate::operation::OperationSpec;

    /// The span of a call with all its attempts and pauses.
    pub(crate) struct CallSpan(Span);

    impl CallSpan {
        pub(crate) fn start(facts: &OperationSpec, path: &str) -> Self {
            Self(tracing::info_span!(
                target: "k6_cloud",
                "call",
                otel.name = facts.id,
                otel.kind = "internal",
                http.request.method = facts.method,
                url.template = path,
                http.response.status_code = Empty,
                error.r#type = Empty,
                otel.status_code = Empty,
                k6_cloud.attempts = Empty,
            ))
        }

        pub(crate) async fn run<F: Future>(&self, future: F) -> F::Output {
            future.instrument(self.0.clone()).await
        }

        pub(crate) fn pause(&self, attempt: u32, pause: Duration, result: &AttemptResult) {
            tracing::info!(
                target: "k6_cloud",
                parent: &self.0,
                attempt,
                pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
                reason = &*reason(result),
                "retrying the request after a pause"
            );
        }

        pub(crate) fn end(&self, attempts: u32, result: &AttemptResult) {
            self.0.record("k6_cloud.attempts", attempts);
            record(&self.0, result);
        }
    }

    impl CallSpan {
        /// Records a failure of the call that is not the failure of its last attempt.
        pub(crate) fn fail(&self, reason: &str) {
            self.0.record("error.type", reason);
            self.0.record("otel.status_code", "ERROR");
        }
    }

    /// The span of one request.
    pub(crate) struct AttemptSpan(Span);

    impl AttemptSpan {
        pub(crate) fn start(call: &CallContext<'_>, url: &Url, attempt: u32) -> Self {
            let method = call.facts.method;
            let span = tracing::info_span!(
                target: "k6_cloud",
                "attempt",
                otel.name = tracing::field::display(format_args!("{method} {}", call.path)),
                otel.kind = "client",
                http.request.method = method,
                http.request.resend_count = Empty,
                url.full = url.as_str().split(['?', '#']).next(),
                url.template = call.path,
                server.address = url.host_str(),
                server.port = url.port_or_known_default(),
                http.response.status_code = Empty,
                error.r#type = Empty,
                otel.status_code = Empty,
            );
            if attempt > 1 {
                span.record("http.request.resend_count", attempt - 1);
            }
            Self(span)
        }

        pub(crate) async fn run<F: Future>(&self, future: F) -> F::Output {
            future.instrument(self.0.clone()).await
        }

        pub(crate) fn end(&self, result: &AttemptResult) {
            record(&self.0, result);
        }
    }

    fn record(span: &Span, result: &AttemptResult) {
        if let Ok(response) = result {
            span.record("http.response.status_code", response.status().as_u16());
            if response.status().is_success() {
                return;
            }
        }
        span.record("error.type", &*reason(result));
        // tracing-opentelemetry reads the status of its span from this field.
        span.record("otel.status_code", "ERROR");
    }

    /// Returns the `error.type`: the status, or the name of the failure.
    fn reason(result: &AttemptResult) -> Cow<'static, str> {
        match result {
            Ok(response) => response.status().as_str().to_owned().into(),
            Err(error) => Failure::of(error).error_type().into(),
        }
    }

    /// Puts a future that becomes its own task into the caller's span.
    pub(crate) fn in_current_span<F: Future>(future: F) -> impl Future<Output = F::Output> {
        future.in_current_span()
    }

    /// Records that a list changed while it was read.
    pub(crate) fn list_moved(operation: &str, from: i64, to: i64) {
        tracing::warn!(
            target: "k6_cloud",
            operation,
            from,
            to,
            "the list changed its size while it was read"
        );
    }
}

#[cfg(not(feature = "tracing"))]
mod spans {
    use std::time::Duration;

    use reqwest::Url;

    use super::super::context::CallContext;
    use super::super::failure::AttemptResult;
    use crate::operation::OperationSpec;

    pub(crate) struct CallSpan;

    impl CallSpan {
        pub(crate) fn start(_: &OperationSpec, _: &str) -> Self {
            Self
        }

        pub(crate) fn run<F: Future>(&self, future: F) -> F {
            future
        }

        pub(crate) fn pause(&self, _: u32, _: Duration, _: &AttemptResult) {}

        pub(crate) fn end(&self, _: u32, _: &AttemptResult) {}

        pub(crate) fn fail(&self, _: &str) {}
    }

    pub(crate) struct AttemptSpan;

    impl AttemptSpan {
        pub(crate) fn start(_: &CallContext<'_>, _: &Url, _: u32) -> Self {
            Self
        }

        pub(crate) fn run<F: Future>(&self, future: F) -> F {
            future
        }

        pub(crate) fn end(&self, _: &AttemptResult) {}
    }

    pub(crate) fn in_current_span<F: Future>(future: F) -> F {
        future
    }

    pub(crate) fn list_moved(_: &str, _: i64, _: i64) {}
}

pub(super) use spans::{AttemptSpan, CallSpan};
pub(crate) use spans::{in_current_span, list_moved};
