//! Removes what the check made.

use std::time::Duration;

use k6_cloud::{Client, Error};

use super::{Made, Permission, id_of};
use crate::survey::Survey;

/// How often a removal is tried.
const REMOVALS: u32 = 5;

/// Removes what was made. Returns what is left, with the name that the check gave it.
pub(super) async fn remove(
    survey: &Survey<'_>,
    permission: Permission,
    made: &Made,
) -> Vec<String> {
    if made.is_removed || !made.is_asked_for {
        return Vec::new();
    }
    let client = survey.relay.client();
    for attempt in 0..REMOVALS {
        if attempt > 0 {
            tokio::time::sleep(Duration::from_secs(u64::from(attempt))).await;
        }
        let found = match made.load_test {
            Some(id) => Ok(vec![id]),
            // The response to its creation did not arrive: the service may have made it all the same.
            None => named(client, permission.project, &made.name).await,
        };
        let Ok(found) = found else { continue };
        let mut is_gone = true;
        for id in found {
            is_gone &= remove_load_test(client, id).await;
        }
        if is_gone {
            return Vec::new();
        }
    }
    vec![format!("the load test {:?}, with its runs", made.name)]
}

/// Returns the load tests with a name that only this check has.
async fn named(client: &Client, project: i64, name: &str) -> Result<Vec<i64>, Error> {
    let found = client.list_project_load_tests(project).name(name).collect_all(10).await?;
    Ok(found.iter().filter_map(id_of).collect())
}

/// Removes a load test and its runs, which must not run then.
async fn remove_load_test(client: &Client, id: i64) -> bool {
    if let Ok(runs) = client.list_load_test_runs(id).collect_all(10).await {
        for run in runs.iter().filter_map(id_of) {
            // It fails if the run has ended, which is as good.
            let _ = client.abort_test_run(run).send().await;
            let _ = client.delete_test_run(run).send().await;
        }
    }
    match client.delete_load_test(id).send().await {
        Ok(()) => true,
        Err(error) => error.is_not_found(),
    }
}
