//! Where in a JSON text an error is.

use std::fmt::Write as _;

/// A container on the way to a value: the position in it.
enum Step {
    /// The index in an array; none before its first element.
    Index(Option<usize>),
    /// The key in an object; none before the key.
    Key(Option<String>),
}

/// Returns the location in `json` of the value that could not be read, such as `value[3].cost`; `.`
/// for the whole.
///
/// serde_json tells how far it has read. To have the path written down while a value is read, each
/// type would have to be compiled for a second deserializer. If a type of the caller's own rejects
/// the last value of an object or an array, the location is that of the object or array.
pub(crate) fn location(json: &[u8], error: &serde_json::Error) -> String {
    let mut steps = Vec::new();
    let (mut rest, unread) = json.split_at(read_length(json, error));
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if let (b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b'a'..=b'z', Some(Step::Index(index))) =
            (byte, steps.last_mut())
        {
            index.get_or_insert(0);
        }
        match (byte, steps.last_mut()) {
            (b'{', _) => steps.push(Step::Key(None)),
            (b'[', _) => steps.push(Step::Index(None)),
            (b'}' | b']', _) => drop(steps.pop()),
            (b',', Some(Step::Index(index))) => *index = index.map(|index| index + 1),
            (b',', Some(Step::Key(key))) => *key = None,
            (b'"', step) => {
                let text;
                (text, rest) = rest.split_at(length_of_string(rest));
                if let Some(Step::Key(key @ None)) = step {
                    *key = Some(unescaped(text));
                }
            }
            _ => {}
        }
    }
    // Of a container where another type is expected, nothing is read.
    if let (Some(Step::Index(index)), [b'[' | b'{', ..]) = (steps.last_mut(), unread) {
        index.get_or_insert(0);
    }
    shown(&steps)
}

/// Returns how many bytes of `json` were read before the error.
fn read_length(json: &[u8], error: &serde_json::Error) -> usize {
    let lines_before = error.line().saturating_sub(1);
    let mut starts = json.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let start = match lines_before.checked_sub(1) {
        Some(nth) => starts.nth(nth).map_or(json.len(), |(at, _)| at + 1),
        None => 0,
    };
    start.saturating_add(error.column()).min(json.len())
}

/// Returns the length of a string's rest, behind the opening quote, with the closing one.
fn length_of_string(rest: &[u8]) -> usize {
    let mut escaped = false;
    let end = rest.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    end.map_or(rest.len(), |end| end + 1)
}

/// Returns the text of a string from behind the opening quote.
fn unescaped(text: &[u8]) -> String {
    let quoted = [b"\"", text].concat();
    serde_json::from_slice(&quoted).unwrap_or_else(|_| {
        String::from_utf8_lossy(text.strip_suffix(b"\"").unwrap_or(text)).into()
    })
}

fn shown(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        // Writing to a string does not fail.
        let _ = match step {
            Step::Index(Some(index)) => write!(path, "[{index}]"),
            Step::Key(Some(key)) if path.is_empty() => write!(path, "{key}"),
            Step::Key(Some(key)) => write!(path, ".{key}"),
            Step::Index(None) | Step::Key(None) => Ok(()),
        };
    }
    if path.is_empty() { ".".to_owned() } else { path }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    use super::location;
    use crate::types;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Outer {
        a: Vec<Inner>,
        #[serde(default, rename = "b \"c\"")]
        b: Option<i64>,
        #[serde(default)]
        text: String,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Inner {
        id: i64,
        #[serde(default)]
        rows: Vec<Vec<bool>>,
    }

    fn of<T: DeserializeOwned>(json: &str) -> String {
        let error = serde_json::from_str::<T>(json).err().expect("it does not match");
        location(json.as_bytes(), &error)
    }

    #[test]
    fn location_is_that_of_the_value() {
        for (json, expected) in [
            ("7", "."),
            ("", "."),
            ("[]", "."),
            ("{}", "."),
            (r#"{"a": 1}"#, "a"),
            (r#"{"a": {"id": 1}}"#, "a"),
            (r#"{"a": []} x"#, "."),
            (r#"{"a": [{"id": 1}, {"id": null}]}"#, "a[1].id"),
            (r#"{"a": [{"id": 1}, {"id": [1]}]}"#, "a[1].id"),
            (r#"{"a": [{"id": 1}, {"id": {"x": 1}}]}"#, "a[1].id"),
            (r#"{"a": [{"id": 1}, {"rows": []}]}"#, "a[1]"),
            (r#"{"a": [{"id": 1, "rows": [[], [true, "x"]]}]}"#, "a[0].rows[1][1]"),
            (r#"{"a": [{"id": 1, "rows": [[1]]}]}"#, "a[0].rows[0][0]"),
            (r#"{"a": [{"id": 1}, 7]}"#, "a[1]"),
            (r#"{"a": [[[1]]]}"#, "a[0][0]"),
            (r#"{"a": [{"id": 1, "rows": [{}]}]}"#, "a[0].rows[0]"),
            (r#"{"a": [{"id": 1, "rows": [[], {}]}]}"#, "a[0].rows[1]"),
            (r#"{"a": [], "b \"c\"": "x"}"#, r#"b "c""#),
            (r#"{"a": [], "b \u0022c\u0022": true}"#, r#"b "c""#),
            (r#"{"x": "{[\"", "y": [{"z": "\\"}], "a": [1]}"#, "a[0]"),
            (r#"{"text": "a,b]", "a": false}"#, "a"),
            ("{\"text\": \"\",\n\n  \"a\": [\n{\"id\":\n\"x\"}]}", "a[0].id"),
            // Not JSON: the location of what was being read.
            (r#"{"a": [{"id": 1}, {"id": "#, "a[1].id"),
            (r#"{"a": [{"id": 1}, {"id": tru"#, "a[1].id"),
            (r#"{"a": [{"id"#, "a[0].id"),
        ] {
            assert_eq!(of::<Outer>(json), expected, "{json}");
        }
    }

    /// The error of a type's own conversion has no position until the reader goes on.
    #[test]
    fn location_of_a_failed_conversion_is_the_value_or_what_contains_it() {
        #[derive(Debug, Deserialize)]
        #[serde(try_from = "String")]
        struct Never;

        impl TryFrom<String> for Never {
            type Error = String;

            fn try_from(_: String) -> Result<Self, String> {
                Err("never".to_owned())
            }
        }

        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only read")]
        struct Holder {
            a: Never,
        }

        assert_eq!(of::<Vec<Holder>>(r#"[{"a": "x", "b": 1}]"#), "[0].a");
        assert_eq!(of::<Vec<Holder>>(r#"[{"b": 1, "a": "x"}]"#), "[0]");
    }

    /// Replaces each value by each of `wrong`, one after the other.
    fn variants(good: &Value, wrong: &[Value], seen: &mut dyn FnMut(Value)) {
        wrong.iter().for_each(|wrong| seen(wrong.clone()));
        match good {
            Value::Array(list) => {
                for (at, item) in list.iter().enumerate() {
                    variants(item, wrong, &mut |changed| {
                        let mut all = good.clone();
                        all[at] = changed;
                        seen(all);
                    });
                }
            }
            Value::Object(members) => {
                for (key, value) in members {
                    variants(value, wrong, &mut |changed| {
                        let mut all = good.clone();
                        all[key] = changed;
                        seen(all);
                    });
                    let mut all = good.clone();
                    all.as_object_mut().expect("an object").remove(key);
                    seen(all);
                }
            }
            _ => {}
        }
    }

    /// Compares with a path that was written down while reading. Returns how many mismatches there
    /// were.
    fn compare<T: DeserializeOwned>(good: &Value) -> usize {
        assert!(serde_json::from_value::<T>(good.clone()).is_ok(), "{good}");
        let wrong = [json!("x"), json!(1.5), json!(true), json!(["x"]), json!({"x": {"y": 1}})];
        let mut count = 0;
        variants(good, &wrong, &mut |changed| {
            for json in [changed.to_string(), format!("{changed:#}")] {
                let mut reader = serde_json::Deserializer::from_str(&json);
                let Err(expected) = serde_path_to_error::deserialize::<_, T>(&mut reader) else {
                    return;
                };
                assert_eq!(of::<T>(&json), expected.path().to_string(), "{json}");
                count += 1;
            }
        });
        count
    }

    #[test]
    fn location_is_the_path_of_the_reader() {
        let run = json!({
            "id": 1, "test_id": 2, "project_id": 3, "started_by": "a@example.org",
            "created": "2026-06-30T12:00:00Z", "ended": "2026-06-30T12:05:00Z", "note": "",
            "retention_expiry": null, "estimated_duration": 60, "execution_duration": 61,
            "is_starred": false, "max_vus": 10,
            "cost": {"total_vuh": "0.5", "breakdown": {"protocol_vuh": 1, "browser_vuh": 0,
                "base_total_vuh": 1, "reduction_rate": 0, "reduction_rate_breakdown": {}}},
            "status": "completed",
            "status_details": {"type": "completed", "entered": "2026-06-30T12:05:00Z",
                "extra": {"by_user": "a", "code": 1, "message": "b"}},
            "status_history": [{"type": "created", "entered": "2026-06-30T12:00:00Z"}],
            "distribution": [{"load_zone": "amazon:us:ashburn", "percent": 100}],
            "result": "passed", "result_details": {"type": "passed"}, "options": {"a": [1]},
            "k6_dependencies": {"k6": ">=0.50"}, "k6_versions": {"k6": "0.50.0"},
        });
        assert!(compare::<types::TestRun>(&run) > 50);
        let list = json!({"value": [run.clone(), run], "@count": 2});
        assert!(compare::<types::TestRunListResponse>(&list) > 100);
    }
}
