//! Removes what the check made.

use std::time::Duration;

use k6_cloud::{Client, Error, ErrorKind};

use super::{Made, Permission, id_of};
use crate::survey::Survey;

/// How often a removal is tried that fails.
const REMOVALS: u64 = 4;

/// How often a removal is tried that conflicts with a run: until it can be aborted.
const CONFLICTS: u32 = 40;
const CONFLICT_PAUSE: Duration = Duration::from_secs(3);

/// How often a load test is looked for that may not have been made.
const LOOKS: u32 = 2;
const LOOK_PAUSE: Duration = Duration::from_secs(1);

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
    let (mut failures, mut conflicts, mut looks) = (0, 0, 0);
    while failures < REMOVALS && conflicts < CONFLICTS {
        let found = match made.load_test {
            Some(id) => Ok(vec![id]),
            // The response to its creation did not arrive: the service may have made it all the same.
            None => named(client, permission.project, &made.name).await,
        };
        if found.as_ref().is_ok_and(Vec::is_empty) && looks < LOOKS {
            // The request may still be on its way.
            looks += 1;
            tokio::time::sleep(LOOK_PAUSE).await;
            continue;
        }
        let mut removed = found.as_ref().map(|_| ()).map_err(Error::kind);
        for id in found.into_iter().flatten() {
            removed = removed.and(remove_load_test(client, id).await);
        }
        match removed {
            Ok(()) => return Vec::new(),
            Err(ErrorKind::Conflict) => {
                conflicts += 1;
                tokio::time::sleep(CONFLICT_PAUSE).await;
            }
            Err(_) => {
                failures += 1;
                tokio::time::sleep(Duration::from_secs(failures)).await;
            }
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
async fn remove_load_test(client: &Client, id: i64) -> Result<(), ErrorKind> {
    if let Ok(runs) = client.list_load_test_runs(id).collect_all(10).await {
        for run in runs.iter().filter_map(id_of) {
            // It fails if the run has ended, which is as good.
            let _ = client.abort_test_run(run).send().await;
            let _ = client.delete_test_run(run).send().await;
        }
    }
    match client.delete_load_test(id).send().await {
        Err(error) if !error.is_not_found() => Err(error.kind()),
        _ => Ok(()),
    }
}
