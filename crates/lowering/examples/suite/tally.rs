//! What a converter did with the suite: counts for the table, and each fault with its input.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use openapi_lowering::NoteKind;
use serde_json::Value;

use crate::cases::{Case, Direction, Instance};
use crate::convert::{Converter, Outcome, Step};
use crate::judge::{Judge, Official, Reading, Source};

/// What can be wrong with one conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    Panic,
    /// The schema is rejected, though it needs no other document.
    Rejected,
    /// The schema is rejected, and needs another document.
    RejectedRemote,
    /// The output is not valid by the official schema.
    InvalidOutput,
    /// A reader of 3.0 cannot evaluate the output.
    CannotRun,
    /// A valid instance is rejected.
    NowRejected,
    /// The same, as progenitor reads the output.
    NowRejectedByGenerator,
    /// An instance becomes valid and there is no note that says so.
    Silent,
    /// A valid `1.0` is rejected, since it is not an integer in 3.0, and no note says so.
    SilentWholeNumber,
    /// The output, converted again, differs.
    NotIdempotent,
    /// A note points to a location that the source does not have.
    NoteOutOfSource,
    /// A note points to a location that the result does not have.
    NoteOutOfResult,
    /// An instance becomes valid, and no note is about a keyword that rejected it.
    NoteElsewhere,
    /// A valid `1.0` is rejected, since it is not an integer in 3.0.
    WholeNumber,
}

/// A fault with its input.
pub(crate) struct Found {
    pub(crate) fault: Fault,
    direction: Direction,
    origin: String,
    schema: Value,
    instance: Option<Value>,
    output: Option<Value>,
    detail: String,
}

impl Found {
    fn size(&self) -> usize {
        let instance = self.instance.as_ref().map_or(0, |instance| instance.to_string().len());
        self.schema.to_string().len() + instance
    }

    fn text(&self) -> String {
        let mut text = format!(
            "{:?} ({}): {}\n    schema   {}\n",
            self.fault,
            self.direction.name(),
            self.origin,
            self.schema
        );
        if let Some(instance) = &self.instance {
            let _ = writeln!(text, "    instance {instance}");
        }
        if let Some(output) = &self.output {
            let _ = writeln!(text, "    output   {output}");
        }
        if !self.detail.is_empty() {
            let _ = writeln!(text, "    detail   {}", self.detail);
        }
        text
    }
}

/// The counts of one converter in one direction.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) schemas: usize,
    pub(crate) lowered: usize,
    /// The number of schemas rejected for a keyword.
    pub(crate) rejected_for: BTreeMap<String, usize>,
    pub(crate) exact: usize,
    pub(crate) accepts_more: usize,
    pub(crate) found: Vec<Found>,
}

impl Tally {
    pub(crate) fn count(&self, fault: Fault) -> usize {
        self.found.iter().filter(|found| found.fault == fault).count()
    }

    /// Lists the smallest inputs of each fault.
    pub(crate) fn smallest(&self, most: usize) -> String {
        let mut by_fault: BTreeMap<Fault, Vec<&Found>> = BTreeMap::new();
        for found in &self.found {
            by_fault.entry(found.fault).or_default().push(found);
        }
        let mut text = String::new();
        for (fault, mut found) in by_fault {
            found.sort_by_key(|found| found.size());
            let _ = writeln!(text, "  {fault:?}: {}", found.len());
            for found in found.iter().take(most) {
                for line in found.text().lines() {
                    let _ = writeln!(text, "    {line}");
                }
            }
        }
        text
    }
}

/// Runs the suite in one direction through a converter.
pub(crate) fn run(
    converter: &Converter,
    cases: &[Case],
    direction: Direction,
    official: &Official,
) -> Tally {
    let mut tally = Tally::default();
    for (index, case) in cases.iter().enumerate() {
        let description = case.document(direction);
        let mut trial = Trial { case, direction, official, tally: &mut tally };
        match converter.convert(&file_name(index, direction), &description) {
            Outcome::Panicked(message) => trial.found(Fault::Panic, None, None, message),
            Outcome::Rejected(problems) => trial.rejected(problems),
            Outcome::Converted { document, steps } => {
                if converter.is_ours() {
                    trial.again(converter, &document);
                    trial.pointers(&description, &document, &steps);
                }
                trial.converted(&document, &steps);
            }
        }
        tally.schemas += 1;
    }
    tally
}

/// The name of a description's file, without its extension.
pub(crate) fn file_name(index: usize, direction: Direction) -> String {
    format!("{index:04}-{}", direction.name())
}

/// One schema in one direction.
struct Trial<'a> {
    case: &'a Case,
    direction: Direction,
    official: &'a Official,
    tally: &'a mut Tally,
}

impl Trial<'_> {
    fn found(
        &mut self,
        fault: Fault,
        instance: Option<&Instance>,
        output: Option<&Value>,
        detail: String,
    ) {
        let mut origin = format!("{}: {}", self.case.file, self.case.description);
        if let Some(instance) = instance {
            let _ = write!(origin, ": {}", instance.description);
        }
        self.tally.found.push(Found {
            fault,
            direction: self.direction,
            origin,
            schema: self.case.schema.clone(),
            instance: instance.map(|instance| instance.data.clone()),
            output: output.cloned(),
            detail,
        });
    }

    fn rejected(&mut self, problems: BTreeMap<String, String>) {
        let is_remote = Source::new(&self.case.schema).is_remote;
        let fault = if is_remote { Fault::RejectedRemote } else { Fault::Rejected };
        let keywords: Vec<_> = problems.keys().cloned().collect();
        *self.tally.rejected_for.entry(keywords.join(", ")).or_default() += 1;
        let detail: Vec<_> = problems.into_values().collect();
        self.found(fault, None, None, detail.join(" | "));
    }

    /// Converts the output again, which must change nothing.
    fn again(&mut self, converter: &Converter, document: &Value) {
        let detail = match converter.convert("", document) {
            Outcome::Converted { document: again, .. } if &again == document => return,
            Outcome::Converted { document: again, .. } => again["components"].to_string(),
            Outcome::Rejected(problems) => format!("rejected: {problems:?}"),
            Outcome::Panicked(message) => format!("panics: {message}"),
        };
        self.found(Fault::NotIdempotent, None, Some(&document["components"]), detail);
    }

    fn pointers(&mut self, description: &Value, document: &Value, steps: &[Step]) {
        for step in steps {
            let is_nowhere = |pointer: &Option<String>, document: &Value| {
                let pointer = pointer.as_deref().unwrap_or("#");
                pointer != "#" && document.pointer(pointer).is_none()
            };
            let text = rules(std::slice::from_ref(step));
            if is_nowhere(&step.source, description) {
                self.found(Fault::NoteOutOfSource, None, Some(document), text.clone());
            }
            if is_nowhere(&step.result, document) {
                self.found(Fault::NoteOutOfResult, None, Some(document), text);
            }
        }
    }

    fn converted(&mut self, document: &Value, steps: &[Step]) {
        self.tally.lowered += 1;
        let components = document.get("components").unwrap_or(&Value::Null);
        if let Some(fault) = self.official.fault(document) {
            self.found(Fault::InvalidOutput, None, Some(components), fault);
        }
        let Some(schema) = self.direction.schema(document) else {
            let detail = "the operation has no schema".to_owned();
            self.found(Fault::CannotRun, None, Some(document), detail);
            return;
        };
        let judge = |reading| Judge::new(document, &schema, reading);
        let judges =
            (judge(Reading::Strict), judge(Reading::WholeNumbers), judge(Reading::Generator));
        let (strict, whole, generator) = match judges {
            (Ok(strict), Ok(whole), Ok(generator)) => (strict, whole, generator),
            (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => {
                self.found(Fault::CannotRun, None, Some(components), error);
                return;
            }
        };
        let source = Source::new(&self.case.schema);
        let case = self.case;
        for instance in &case.instances {
            let accepted = strict.accepts(&instance.data);
            if instance.valid && !generator.accepts(&instance.data) {
                let fault = Fault::NowRejectedByGenerator;
                self.found(fault, Some(instance), Some(components), String::new());
            }
            match (instance.valid, accepted) {
                (true, true) | (false, false) => self.tally.exact += 1,
                (true, false) => {
                    let is_whole = whole.accepts(&instance.data);
                    let fault = if is_whole { Fault::WholeNumber } else { Fault::NowRejected };
                    self.found(fault, Some(instance), Some(components), rules(steps));
                    if is_whole && !has(steps, NoteKind::Narrowed) {
                        let fault = Fault::SilentWholeNumber;
                        self.found(fault, Some(instance), Some(components), rules(steps));
                    }
                }
                (false, true) => {
                    self.tally.accepts_more += 1;
                    self.widened(&source, instance, components, steps);
                }
            }
        }
    }

    /// An instance became valid: a note must say so.
    fn widened(
        &mut self,
        source: &Source,
        instance: &Instance,
        components: &Value,
        steps: &[Step],
    ) {
        let paths = source.rejecting(&instance.data);
        if !has(steps, NoteKind::Widened) {
            let detail = format!("rejected at {}; notes: {}", paths.join(", "), rules(steps));
            self.found(Fault::Silent, Some(instance), Some(components), detail);
            return;
        }
        let widened = steps.iter().filter(|step| step.kind == Some(NoteKind::Widened));
        let pointers: Vec<&str> = widened.filter_map(|step| step.source.as_deref()).collect();
        if pointers.is_empty() || paths.is_empty() {
            return;
        }
        if !paths.iter().any(|path| is_near(path, &pointers)) {
            let detail = format!("rejected at {}; notes: {}", paths.join(", "), rules(steps));
            self.found(Fault::NoteElsewhere, Some(instance), Some(components), detail);
        }
    }
}

/// Whether a note is about a keyword of the path, or the last keyword of the path about one of a note.
fn is_near(path: &str, pointers: &[&str]) -> bool {
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let has = |path: &str, token: &str| path.split('/').any(|other| other == token);
    pointers.iter().any(|pointer| {
        has(pointer, &last(path)) || (pointer.starts_with(WITHIN) && has(path, &last(pointer)))
    })
}

/// Notes about the schema itself point below it.
const WITHIN: &str = "/components/schemas/It/";

/// Whether a step is of this kind, or might be.
fn has(steps: &[Step], kind: NoteKind) -> bool {
    steps.iter().any(|step| step.kind.is_none_or(|found| found == kind))
}

fn rules(steps: &[Step]) -> String {
    let rules: Vec<_> = steps
        .iter()
        .map(|step| {
            let [source, result] =
                [&step.source, &step.result].map(|pointer| pointer.as_deref().unwrap_or_default());
            let kind = step.kind.map(NoteKind::name).unwrap_or_default();
            format!("{kind} {} {source} -> {result}", step.rule)
        })
        .collect();
    rules.join("; ")
}
