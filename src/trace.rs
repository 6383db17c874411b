//! Spans of calls and attempts, for the feature `tracing`; without it, nothing.
//!
//! The names are those of OpenTelemetry's conventions for HTTP clients. No header and no body is
//! ever recorded, so that no secret can be.

#[cfg(feature = "tracing")]
mod spans {
    use std::borrow::Cow;
    use std::time::Duration;

    use reqwest::{Response, Url};
    use tracing::field::Empty;
    use tracing::{Instrument as _, Span};

    use crate::operation::Facts;
    use crate::retry;

    /// The span of a call with all its attempts and pauses.
    pub(crate) struct Call(Span);

    impl Call {
        pub(crate) fn start(facts: &Facts) -> Self {
            Self(tracing::info_span!(
                target: "k6_cloud",
                "call",
                otel.name = facts.id,
                otel.kind = "internal",
                http.request.method = facts.method,
                url.template = facts.path,
                http.response.status_code = Empty,
                error.r#type = Empty,
                otel.status_code = Empty,
                k6_cloud.attempts = Empty,
            ))
        }

        pub(crate) async fn run<F: Future>(&self, future: F) -> F::Output {
            future.instrument(self.0.clone()).await
        }

        pub(crate) fn pause(
            &self,
            attempt: u32,
            pause: Duration,
            result: &reqwest::Result<Response>,
        ) {
            tracing::info!(
                target: "k6_cloud",
                parent: &self.0,
                attempt,
                pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
                reason = &*reason(result),
                "repeating the request after a pause"
            );
        }

        pub(crate) fn end(&self, attempts: u32, result: &reqwest::Result<Response>) {
            self.0.record("k6_cloud.attempts", attempts);
            record(&self.0, result);
        }
    }

    impl Call {
        /// Says that the call failed although its last attempt did not, or before the first.
        pub(crate) fn fail(&self, reason: &str) {
            self.0.record("error.type", reason);
            self.0.record("otel.status_code", "ERROR");
        }
    }

    /// The span of one request.
    pub(crate) struct Attempt(Span);

    impl Attempt {
        pub(crate) fn start(facts: &Facts, url: &Url, attempt: u32) -> Self {
            let span = tracing::info_span!(
                target: "k6_cloud",
                "attempt",
                otel.name = tracing::field::display(format_args!("{} {}", facts.method, facts.path)),
                otel.kind = "client",
                http.request.method = facts.method,
                http.request.resend_count = Empty,
                url.full = url.as_str(),
                url.template = facts.path,
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

        pub(crate) fn end(&self, result: &reqwest::Result<Response>) {
            record(&self.0, result);
        }
    }

    fn record(span: &Span, result: &reqwest::Result<Response>) {
        if let Ok(response) = result {
            span.record("http.response.status_code", response.status().as_u16());
            if response.status().is_success() {
                return;
            }
        }
        span.record("error.type", &*reason(result));
        // What tracing-opentelemetry makes the status of its span of.
        span.record("otel.status_code", "ERROR");
    }

    /// Returns what the conventions want as `error.type`: the status, or a word of our own.
    fn reason(result: &reqwest::Result<Response>) -> Cow<'static, str> {
        match result {
            Ok(response) => response.status().as_str().to_owned().into(),
            Err(error) => Cow::Borrowed(match retry::failure(error) {
                retry::Failure::NotSent => "connect",
                retry::Failure::TimedOut => "timeout",
                retry::Failure::Broken => "transport",
                retry::Failure::TooLarge => "too_large",
                retry::Failure::NotBuilt => "invalid_request",
                retry::Failure::NoTurn => "no_turn",
                retry::Failure::NotRead => "not_read",
            }),
        }
    }

    /// Ties what goes on as a task of its own to the caller's span.
    pub(crate) fn in_current_span<F: Future>(future: F) -> impl Future<Output = F::Output> {
        future.in_current_span()
    }

    /// Says that a list changed while it was read.
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

    use reqwest::{Response, Url};

    use crate::operation::Facts;

    pub(crate) struct Call;

    impl Call {
        pub(crate) fn start(_: &Facts) -> Self {
            Self
        }

        pub(crate) fn run<F: Future>(&self, future: F) -> F {
            future
        }

        pub(crate) fn pause(&self, _: u32, _: Duration, _: &reqwest::Result<Response>) {}

        pub(crate) fn end(&self, _: u32, _: &reqwest::Result<Response>) {}

        pub(crate) fn fail(&self, _: &str) {}
    }

    pub(crate) struct Attempt;

    impl Attempt {
        pub(crate) fn start(_: &Facts, _: &Url, _: u32) -> Self {
            Self
        }

        pub(crate) fn run<F: Future>(&self, future: F) -> F {
            future
        }

        pub(crate) fn end(&self, _: &reqwest::Result<Response>) {}
    }

    pub(crate) fn in_current_span<F: Future>(future: F) -> F {
        future
    }

    pub(crate) fn list_moved(_: &str, _: i64, _: i64) {}
}

pub(crate) use spans::{Attempt, Call, in_current_span, list_moved};
