//! Runs the command.

mod arguments;
mod descriptions;
mod files;
mod support;
mod yaml;
