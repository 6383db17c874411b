//! `completions` and `man`.

use std::path::Path;

use clap::CommandFactory as _;

use super::say;
use crate::args::{Cli, CompletionsArgs, ManArgs};
use crate::exit::{Ending, Exit};
use crate::manual;

pub(super) fn completions(args: &CompletionsArgs) -> Result<Exit, Ending> {
    say(&String::from_utf8_lossy(&manual::completions(Cli::command(), args.shell)))?;
    Ok(Exit::Success)
}

pub(super) fn man(args: &ManArgs) -> Result<Exit, Ending> {
    let failed = |error: &dyn std::fmt::Display| {
        Ending::settings(format!("the man pages could not be written: {error}"))
    };
    let pages = manual::man_pages(Cli::command()).map_err(|error| failed(&error))?;
    match &args.folder {
        Some(folder) => {
            let folder: &Path = folder;
            let files: Vec<_> =
                pages.iter().map(|page| (folder.join(&page.file), &page.content)).collect();
            whole_file::write_all(&files).map_err(|error| failed(&error))?;
        }
        None => {
            let first = pages.first().map(|page| String::from_utf8_lossy(&page.content));
            say(&first.unwrap_or_default())?;
        }
    }
    Ok(Exit::Success)
}
