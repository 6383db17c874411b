//! Runs the program against the fake, over HTTP.

#[cfg(unix)]
mod cancel;
mod commands;
#[cfg(unix)]
mod completions;
mod costs;
mod credentials;
mod doctor;
mod evidence;
mod exit_codes;
mod files;
mod injection;
mod k6_tool;
mod logs;
mod progress;
#[cfg(unix)]
mod signals;
mod support;
#[cfg(unix)]
mod transcripts;
