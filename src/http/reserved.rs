//! Headers that a caller cannot set, because the client or HTTP itself sets them.

use http::HeaderName;

/// Returns what sets a header that no request may set itself.
pub(crate) fn of_every_request(name: &HeaderName) -> Option<&'static str> {
    Some(match name.as_str() {
        "authorization" => "the token: call ClientBuilder::token",
        "x-stack-id" => "the stack: call ClientBuilder::stack_id or ClientBuilder::stack",
        "host" => "the address: call ClientBuilder::base_url",
        "content-length" | "transfer-encoding" | "trailer" => "HTTP, from the body of each request",
        "connection" | "keep-alive" | "proxy-connection" | "te" | "upgrade" | "expect"
        | "http2-settings" => {
            "HTTP, for each connection: call ClientBuilder::configure_reqwest for its options"
        }
        "proxy-authorization" => {
            "the proxy: give ClientBuilder::proxy an address with a user name and a password"
        }
        _ => return None,
    })
}

/// Returns what sets a header that cannot be the same for all requests.
pub(crate) fn of_defaults(name: &HeaderName) -> Option<&'static str> {
    of_every_request(name).or_else(|| {
        Some(match name.as_str() {
            "user-agent" => "the program: call ClientBuilder::user_agent",
            "accept" | "content-type" => {
                "each call: for a request of your own, call header or body of Client::request"
            }
            "accept-encoding" | "content-encoding" => {
                "the client, which sends and reads bodies without compression"
            }
            "k6-idempotency-key" => "each start: call StartLoadTest::idempotency_key",
            _ => return None,
        })
    })
}
