//! Runs the program against the fake, over HTTP.

#[cfg(unix)]
mod cancel;
mod commands;
mod credentials;
mod exit_codes;
mod progress;
#[cfg(unix)]
mod signals;
mod support;
