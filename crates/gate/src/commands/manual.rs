//! `completions` and `man`.

use std::io;

use clap::CommandFactory as _;

use crate::args::{Cli, CompletionsArgs, ManArgs};
use crate::exit::{Ending, Exit};
use crate::manual;
use crate::output::print;
use crate::report::Conclusion;

pub(super) fn completions(args: &CompletionsArgs) -> Result<Exit, Ending> {
    print(&String::from_utf8_lossy(&manual::completions(Cli::command(), args.shell)));
    Ok(Exit::Success)
}

pub(super) fn man(args: &ManArgs) -> Result<Exit, Ending> {
    let written = manual::man_pages(Cli::command()).and_then(|pages| match &args.folder {
        Some(folder) => {
            let written = |page: &manual::ManPage| {
                let path = folder.join(&page.file);
                let about = |error| io::Error::other(format!("{}: {error}", path.display()));
                std::fs::write(&path, &page.content).map_err(about)
            };
            pages.iter().try_for_each(written)
        }
        None => {
            pages.first().iter().for_each(|page| print(&String::from_utf8_lossy(&page.content)));
            Ok(())
        }
    });
    written.map(|()| Exit::Success).map_err(|error| Ending {
        conclusion: Conclusion::NotStarted,
        exit: Exit::Settings,
        reason: format!("the man pages could not be written: {error}"),
    })
}
