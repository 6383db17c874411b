//! The end of the program for a command line that it cannot read, or that asks for help.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Parser as _;

use crate::args::{Cli, General, RuleOptions};
use crate::delivery::deliver_files;
use crate::draft::ReportDraft;
use crate::exit::{Ending, Exit};
use crate::log_text::log_line;
use crate::output::{note, note_aligned, print};
use crate::report::ReportFiles;

/// Prints the help or the error, writes the reports that the command line asks for, and returns the exit
/// code.
pub(crate) fn end(error: &clap::Error, arguments: &[OsString]) -> u8 {
    if !error.use_stderr() {
        return match print(&error.render().to_string()) {
            Ok(()) => Exit::Success.code(false),
            Err(error) => {
                note(&format!("error: standard output could not be written: {error}"));
                Exit::Settings.code(false)
            }
        };
    }
    let message = message(error, arguments);
    note_aligned(message.trim_end());
    let Some(files) = report_files(arguments) else { return Exit::Settings.code(false) };
    let mut draft = ReportDraft::new(&General::default(), &RuleOptions::default());
    // The first paragraph. The others are tips and the usage.
    let reason = message.split("\n\n").next().unwrap_or_default();
    let reason = log_line(reason.strip_prefix("error: ").unwrap_or(reason));
    draft.conclude(Ending::settings(reason));
    deliver_files(&mut draft.report, &files)
}

/// Returns the error. Arguments in it are on one line and cannot act.
fn message(error: &clap::Error, arguments: &[OsString]) -> String {
    let clean = arguments.iter().map(|argument| log_line(&argument.to_string_lossy()));
    match Cli::try_parse_from(clean) {
        Err(error) if error.use_stderr() => error.render().to_string(),
        _ => log_line(&error.render().to_string()),
    }
}

/// Returns the report options of a command line with a mistake somewhere, if its command has any.
fn report_files(arguments: &[OsString]) -> Option<ReportFiles> {
    let arguments: Vec<_> = arguments.iter().skip(1).map(|argument| argument.to_str()).collect();
    let is_option = |argument: &&str| argument.starts_with('-');
    let command = arguments.iter().copied().flatten().find(|argument| !is_option(argument))?;
    let value = |option: &str| {
        let mut values = arguments.iter().enumerate().filter_map(|(at, argument)| {
            match argument.as_ref()?.strip_prefix(option)? {
                "" => *arguments.get(at + 1)?,
                attached => attached.strip_prefix('='),
            }
        });
        values.next().map(PathBuf::from)
    };
    let files = ReportFiles {
        summary: value("--summary"),
        junit: value("--junit"),
        json: value("--json"),
        html: value("--html"),
        dotenv: value("--dotenv"),
    };
    ["run", "report", "watch"].contains(&command).then_some(files)
}
