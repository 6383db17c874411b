//! Whether the loads of two runs are alike, so that their numbers may be compared.

use std::collections::BTreeMap;

use k6_cloud::metrics::RunSummary;
use k6_cloud::metrics::text::{seconds, share};
use k6_cloud::types::TestRun;
use k6_cloud::{Client, Error};

use crate::commands::{is_missing, same_script};

/// The share by which the loads may differ.
const MAX_DIFFERENCE: f64 = 0.1;

/// Returns how the loads of two runs differ by more than a tenth: in VUs, duration, load zones or script.
/// What is not known of one of them does not count.
///
/// # Errors
///
/// If a run or its script cannot be read.
pub(crate) async fn difference(
    client: &Client,
    run: &RunSummary,
    baseline: &RunSummary,
) -> Result<Option<String>, Error> {
    let (id, other) = (run.run.id, baseline.run.id);
    let vus = |run: &RunSummary| run.load.max_vus.map(|vus| vus as f64);
    if let Some((now, before)) = apart(vus(run), vus(baseline)) {
        return Ok(Some(format!("{now} VUs, and {before} in run {other}")));
    }
    if let Some((now, before)) = apart(run.run.load_seconds, baseline.run.load_seconds) {
        let (now, before) = (seconds(now), seconds(before));
        return Ok(Some(format!("{now} under load, and {before} in run {other}")));
    }
    let (now, before) =
        tokio::join!(client.get_test_run(id).send(), client.get_test_run(other).send());
    let moved = moved(&now?, &before?);
    if moved > MAX_DIFFERENCE {
        let moved = share(moved);
        return Ok(Some(format!("{moved} of the load comes from other zones than in run {other}")));
    }
    let scripts = tokio::join!(
        client.get_test_run_script(id).send(),
        client.get_test_run_script(other).send()
    );
    match scripts {
        (Ok(now), Ok(before)) => {
            let is_same = same_script(now.as_bytes(), before.as_bytes());
            Ok((!is_same).then(|| format!("another script than in run {other}")))
        }
        // The service has kept no script.
        (Err(error), _) | (_, Err(error)) if is_missing(&error) => Ok(None),
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

/// Returns two numbers if they differ by more than the share.
fn apart(now: Option<f64>, before: Option<f64>) -> Option<(f64, f64)> {
    let (now, before) = now.zip(before)?;
    let is_apart = (now - before).abs() > MAX_DIFFERENCE * now.abs().max(before.abs());
    is_apart.then_some((now, before))
}

/// Returns the share of the load that comes from other zones.
fn moved(now: &TestRun, before: &TestRun) -> f64 {
    let (Some(now), Some(before)) = (&now.distribution, &before.distribution) else { return 0.0 };
    let mut percents: BTreeMap<&str, i64> = BTreeMap::new();
    for zone in now {
        *percents.entry(&zone.load_zone).or_default() += zone.percent;
    }
    for zone in before {
        *percents.entry(&zone.load_zone).or_default() -= zone.percent;
    }
    let moved: f64 = percents.values().map(|percent| percent.abs() as f64).sum();
    moved / 200.0
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn tenth_is_alike() {
        for (now, before, expected) in [
            (Some(100.0), Some(90.0), None),
            (Some(90.0), Some(100.0), None),
            (Some(100.0), Some(89.0), Some((100.0, 89.0))),
            (Some(1.0), Some(50.0), Some((1.0, 50.0))),
            (Some(0.0), Some(0.0), None),
            (None, Some(50.0), None),
        ] {
            assert_eq!(apart(now, before), expected, "{now:?} {before:?}");
        }
    }
}
