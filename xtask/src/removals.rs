//! Removals that the API's owner has announced. An operation that the client still has on the day
//! of its removal must be acknowledged in `openapi/removals.toml`, with a reason.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use chrono::{NaiveDate, Utc};
use heck::ToSnakeCase as _;
use serde::Deserialize;
use serde_json::Value;

use openapi_lowering::problem::{Place, Problem};

/// The file of acknowledgements, below the workspace.
const FILE: &str = "openapi/removals.toml";

/// How long before a removal `--check` warns about it.
const DAYS_OF_WARNING: i64 = 60;

/// The names of the months, by their first three letters.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Beginnings of words that announce a removal.
const WORDS_OF_REMOVAL: &[&str] = &["remov", "sunset", "retire", "discontinu", "shut down"];

/// Whether an extension holds the announced date of a removal.
pub(crate) fn is_date_key(key: &str) -> bool {
    key.starts_with("x-") && (key.contains("removal") || key.contains("sunset"))
}

/// The announced removal date of an operation, property or parameter.
pub(crate) fn announced_date(part: &Value) -> Option<NaiveDate> {
    let mut members = part.as_object()?.iter();
    let extension = members.find(|(key, _)| is_date_key(key)).map(|(_, value)| value);
    removal_date(extension, part.get("description").and_then(Value::as_str))
}

/// The announced date of a removal: an extension has it, or the prose.
pub(crate) fn removal_date(extension: Option<&Value>, prose: Option<&str>) -> Option<NaiveDate> {
    let extension = extension.and_then(Value::as_str).and_then(first_date);
    let date = extension.or_else(|| date_in(prose?));
    date.map(|(date, _)| date)
}

/// The announced removal date in prose, and where it stands: the first date after a word of
/// removal, or before it in the same sentence.
pub(crate) fn date_in(prose: &str) -> Option<(NaiveDate, Range<usize>)> {
    let lower = prose.to_ascii_lowercase();
    let words = WORDS_OF_REMOVAL.iter().flat_map(|word| lower.match_indices(word));
    let mut words: Vec<_> = words.map(|(at, _)| at).collect();
    words.sort_unstable();
    let after = |at: usize| {
        let (date, range) = first_date(&prose[at..])?;
        Some((date, at + range.start..at + range.end))
    };
    let before = |at: usize| {
        let sentence = [". ", ".\n"].iter().filter_map(|end| prose[..at].rfind(end)).max();
        let start = sentence.map_or(0, |end| end + 2);
        let (date, range) = first_date(&prose[start..at])?;
        Some((date, start + range.start..start + range.end))
    };
    words.iter().find_map(|at| before(*at).or_else(|| after(*at)))
}

/// The first date in a text, as 2026-09-01, 1 September 2026 or September 1, 2026.
fn first_date(text: &str) -> Option<(NaiveDate, Range<usize>)> {
    let start_of = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    let parts: Vec<_> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|part| !part.is_empty())
        .collect();
    parts.iter().enumerate().find_map(|(index, part)| {
        let start = start_of(part);
        // A time may follow, as in 2026-09-01T00.
        let iso = part.get(..10).filter(|_| !part[10..].starts_with(|c: char| c.is_ascii_digit()));
        if let Some(date) = iso.and_then(|iso| iso.parse().ok()) {
            return Some((date, start..start + 10));
        }
        let [a, b, c] = parts.get(index..index + 3)? else { return None };
        let date = match (month(a), month(b)) {
            (Some(month), None) => NaiveDate::from_ymd_opt(c.parse().ok()?, month, day(b)?),
            (None, Some(month)) => NaiveDate::from_ymd_opt(c.parse().ok()?, month, day(a)?),
            _ => None,
        };
        Some((date?, start..start_of(c) + c.len()))
    })
}

/// The number of a month by its English name, which may be cut to three letters or more.
fn month(word: &str) -> Option<u32> {
    let word = word.to_ascii_lowercase();
    let index = MONTHS.iter().position(|month| word.starts_with(month))?;
    u32::try_from(index + 1).ok()
}

/// A day of the month, as 1 or 1st.
fn day(word: &str) -> Option<u32> {
    word.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()
}

/// An operation with the date of its announced removal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Announced {
    /// The name of the client's method.
    pub(crate) operation: String,
    pub(crate) date: NaiveDate,
}

/// Finds the announced removals in a lowered description, by `x-removal-date` or by the prose of a
/// deprecated operation, and checks that each `x-replacement` names an operation.
pub(crate) fn announced(document: &Value) -> Result<Vec<Announced>, Problem> {
    let operations: Vec<_> = operations(document).collect();
    let names: BTreeSet<_> = operations.iter().map(|(_, name, _)| name).collect();
    let mut found = Vec::new();
    for (place, name, operation) in &operations {
        let replacement = operation.get("x-replacement").and_then(Value::as_str);
        let date = operation.get("x-removal-date").and_then(Value::as_str);
        if (replacement.or(date)).is_some() && operation["deprecated"] != true {
            return Err(place.problem(
                format!("{name} has a replacement or a removal date but is not deprecated"),
                "set `deprecated: true` with an overlay action, or remove the replacement and the date",
            ));
        }
        if let Some(replacement) = replacement
            && (!names.contains(&replacement.to_snake_case())
                || replacement.to_snake_case() == *name)
        {
            return Err(place.at("x-replacement").problem(
                format!("{replacement:?} is not another operation"),
                "name one by its operationId, as the overlay sets it",
            ));
        }
        if let Some(text) = date {
            let date = text.parse::<NaiveDate>().ok().filter(|date| date.to_string() == text);
            let date = date.ok_or_else(|| {
                let fix = "write a date such as 2026-09-01";
                place.at("x-removal-date").problem(format!("{text:?} is not a date"), fix)
            })?;
            found.push(Announced { operation: name.clone(), date });
        } else if operation["deprecated"] == true
            && let Some(date) = announced_date(operation)
        {
            found.push(Announced { operation: name.clone(), date });
        }
    }
    Ok(found)
}

/// Each operation with its pointer and the name of its method.
fn operations(document: &Value) -> impl Iterator<Item = (Place, String, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let place = Place::root().at("paths").at(path);
        item.as_object().into_iter().flatten().filter_map(move |(method, operation)| {
            let id = operation.get("operationId")?.as_str()?;
            Some((place.at(method), id.to_snake_case(), operation))
        })
    })
}

/// Today's date, in UTC.
fn today() -> NaiveDate {
    Utc::now().date_naive()
}

/// What `--check` says about the removals of the workspace at `root`. None of it is an error: a day
/// that comes makes no file stale. A test fails instead.
pub(crate) fn remarks(root: &Path, announced: &[Announced]) -> Result<Vec<String>, Problem> {
    let today = today();
    let problems = check(root, announced, today)?;
    let problems = problems.iter().map(ToString::to_string);
    Ok(problems.chain(soon(announced, today)).collect())
}

/// Tells which removals are due within the next weeks.
fn soon(announced: &[Announced], today: NaiveDate) -> Vec<String> {
    let left = announced.iter().map(|removal| (removal, (removal.date - today).num_days()));
    let soon = left.filter(|(_, days)| (1..=DAYS_OF_WARNING).contains(days));
    soon.map(|(Announced { operation, date }, days)| {
        let unit = if days == 1 { "day" } else { "days" };
        format!("{operation} will be removed on {date}, in {days} {unit}")
    })
    .collect()
}

/// The file of acknowledgements.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Acknowledgements {
    #[serde(default)]
    removal: Vec<Acknowledgement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Acknowledgement {
    operation: String,
    /// The announced date, so that a new announcement needs a new decision.
    announced: toml::value::Datetime,
    /// The date of the decision.
    acknowledged: toml::value::Datetime,
    reason: String,
}

/// Checks the announced removals against the acknowledgements in the workspace at `root`. A removal
/// that is due, from its day on, needs an acknowledgement, and each acknowledgement a removal. A
/// missing file acknowledges nothing.
fn check(root: &Path, announced: &[Announced], today: NaiveDate) -> Result<Vec<Problem>, Problem> {
    let text = match std::fs::read_to_string(root.join(FILE)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        result => {
            result.map_err(|error| Problem::new(FILE, error.to_string(), "make it readable"))?
        }
    };
    let file: Acknowledgements = toml::from_str(&text)
        .map_err(|error| Problem::new(FILE, error.to_string(), "correct the file"))?;

    let mut problems = Vec::new();
    let mut settled = BTreeSet::new();
    for entry in &file.removal {
        let name = entry.operation.as_str();
        let mut wrong = |what: String, fix: &str| {
            problems.push(Problem::new(FILE, format!("the entry of {name} {what}"), fix));
        };
        if entry.reason.trim().is_empty() {
            wrong("gives no reason".into(), "write why the client keeps the call");
        }
        match date(&entry.acknowledged) {
            Some(date) if date <= today => {}
            _ => wrong(
                format!(
                    "was acknowledged on {}, which is not a date up to today",
                    entry.acknowledged
                ),
                "write the date of the decision",
            ),
        }
        match announced.iter().find(|removal| removal.operation == name) {
            None => wrong("names no operation with a removal date".into(), "remove the entry"),
            Some(removal) if date(&entry.announced) != Some(removal.date) => wrong(
                format!("says {}, but {} is announced", entry.announced, removal.date),
                "decide again, then correct the entry or remove it",
            ),
            Some(_) if !settled.insert(name) => {
                wrong("appears twice".into(), "remove one of them");
            }
            Some(_) => {}
        }
    }
    for Announced { operation, date } in announced {
        if *date <= today && !settled.contains(operation.as_str()) {
            problems.push(Problem::new(
                FILE,
                format!("{operation} was to be removed on {date}, which has passed"),
                format!(
                    "adopt a description without it, or write in this file, one line each: \
                     [[removal]] operation = \"{operation}\" announced = {date} acknowledged = \
                     {today} reason = \"why the client keeps it\""
                ),
            ));
        }
    }
    Ok(problems)
}

/// A date without a time.
fn date(value: &toml::value::Datetime) -> Option<NaiveDate> {
    let date = value.date.filter(|_| value.time.is_none() && value.offset.is_none())?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono::NaiveDate;
    use serde_json::{Value, json};

    use super::{Announced, FILE, announced, check, soon, today};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    /// One that is due on 2026-09-01.
    fn removal() -> Vec<Announced> {
        vec![Announced { operation: "save_run".into(), date: day("2026-09-01") }]
    }

    const ENTRY: &str = "\
[[removal]]
operation = \"save_run\"
announced = 2026-09-01
acknowledged = 2026-09-02
reason = \"The server still has it.\"
";

    /// The problems on 2026-09-03 with a file of this text, or without one.
    fn problems(file: Option<&str>) -> Vec<String> {
        problems_on("2026-09-03", file)
    }

    fn problems_on(today: &str, file: Option<&str>) -> Vec<String> {
        let root = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(root.path().join("openapi")).expect("creates");
        if let Some(text) = file {
            std::fs::write(root.path().join(FILE), text).expect("writes");
        }
        match check(root.path(), &removal(), day(today)) {
            Ok(problems) => problems.iter().map(ToString::to_string).collect(),
            Err(problem) => vec![format!("error: {problem}")],
        }
    }

    #[test]
    fn removals_of_the_committed_description_are_acknowledged() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let client = std::fs::read(root.join("openapi/lowered.json")).expect("reads");
        let client: Value = serde_json::from_slice(&client).expect("is JSON");
        let announced = announced(&client).expect("its removals are valid");
        let problems = check(&root, &announced, today()).expect("the acknowledgements can be read");
        let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert!(lines.is_empty(), "{}", lines.join("\n"));
    }

    #[test]
    fn removal_before_its_day_needs_no_acknowledgement() {
        assert_eq!(problems_on("2026-08-31", None), [""; 0]);
        assert_eq!(problems_on("2026-09-01", None).len(), 1);
    }

    #[test]
    fn due_removal_says_what_to_write_and_where() {
        for file in [None, Some("")] {
            assert_eq!(
                problems(file),
                [
                    "openapi/removals.toml: save_run was to be removed on 2026-09-01, which has passed: \
                  adopt a description without it, or write in this file, one line each: \
                  [[removal]] operation = \"save_run\" announced = 2026-09-01 acknowledged = \
                  2026-09-03 reason = \"why the client keeps it\""
                ]
            );
        }
    }

    #[test]
    fn acknowledged_removal_passes() {
        assert_eq!(problems(Some(ENTRY)), [""; 0]);
    }

    #[test]
    fn acknowledgement_without_its_removal_is_stale() {
        for (from, to, message) in [
            ("save_run", "load_run", "the entry of load_run names no operation with a removal"),
            ("= 2026-09-01", "= 2026-08-01", "says 2026-08-01, but 2026-09-01 is announced"),
            ("= 2026-09-01", "= 2026-09-01T00:00:00", "but 2026-09-01 is announced"),
            (
                "2026-09-02",
                "2026-09-04",
                "was acknowledged on 2026-09-04, which is not a date up to today",
            ),
            ("The server still has it.", " ", "gives no reason"),
        ] {
            let found = problems(Some(&ENTRY.replacen(from, to, 1)));
            assert!(found[0].contains(message), "{from} to {to}: {found:?}");
        }
        let found = problems(Some(&format!("{ENTRY}{ENTRY}")));
        assert!(found.len() == 1 && found[0].contains("appears twice"), "{found:?}");
    }

    #[test]
    fn stale_acknowledgement_settles_nothing() {
        let other = ENTRY.replacen("2026-09-01", "2026-08-01", 1);
        let found = problems(Some(&other));
        assert!(found.len() == 2 && found[1].contains("which has passed"), "{found:?}");
    }

    #[test]
    fn malformed_file_is_an_error() {
        for text in [
            "[[removal]]\n",
            "[removal",
            "removals = []\n",
            &ENTRY.replace("reason", "excuse"),
            &ENTRY.replace("2026-09-02", "2026-02-30"),
            &ENTRY.replace("= 2026-09-02", "= \"2026-09-02\""),
        ] {
            let found = problems(Some(text));
            assert!(found[0].starts_with("error: openapi/removals.toml: "), "{text}: {found:?}");
        }
    }

    #[test]
    fn warning_counts_the_days_of_the_last_weeks() {
        let on = |today: &str| soon(&removal(), day(today));
        assert_eq!(on("2026-07-02"), [""; 0]);
        assert_eq!(
            on("2026-07-03"),
            ["save_run will be removed on 2026-09-01, in 60 days"],
            "the first warning"
        );
        assert_eq!(on("2026-08-31"), ["save_run will be removed on 2026-09-01, in 1 day"]);
        assert_eq!(on("2026-09-01"), [""; 0], "from then on it is due");
    }

    fn described(extra: &Value) -> Result<Vec<Announced>, String> {
        let mut save = json!({"operationId": "saveRun"});
        save.as_object_mut()
            .expect("an object")
            .extend(extra.as_object().cloned().expect("an object"));
        let star = json!({"operationId": "star_run"});
        let document = json!({"paths": {"/save": {"post": save}, "/star": {"post": star}}});
        announced(&document).map_err(|problem| problem.to_string())
    }

    #[test]
    fn removal_date_is_found_in_prose() {
        for (prose, date) in [
            ("Removal was announced for 2027-03-01.", Some("2027-03-01")),
            ("Made on 2020-01-01. It will be removed on 2027-03-01 at last.", Some("2027-03-01")),
            ("After 2027-03-01 this property will be removed.", Some("2027-03-01")),
            ("Use `b`: it is sunset at 2027-03-01T00:00:00Z.", Some("2027-03-01")),
            ("To be removed on 1 March 2027.", Some("2027-03-01")),
            ("Will be retired on March 1st, 2027.", Some("2027-03-01")),
            ("Since 2020-01-01. Removed one day.", None),
            ("Removed labels are kept until 2027-02-30, größer.", None),
            ("Changed on 2027-03-01.", None),
            ("", None),
        ] {
            let found = super::date_in(prose);
            let text = found.as_ref().map(|(date, _)| date.to_string());
            assert_eq!(text.as_deref(), date, "{prose}");
            if let Some((_, range)) = found {
                assert!(prose[range].contains("2027"), "{prose}");
            }
        }
    }

    #[test]
    fn prose_of_a_deprecated_operation_announces_its_removal() {
        let prose = "It will be removed on 2026-09-01.";
        assert_eq!(described(&json!({"deprecated": true, "description": prose})), Ok(removal()));
        assert_eq!(described(&json!({"description": prose})), Ok(vec![]));
    }

    #[test]
    fn announcements_are_read_from_the_description() {
        let full = json!({
            "deprecated": true, "x-replacement": "star_run", "x-removal-date": "2026-09-01",
        });
        assert_eq!(described(&full), Ok(removal()));
        assert_eq!(described(&json!({"deprecated": true})), Ok(vec![]));
        assert_eq!(described(&json!({})), Ok(vec![]));
    }

    #[test]
    fn contradictory_announcements_are_errors() {
        for (extra, message) in [
            (json!({"x-replacement": "nothing"}), "/paths/~1save/post/x-replacement: \"nothing\""),
            (json!({"x-replacement": "save_run"}), "is not another operation"),
            (json!({"x-removal-date": "2026-9-1"}), "\"2026-9-1\" is not a date"),
            (json!({"x-removal-date": "2026-02-30"}), "is not a date"),
            (json!({"x-removal-date": "soon"}), "/paths/~1save/post/x-removal-date: \"soon\""),
            (
                json!({"deprecated": false, "x-removal-date": "2026-09-01"}),
                "save_run has a replacement or a removal date but is not deprecated",
            ),
            (json!({"deprecated": null, "x-replacement": "star_run"}), "is not deprecated"),
        ] {
            let mut given = json!({"deprecated": true});
            let members = extra.as_object().cloned().expect("an object");
            given.as_object_mut().expect("an object").extend(members);
            let error = described(&given).expect_err("an error");
            assert!(error.contains(message), "{error}");
        }
    }
}
