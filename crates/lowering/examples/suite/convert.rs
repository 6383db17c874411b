//! What makes 3.0 documents of descriptions: this crate in each profile, or another program whose
//! output is in a folder.

use std::collections::BTreeMap;
use std::fs;
use std::panic::catch_unwind;
use std::path::PathBuf;

use openapi_lowering::{NoteKind, Options, Profile, lower};
use serde_json::Value;

/// A program that converts descriptions.
pub(crate) enum Converter {
    Ours {
        name: &'static str,
        options: Box<Options>,
    },
    /// Its files are `NAME.json`, with the messages in `NAME.notes`, or `NAME.error`.
    Folder {
        name: String,
        folder: PathBuf,
    },
}

/// A step that changes what the document says.
pub(crate) struct Step {
    pub(crate) rule: String,
    /// Other programs do not say.
    pub(crate) kind: Option<NoteKind>,
    /// Where, in the source. Other programs do not say.
    pub(crate) source: Option<String>,
    /// Where, in the result.
    pub(crate) result: Option<String>,
}

pub(crate) enum Outcome {
    Converted {
        document: Value,
        steps: Vec<Step>,
    },
    /// The problems, by the keyword that each is about.
    Rejected(BTreeMap<String, String>),
    Panicked(String),
}

impl Converter {
    pub(crate) fn ours() -> Vec<Self> {
        let profiles = [
            ("faithful", Profile::Faithful),
            ("progenitor", Profile::Progenitor),
            ("tolerant", Profile::Tolerant),
        ];
        let ours = |(name, profile)| Self::Ours { name, options: Box::new(Options::new(profile)) };
        profiles.map(ours).into()
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Ours { name, .. } => name,
            Self::Folder { name, .. } => name,
        }
    }

    /// Whether the goals apply to it.
    pub(crate) fn is_ours(&self) -> bool {
        matches!(self, Self::Ours { .. })
    }

    /// Whether the goals apply to it that only a document for any reader must reach.
    pub(crate) fn is_faithful(&self) -> bool {
        matches!(self, Self::Ours { options, .. } if options.profile() == Profile::Faithful)
    }

    /// Converts the description that is called `name`.
    pub(crate) fn convert(&self, name: &str, document: &Value) -> Outcome {
        match self {
            Self::Ours { options, .. } => ours(document, options),
            Self::Folder { folder, .. } => {
                let read = |extension: &str| {
                    fs::read_to_string(folder.join(format!("{name}.{extension}"))).ok()
                };
                let parsed = read("json").and_then(|text| serde_json::from_str(&text).ok());
                let Some(document) = parsed else {
                    let message = read("error").unwrap_or_else(|| "no output".to_owned());
                    let message = message.trim().to_owned();
                    return Outcome::Rejected(BTreeMap::from([("error".to_owned(), message)]));
                };
                let notes = read("notes").unwrap_or_default();
                let notes = notes.lines().filter(|line| !line.trim().is_empty());
                let steps = notes.map(|note| Step {
                    rule: note.to_owned(),
                    kind: None,
                    source: None,
                    result: None,
                });
                Outcome::Converted { document, steps: steps.collect() }
            }
        }
    }
}

fn ours(document: &Value, options: &Options) -> Outcome {
    match catch_unwind(|| lower(document, options)) {
        Ok(Ok(lowered)) => {
            let steps = lowered.notes.iter().map(|note| Step {
                rule: note.rule.name().to_owned(),
                kind: Some(note.kind),
                source: Some(note.source.clone()),
                result: Some(note.result.clone()),
            });
            Outcome::Converted { steps: steps.collect(), document: lowered.document }
        }
        Ok(Err(problems)) => {
            let problems = problems.iter().map(|problem| {
                let keyword = problem.place().rsplit('/').next().unwrap_or_default();
                (keyword.to_owned(), problem.to_string())
            });
            Outcome::Rejected(problems.collect())
        }
        Err(panic) => {
            let message = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("a panic without a message");
            Outcome::Panicked(message.to_owned())
        }
    }
}
