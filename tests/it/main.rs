//! Tests over HTTP against the fake API.
