//! The runs that a fake starts with: the same ones every time, and unlike each other.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::course::{Course, Stop};
use super::run::{CostForm, Plan, Run, RunResult, RunStatus, later};
use super::run_seed::{Retention, RunSeed};
use super::script::ScriptKind;
use super::{FIRST_LOAD_TEST_ID, FIRST_RUN_ID, NEWEST};

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

const ZONES: [&[(&str, u32)]; 4] = [
    &[("amazon:de:frankfurt", 100)],
    &[("amazon:us:ashburn", 70), ("amazon:br:sao paulo", 30)],
    &[("amazon:ie:dublin", 50), ("amazon:sg:singapore", 25), ("amazon:au:sydney", 25)],
    &[("amazon:us:portland", 100)],
];

const REDUCTIONS: [&[(&str, u32)]; 3] =
    [&[], &[("volume", 10)], &[("volume", 20), ("local_run", 50)]];

/// The statuses of the newest runs, newest first: only these go on.
const ONGOING: [RunStatus; 6] = [
    RunStatus::Running,
    RunStatus::Queued,
    RunStatus::ProcessingMetrics,
    RunStatus::Running,
    RunStatus::Initializing,
    RunStatus::Created,
];

/// The ends of the others, in turn. Their number is a prime, so that the load tests, over which
/// runs are dealt in turn too, get all of them.
const ENDS: [End; 11] = [
    End::Passed,
    End::Failed,
    End::Passed,
    End::StoppedByUser,
    End::Passed,
    End::Invalid,
    End::Passed,
    End::Failed,
    End::Passed,
    End::Passed,
    End::Broken,
];

#[derive(Clone, Copy)]
enum End {
    Passed,
    Failed,
    StoppedByUser,
    Invalid,
    Broken,
}

/// How the runs of a fake are to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plot {
    pub(super) runs: usize,
    pub(super) load_tests: usize,
    /// Whether some of the runs are saved.
    pub(super) saved: bool,
}

/// Returns the runs of `plot` as they are at `now`, oldest first.
pub(super) fn runs(plot: Plot, now: DateTime<Utc>) -> impl Iterator<Item = Run> {
    let load_tests = i64::try_from(plot.load_tests.max(1)).unwrap_or(i64::MAX);
    (0_i64..).zip((0..plot.runs).rev()).map(move |(index, age)| {
        let mut seed = describe(plot, index, age);
        seed.test_id = FIRST_LOAD_TEST_ID.saturating_add(index % load_tests);
        seed.into_run(FIRST_RUN_ID + index, now)
    })
}

/// Describes the run at `index`, which `age` runs are newer than.
fn describe(plot: Plot, index: i64, age: usize) -> RunSeed {
    let mut dice = Dice::new(index);
    let ongoing = ONGOING.get(age).filter(|_| age < plot.runs / 4);
    let seed = match (ongoing, ENDS.get(age % ENDS.len())) {
        (Some(status), _) => RunSeed::new(status.clone()),
        (None, Some(End::Failed)) => RunSeed::failed(),
        (None, Some(End::StoppedByUser)) => RunSeed::aborted(),
        (None, Some(End::Invalid)) => RunSeed::invalid(),
        (None, Some(End::Broken)) => RunSeed::new(RunStatus::Completed).result(RunResult::Error),
        (None, Some(End::Passed) | None) => RunSeed::passed(),
    };
    let vus = dice.between(1, 500);
    let saved = plot.saved && (age == 7 || (age % 97 == 31 && age < 500));
    let mut seed = RunSeed {
        started_by: (dice.below(6) > 0).then(|| Cow::Borrowed(dice.pick(&USERS, ""))),
        created: Some(later(NEWEST, -offset(plot, age, ongoing.is_some()))),
        note: Cow::Borrowed(dice.pick(&NOTES, "")),
        starred: dice.below(5) == 0,
        retention: if saved { Retention::Saved } else { Retention::AfterEnd },
        cost: dice.pick(&[CostForm::Number, CostForm::Text, CostForm::Mixed], CostForm::Number),
        script: if dice.below(3) == 0 { ScriptKind::Archive } else { ScriptKind::JavaScript },
        distribution: reached_load(&seed.status) && dice.below(4) > 0,
        plan: Plan {
            vus,
            browser_vus: if dice.below(4) == 0 { vus / 10 } else { 0 },
            duration: Duration::from_secs(u64::from(duration(&mut dice, age, ongoing))),
            zones: dice.pick(&ZONES, &[]),
            reductions: dice.pick(&REDUCTIONS, &[]),
        },
        course: {
            let wait = dice.below(3) == 0;
            Course {
                created: Duration::from_secs(if wait { 1 } else { 2 }),
                queued: wait.then(|| Duration::from_secs(u64::from(dice.between(1, 90)))),
                initializing: Duration::from_millis(u64::from(dice.between(4_000, 20_000))),
                processing: Duration::from_millis(u64::from(dice.between(5, 60) * 500)),
                ..Course::default()
            }
        },
        ..seed
    };
    // In whole seconds, from the beginning of the load.
    let stop = u64::from(seed.plan.seconds()) * u64::from(dice.between(5, 95)) / 100;
    let stop = Stop::by_starter(Duration::from_secs(stop), seed.started_by.as_ref());
    seed.course.stop = Some(stop);
    seed
}

/// Returns how many seconds of load a run plans, so that it is at `NOW` where its status says.
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
fn offset(plot: Plot, age: usize, ongoing: bool) -> TimeDelta {
    let rank = i64::try_from(age).unwrap_or(i64::MAX);
    if ongoing {
        return TimeDelta::milliseconds(rank.saturating_mul(95_250));
    }
    if age == 0 {
        return TimeDelta::zero();
    }
    let runs = i64::try_from(plot.runs).unwrap_or(i64::MAX);
    let half_year = 180 * 86_400_000_000;
    let step = (half_year / runs.max(1)).clamp(60_000_000, 86_400_000_000);
    // Some runs were created in the same instant, so that the order has ties to break.
    let rank = if age % 16 == 9 { rank - 1 } else { rank };
    let mut dice = Dice::new(rank);
    let jitter = match dice.below(4) {
        0 => i64::from(dice.between(0, 40)) * 1_000_000,
        1 => i64::from(dice.between(0, 4_000)) * 10_000,
        _ => i64::from(dice.between(0, 40_000_000)),
    };
    // The longest run is over within two hours, and these have all ended.
    let base = TimeDelta::hours(2);
    let back = TimeDelta::microseconds(rank.saturating_mul(step).saturating_add(jitter));
    back.checked_add(&base).unwrap_or(back)
}

/// A small xorshift: the same numbers on every machine, and no dependency.
struct Dice(u64);

impl Dice {
    fn new(index: i64) -> Self {
        // Neighbouring seeds would begin alike, and a seed of 0 would stay 0.
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

    use super::super::NOW;
    use super::*;

    fn some(count: usize) -> Vec<Run> {
        let plot = Plot { runs: count, load_tests: 3, saved: true };
        runs(plot, NOW).collect()
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
        assert_eq!(kinds(|run| run.current.status.as_str().to_owned()).len(), 7);
        assert_eq!(kinds(|run| run.json()["result"].to_string()).len(), 4);
        assert_eq!(kinds(|run| format!("{:?}", run.cost_form)).len(), 3);
        assert_eq!(kinds(|run| format!("{:?}", run.script)).len(), 2);
        assert_eq!(kinds(|run| run.starred.to_string()).len(), 2);
        assert_eq!(kinds(|run| run.is_saved().to_string()).len(), 2);
        assert_eq!(kinds(|run| run.distribution_json().is_some().to_string()).len(), 2);
    }

    #[test]
    fn nothing_happened_after_now() {
        for run in [1, 2, 3, 12, 3_000].into_iter().flat_map(some) {
            assert_eq!(run.is_final(), run.ended.is_some());
            assert!(run.current.entered < NOW, "run {}", run.id);
        }
    }
}
