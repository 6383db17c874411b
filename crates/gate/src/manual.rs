//! Shell completions and man pages.

use std::io;

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

/// Returns the script that completes the command in a shell.
pub fn completions(mut command: Command, shell: Shell) -> Vec<u8> {
    let (name, mut out) = (command.get_name().to_owned(), Vec::new());
    clap_complete::generate(shell, &mut command, name, &mut out);
    out
}

/// A man page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManPage {
    /// The name of the file, such as `k6-gate-run.1`.
    pub file: String,
    /// The page in roff.
    pub content: Vec<u8>,
}

/// Returns the man page of the command, and one for each of its subcommands that is not hidden.
///
/// # Errors
///
/// Fails only if memory cannot be written to.
pub fn man_pages(mut command: Command) -> io::Result<Vec<ManPage>> {
    // Gives subcommands the global options and their full names.
    command.build();
    let mut pages = Vec::new();
    add_pages(&mut pages, &command)?;
    Ok(pages)
}

fn add_pages(pages: &mut Vec<ManPage>, command: &Command) -> io::Result<()> {
    let name = command.get_display_name().unwrap_or(command.get_name());
    let mut content = Vec::new();
    Man::new(command.clone()).render(&mut content)?;
    pages.push(ManPage { file: format!("{name}.1"), content });
    let mut subcommands = command.get_subcommands().filter(|command| is_documented(command));
    subcommands.try_for_each(|subcommand| add_pages(pages, subcommand))
}

fn is_documented(command: &Command) -> bool {
    !command.is_hide_set() && command.get_name() != "help"
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, ValueEnum as _};

    use super::*;
    use crate::args::Cli;

    #[test]
    fn every_shell_has_completions_for_all_commands() {
        for shell in Shell::value_variants() {
            let script = String::from_utf8(completions(Cli::command(), *shell)).expect("text");
            for part in ["max-regression", "step", "compare", "k6-gate"] {
                // Only options of the program.
                assert_eq!(script.contains(part), part != "step", "{shell} {part}");
            }
        }
    }

    #[test]
    fn every_command_has_a_man_page() {
        let pages = man_pages(Cli::command()).expect("written");
        let files: Vec<_> = pages.iter().map(|page| &*page.file).collect();
        for file in ["k6-gate.1", "k6-gate-run.1", "k6-gate-list.1", "k6-gate-list-runs.1"] {
            assert!(files.contains(&file), "{files:?}");
        }
        assert!(!files.iter().any(|file| file.contains("help") || file.contains("completions")));
        let text = |file: &str| {
            let page = pages.iter().find(|page| page.file == file).expect("a page");
            String::from_utf8(page.content.clone()).expect("text")
        };
        let run = text("k6-gate-run.1");
        for part in [".TH", "\\-\\-max\\-p95", "\\-\\-junit", "\\-\\-k6\\-exit\\-codes"] {
            assert!(run.contains(part), "{part} in {run}");
        }
        assert!(text("k6-gate.1").contains("104"), "exit codes");
    }
}
