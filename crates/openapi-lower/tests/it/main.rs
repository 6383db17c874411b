//! Runs the command.

mod arguments;
mod bundle;
mod descriptions;
mod files;
mod support;
mod yaml;
