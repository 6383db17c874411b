//! The first stage of the lowering: OpenAPI 3.1 or 3.2 to 3.0.3, for any reader.
//!
//! What 3.0 can say is written so exactly, and nothing else changes. Where it cannot, the lowered
//! schema allows more than the description, never less, and a note says so. That a schema was
//! widened matters to the schemas around it: under `not` it would allow less, and in a `oneOf` its
//! arms may overlap. So the document is lowered twice if anything was widened: the first time to
//! see which components are exact.

mod arrays;
mod binary;
mod composition;
mod index;
mod keywords;
mod kinds;
mod numbers;
mod objects;
mod older;
mod properties;
mod renamed;
mod schema;
mod sketch;
mod slips;
mod unevaluated;
mod uri;
mod valid;
mod values;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Value, json};

use super::note::Draft;
use super::rules::{Choice, NoteKind, RuleId};
use super::{Options, Profile};
use crate::problem::{Place, Problem};
use crate::schemas::Members;
use index::Index;

/// A document of OpenAPI 3.0 whose schemas say where they come from, and the steps that led to it.
pub(super) struct Written {
    pub(super) document: Value,
    pub(super) drafts: Vec<Owned<Draft>>,
    pub(super) problems: Vec<Owned<Problem>>,
}

/// A note or a problem, with the name of the component that it is in.
pub(super) struct Owned<T> {
    pub(super) component: Option<String>,
    pub(super) it: T,
}

/// Writes a document in OpenAPI 3.0.3, as far as that can be done.
///
/// # Errors
///
/// It is not a description of a version that is known.
pub(super) fn write(
    document: &Value,
    options: &Options,
    names: &BTreeMap<String, String>,
) -> Result<Written, Problem> {
    let version = objects::check_version(document)?;
    let mut writer = Writer::new(document, options, names, version);
    let mut written = writer.document();
    if writer.needs_another_pass() {
        writer.begin_again();
        written = writer.document();
    }
    writer.note_long_numbers();
    Ok(Written { document: written, drafts: writer.drafts, problems: writer.problems })
}

/// The version of OpenAPI that a description is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    V3_0,
    /// 3.1 or 3.2: with schemas of JSON Schema 2020-12.
    V3_1,
}

struct Writer<'a> {
    source: &'a Value,
    options: &'a Options,
    version: Version,
    index: Index<'a>,
    /// Schemas referred to outside the components: their pointer to the component they become.
    hoisted: BTreeMap<String, String>,
    /// The names that the components get in a client, by their own.
    names: &'a BTreeMap<String, String>,
    /// The legal names of components, by their pointers. A client has them in `names`.
    renamed: BTreeMap<String, String>,
    /// The schemas that stand for bytes if they say nothing else, by their pointers.
    bytes: binary::Bytes,
    /// The pointers of aliases that lead to an end.
    ending: BTreeSet<String>,
    /// The names of all components.
    taken: BTreeSet<String>,
    /// Hoisted schemas that are still to be written: their pointers and names.
    queue: VecDeque<(String, String)>,
    /// The names that were ever in the queue.
    demanded: BTreeSet<String>,
    /// What is known of the components' exactness.
    exactness: Exactness,
    /// Security schemes that 3.0 does not have.
    dropped_schemes: BTreeSet<String>,
    /// Whether the first `type: integer` was noted.
    integer_is_noted: bool,
    /// Whether the first null type without quotes was noted.
    null_type_is_noted: bool,
    drafts: Vec<Owned<Draft>>,
    problems: Vec<Owned<Problem>>,
}

/// Which components allow more than the description.
#[derive(Default)]
struct Exactness {
    /// The number of times that something was widened, or refers to a component that was.
    losses: usize,
    /// The component that is being written.
    current: Option<String>,
    /// Components that were widened themselves.
    widened: BTreeSet<String>,
    /// Components by those that they refer to.
    referred_by: BTreeMap<String, BTreeSet<String>>,
    /// All components that are not exact, known from the first pass.
    inexact: BTreeSet<String>,
}

impl Exactness {
    /// Finds the components that refer to one that was widened.
    fn spread(&mut self) {
        let mut queue: Vec<String> = self.widened.iter().cloned().collect();
        while let Some(name) = queue.pop() {
            if self.inexact.insert(name.clone()) {
                queue.extend(self.referred_by.get(&name).into_iter().flatten().cloned());
            }
        }
    }
}

impl<'a> Writer<'a> {
    fn new(
        source: &'a Value,
        options: &'a Options,
        names: &'a BTreeMap<String, String>,
        version: Version,
    ) -> Self {
        let index = Index::new(source);
        Self {
            source,
            options,
            version,
            hoisted: BTreeMap::new(),
            names,
            renamed: match options.profile() {
                Profile::Faithful => super::names::renamed_components(source),
                _ => BTreeMap::new(),
            },
            bytes: binary::Bytes::of(source, &index, version),
            ending: BTreeSet::new(),
            index,
            taken: names.iter().flat_map(|(a, b)| [a.clone(), b.clone()]).collect(),
            queue: VecDeque::new(),
            demanded: BTreeSet::new(),
            exactness: Exactness::default(),
            dropped_schemes: objects::dropped_schemes(source),
            integer_is_noted: false,
            null_type_is_noted: false,
            drafts: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn needs_another_pass(&self) -> bool {
        !self.exactness.widened.is_empty() || !self.hoisted.is_empty()
    }

    fn begin_again(&mut self) {
        self.exactness.spread();
        self.exactness.losses = 0;
        self.integer_is_noted = false;
        self.null_type_is_noted = false;
        self.drafts.clear();
        self.problems.clear();
        self.queue.clear();
        self.demanded.clear();
    }

    /// Whether a client is generated of the result.
    fn is_for_client(&self) -> bool {
        self.options.profile() != Profile::Faithful
    }

    fn choice(&self, rule: RuleId) -> Choice {
        self.options.choice(rule)
    }

    /// Whether a construct is left out although 3.0 could say some of it.
    fn drops(&self, rule: RuleId) -> bool {
        self.choice(rule) == Choice::Drop
    }

    fn note(&mut self, rule: RuleId, kind: NoteKind, place: &Place, detail: &'static str) {
        let component = self.exactness.current.clone();
        self.drafts.push(Owned { component, it: Draft::new(rule, kind, place, detail) });
    }

    /// Notes that the lowered schema allows more than the description.
    fn widen(&mut self, rule: RuleId, place: &Place, detail: &'static str) {
        self.note(rule, NoteKind::Widened, place, detail);
        self.exactness.losses += 1;
        self.exactness.widened.extend(self.exactness.current.clone());
    }

    /// Records a problem, so that the rest of the document is checked as well.
    fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.reject(problem)).ok()
    }

    /// Records a problem of the component that is being written.
    fn reject(&mut self, problem: Problem) {
        let component = self.exactness.current.clone();
        self.problems.push(Owned { component, it: problem });
    }

    /// Returns what `write` makes and whether it is exact.
    fn exactly<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> (T, bool) {
        let before = self.exactness.losses;
        let made = write(self);
        (made, self.exactness.losses == before)
    }

    /// Returns what `write` makes if it is exact; else the notes about it are forgotten, because
    /// the caller leaves it out.
    fn only_exactly<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let drafts = self.drafts.len();
        let (made, exact) = self.exactly(write);
        if !exact {
            self.drafts.truncate(drafts);
        }
        exact.then_some(made)
    }

    /// Has a schema that became a component written.
    fn demand(&mut self, pointer: &str, name: &str) {
        if self.demanded.insert(name.to_owned()) {
            self.queue.push_back((pointer.to_owned(), name.to_owned()));
        }
    }

    /// Writes all component schemas, but not those that references make components of.
    fn component_schemas(&mut self, place: &Place) -> Value {
        let mut written = Members::new();
        let schemas = self.source.pointer("/components/schemas").and_then(Value::as_object);
        for (name, schema) in schemas.into_iter().flatten() {
            self.exactness.current = Some(name.clone());
            let at = place.at(name);
            let mut schema = self.component(schema, &at);
            let shown = self.shown_name(name, &at, &mut schema);
            written.insert(shown, schema);
        }
        self.exactness.current = None;
        Value::Object(written)
    }

    /// Writes the schemas that something refers to and that are not written yet.
    fn demanded_schemas(&mut self, into: &mut Members) {
        while let Some((pointer, name)) = self.queue.pop_front() {
            let (schema, place) = index::at(self.source, &pointer);
            self.exactness.current = Some(name.clone());
            let schema = self.component(schema, &place);
            into.insert(name, schema);
        }
        self.exactness.current = None;
    }

    /// Returns a reference to the component that a schema's `$ref` leads to.
    ///
    /// A reference to anything else inside the document makes a component of it.
    fn reference_to(&mut self, pointer: &str, reference: &str, at: &Place) -> Option<Value> {
        let outside = pointer.is_empty()
            || pointer
                .strip_prefix("/components/")
                .is_some_and(|rest| !rest.starts_with("schemas/") && rest.split('/').count() <= 2);
        if outside {
            self.reject(at.problem(
                format!("{reference:?} is not a schema"),
                "correct the reference with an overlay action",
            ));
            return None;
        }
        let name = match pointer.strip_prefix("/components/schemas/") {
            Some(name) if !name.contains('/') => name.replace("~1", "/").replace("~0", "~"),
            _ => self.hoist(pointer),
        };
        if let Some(current) = self.exactness.current.clone() {
            self.exactness.referred_by.entry(name.clone()).or_default().insert(current);
        }
        if self.exactness.inexact.contains(&name) {
            self.exactness.losses += 1;
        }
        let token = name.replace('~', "~0").replace('/', "~1");
        let pointer = format!("/components/schemas/{token}");
        Some(json!({ "$ref": format!("#{}", self.shown_pointer(&pointer)) }))
    }

    fn hoist(&mut self, pointer: &str) -> String {
        if let Some(name) = self.hoisted.get(pointer).cloned() {
            self.demand(pointer, &name);
            return name;
        }
        let base = hoisted_name(pointer, self.names);
        let mut name = base.clone();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{base}{number}");
            number += 1;
        }
        self.hoisted.insert(pointer.to_owned(), name.clone());
        self.demand(pointer, &name);
        name
    }
}

/// The name of a component for a schema that is somewhere else.
fn hoisted_name(pointer: &str, names: &BTreeMap<String, String>) -> String {
    let decoded = pointer.split('/').skip(1);
    let mut words: Vec<_> =
        decoded.map(|token| token.replace("~1", "/").replace("~0", "~")).collect();
    if pointer.starts_with("/components/schemas/") {
        words.drain(..2);
        if let Some(name) = names.get(&words[0]) {
            words[0].clone_from(name);
        }
    }
    let passed = ["$defs", "definitions", "properties", "schema"];
    let parts = words
        .iter()
        .filter(|word| !passed.contains(&word.as_str()))
        .flat_map(|word| word.split(|c: char| !c.is_ascii_alphanumeric()));
    let name: String = parts
        .map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_ascii_uppercase() + rest
        })
        .collect();
    if name.is_empty() { "Schema".to_owned() } else { name }
}
