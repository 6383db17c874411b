//! Runs the command.

mod arguments;
mod files;
mod support;
