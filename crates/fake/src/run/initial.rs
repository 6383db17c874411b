//! The runs that a fake starts with. They are the same every time, and each is different.

use std::borrow::Cow;
use std::time::Duration;

use chrono::TimeDelta;
use k6_cloud::{RunStatus, ScriptKind};

use super::seed::{RetentionSeed, RunSeed};
use super::{CostForm, Details, Lifecycle, LoadPlan, PlannedAbort, Run, ZoneShare};
use crate::ids::FirstIds;
use crate::metrics::MetricsSeed;
use crate::script::StoredScript;
use crate::time::{Reading, later};

const USERS: [&str; 4] =
    ["ada@example.com", "grace@example.com", "katherine@example.com", "linus@example.com"];

const NOTES: [&str; 6] = [
    "",
    "before the release",
    "after the cache was made larger",
    "größere Last, neue Region",
    "nightly\nsecond try",
    "do not compare: \"warm\" start ☕",
];

const ZONES: [&[ZoneShare]; 4] = [
    &[share("amazon:de:frankfurt", 100)],
    &[share("amazon:us:ashburn", 70), share("amazon:br:sao paulo", 30)],
    &[
        share("amazon:ie:dublin", 50),
        share("amazon:sg:singapore", 25),
        share("amazon:au:sydney", 25),
    ],
    &[share("amazon:us:portland", 100)],
];

const fn share(zone: &'static str, percent: u32) -> ZoneShare {
    (Cow::Borrowed(zone), percent)
}

const REDUCTIONS: [&[(&str, u32)]; 3] =
    [&[], &[("volume", 10)], &[("volume", 20), ("local_run", 50)]];

/// The statuses of the newest runs, newest first. The others have ended.
const ONGOING: [RunStatus; 6] = [
    RunStatus::Running,
    RunStatus::Queued,
    RunStatus::ProcessingMetrics,
    RunStatus::Running,
    RunStatus::Initializing,
    RunStatus::Created,
];

/// The ends of the others, in rotation. Their number is a prime, so that each load test gets all of
/// them: runs are assigned to load tests in rotation too.
const ENDS: [End; 11] = [
    End::Passed,
    End::Failed,
    End::Passed,
    End::AbortedByUser,
    End::Passed,
    End::Invalid,
    End::Passed,
    End::Failed,
    End::Passed,
    End::Passed,
    End::Errored,
];

#[derive(Clone, Copy)]
enum End {
    Passed,
    Failed,
    AbortedByUser,
    Invalid,
    Errored,
}

/// Which runs a fake starts with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InitialRuns {
    pub(crate) runs: usize,
    pub(crate) load_tests: usize,
    /// Whether some of the runs are saved.
    pub(crate) with_saved: bool,
    pub(crate) first_ids: FirstIds,
}

/// Returns the runs as they are when a clock reads `reading`, oldest first.
pub(crate) fn initial_runs(initial: InitialRuns, reading: Reading) -> impl Iterator<Item = Run> {
    let load_tests = i64::try_from(initial.load_tests.max(1)).unwrap_or(i64::MAX);
    (0_i64..).zip((0..initial.runs).rev()).map(move |(index, age)| {
        let mut seed = describe(initial, index, age);
        let offset = offset(initial, age, ongoing_status(initial, age).is_some());
        seed.created = Some(later(reading.newest(), -offset));
        let test = initial.first_ids.load_tests.saturating_add(index % load_tests);
        seed = seed.test_id(test).project_id(initial.first_ids.project_of(test));
        seed.into_run(initial.first_ids.runs + index, reading)
    })
}

/// Returns the status of a run that has not ended, which `age` runs are newer than.
fn ongoing_status(initial: InitialRuns, age: usize) -> Option<&'static RunStatus> {
    ONGOING.get(age).filter(|_| age < initial.runs / 4)
}

/// Describes the run at `index`, which `age` runs are newer than.
fn describe(initial: InitialRuns, index: i64, age: usize) -> RunSeed {
    let mut dice = Dice::new(index);
    let ongoing = ongoing_status(initial, age);
    let seed = match (ongoing, ENDS.get(age % ENDS.len())) {
        (Some(status), _) => RunSeed::new(status.clone()),
        (None, Some(End::Failed)) => RunSeed::failed(),
        (None, Some(End::AbortedByUser)) => RunSeed::aborted(),
        (None, Some(End::Invalid)) => RunSeed::invalid(),
        (None, Some(End::Errored)) => RunSeed::errored(),
        (None, Some(End::Passed) | None) => RunSeed::passed(),
    };
    let vus = dice.between(1, 500);
    let is_saved = initial.with_saved && (age == 7 || (age % 97 == 31 && age < 500));
    let started_by = (dice.below(6) > 0).then(|| Cow::Borrowed(dice.pick(&USERS, "")));
    let details = details(&mut dice, &seed.status);
    let plan = LoadPlan {
        vus,
        browser_vus: if dice.below(4) == 0 { vus / 10 } else { 0 },
        duration: Duration::from_secs(u64::from(duration(&mut dice, age, ongoing))),
        zones: Cow::Borrowed(dice.pick(&ZONES, &[])),
        reductions: dice.pick(&REDUCTIONS, &[]),
        options: None,
    };
    let mut lifecycle = lifecycle(&mut dice, seed.lifecycle.invalid.clone());
    // In whole seconds, from the beginning of the load.
    let after = u64::from(plan.seconds()) * u64::from(dice.between(5, 95)) / 100;
    let after = Duration::from_secs(after);
    lifecycle.abort = Some(PlannedAbort::by_starter(Some(after), started_by.as_ref()));
    RunSeed {
        started_by,
        retention: if is_saved { RetentionSeed::Saved } else { RetentionSeed::AfterEnd },
        details,
        plan,
        lifecycle,
        ..seed
    }
}

fn details(dice: &mut Dice, status: &RunStatus) -> Details {
    let cost_forms = [CostForm::Number, CostForm::String, CostForm::Mixed];
    let is_archive = dice.below(3) == 0;
    let kind = if is_archive { ScriptKind::Archive } else { ScriptKind::JavaScript };
    Details {
        note: Cow::Borrowed(dice.pick(&NOTES, "")),
        is_starred: dice.below(5) == 0,
        script: StoredScript::Made(kind),
        cost_form: dice.pick(&cost_forms, CostForm::Number),
        has_distribution: reached_load(status) && dice.below(4) > 0,
        properties: Vec::new(),
        metrics: MetricsSeed::default(),
        logs: Vec::new(),
    }
}

fn lifecycle(dice: &mut Dice, invalid: Option<Cow<'static, str>>) -> Lifecycle {
    let is_queued = dice.below(3) == 0;
    Lifecycle {
        created: Duration::from_secs(if is_queued { 1 } else { 2 }),
        queued: is_queued.then(|| Duration::from_secs(u64::from(dice.between(1, 90)))),
        initializing: Duration::from_millis(u64::from(dice.between(4_000, 20_000))),
        processing: Duration::from_millis(u64::from(dice.between(5, 60) * 500)),
        invalid,
        ..Lifecycle::default()
    }
}

/// Returns the planned seconds of load. They suit the status that the run has when the fake starts.
fn duration(dice: &mut Dice, age: usize, ongoing: Option<&RunStatus>) -> u32 {
    match ongoing {
        Some(RunStatus::ProcessingMetrics) => 120,
        Some(_) => dice.between(20, 60) * 60,
        None if age == 0 => 60,
        None => dice.between(1, 60) * 60,
    }
}

fn reached_load(status: &RunStatus) -> bool {
    !matches!(status, RunStatus::Created | RunStatus::Queued | RunStatus::Initializing)
}

/// Returns how long before the newest run the one of this age was created.
fn offset(initial: InitialRuns, age: usize, ongoing: bool) -> TimeDelta {
    let rank = i64::try_from(age).unwrap_or(i64::MAX);
    if ongoing {
        return TimeDelta::milliseconds(rank.saturating_mul(95_250));
    }
    if age == 0 {
        return TimeDelta::zero();
    }
    let runs = i64::try_from(initial.runs).unwrap_or(i64::MAX);
    let half_year = 180 * 86_400_000_000;
    let step = (half_year / runs.max(1)).clamp(60_000_000, 86_400_000_000);
    // Some runs were created at the same instant, so that lists have ties to break.
    let rank = if age % 16 == 9 { rank - 1 } else { rank };
    let mut dice = Dice::new(rank);
    let jitter = match dice.below(4) {
        0 => i64::from(dice.between(0, 40)) * 1_000_000,
        1 => i64::from(dice.between(0, 4_000)) * 10_000,
        _ => i64::from(dice.between(0, 40_000_000)),
    };
    // These runs have all ended, and the longest takes less than two hours.
    let base = TimeDelta::hours(2);
    let back = TimeDelta::microseconds(rank.saturating_mul(step).saturating_add(jitter));
    back.checked_add(&base).unwrap_or(back)
}

/// A small xorshift generator, with the same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn new(index: i64) -> Self {
        // Similar seeds would start with similar numbers, and a seed of 0 would stay 0.
        let spread = index.unsigned_abs().wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut dice = Self(spread | 1);
        for _ in 0..4 {
            dice.roll();
        }
        dice
    }

    fn roll(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let [_, _, _, _, bytes @ ..] = self.0.to_le_bytes();
        u32::from_le_bytes(bytes)
    }

    fn below(&mut self, bound: u32) -> u32 {
        self.roll() % bound.max(1)
    }

    /// Returns a number from `low` to `high`, both included.
    fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    fn pick<T: Copy>(&mut self, choices: &[T], otherwise: T) -> T {
        let bound = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        let at = usize::try_from(self.below(bound)).unwrap_or(0);
        choices.get(at).copied().unwrap_or(otherwise)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{NEWEST, NOW};

    fn some(count: usize) -> Vec<Run> {
        let initial = InitialRuns {
            runs: count,
            load_tests: 3,
            with_saved: true,
            first_ids: FirstIds::default(),
        };
        initial_runs(initial, NOW.into()).collect()
    }

    #[test]
    fn runs_are_the_same_every_time() {
        let json = || -> Vec<_> { some(40).iter().map(Run::json).collect() };
        assert_eq!(json(), json());
    }

    #[test]
    fn runs_are_sorted_and_end_at_the_newest() {
        for count in [1, 2, 3, 12, 40, 3_000] {
            let created: Vec<_> = some(count).iter().map(|run| run.created).collect();
            assert!(created.is_sorted(), "{count} runs");
            assert_eq!(created.last(), Some(&NEWEST), "{count} runs");
        }
    }

    #[test]
    fn a_few_runs_show_every_kind() {
        let runs = some(40);
        let kinds = |of: fn(&Run) -> String| -> BTreeSet<String> { runs.iter().map(of).collect() };
        assert_eq!(kinds(|run| run.status().as_str().to_owned()).len(), 7);
        assert_eq!(kinds(|run| run.json()["result"].to_string()).len(), 4);
        assert_eq!(kinds(|run| format!("{:?}", run.details.cost_form)).len(), 3);
        assert_eq!(kinds(|run| format!("{:?}", run.details.script)).len(), 2);
        assert_eq!(kinds(|run| run.details.is_starred.to_string()).len(), 2);
        assert_eq!(kinds(|run| run.is_saved().to_string()).len(), 2);
        assert_eq!(kinds(|run| run.distribution_json().is_some().to_string()).len(), 2);
    }

    #[test]
    fn nothing_happened_after_now() {
        for run in [1, 2, 3, 12, 3_000].into_iter().flat_map(some) {
            assert_eq!(run.is_final(), run.progress.ended.is_some());
            assert!(run.progress.current.entered < NOW, "run {}", run.id);
        }
    }
}
