//! The options of a k6 script, as far as they say how much load there is.

use std::time::Duration;

use serde_json::{Map, Value};

use super::error::Violation;

/// How long iterations may take that have no limit of their own.
const MAX_DURATION: Duration = Duration::from_secs(600);

/// The load of one scenario.
#[derive(Debug, PartialEq)]
pub(super) struct Load {
    /// The most VUs at a time.
    pub(super) vus: u32,
    pub(super) is_browser: bool,
    /// When it begins, since the start of the run.
    pub(super) start: Duration,
    pub(super) duration: Duration,
}

/// Reads what load options ask for, or lists all that is wrong with them.
pub(super) fn loads(options: &Map<String, Value>) -> Result<Vec<Load>, Vec<Violation>> {
    let mut reader = Reader { violations: Vec::new() };
    let loads = match options.get("scenarios").filter(|scenarios| !scenarios.is_null()) {
        Some(scenarios) => reader.scenarios(scenarios),
        None => vec![reader.load(options, implied(options), "options")],
    };
    if reader.violations.is_empty() { Ok(loads) } else { Err(reader.violations) }
}

/// Returns the executor that options without scenarios stand for.
fn implied(options: &Map<String, Value>) -> &'static str {
    let has = |name| options.get(name).is_some_and(|value| !value.is_null());
    if has("stages") {
        "ramping-vus"
    } else if has("duration") && !has("iterations") {
        "constant-vus"
    } else {
        "shared-iterations"
    }
}

struct Reader {
    violations: Vec<Violation>,
}

impl Reader {
    fn refuse(&mut self, target: String, wants: &str, got: Option<&Value>) {
        let got = got.map_or("nothing".to_owned(), Value::to_string);
        let message = format!("{target} has to be {wants}, got {got}");
        self.violations.push(Violation { target, message });
    }

    fn scenarios(&mut self, scenarios: &Value) -> Vec<Load> {
        let at = "options.scenarios";
        let Some(named) = scenarios.as_object().filter(|named| !named.is_empty()) else {
            self.refuse(at.to_owned(), "an object with a scenario at least", Some(scenarios));
            return Vec::new();
        };
        let mut loads = Vec::new();
        for (name, scenario) in named {
            let at = format!("{at}.{name}");
            match scenario.as_object() {
                Some(fields) => {
                    let executor = fields.get("executor").and_then(Value::as_str).unwrap_or("");
                    loads.push(self.load(fields, executor, &at));
                }
                None => self.refuse(at, "an object", Some(scenario)),
            }
        }
        loads
    }

    fn load(&mut self, fields: &Map<String, Value>, executor: &str, at: &str) -> Load {
        // k6 calls the most VUs differently for each kind of executor.
        let (vus, duration) = match executor {
            // Without scenarios the iterations end with `duration`.
            "shared-iterations" | "per-vu-iterations" => {
                let limit = if at == "options" { "duration" } else { "maxDuration" };
                let limit = self.time(fields, limit, at);
                (self.vus(fields, "vus", at), limit.unwrap_or(MAX_DURATION))
            }
            "constant-vus" => {
                (self.vus(fields, "vus", at), self.needed_time(fields, "duration", at))
            }
            "ramping-vus" => {
                let first = if at == "options" { "vus" } else { "startVUs" };
                let (highest, duration) = self.stages(fields, at);
                // Ramps can begin with no VU at all.
                let first = fields.get(first).and_then(Value::as_u64).map_or(1, clamp);
                (first.max(highest), duration)
            }
            "constant-arrival-rate" => {
                (self.pool(fields, at), self.needed_time(fields, "duration", at))
            }
            "ramping-arrival-rate" => (self.pool(fields, at), self.stages(fields, at).1),
            _ => {
                let wants = "an executor that runs in the cloud";
                self.refuse(format!("{at}.executor"), wants, fields.get("executor"));
                (0, Duration::ZERO)
            }
        };
        let browser = fields.get("options").and_then(|options| options.get("browser"));
        Load {
            vus,
            is_browser: browser.is_some_and(|browser| !browser.is_null()),
            start: self.time(fields, "startTime", at).unwrap_or_default(),
            duration,
        }
    }

    /// Reads a number of VUs, which is 1 where there is none.
    fn vus(&mut self, fields: &Map<String, Value>, name: &str, at: &str) -> u32 {
        match fields.get(name).filter(|value| !value.is_null()) {
            None => 1,
            Some(value) => match value.as_u64().filter(|vus| *vus > 0) {
                Some(vus) => clamp(vus),
                None => {
                    self.refuse(format!("{at}.{name}"), "an integer from 1", Some(value));
                    1
                }
            },
        }
    }

    /// Reads the VUs that iterations of a certain rate are dealt to.
    fn pool(&mut self, fields: &Map<String, Value>, at: &str) -> u32 {
        if fields.get("preAllocatedVUs").is_none_or(Value::is_null) {
            self.refuse(format!("{at}.preAllocatedVUs"), "an integer from 1", None);
        }
        let vus = self.vus(fields, "preAllocatedVUs", at);
        vus.max(self.vus(fields, "maxVUs", at))
    }

    /// Returns the highest target of the stages, and how long they take.
    fn stages(&mut self, fields: &Map<String, Value>, at: &str) -> (u32, Duration) {
        let at = format!("{at}.stages");
        let given = fields.get("stages");
        let Some(stages) = given.and_then(Value::as_array).filter(|stages| !stages.is_empty())
        else {
            self.refuse(at, "a list with a stage at least", given);
            return (0, Duration::ZERO);
        };
        let (mut highest, mut duration) = (0, Duration::ZERO);
        for (index, stage) in stages.iter().enumerate() {
            let at = format!("{at}.{index}");
            let Some(stage) = stage.as_object() else {
                self.refuse(at, "an object", Some(stage));
                continue;
            };
            match stage.get("target").and_then(Value::as_u64) {
                Some(target) => highest = highest.max(clamp(target)),
                None => {
                    self.refuse(format!("{at}.target"), "an integer from 0", stage.get("target"));
                }
            }
            duration = duration.saturating_add(self.needed_time(stage, "duration", &at));
        }
        (highest, duration)
    }

    fn needed_time(&mut self, fields: &Map<String, Value>, name: &str, at: &str) -> Duration {
        if fields.get(name).is_none_or(Value::is_null) {
            self.refuse(format!("{at}.{name}"), "a time such as 10m30s", None);
        }
        self.time(fields, name, at).unwrap_or_default()
    }

    fn time(&mut self, fields: &Map<String, Value>, name: &str, at: &str) -> Option<Duration> {
        let value = fields.get(name).filter(|value| !value.is_null())?;
        let time = match value {
            Value::String(text) => parse_time(text),
            // As k6 has it, a number is in milliseconds.
            value => value.as_u64().map(Duration::from_millis),
        };
        if time.is_none() {
            self.refuse(format!("{at}.{name}"), "a time such as 10m30s", Some(value));
        }
        time
    }
}

fn clamp(vus: u64) -> u32 {
    u32::try_from(vus).unwrap_or(u32::MAX)
}

/// Reads a time such as `1h30m` or `1.5s`, which is no negative one.
fn parse_time(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut sum = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, unit) = rest.split_at(digits);
        let end = unit.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(unit.len());
        let (unit, next) = unit.split_at(end);
        let seconds = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            _ => return None,
        };
        let part = number.parse::<f64>().ok()? * seconds;
        sum = sum.checked_add(Duration::try_from_secs_f64(part).ok()?)?;
        rest = next;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(options: &Value) -> Result<Vec<Load>, Vec<String>> {
        let read = loads(options.as_object().expect("an object"));
        read.map_err(|all| all.into_iter().map(|violation| violation.target).collect())
    }

    fn load(vus: u32, seconds: u64) -> Load {
        let duration = Duration::from_secs(seconds);
        Load { vus, is_browser: false, start: Duration::ZERO, duration }
    }

    #[test]
    fn options_without_scenarios_are_one() {
        let cases = [
            (json!({ "vus": 20, "duration": "15m" }), load(20, 900)),
            (json!({ "duration": 90_000 }), load(1, 90)),
            (json!({}), load(1, 600)),
            (json!({ "iterations": 10, "vus": 2 }), load(2, 600)),
            (json!({ "iterations": 10, "duration": "1h30m" }), load(1, 5_400)),
            (
                json!({ "stages": [
                    { "duration": "1m", "target": 30 }, { "duration": "0.5m", "target": 0 },
                ] }),
                load(30, 90),
            ),
            (json!({ "vus": 50, "stages": [{ "duration": "1m", "target": 0 }] }), load(50, 60)),
        ];
        for (options, expected) in cases {
            assert_eq!(read(&options), Ok(vec![expected]), "{options}");
        }
    }

    #[test]
    fn every_executor_of_the_cloud_is_read() {
        let stages =
            json!([{ "duration": "10s", "target": 7 }, { "duration": "20s", "target": 5 }]);
        let cases = [
            (json!({ "executor": "shared-iterations", "vus": 3 }), load(3, 600)),
            (json!({ "executor": "per-vu-iterations", "maxDuration": "1m" }), load(1, 60)),
            (json!({ "executor": "constant-vus", "vus": 3, "duration": "1m" }), load(3, 60)),
            (json!({ "executor": "ramping-vus", "stages": stages }), load(7, 30)),
            (json!({ "executor": "ramping-vus", "startVUs": 9, "stages": stages }), load(9, 30)),
            (
                json!({
                    "executor": "constant-arrival-rate", "rate": 100, "duration": "10s",
                    "preAllocatedVUs": 4, "maxVUs": 40,
                }),
                load(40, 10),
            ),
            (
                json!({
                    "executor": "ramping-arrival-rate", "preAllocatedVUs": 4, "stages": stages,
                }),
                load(4, 30),
            ),
        ];
        for (scenario, expected) in cases {
            let options = json!({ "scenarios": { "a": scenario } });
            assert_eq!(read(&options), Ok(vec![expected]), "{scenario}");
        }
        let browser = json!({ "scenarios": { "a": {
            "executor": "constant-vus", "duration": "1m", "startTime": "5s",
            "options": { "browser": { "type": "chromium" } },
        } } });
        let start = Duration::from_secs(5);
        assert_eq!(read(&browser), Ok(vec![Load { is_browser: true, start, ..load(1, 60) }]));
    }

    #[test]
    fn everything_that_is_wrong_is_named() {
        let cases = [
            (
                json!({ "vus": 0, "duration": "10 minutes" }),
                vec!["options.vus", "options.duration"],
            ),
            (json!({ "vus": "many" }), vec!["options.vus"]),
            (json!({ "duration": -1 }), vec!["options.duration"]),
            (json!({ "duration": "" }), vec!["options.duration"]),
            (json!({ "duration": "1w" }), vec!["options.duration"]),
            (json!({ "duration": "1.2.3s" }), vec!["options.duration"]),
            (json!({ "stages": [] }), vec!["options.stages"]),
            (
                json!({ "stages": [{ "target": -1 }, 5] }),
                vec!["options.stages.0.target", "options.stages.0.duration", "options.stages.1"],
            ),
            (json!({ "scenarios": {} }), vec!["options.scenarios"]),
            (json!({ "scenarios": { "a": 1 } }), vec!["options.scenarios.a"]),
            (json!({ "scenarios": { "a": {} } }), vec!["options.scenarios.a.executor"]),
            (
                json!({ "scenarios": { "a": { "executor": "externally-controlled" } } }),
                vec!["options.scenarios.a.executor"],
            ),
            (
                json!({ "scenarios": { "a": { "executor": "constant-arrival-rate" } } }),
                vec!["options.scenarios.a.preAllocatedVUs", "options.scenarios.a.duration"],
            ),
        ];
        for (options, targets) in cases {
            let targets = targets.into_iter().map(str::to_owned).collect();
            assert_eq!(read(&options), Err(targets), "{options}");
        }
    }
}
