//! The areas, and the tests that should see their mistakes.

use std::path::{Path, PathBuf};

use clap::ValueEnum as _;

/// A part of the repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Area {
    Pages,
    Retry,
    Wait,
    Run,
    Start,
    Ensure,
    Errors,
    Gate,
    Diff,
    Faithful,
}

/// A program of tests: its package, and its target.
pub(crate) struct Suite {
    pub(crate) package: &'static str,
    pub(crate) target: &'static str,
}

const fn suite(package: &'static str, target: &'static str) -> Suite {
    Suite { package, target }
}

impl Area {
    /// The folder of the crate, and the files and folders in it.
    fn sources(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Pages => (".", &["src/pages"]),
            Self::Retry => (".", &["src/http/retry"]),
            Self::Wait => (".", &["src/wait"]),
            Self::Run => (".", &["src/run.rs"]),
            Self::Start => (".", &["src/start"]),
            Self::Ensure => (".", &["src/ensure"]),
            Self::Errors => (".", &["src/error"]),
            Self::Gate => ("crates/gate", &["src"]),
            Self::Diff => ("xtask", &["src/diff"]),
            Self::Faithful => ("crates/lowering", &["src/lower/faithful"]),
        }
    }

    /// The root of the crate in which the mistakes are made.
    pub(crate) fn library(self) -> PathBuf {
        Path::new(self.sources().0).join("src/lib.rs")
    }

    /// The areas of the same crate.
    pub(crate) fn of_one_crate(self) -> Vec<Self> {
        let all = Self::value_variants().iter().copied();
        all.filter(|area| area.package() == self.package()).collect()
    }

    pub(crate) fn package(self) -> &'static str {
        self.suites()[0].package
    }

    /// What cargo needs to compile the tests.
    pub(crate) fn features(self) -> &'static [&'static str] {
        match self {
            Self::Faithful => &["--features", "progenitor"],
            _ => &[],
        }
    }

    /// The Rust files of the area, sorted.
    pub(crate) fn files(self, workspace: &Path) -> Result<Vec<PathBuf>, String> {
        let (folder, sources) = self.sources();
        let mut files = Vec::new();
        for source in sources {
            add(&workspace.join(folder).join(source), &mut files)?;
        }
        files.sort();
        match files.is_empty() {
            true => Err(format!("the area {self} has no files: correct its list in crates/mutate")),
            false => Ok(files),
        }
    }

    /// The tests.
    pub(crate) fn suites(self) -> &'static [Suite] {
        match self {
            Self::Gate => {
                const {
                    &[
                        suite("k6-gate", "k6_gate"),
                        suite("k6-gate", "report"),
                        suite("k6-gate", "it"),
                    ]
                }
            }
            Self::Diff => const { &[suite("xtask", "xtask"), suite("xtask", "rehearsal")] },
            Self::Faithful => {
                const {
                    &[
                        suite("openapi-lowering", "openapi_lowering"),
                        suite("openapi-lowering", "it"),
                        suite("openapi-lowering", "properties"),
                        suite("openapi-lowering", "valid"),
                    ]
                }
            }
            _ => const { &[suite("k6-cloud", "k6_cloud"), suite("k6-cloud", "it")] },
        }
    }
}

impl std::fmt::Display for Area {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", format!("{self:?}").to_lowercase())
    }
}

fn add(path: &Path, into: &mut Vec<PathBuf>) -> Result<(), String> {
    if path.is_dir() {
        let entries =
            std::fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
        for entry in entries {
            add(&entry.map_err(|error| error.to_string())?.path(), into)?;
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        // Tests, and programs that only start the library.
        let name = path.file_name().unwrap_or_default();
        let skipped = ["main.rs", "tests.rs", "testing.rs"].iter().any(|skipped| name == *skipped);
        let in_tests = path.components().any(|part| part.as_os_str() == "tests");
        if !skipped && !in_tests {
            into.push(path.to_owned());
        }
    }
    Ok(())
}
