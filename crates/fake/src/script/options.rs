//! The options of a k6 script, as far as they say how much load it makes, and where.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::error::Violation;

/// The longest that iterations take that have no limit of their own.
const MAX_DURATION: Duration = Duration::from_secs(600);

/// The load of one scenario.
#[derive(Debug, PartialEq)]
pub(crate) struct Load {
    /// The highest number of VUs.
    pub(crate) vus: u32,
    pub(crate) is_browser: bool,
    /// When the scenario begins, counted from the start of the run.
    pub(crate) start: Duration,
    pub(crate) duration: Duration,
}

/// The share of the load that one load zone generates.
#[derive(Debug, PartialEq)]
pub(crate) struct Share {
    /// The pointer to the share in the request.
    pub(crate) target: String,
    pub(crate) zone: String,
    pub(crate) percent: u32,
}

/// The load of a script.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ScriptOptions {
    pub(crate) loads: Vec<Load>,
    /// Empty for a script that does not choose its load zones.
    pub(crate) shares: Vec<Share>,
}

impl ScriptOptions {
    /// Reads options, or lists everything that is wrong with them.
    pub(crate) fn read(options: &Map<String, Value>) -> Result<Self, Vec<Violation>> {
        let mut reader = Reader { violations: Vec::new() };
        let loads = match options.get("scenarios").filter(|scenarios| !scenarios.is_null()) {
            Some(scenarios) => reader.scenarios(scenarios),
            None => vec![reader.load(options, implied_executor(options), "options")],
        };
        let shares = reader.shares(options);
        match reader.violations {
            violations if violations.is_empty() => Ok(Self { loads, shares }),
            violations => Err(violations),
        }
    }

    /// Returns how long the load takes in all.
    pub(crate) fn duration(&self) -> Duration {
        let ends = self.loads.iter().map(|load| load.start.saturating_add(load.duration));
        ends.max().unwrap_or_default()
    }
}

/// Returns the executor of options without scenarios.
fn implied_executor(options: &Map<String, Value>) -> &'static str {
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
    fn reject(&mut self, target: String, wants: &str, got: Option<&Value>) {
        let got = got.map_or("nothing".to_owned(), Value::to_string);
        let message = format!("{target} must be {wants}, got {got}");
        self.violations.push(Violation { target, message });
    }

    /// Reads the load zones, which stand in `cloud`, or in `ext.loadimpact` in older scripts.
    fn shares(&mut self, options: &Map<String, Value>) -> Vec<Share> {
        let older = options.get("ext").and_then(|ext| ext.get("loadimpact"));
        let places = [("options.cloud", options.get("cloud")), ("options.ext.loadimpact", older)];
        let found = places.into_iter().find_map(|(at, cloud)| {
            let distribution = cloud?.get("distribution").filter(|value| !value.is_null())?;
            Some((format!("{at}.distribution"), distribution))
        });
        let Some((at, distribution)) = found else { return Vec::new() };
        let Some(named) = distribution.as_object().filter(|named| !named.is_empty()) else {
            self.reject(at, "an object with at least one load zone", Some(distribution));
            return Vec::new();
        };
        let mut shares = Vec::new();
        for (name, share) in named {
            let target = format!("{at}.{name}");
            let zone = share.get("loadZone").and_then(Value::as_str);
            let percent = share.get("percent").and_then(Value::as_f64);
            // The service's own examples have whole percentages, so fractions are rounded.
            match (zone, percent.filter(|percent| (0.0..=100.0).contains(percent))) {
                (Some(zone), Some(percent)) => {
                    let percent = (0..=100).find(|whole| f64::from(*whole) >= percent - 0.5);
                    let (zone, percent) = (zone.to_owned(), percent.unwrap_or(100));
                    shares.push(Share { target, zone, percent });
                }
                (None, _) => {
                    let target = format!("{target}.loadZone");
                    self.reject(target, "the id of a load zone", share.get("loadZone"));
                }
                (_, None) => {
                    let target = format!("{target}.percent");
                    self.reject(target, "a number from 0 to 100", share.get("percent"));
                }
            }
        }
        let sum: f64 =
            named.values().filter_map(|share| share.get("percent").and_then(Value::as_f64)).sum();
        if shares.len() == named.len() && (sum - 100.0).abs() > 0.01 {
            let message = format!("the percentages of {at} must add up to 100, got {sum}");
            self.violations.push(Violation { target: at, message });
        }
        shares
    }

    fn scenarios(&mut self, scenarios: &Value) -> Vec<Load> {
        let at = "options.scenarios";
        let Some(named) = scenarios.as_object().filter(|named| !named.is_empty()) else {
            self.reject(at.to_owned(), "an object with at least one scenario", Some(scenarios));
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
                None => self.reject(at, "an object", Some(scenario)),
            }
        }
        loads
    }

    fn load(&mut self, fields: &Map<String, Value>, executor: &str, at: &str) -> Load {
        // Each kind of executor has its own names for the number of VUs and for the duration.
        let (vus, duration) = match executor {
            // Without scenarios, `duration` ends the iterations.
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
                // Ramps can begin with 0 VUs.
                let first = fields.get(first).and_then(Value::as_u64).map_or(1, clamp);
                (first.max(highest), duration)
            }
            "constant-arrival-rate" => {
                (self.pool(fields, at), self.needed_time(fields, "duration", at))
            }
            "ramping-arrival-rate" => (self.pool(fields, at), self.stages(fields, at).1),
            _ => {
                let wants = "an executor that runs in the cloud";
                self.reject(format!("{at}.executor"), wants, fields.get("executor"));
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

    /// Reads a number of VUs. The default is 1.
    fn vus(&mut self, fields: &Map<String, Value>, name: &str, at: &str) -> u32 {
        match fields.get(name).filter(|value| !value.is_null()) {
            None => 1,
            Some(value) => match value.as_u64().filter(|vus| *vus > 0) {
                Some(vus) => clamp(vus),
                None => {
                    self.reject(format!("{at}.{name}"), "an integer from 1", Some(value));
                    1
                }
            },
        }
    }

    /// Reads the VUs of an executor with an arrival rate.
    fn pool(&mut self, fields: &Map<String, Value>, at: &str) -> u32 {
        if fields.get("preAllocatedVUs").is_none_or(Value::is_null) {
            self.reject(format!("{at}.preAllocatedVUs"), "an integer from 1", None);
        }
        let vus = self.vus(fields, "preAllocatedVUs", at);
        vus.max(self.vus(fields, "maxVUs", at))
    }

    /// Returns the highest target of the stages, and their total duration.
    fn stages(&mut self, fields: &Map<String, Value>, at: &str) -> (u32, Duration) {
        let at = format!("{at}.stages");
        let given = fields.get("stages");
        let Some(stages) = given.and_then(Value::as_array).filter(|stages| !stages.is_empty())
        else {
            self.reject(at, "a list with at least one stage", given);
            return (0, Duration::ZERO);
        };
        let (mut highest, mut duration) = (0, Duration::ZERO);
        for (index, stage) in stages.iter().enumerate() {
            let at = format!("{at}.{index}");
            let Some(stage) = stage.as_object() else {
                self.reject(at, "an object", Some(stage));
                continue;
            };
            match stage.get("target").and_then(Value::as_u64) {
                Some(target) => highest = highest.max(clamp(target)),
                None => {
                    self.reject(format!("{at}.target"), "an integer from 0", stage.get("target"));
                }
            }
            duration = duration.saturating_add(self.needed_time(stage, "duration", &at));
        }
        (highest, duration)
    }

    fn needed_time(&mut self, fields: &Map<String, Value>, name: &str, at: &str) -> Duration {
        if fields.get(name).is_none_or(Value::is_null) {
            self.reject(format!("{at}.{name}"), "a duration such as 10m30s", None);
        }
        self.time(fields, name, at).unwrap_or_default()
    }

    fn time(&mut self, fields: &Map<String, Value>, name: &str, at: &str) -> Option<Duration> {
        let value = fields.get(name).filter(|value| !value.is_null())?;
        let time = match value {
            Value::String(text) => parse_duration(text),
            // k6 takes numbers for milliseconds.
            value => value.as_u64().map(Duration::from_millis),
        };
        if time.is_none() {
            self.reject(format!("{at}.{name}"), "a duration such as 10m30s", Some(value));
        }
        time
    }
}

fn clamp(vus: u64) -> u32 {
    u32::try_from(vus).unwrap_or(u32::MAX)
}

/// Reads a duration such as `1h30m` or `1.5s`.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
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
        let read = ScriptOptions::read(options.as_object().expect("an object"));
        read.map(|read| read.loads)
            .map_err(|all| all.into_iter().map(|violation| violation.target).collect())
    }

    fn load(vus: u32, seconds: u64) -> Load {
        let duration = Duration::from_secs(seconds);
        Load { vus, is_browser: false, start: Duration::ZERO, duration }
    }

    #[test]
    fn options_without_scenarios_are_read_as_one() {
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
    fn all_executors_are_read() {
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
    fn all_problems_are_listed() {
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

    #[test]
    fn distribution_is_read_from_both_places() {
        let distribution = json!({
            "a": { "loadZone": "amazon:de:frankfurt", "percent": 70 },
            "b": { "loadZone": "amazon:ie:dublin", "percent": 30.0 },
        });
        for options in [
            json!({ "cloud": { "distribution": distribution } }),
            json!({ "ext": { "loadimpact": { "distribution": distribution } } }),
        ] {
            let read = ScriptOptions::read(options.as_object().expect("an object"));
            let shares = read.expect("good options").shares;
            let shares: Vec<_> =
                shares.iter().map(|share| (share.zone.as_str(), share.percent)).collect();
            assert_eq!(shares, [("amazon:de:frankfurt", 70), ("amazon:ie:dublin", 30)]);
        }
        let none = json!({ "cloud": { "distribution": null } });
        assert!(read(&none).is_ok());
    }

    #[test]
    fn distribution_must_name_zones_and_add_up_to_100() {
        let zone = "amazon:ie:dublin";
        let cases = [
            (json!({}), "options.cloud.distribution"),
            (json!(5), "options.cloud.distribution"),
            (json!({ "a": { "percent": 100 } }), "options.cloud.distribution.a.loadZone"),
            (json!({ "a": { "loadZone": zone } }), "options.cloud.distribution.a.percent"),
            (
                json!({ "a": { "loadZone": zone, "percent": 101 } }),
                "options.cloud.distribution.a.percent",
            ),
            (json!({ "a": { "loadZone": zone, "percent": 70 } }), "options.cloud.distribution"),
        ];
        for (distribution, target) in cases {
            let options = json!({ "cloud": { "distribution": distribution } });
            assert_eq!(read(&options), Err(vec![target.to_owned()]), "{options}");
        }
    }
}
