//! The load that a run generates.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::script::options::{Load, ScriptOptions};

/// A load zone with the percentage of the load that it generates.
pub(crate) type ZoneShare = (Cow<'static, str>, u32);

/// The zone that generates the load of a script that does not choose one.
const DEFAULT_ZONES: &[ZoneShare] = &[(Cow::Borrowed("amazon:us:ashburn"), 100)];

/// The load that a run generates, and what reduces its cost.
#[derive(Clone, Debug)]
pub(crate) struct LoadPlan {
    /// All VUs, browser VUs included.
    pub(crate) vus: u32,
    pub(crate) browser_vus: u32,
    pub(crate) duration: Duration,
    pub(crate) zones: Cow<'static, [ZoneShare]>,
    /// Reductions of the cost, by name, in percent.
    pub(crate) reductions: &'static [(&'static str, u32)],
    /// The options of the script; `None` for options that the fake makes up from the plan.
    pub(crate) options: Option<Value>,
}

impl LoadPlan {
    /// Replaces the load by that of a script's options.
    pub(crate) fn set_options(&mut self, options: Value, read: &ScriptOptions) {
        let vus = |is_counted: fn(&Load) -> bool| {
            let counted = read.loads.iter().filter(|load| is_counted(load));
            counted.fold(0, |sum: u32, load| sum.saturating_add(load.vus))
        };
        self.vus = vus(|_| true);
        self.browser_vus = vus(|load| load.is_browser);
        self.duration = read.duration();
        self.zones = if read.shares.is_empty() {
            Cow::Borrowed(DEFAULT_ZONES)
        } else {
            let shares = read.shares.iter();
            shares.map(|share| (share.zone.clone().into(), share.percent)).collect()
        };
        self.options = Some(options);
    }

    /// Returns the planned duration in seconds, rounded up.
    pub(crate) fn seconds(&self) -> u32 {
        let rest = u64::from(self.duration.subsec_nanos() > 0);
        u32::try_from(self.duration.as_secs().saturating_add(rest)).unwrap_or(u32::MAX)
    }

    /// Returns the options of a script that makes this load.
    pub(crate) fn options(&self, project_id: i64) -> Value {
        if let Some(options) = &self.options {
            return options.clone();
        }
        let mut options = self.made_up_load();
        let distribution: Map<String, Value> = self
            .zones
            .iter()
            .map(|(zone, percent)| {
                let label = zone.rsplit(':').next().unwrap_or(zone);
                (label.to_owned(), json!({ "loadZone": zone, "percent": percent }))
            })
            .collect();
        options["cloud"] = json!({ "projectID": project_id, "distribution": distribution });
        options["thresholds"] = json!({ "http_req_duration": ["p(95)<500"] });
        options
    }

    fn made_up_load(&self) -> Value {
        let seconds = self.seconds();
        let duration = format!("{seconds}s");
        if self.browser_vus > 0 {
            return json!({
                "scenarios": {
                    "browse": {
                        "executor": "constant-vus",
                        "vus": self.browser_vus,
                        "duration": duration,
                        "options": { "browser": { "type": "chromium" } },
                    },
                    "call": {
                        "executor": "constant-vus",
                        "vus": self.vus.saturating_sub(self.browser_vus),
                        "duration": duration,
                    },
                },
            });
        }
        if self.zones.len() > 1 {
            let ramp_up = seconds / 3;
            return json!({
                "stages": [
                    { "duration": format!("{ramp_up}s"), "target": self.vus },
                    { "duration": format!("{}s", seconds - ramp_up), "target": 0 },
                ],
            });
        }
        json!({ "vus": self.vus, "duration": duration })
    }
}
