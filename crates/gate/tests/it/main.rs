//! Runs the program against the fake, over HTTP.

mod cancel;
mod commands;
mod credentials;
mod exit_codes;
mod progress;
mod support;
