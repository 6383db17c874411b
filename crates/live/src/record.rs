//! Recorded behaviour: what a service did, without any value, to check the fake against it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::description::{Description, escape};
use crate::errors::Parts;
use crate::finding::{media_type, type_name};
use crate::order::is_sorted;
use crate::survey::{Seen, Survey};

/// Headers that say something of the service. Others belong to the connection or to what is in front.
const HEADERS: &[&str] = &[
    "allow",
    "content-disposition",
    "content-type",
    "date",
    "etag",
    "last-modified",
    "location",
    "retry-after",
    "vary",
    "www-authenticate",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
];

/// The fewest rows that show an order.
const MIN_ROWS: usize = 3;

/// What a service did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Record {
    /// The version of this form: 1.
    pub format: u32,
    /// The version of the description.
    pub description: String,
    /// By operation.
    pub operations: BTreeMap<String, Recorded>,
    /// By list: the orders in which all its rows are, such as `created desc`.
    pub orders: BTreeMap<String, BTreeSet<String>>,
}

/// What an operation did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Recorded {
    /// The members of all successful responses, by their pointers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub members: BTreeMap<String, Member>,
    /// The responses, by the request with values replaced by their types.
    pub requests: BTreeMap<String, Observed>,
}

/// The responses to one kind of request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Observed {
    /// The statuses.
    pub statuses: BTreeSet<u16>,
    /// The content types.
    pub content_types: BTreeSet<String>,
    /// The names of headers.
    pub headers: BTreeSet<String>,
    /// The parts of error responses.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub errors: BTreeSet<String>,
}

/// A member of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Member {
    /// The types of its values.
    pub types: BTreeSet<String>,
    /// Whether every object had it.
    pub always: bool,
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    ///
    /// If it has another form.
    pub fn read(json: &[u8]) -> Result<Self, String> {
        let record: Self =
            serde_json::from_slice(json).map_err(|error| format!("it is not a record: {error}"))?;
        match record.format {
            1 => Ok(record),
            other => Err(format!("it is a record of the form {other}: this version reads form 1")),
        }
    }

    /// Returns the record as JSON.
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    pub(crate) fn of(survey: &Survey<'_>) -> Self {
        let mut record = Self {
            format: 1,
            description: survey.description.version().to_owned(),
            ..Self::default()
        };
        let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
        for seen in &survey.seen {
            let recorded = record.operations.entry(seen.operation.clone()).or_default();
            recorded.requests.entry(seen.case.clone()).or_default().add(seen, survey.description);
            if let Some(body) = seen.response.json().filter(|_| seen.response.is_success()) {
                let counts = counts.entry(&seen.operation).or_default();
                counts.add("", &body, survey.description);
            }
        }
        for (operation, counts) in counts {
            let recorded = record.operations.entry(operation.to_owned()).or_default();
            recorded.members = counts.members();
        }
        for (list, rows) in &survey.rows {
            record.orders.insert(list.clone(), orders(rows));
        }
        record
    }

    /// Returns where another server, such as the fake, contradicts this record. What only one of them
    /// was asked, or only one has data for, is no contradiction.
    pub fn contradictions(&self, other: &Self) -> Vec<String> {
        let mut all = Vec::new();
        for (operation, recorded) in &self.operations {
            if let Some(other) = other.operations.get(operation) {
                let found = recorded.contradictions(other);
                all.extend(found.into_iter().map(|found| format!("{operation}{found}")));
            }
        }
        for (list, orders) in &self.orders {
            if let Some(other) = other.orders.get(list)
                && !orders.is_empty()
                && !other.is_empty()
                && orders.is_disjoint(other)
            {
                all.push(format!("{list}: the order is {}, not {}", listed(orders), listed(other)));
            }
        }
        all
    }
}

impl Recorded {
    /// Returns what contradicts, each with what it belongs to before it.
    fn contradictions(&self, other: &Self) -> Vec<String> {
        let mut all = Vec::new();
        self.members(other, &mut all);
        all.iter_mut().for_each(|found| found.insert_str(0, ": "));
        for (case, observed) in &self.requests {
            if let Some(other) = other.requests.get(case) {
                let found = observed.contradictions(other);
                all.extend(found.into_iter().map(|found| format!(", {case}: {found}")));
            }
        }
        all
    }

    fn members(&self, other: &Self, all: &mut Vec<String>) {
        for (pointer, recorded) in &self.members {
            let (parent, _) = pointer.rsplit_once('/').unwrap_or_default();
            match other.members.get(pointer) {
                Some(found) => {
                    if recorded.always && !found.always {
                        all.push(format!("{pointer} is always there"));
                    }
                    let known = |types: &BTreeSet<String>| -> BTreeSet<String> {
                        types.iter().filter(|name| *name != "null").cloned().collect()
                    };
                    let (recorded, found) = (known(&recorded.types), known(&found.types));
                    if !recorded.is_empty() && !fits(&found, &recorded) {
                        all.push(format!(
                            "{pointer} is {}, not {}",
                            listed(&recorded),
                            listed(&found)
                        ));
                    }
                }
                None if recorded.always
                    && other.has_object(parent)
                    && !pointer.ends_with("{key}") =>
                {
                    all.push(format!("{pointer} is always there"));
                }
                None => {}
            }
        }
        for pointer in other.members.keys().filter(|pointer| !self.members.contains_key(*pointer)) {
            let (parent, _) = pointer.rsplit_once('/').unwrap_or_default();
            if self.has_object(parent)
                && !pointer.contains("{key}")
                && other.members[pointer].always
            {
                all.push(format!("{pointer} is never there"));
            }
        }
    }

    /// Whether an object with members was seen at a pointer.
    fn has_object(&self, pointer: &str) -> bool {
        let parent = format!("{pointer}/");
        self.members
            .keys()
            .any(|member| member.strip_prefix(&parent).is_some_and(|rest| !rest.contains('/')))
    }
}

impl Observed {
    fn add(&mut self, seen: &Seen, description: &Description) {
        let response = &seen.response;
        self.statuses.insert(response.status);
        self.content_types.extend(response.header("content-type").map(media_type));
        let headers = HEADERS.iter().filter(|name| response.headers.contains_key(**name));
        self.headers.extend(headers.map(|name| (*name).to_owned()));
        if !response.is_success() {
            let parts = Parts::of(description, response)
                .0
                .into_iter()
                .map(|(pointer, part)| format!("{pointer} {part}"));
            self.errors.extend(parts);
        }
    }

    fn contradictions(&self, other: &Self) -> Vec<String> {
        let mut all = Vec::new();
        let mut compare = |what: &str, recorded: &BTreeSet<String>, other: &BTreeSet<String>| {
            if !recorded.is_empty() && !other.is_empty() && recorded.is_disjoint(other) {
                all.push(format!("{what} {}, not {}", listed(recorded), listed(other)));
            }
        };
        let numbers =
            |statuses: &BTreeSet<u16>| statuses.iter().map(u16::to_string).collect::<BTreeSet<_>>();
        compare("the status is", &numbers(&self.statuses), &numbers(&other.statuses));
        compare("the content type is", &self.content_types, &other.content_types);
        if self.statuses == other.statuses && self.errors != other.errors {
            let only: BTreeSet<_> = self.errors.difference(&other.errors).cloned().collect();
            let others: BTreeSet<_> = other.errors.difference(&self.errors).cloned().collect();
            all.push(format!("the error has {}, not {}", listed(&only), listed(&others)));
        }
        all
    }
}

/// Whether all types are among others. Integers are numbers.
fn fits(found: &BTreeSet<String>, recorded: &BTreeSet<String>) -> bool {
    let is_number = |name: &str| name == "number" || name == "integer";
    found.iter().all(|name| {
        recorded.contains(name) || (is_number(name) && recorded.iter().any(|one| is_number(one)))
    })
}

fn listed(items: &BTreeSet<String>) -> String {
    match items.is_empty() {
        true => "nothing".to_owned(),
        false => items.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
    }
}

/// The members of all responses of an operation.
#[derive(Default)]
struct Counts {
    members: BTreeMap<String, (BTreeSet<String>, u64)>,
    objects: BTreeMap<String, u64>,
}

impl Counts {
    /// Returns the members, and whether all objects had them.
    fn members(self) -> BTreeMap<String, Member> {
        let Self { members, objects } = self;
        let member = |(pointer, (types, times)): (String, (BTreeSet<String>, u64))| {
            let (parent, _) = pointer.rsplit_once('/').unwrap_or_default();
            let always = objects.get(parent).is_none_or(|objects| *objects == times);
            (pointer, Member { types, always })
        };
        members.into_iter().map(member).collect()
    }

    fn add(&mut self, pointer: &str, value: &Value, description: &Description) {
        match value {
            Value::Object(members) => {
                *self.objects.entry(pointer.to_owned()).or_default() += 1;
                for (name, value) in members {
                    let token = if description.names.contains(name) {
                        escape(name)
                    } else {
                        "{key}".to_owned()
                    };
                    let at = format!("{pointer}/{token}");
                    let (types, times) = self.members.entry(at.clone()).or_default();
                    types.insert(type_name(value).to_owned());
                    *times += 1;
                    // Whatever a script has in its options is the user's own.
                    if token != "{key}" && name != "options" {
                        self.add(&at, value, description);
                    }
                }
            }
            Value::Array(items) => {
                items.iter().for_each(|item| self.add(&format!("{pointer}/*"), item, description));
            }
            _ => {}
        }
    }
}

/// Returns the orders in which rows are.
fn orders(rows: &[Value]) -> BTreeSet<String> {
    let mut orders = BTreeSet::new();
    let names = rows.first().and_then(Value::as_object).filter(|_| rows.len() >= MIN_ROWS);
    for name in names.into_iter().flatten().map(|(name, _)| name) {
        let values: BTreeSet<String> = rows.iter().map(|row| row[name].to_string()).collect();
        let is_key = values.len() == rows.len()
            && !rows.iter().any(|row| row[name].is_null() || row[name].is_object());
        for (direction, descending) in [("", false), (" desc", true)] {
            if is_key && is_sorted(rows, name, descending) {
                orders.insert(format!("{name}{direction}"));
            }
        }
    }
    orders
}
