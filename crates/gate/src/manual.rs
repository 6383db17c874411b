//! Shell completions and man pages.

use std::io::{self, Write as _};

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;
use k6_cloud_fake::FakeProgram;

use crate::args::EXIT_CODES;

const ENVIRONMENT: &str = "\
K6_CLOUD_TOKEN       the API token
K6_CLOUD_STACK_URL   the address of the stack, such as https://acme.grafana.net
K6_CLOUD_STACK_ID    or its id
K6_CLOUD_PROJECT_ID  the default project of a script
GITHUB_ACTIONS, GITHUB_STEP_SUMMARY, GITHUB_OUTPUT
                     where GitHub Actions wants reports
CI, TERM, NO_COLOR   whether to show a bar and colours";

/// Examples by the names of the pages.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "k6-gate",
        "k6-gate run --load-test 101 --max-p95 500ms --junit k6.xml\nk6-gate list runs --load-test 101",
    ),
    (
        "k6-gate-run",
        "k6-gate run --load-test 101 --max-p95 500ms --max-error-share 1%\n\
         k6-gate run --project Shop --name Checkout checkout.js --create --max-vuh 20 --html k6.html\n\
         k6-gate run --load-test 101 --detach run.json\n\
         k6-gate run --resume run.json --max-regression p95:10%",
    ),
    ("k6-gate-report", "k6-gate report 900001 --summary k6.md --json -"),
    ("k6-gate-watch", "k6-gate watch 900001 --timeout 1h --junit k6.xml"),
    ("k6-gate-abort", "k6-gate abort 900001"),
    ("k6-gate-compare", "k6-gate compare 900002 900001 --max-regression p95:10%"),
    ("k6-gate-doctor", "k6-gate doctor --json"),
    ("k6-gate-list-runs", "k6-gate list runs --load-test 101 --limit 10 --json"),
    ("k6-gate-fake", "k6-gate fake --port 8600 --next failed:60s"),
    (
        "k6-gate-completions",
        "k6-gate completions bash > /usr/share/bash-completion/completions/k6-gate",
    ),
    ("k6-gate-man", "k6-gate man /usr/share/man/man1"),
];

/// Returns the script that completes the command in a shell.
pub fn completions(mut command: Command, shell: Shell) -> Vec<u8> {
    let (name, mut out) = (command.get_name().to_owned(), Vec::new());
    clap_complete::generate(shell, &mut command, &name, &mut out);
    match shell {
        // The script for bash names the states below the top level without regard to hyphens in the name
        // of the program: one half with `k6__gate`, the other with `k6__subcmd__gate`.
        Shell::Bash => {
            let wrong = name.replace('-', "__subcmd__");
            let right = name.replace('-', "__");
            String::from_utf8_lossy(&out).replace(&wrong, &right).into_bytes()
        }
        _ => out,
    }
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
    let content = page(name, command)?;
    pages.push(ManPage { file: format!("{name}.1"), content });
    let mut subcommands = command.get_subcommands().filter(|command| is_documented(command));
    subcommands.try_for_each(|subcommand| add_pages(pages, subcommand))
}

/// Returns the page of a command, with the sections that every command has.
fn page(name: &str, command: &Command) -> io::Result<Vec<u8>> {
    let man = Man::new(command.clone());
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    let synopsis: Vec<_> = synopsis(name, command);
    write!(out, ".SH SYNOPSIS\n\\fB{}\\fR {}\n", roff(name), synopsis.join(" "))?;
    man.render_description_section(&mut out)?;
    if name == "k6-gate-fake" {
        verbatim(&mut out, "OPTIONS", FakeProgram::USAGE)?;
    } else {
        man.render_options_section(&mut out)?;
    }
    if command.get_subcommands().any(is_documented) {
        man.render_subcommands_section(&mut out)?;
    }
    verbatim(&mut out, "EXIT STATUS", EXIT_CODES)?;
    verbatim(&mut out, "ENVIRONMENT", ENVIRONMENT)?;
    if let Some((_, example)) = EXAMPLES.iter().find(|(command, _)| *command == name) {
        verbatim(&mut out, "EXAMPLES", example)?;
    }
    if command.get_version().is_some() {
        man.render_version_section(&mut out)?;
    }
    Ok(out)
}

/// Returns the arguments of a command, with the names of their values.
fn synopsis(name: &str, command: &Command) -> Vec<String> {
    if name == "k6-gate-fake" {
        return vec!["[\\fIFLAGS\\fR]".to_owned()];
    }
    let arguments = command.get_arguments().filter(|argument| !argument.is_hide_set());
    let shown = |argument: &clap::Arg| {
        // Such as `--junit <FILE>` or `[SCRIPT]`.
        let text = roff(&argument.to_string());
        match argument.is_required_set() || text.starts_with('[') {
            true => text,
            false => format!("[{text}]"),
        }
    };
    let mut shown: Vec<_> = arguments.map(shown).collect();
    if command.get_subcommands().any(is_documented) {
        shown.push("\\fICOMMAND\\fR".to_owned());
    }
    shown
}

/// Writes a section with lines as they are.
fn verbatim(out: &mut Vec<u8>, title: &str, text: &str) -> io::Result<()> {
    writeln!(out, ".SH \"{title}\"\n.nf")?;
    for line in text.lines() {
        // A dot or an apostrophe would begin a request.
        writeln!(out, "\\&{}", roff(line))?;
    }
    writeln!(out, ".fi")
}

fn roff(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
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
        assert!(!files.iter().any(|file| file.contains("help")));
        assert!(files.contains(&"k6-gate-completions.1") && files.contains(&"k6-gate-man.1"));
        let text = |file: &str| {
            let page = pages.iter().find(|page| page.file == file).expect("a page");
            String::from_utf8(page.content.clone()).expect("text")
        };
        let run = text("k6-gate-run.1");
        for part in [".TH", "\\-\\-max\\-p95", "\\-\\-junit", "\\-\\-k6\\-exit\\-codes"] {
            assert!(run.contains(part), "{part} in {run}");
        }
        for part in ["[\\-\\-junit <FILE>]", "[\\-\\-max\\-vuh <VUH>]", "EXAMPLES"] {
            assert!(run.contains(part), "{part} in {run}");
        }
        for page in &pages {
            let page = String::from_utf8(page.content.clone()).expect("text");
            for part in ["EXIT STATUS", "ENVIRONMENT", "K6_CLOUD_TOKEN", "104"] {
                assert!(page.contains(part), "{part} in {page}");
            }
        }
        assert!(text("k6-gate-fake.1").contains("\\-\\-private\\-zone"), "flags of the fake");
    }
}
