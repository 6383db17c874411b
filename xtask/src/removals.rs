//! Removals that the API's owner has announced: what the client still wraps when the day has come
//! must be acknowledged in `openapi/removals.toml`, with a reason.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{NaiveDate, Utc};
use heck::ToSnakeCase as _;
use serde::Deserialize;
use serde_json::Value;

use openapi_lowering::problem::{Place, Problem};

/// The file of acknowledgements, below the workspace.
const FILE: &str = "openapi/removals.toml";

/// How long before a removal `--check` speaks of it.
const DAYS_OF_WARNING: i64 = 60;

/// An operation with the day on which it is to be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Announced {
    /// The name of the client's method.
    pub(crate) operation: String,
    pub(crate) date: NaiveDate,
}

/// Finds the announced removals in a lowered description, by `x-removal-date`, and checks that
/// what `x-replacement` names is there.
pub(crate) fn announced(document: &Value) -> Result<Vec<Announced>, Problem> {
    let operations: Vec<_> = operations(document).collect();
    let names: BTreeSet<_> = operations.iter().map(|(_, name, _)| name).collect();
    let mut found = Vec::new();
    for (place, name, operation) in &operations {
        let replacement = operation.get("x-replacement").and_then(Value::as_str);
        let date = operation.get("x-removal-date").and_then(Value::as_str);
        if (replacement.or(date)).is_some() && operation["deprecated"] != true {
            return Err(place.problem(
                format!("{name} has a replacement or a removal date and is not deprecated"),
                "set `deprecated: true` with an overlay action, or remove the others",
            ));
        }
        if let Some(replacement) = replacement
            && (!names.contains(&replacement.to_snake_case())
                || replacement.to_snake_case() == *name)
        {
            return Err(place.at("x-replacement").problem(
                format!("{replacement:?} is no other operation"),
                "name one by its operationId, as the overlay leaves it",
            ));
        }
        if let Some(text) = date {
            let date = text.parse::<NaiveDate>().ok().filter(|date| date.to_string() == text);
            let date = date.ok_or_else(|| {
                let mend = "write it as 2026-09-01 is written";
                place.at("x-removal-date").problem(format!("{text:?} is no date"), mend)
            })?;
            found.push(Announced { operation: name.clone(), date });
        }
    }
    Ok(found)
}

/// Each operation with its place and the name of its method.
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

/// What `--check` says about the removals of the workspace at `root`. It fails for none of it: a
/// day that comes makes no file stale, and a test fails instead.
pub(crate) fn remarks(root: &Path, announced: &[Announced]) -> Result<Vec<String>, Problem> {
    let today = today();
    let problems = check(root, announced, today)?;
    let problems = problems.iter().map(ToString::to_string);
    Ok(problems.chain(soon(announced, today)).collect())
}

/// Says which removals are due within the next weeks.
fn soon(announced: &[Announced], today: NaiveDate) -> Vec<String> {
    let left = announced.iter().map(|removal| (removal, (removal.date - today).num_days()));
    let soon = left.filter(|(_, days)| (1..=DAYS_OF_WARNING).contains(days));
    soon.map(|(Announced { operation, date }, days)| {
        let unit = if days == 1 { "day" } else { "days" };
        format!("{operation} is to be removed on {date}, in {days} {unit}")
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
    /// The day that was announced, so that a new announcement needs a new decision.
    announced: toml::value::Datetime,
    /// The day of the decision.
    acknowledged: toml::value::Datetime,
    reason: String,
}

/// Finds what is wrong between the announced removals and the acknowledgements in the workspace at
/// `root`: a removal that is due (from its day on) without one, and one without its removal.
/// A missing file acknowledges nothing.
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
        let mut wrong = |what: String, mend: &str| {
            problems.push(Problem::new(FILE, format!("the entry of {name} {what}"), mend));
        };
        if entry.reason.trim().is_empty() {
            wrong("gives no reason".into(), "say why the client keeps the call");
        }
        match date(&entry.acknowledged) {
            Some(date) if date <= today => {}
            _ => wrong(
                format!("was acknowledged on {}, no day up to today", entry.acknowledged),
                "write the day of the decision",
            ),
        }
        match announced.iter().find(|removal| removal.operation == name) {
            None => wrong("names no operation with a removal date".into(), "remove the entry"),
            Some(removal) if date(&entry.announced) != Some(removal.date) => wrong(
                format!("says {}, but {} is announced", entry.announced, removal.date),
                "decide again, and correct the entry or remove it",
            ),
            Some(_) if !settled.insert(name) => {
                wrong("is there twice".into(), "remove one of them");
            }
            Some(_) => {}
        }
    }
    for Announced { operation, date } in announced {
        if *date <= today && !settled.contains(operation.as_str()) {
            problems.push(Problem::new(
                FILE,
                format!("the removal of {operation} was announced for {date}, which has come"),
                format!(
                    "adopt a description without it, or write here: [[removal]] operation = \
                     \"{operation}\" announced = {date} acknowledged = {today} reason = \"why the \
                     client keeps it\", each on a line of its own"
                ),
            ));
        }
    }
    Ok(problems)
}

/// A date alone: one with a time is none.
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
reason = \"The server still answers it.\"
";

    /// What is wrong on 2026-09-03 with a file of this text, or with none.
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
            Err(problem) => vec![format!("refused: {problem}")],
        }
    }

    #[test]
    fn removals_of_the_committed_description_are_acknowledged() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let client = std::fs::read(root.join("openapi/lowered.json")).expect("reads");
        let client: Value = serde_json::from_slice(&client).expect("is JSON");
        let announced = announced(&client).expect("its removals are in order");
        let problems = check(&root, &announced, today()).expect("reads the acknowledgements");
        let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert!(lines.is_empty(), "{}", lines.join("\n"));
    }

    #[test]
    fn removal_before_its_day_needs_no_acknowledgement() {
        assert_eq!(problems_on("2026-08-31", None), [""; 0]);
        assert_eq!(problems_on("2026-09-01", None).len(), 1);
    }

    #[test]
    fn removal_that_is_due_says_what_to_write_and_where() {
        for file in [None, Some("")] {
            assert_eq!(
                problems(file),
                ["openapi/removals.toml: the removal of save_run was announced for 2026-09-01, \
                  which has come: adopt a description without it, or write here: [[removal]] \
                  operation = \"save_run\" announced = 2026-09-01 acknowledged = 2026-09-03 reason \
                  = \"why the client keeps it\", each on a line of its own"]
            );
        }
    }

    #[test]
    fn removal_that_is_acknowledged_passes() {
        assert_eq!(problems(Some(ENTRY)), [""; 0]);
    }

    #[test]
    fn acknowledgement_that_fits_no_removal_is_stale() {
        for (from, to, message) in [
            ("save_run", "load_run", "the entry of load_run names no operation with a removal"),
            ("= 2026-09-01", "= 2026-08-01", "says 2026-08-01, but 2026-09-01 is announced"),
            ("= 2026-09-01", "= 2026-09-01T00:00:00", "but 2026-09-01 is announced"),
            ("2026-09-02", "2026-09-04", "was acknowledged on 2026-09-04, no day up to today"),
            ("The server still answers it.", " ", "gives no reason"),
        ] {
            let found = problems(Some(&ENTRY.replacen(from, to, 1)));
            assert!(found[0].contains(message), "{from} to {to}: {found:?}");
        }
        let found = problems(Some(&format!("{ENTRY}{ENTRY}")));
        assert!(found.len() == 1 && found[0].contains("is there twice"), "{found:?}");
    }

    #[test]
    fn stale_acknowledgement_settles_nothing() {
        let other = ENTRY.replacen("2026-09-01", "2026-08-01", 1);
        let found = problems(Some(&other));
        assert!(found.len() == 2 && found[1].contains("which has come"), "{found:?}");
    }

    #[test]
    fn malformed_file_is_refused() {
        for text in [
            "[[removal]]\n",
            "[removal",
            "removals = []\n",
            &ENTRY.replace("reason", "excuse"),
            &ENTRY.replace("2026-09-02", "2026-02-30"),
            &ENTRY.replace("= 2026-09-02", "= \"2026-09-02\""),
        ] {
            let found = problems(Some(text));
            assert!(found[0].starts_with("refused: openapi/removals.toml: "), "{text}: {found:?}");
        }
    }

    #[test]
    fn warning_counts_the_days_of_the_last_weeks() {
        let on = |today: &str| soon(&removal(), day(today));
        assert_eq!(on("2026-07-02"), [""; 0]);
        assert_eq!(
            on("2026-07-03"),
            ["save_run is to be removed on 2026-09-01, in 60 days"],
            "the first of them"
        );
        assert_eq!(on("2026-08-31"), ["save_run is to be removed on 2026-09-01, in 1 day"]);
        assert_eq!(on("2026-09-01"), [""; 0], "then it is due");
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
    fn announcements_are_read_from_the_description() {
        let full = json!({
            "deprecated": true, "x-replacement": "star_run", "x-removal-date": "2026-09-01",
        });
        assert_eq!(described(&full), Ok(removal()));
        assert_eq!(described(&json!({"deprecated": true})), Ok(vec![]));
        assert_eq!(described(&json!({})), Ok(vec![]));
    }

    #[test]
    fn announcements_that_cannot_be_meant_are_refused() {
        for (extra, message) in [
            (json!({"x-replacement": "nothing"}), "/paths/~1save/post/x-replacement: \"nothing\""),
            (json!({"x-replacement": "save_run"}), "is no other operation"),
            (json!({"x-removal-date": "2026-9-1"}), "\"2026-9-1\" is no date"),
            (json!({"x-removal-date": "2026-02-30"}), "is no date"),
            (json!({"x-removal-date": "soon"}), "/paths/~1save/post/x-removal-date: \"soon\""),
            (
                json!({"deprecated": false, "x-removal-date": "2026-09-01"}),
                "save_run has a replacement or a removal date and is not deprecated",
            ),
            (json!({"deprecated": null, "x-replacement": "star_run"}), "is not deprecated"),
        ] {
            let mut given = json!({"deprecated": true});
            let members = extra.as_object().cloned().expect("an object");
            given.as_object_mut().expect("an object").extend(members);
            let refused = described(&given).expect_err("refused");
            assert!(refused.contains(message), "{refused}");
        }
    }
}
