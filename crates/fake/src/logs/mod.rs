//! The logs of runs: a WebSocket that speaks the tail protocol of Grafana Loki, as far as the k6
//! command-line tool uses it.

mod request;
mod tail;

use std::time::Duration;

use axum::extract::FromRequestParts as _;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};

use self::request::TailRequest;
use crate::connection::{ConnectionControl, ServedRequest};
use crate::fault::Effect;
use crate::recorder::RecordedRequest;
use crate::state::Shared;

/// The path of the logs.
pub(crate) const PATH: &str = "/api/v1/tail";

/// What stands for a double quote that was not encoded.
pub(crate) const QUOTE: u8 = b'\'';

/// The name of the client's method, for faults and recorded requests.
pub(crate) const OPERATION: &str = "tail_logs";

/// A line of the logs of a run.
#[derive(Clone, Debug)]
pub(crate) struct LogSeed {
    /// The time since the run was created.
    pub(crate) after: Duration,
    pub(crate) level: String,
    pub(crate) text: String,
}

/// What goes wrong with the logs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LogFault {
    /// After how many lines the connection breaks.
    pub(crate) break_after: Option<usize>,
    /// Whether each line comes twice.
    pub(crate) repeats: bool,
    /// How many lines the service says that it left out, after the first one.
    pub(crate) dropped: usize,
    /// The pause before each line, in real time.
    pub(crate) pause: Duration,
}

/// Responds to a request for logs, and records it.
pub(crate) async fn respond(
    shared: &Shared,
    connection: &ConnectionControl,
    served: ServedRequest,
    mut parts: Parts,
) -> Response {
    let mut recorded = RecordedRequest::new(&parts, &[], Some(OPERATION));
    let quoted = |query: String| query.replace(char::from(QUOTE), "\"");
    recorded.query = recorded.query.map(quoted);
    let number = shared.recorder().record(recorded);
    let fault = match shared.effect_on(OPERATION) {
        Some(Effect::Logs(fault)) => fault,
        Some(Effect::Slow { head, .. }) => {
            tokio::time::sleep(head).await;
            LogFault::default()
        }
        Some(effect @ (Effect::Replace(_) | Effect::CutOff { .. })) => {
            let response = effect.replacement().unwrap_or_else(|| StatusCode::OK.into_response());
            if effect.lets_status_pass() {
                shared.recorder().set_status(number, response.status().as_u16());
            }
            return effect.apply(response, connection).await;
        }
        // The others change JSON or runs.
        _ => LogFault::default(),
    };
    let response = match TailRequest::read(shared, &parts) {
        Err(error) => error.into_response(),
        Ok(request) => match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Err(rejection) => rejection.into_response(),
            Ok(upgrade) => {
                let shared = shared.downgrade();
                upgrade.on_upgrade(move |socket| async move {
                    tail::serve(socket, shared, request, fault).await;
                    drop(served);
                })
            }
        },
    };
    shared.recorder().set_status(number, response.status().as_u16());
    response
}
