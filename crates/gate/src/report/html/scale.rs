//! Round numbers for axes.

/// Returns ticks from 0 to at least `most`: round numbers, 3 to 6 of them. `most` must be finite and not
/// negative.
pub(super) fn ticks(most: f64) -> Vec<f64> {
    let most = if most > 0.0 { most } else { 1.0 };
    let rough = most / 4.0;
    let power = 10f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|factor| factor * power);
    let step = steps.into_iter().find(|step| *step >= rough).unwrap_or(10.0 * power);
    if !(step.is_finite() && step > 0.0) {
        return vec![0.0, most];
    }
    let mut ticks = vec![0.0];
    while ticks.len() < 8 && ticks.last().is_some_and(|last| *last < most) {
        ticks.push(step * count(ticks.len()));
    }
    ticks
}

#[expect(clippy::cast_precision_loss, reason = "a few")]
fn count(ticks: usize) -> f64 {
    ticks as f64
}

/// The unit of an axis of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeUnit {
    Seconds,
    Minutes,
    Hours,
}

impl TimeUnit {
    pub(super) fn of(seconds: f64) -> Self {
        match seconds {
            short if short <= 180.0 => Self::Seconds,
            middle if middle <= 3.0 * 3600.0 => Self::Minutes,
            _ => Self::Hours,
        }
    }

    pub(super) fn seconds(self) -> f64 {
        match self {
            Self::Seconds => 1.0,
            Self::Minutes => 60.0,
            Self::Hours => 3600.0,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
        }
    }

    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Minutes => "min",
            Self::Hours => "h",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TimeUnit, ticks};

    #[test]
    fn ticks_are_round_and_reach_the_highest_value() {
        assert_eq!(ticks(0.0), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(ticks(812.0), [0.0, 250.0, 500.0, 750.0, 1000.0]);
        assert_eq!(ticks(50.0), [0.0, 20.0, 40.0, 60.0]);
        for most in [1e-300, 1e-9, 0.3, 1.0, 7.0, 99.0, 101.0, 1e9, 1e300, f64::MAX] {
            let ticks = ticks(most);
            assert!((2..=8).contains(&ticks.len()), "{most}: {ticks:?}");
            assert!(ticks.last().is_some_and(|last| *last >= most), "{most}: {ticks:?}");
        }
    }

    #[test]
    fn unit_of_time_fits_the_length() {
        assert_eq!(TimeUnit::of(60.0), TimeUnit::Seconds);
        assert_eq!(TimeUnit::of(1800.0), TimeUnit::Minutes);
        assert_eq!(TimeUnit::of(86_400.0), TimeUnit::Hours);
    }
}
