//! The lower stage: OpenAPI 3.1 or 3.2 to 3.0.3.
//!
//! The first stage (`faithful`) writes a description in 3.0.3 for any reader. For a client three
//! passes follow. The first (`document`, `operation`, `content`, `schema`, `unions`) takes away what
//! the generator cannot read. The second (`shape`, `nullable`) fits the result to a client that must
//! read what a newer server sends. The third (`inline`) moves types that are written in place to
//! components, so that each has a name of its own. All walk the document by location, never by the
//! name of a key: a property may be called `const`.
//!
//! Every step that loses something is noted with its location in the description and in the result.
//! Lowering is idempotent, and the same input gives the same bytes.

mod content;
mod document;
mod faithful;
mod inline;
mod integers;
pub(crate) mod names;
mod note;
mod nullable;
mod operation;
mod options;
mod origin;
mod parameter;
mod prose;
mod rules;
mod schema;
mod shape;
mod unions;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value};

use crate::problem::{Place, Problem, Problems};
use faithful::Written;
pub use names::component_names;
use note::Draft;
pub use note::Note;
pub use options::{ExtensionType, KeyOrder, Options, Profile, Reserved};
pub use rules::{Choice, NoteKind, RuleId, UnknownRule};

/// A lowered document and the lossy steps that led to it.
#[derive(Debug)]
pub struct Lowered {
    /// The document, in OpenAPI 3.0.3.
    pub document: Value,
    /// Every lossy step, sorted.
    pub notes: Vec<Note>,
    /// The lowered name of each published component schema.
    pub names: BTreeMap<String, String>,
}

#[cfg(feature = "openapiv3")]
impl Lowered {
    /// Returns the document as the types of the crate `openapiv3`.
    ///
    /// # Errors
    ///
    /// The description has a value in a place where those types have no room for it, such as a
    /// number in `operationId`.
    pub fn to_openapiv3(&self) -> Result<openapiv3::OpenAPI, Problem> {
        serde_json::from_value(self.document.clone()).map_err(|error| {
            Place::root().problem(
                format!("the lowered document is not OpenAPI 3.0: {error}"),
                "correct the description with an overlay action",
            )
        })
    }
}

/// Lowers a description of OpenAPI 3.1 or 3.2 to OpenAPI 3.0.3. One of OpenAPI 3.0 keeps its
/// meaning.
///
/// # Errors
///
/// All that cannot be lowered, each with its JSON pointer and a fix.
pub fn lower(document: &Value, options: &Options) -> Result<Lowered, Problems> {
    let document = &in_order(document, options);
    let names = match options.profile() {
        Profile::Faithful => component_keys(document),
        _ => component_names(document, options)?,
    };
    let written = faithful::write(document, options, &names)?;
    let (mut lowered, mut drafts) = match options.profile() {
        Profile::Faithful => as_written(written)?,
        _ => first_pass(written, options, &names)?,
    };
    if options.profile() != Profile::Faithful {
        integers::agree(&mut lowered, &mut drafts);
        shape::shape(&mut lowered, &mut drafts, options);
        inline::name_types(&mut lowered);
    }
    let notes = note::located(drafts, document, &lowered);
    origin::remove_marks(&mut lowered);
    denied(&notes, options)?;
    let document = in_order(&lowered, options).into_owned();
    Ok(Lowered { document, notes, names })
}

/// Returns the document with its keys in the order that the options ask for.
fn in_order<'v>(document: &'v Value, options: &Options) -> Cow<'v, Value> {
    // Without the feature every object is sorted.
    if cfg!(feature = "preserve-order") && options.key_order == KeyOrder::Sorted {
        #[cfg(feature = "preserve-order")]
        return Cow::Owned(sorted(document.clone()));
    }
    Cow::Borrowed(document)
}

#[cfg(feature = "preserve-order")]
fn sorted(mut document: Value) -> Value {
    document.sort_all_objects();
    document
}

/// The names of the components, which stay as they are if OpenAPI 3.0 allows them.
fn component_keys(document: &Value) -> BTreeMap<String, String> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let Some(schemas) = schemas else { return BTreeMap::new() };
    let legal = names::legal_names(schemas.keys());
    let shown = |name: &String| legal.get(name).unwrap_or(name).clone();
    schemas.keys().map(|name| (name.clone(), shown(name))).collect()
}

/// Rejects a description for which a rule did what the caller does not allow.
fn denied(notes: &[Note], options: &Options) -> Result<(), Problems> {
    let denied = notes.iter().filter(|note| options.choice(note.rule) == Choice::Deny);
    let problems = denied.map(|note| {
        let what = format!("{} (rule {})", note.detail, note.rule);
        Problem::new(&note.source, what, "correct the description, or permit the rule")
    });
    Problems::none_or(problems.collect(), ())
}

/// Makes of a document of 3.0.3 one that the generator reads; its schemas still say where they come
/// from.
fn first_pass(
    written: Written,
    options: &Options,
    names: &BTreeMap<String, String>,
) -> Result<(Value, Vec<Draft>), Problems> {
    let root = Place::root();
    let source = object(&written.document, &root)?;
    let mut lowering = Lowering::new(&written.document, options, names);
    let lowered = lowering.document(source, &root);
    // What is wrong with a component that is left out does no harm.
    let reached = lowering.reached;
    let is_reached = |component: &Option<String>| {
        let place = Place::root().at("components").at("schemas");
        component.as_ref().is_none_or(|name| reached.contains(place.at(name).as_str()))
    };
    let problems = written.problems.into_iter().filter(|problem| is_reached(&problem.component));
    let mut problems: Vec<Problem> = problems.map(|problem| problem.it).collect();
    problems.extend(lowering.problems);
    let drafts = written.drafts.into_iter().filter(|draft| is_reached(&draft.component));
    let mut drafts: Vec<Draft> = drafts.map(|draft| draft.it).collect();
    drafts.extend(lowering.notes);
    Problems::at_each_place_or(problems, (lowered, drafts))
}

/// The document of the first stage, for which every problem counts.
fn as_written(written: Written) -> Result<(Value, Vec<Draft>), Problems> {
    let problems = written.problems.into_iter().map(|problem| problem.it).collect();
    let drafts = written.drafts.into_iter().map(|draft| draft.it).collect();
    Problems::at_each_place_or(problems, (written.document, drafts))
}

/// The state of the first pass.
struct Lowering<'a> {
    document: &'a Value,
    options: &'a Options,
    /// Component schemas: published name to lowered name.
    names: &'a BTreeMap<String, String>,
    /// The names of operations, in snake case.
    operation_names: BTreeSet<String>,
    /// The pointers of the components that something refers to.
    reached: BTreeSet<String>,
    /// Schemas that are still to be lowered: their pointer and the component they become.
    queue: VecDeque<(String, String)>,
    notes: Vec<Draft>,
    problems: Vec<Problem>,
}

impl<'a> Lowering<'a> {
    fn new(document: &'a Value, options: &'a Options, names: &'a BTreeMap<String, String>) -> Self {
        Self {
            document,
            options,
            names,
            operation_names: names::operation_names(document),
            reached: BTreeSet::new(),
            queue: VecDeque::new(),
            notes: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn note(&mut self, rule: RuleId, effect: &'static str, place: &Place) {
        self.notes.push(Draft::new(rule, rule.kind(), place, effect));
    }

    /// Notes the members of an object that the generator does not read.
    fn note_unread(&mut self, members: &Map<String, Value>, place: &Place, read: &[&str]) {
        let unread = members.keys().filter(|key| !read.contains(&key.as_str()));
        let unread: Vec<_> = unread.filter(|key| !origin::is_mark(key)).cloned().collect();
        for key in unread {
            self.note(RuleId::Unread, NOT_READ, &place.at(key));
        }
    }

    /// Records a problem, so that the rest of the document is checked as well.
    fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }
}

/// What it costs that the generator does not read something.
const NOT_READ: &str = "the generator does not read it";

/// The fix for what an overlay can correct where it is.
const OVERLAY: &str = "correct the description with an overlay action";

fn object<'v>(value: &'v Value, place: &Place) -> Result<&'v Map<String, Value>, Problem> {
    value.as_object().ok_or_else(|| {
        if place == &Place::root() {
            let fix = "check that the source is the API's description";
            return place.problem("the document is not an object", fix);
        }
        wrong_type(value, place, "an object")
    })
}

fn array<'v>(value: &'v Value, place: &Place) -> Result<&'v Vec<Value>, Problem> {
    value.as_array().ok_or_else(|| wrong_type(value, place, "a list"))
}

fn string<'v>(value: &'v Value, place: &Place) -> Result<&'v str, Problem> {
    value.as_str().ok_or_else(|| wrong_type(value, place, "a string"))
}

fn boolean(value: &Value, place: &Place) -> Result<bool, Problem> {
    value.as_bool().ok_or_else(|| wrong_type(value, place, "a boolean"))
}

/// The value of a member that must be there.
fn required<'v>(
    members: &'v Map<String, Value>,
    key: &str,
    place: &Place,
) -> Result<&'v Value, Problem> {
    members.get(key).ok_or_else(|| {
        place.problem(format!("`{key}` is missing"), "add it with an overlay action")
    })
}

fn wrong_type(value: &Value, place: &Place, wanted: &str) -> Problem {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    place.problem(format!("{wanted} is required here, not {found}"), OVERLAY)
}

fn unknown_key(place: &Place) -> Problem {
    place.problem("OpenAPI 3.1 has no such key here", "remove it with an overlay action")
}

#[cfg(test)]
mod tests;
