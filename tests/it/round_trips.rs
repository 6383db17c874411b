//! What can be read and written comes back equal.

use std::fmt::Debug;

use k6_cloud::metrics::{LoadTestMetric, MetricType, Point, RunMetric, Sample, Series};
use k6_cloud::wire::{CommaSeparated, Patch, Timestamp, Vuh};
use k6_cloud::{RunReference, types};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Reads a value, writes it and reads it again.
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, json: &Value) {
    let read = |text: &str| {
        serde_json::from_str::<T>(text).unwrap_or_else(|error| panic!("{name} {text}: {error}"))
    };
    let first = read(&json.to_string());
    let written = serde_json::to_string(&first).expect("JSON");
    let second = read(&written);
    assert_eq!(first, second, "{name} {json}");
    assert_eq!(serde_json::to_string(&second).expect("JSON"), written, "{name}");
}

/// Makes instances of the components of the description.
struct Samples(Value);

impl Samples {
    /// Returns an instance with all properties, and otherwise one with those that are required.
    fn of(&self, schema: &Value, all: bool) -> Value {
        if let Some(path) = schema["$ref"].as_str() {
            return self.of(self.0.pointer(&path[1..]).expect(path), all);
        }
        for union in ["allOf", "oneOf", "anyOf"] {
            if let Some(arm) = schema[union].get(0) {
                return self.of(arm, all);
            }
        }
        if let Some(values) = schema["enum"].as_array() {
            // A value that the crate does not know, too.
            return if all { json!("new_value") } else { values[0].clone() };
        }
        match schema["type"].as_str() {
            Some("object") => self.object(schema, all),
            Some("array") => {
                json!([self.of(&schema["items"], true), self.of(&schema["items"], false)])
            }
            Some("integer") => json!(9_007_199_254_740_993_i64),
            Some("number") => json!(0.1),
            Some("boolean") => json!(true),
            Some("string") if schema["format"] == "date-time" => {
                json!("2026-06-30T12:00:00.123456Z")
            }
            _ => json!("a \"b\" \u{e9}"),
        }
    }

    fn object(&self, schema: &Value, all: bool) -> Value {
        let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut object = Map::new();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if all || required.contains(&json!(name)) {
                object.insert(name.clone(), self.of(property, all));
            }
        }
        if all && schema.get("additionalProperties").is_some_and(|more| *more != json!(false)) {
            object.insert("another key".to_owned(), self.of(&schema["additionalProperties"], all));
        }
        Value::Object(object)
    }
}

macro_rules! generated {
    ($($name:ident,)*) => {
        const GENERATED: &[&str] = &[$(stringify!($name),)*];

        #[test]
        fn every_generated_type_comes_back_equal() {
            let document = include_str!("../../openapi/lowered.json");
            let samples = Samples(serde_json::from_str(document).expect("JSON"));
            $({
                let name = stringify!($name);
                let schema = &samples.0["components"]["schemas"][name];
                for all in [true, false] {
                    check::<types::$name>(name, &samples.of(schema, all));
                }
            })*
        }
    };
}

generated! {
        AllowedLoadZone, AllowedLoadZoneToUpdate, AllowedLoadZonesList, AllowedProject,
        AllowedProjectToUpdate, AllowedProjectsList, AuthenticationResponse, CloudOptions,
        CostBreakdown, CreateProject, CreateScheduleRequest, DistributionZone, LabelKeyCreateItem,
        LabelKeyCreateRequest, LabelKeyListResponse, LabelKeyPatchRequest, LabelKeyResponse,
        LoadTest, LoadTestListResponse, LoadZone, LoadZoneDistribution, LoadZonesList,
        MoveLoadTest, Node, Options, PatchLoadTest, PatchProject, PatchProjectLimitsRequest,
        PatchTestRun, Project, ProjectLabelItem, ProjectLabelListResponse, ProjectLabelPutItem,
        ProjectLabelPutRequest, ProjectLabelPutResponse, ProjectLabelPutResponseItem,
        ProjectLimits, ProjectLimitsListResponse, ProjectListResponse, ResultDetails, Schedule,
        ScheduleCron, ScheduleListResponse, ScheduleRecurrenceRule, StartLoadTestResponse, Status,
        StatusExtra, TestCost, TestRun, TestRunDistribution, TestRunListResponse,
        UpdateAllowedLoadZonesList, UpdateAllowedProjectsList, ValidateOptionsRequest,
        ValidateOptionsResponse, Frequency, RunResult, RunStatus, Weekday,
}

/// The list above has every type of the description.
#[test]
fn no_generated_type_is_forgotten() {
    let surface = include_str!("../golden/surface.txt").lines();
    let names = surface.filter_map(|line| {
        let name =
            line.strip_prefix("struct types::").or_else(|| line.strip_prefix("enum enums::"))?;
        // The module `error` is the generator's own.
        let name = Some(name).filter(|name| !name.starts_with("error::"))?;
        Some(name.split([' ', '(', '<', ':', '.']).next().unwrap_or(name))
    });
    for name in names {
        assert!(GENERATED.contains(&name), "{name} is not in the list of this file");
    }
}

#[test]
fn every_other_type_comes_back_equal() {
    let labels = json!({ "name": "a \"b\"", "__name__": "http_reqs" });
    let time = "2026-06-30T12:00:00.123456Z";
    check::<Timestamp>("Timestamp", &json!("2026-06-30T14:00:00.123456789+02:00"));
    for amount in [json!(0.1), json!("1022.5285714285715"), json!(-0.0), json!(f64::MAX)] {
        check::<Vuh>("Vuh", &amount);
    }
    check::<CommaSeparated>("CommaSeparated", &json!("1,2"));
    check::<Patch<i64>>("Patch", &json!(null));
    check::<Patch<i64>>("Patch", &json!(5));
    for kind in ["trend", "histogram"] {
        check::<MetricType>("MetricType", &json!(kind));
        let metric =
            json!({ "id": 7, "name": "m", "origin": "script", "test_run_id": 1, "type": kind });
        check::<RunMetric>("RunMetric", &metric);
        check::<RunMetric>("RunMetric", &json!({ "name": "m", "type": kind }));
        let metric = json!({ "name": "m", "type": kind, "labels": ["a"] });
        check::<LoadTestMetric>("LoadTestMetric", &metric);
    }
    for value in [json!(0.1), json!(1e300), json!("+Inf"), json!("-Inf"), json!(5)] {
        let point = json!({ "time": time, "value": value });
        check::<Point>("Point", &point);
        check::<Series>("Series", &json!({ "labels": labels, "points": [point, point] }));
        check::<Sample>("Sample", &json!({ "labels": labels, "time": time, "value": value }));
    }
    check::<Series>("Series", &json!({ "labels": {}, "points": [] }));
    let reference =
        r#"{"version":1,"stack_id":7,"load_test_id":1,"run_id":2,"page_url":"https://x"}"#;
    check::<RunReference>("RunReference", &serde_json::from_str(reference).expect("JSON"));
}

/// NaN is not equal to itself, and is no number of JSON.
#[test]
fn point_without_a_value_stays_one() {
    for missing in ["null", "\"NaN\""] {
        let text = format!(r#"{{"time":"2026-06-30T12:00:00Z","value":{missing}}}"#);
        let point: Point = serde_json::from_str(&text).expect("a point");
        let written = serde_json::to_string(&point).expect("JSON");
        assert_eq!(written, r#"{"time":"2026-06-30T12:00:00Z","value":"NaN"}"#);
        assert!(serde_json::from_str::<Point>(&written).expect("a point").value.is_nan());
    }
}

/// A series as the service sends it is another form, which does not read as an empty series.
#[test]
fn other_json_is_not_a_series() {
    let sent = json!({ "metric": { "name": "a" }, "values": [[1, 2]] }).to_string();
    assert!(serde_json::from_str::<Series>(&sent).is_err());
}
