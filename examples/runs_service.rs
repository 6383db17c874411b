//! An axum service that responds to `GET /runs/ID` with the verdict of a run.
//!
//! Without a token, it uses a fake, sends itself two requests, and exits.
//!
//! ```sh
//! cargo run --example runs_service
//! ```

mod support;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use k6_cloud::prelude::*;

/// A client is cheap to clone: all clones share connections, permits and the retry budget.
fn service(client: Client) -> Router {
    Router::new().route("/runs/{id}", get(verdict)).with_state(client)
}

async fn verdict(
    State(client): State<Client>,
    Path(id): Path<TestRunId>,
) -> Result<String, (StatusCode, String)> {
    let run = client.get_test_run(id).send().await.map_err(failure)?;
    Ok(format!("{}\n", run.verdict()))
}

/// Passes on 404 and 429. Everything else is the fault of the service or of the API behind it.
fn failure(error: Error) -> (StatusCode, String) {
    let status = match error.kind() {
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::BAD_GATEWAY,
    };
    (status, format!("{error}\n"))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let support::Connected { client, fake } = support::connect(5).await?;
    let app = service(client);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    println!("listening on http://{address}/runs/ID");
    let server = tokio::spawn(async { axum::serve(listener, app).await });
    if fake.is_some() {
        for id in [k6_cloud_fake::FIRST_RUN_ID, 1.into()] {
            let (status, text) = support::get(&format!("http://{address}/runs/{id}")).await?;
            print!("GET /runs/{id}: {status} {text}");
        }
        return Ok(());
    }
    server.await??;
    Ok(())
}
