//! The planned starts, as the control path shows them.

use serde_json::{Value, json};

use super::requests::outcome_name;
use crate::run::seed::RunSeed;
use crate::state::Shared;

/// Returns the runs of the next starts, in order.
pub(super) fn list(shared: &Shared) -> Value {
    let store = shared.store();
    json!({ "value": store.starts.planned().map(planned).collect::<Vec<_>>() })
}

fn planned(seed: &RunSeed) -> Value {
    json!({
        "outcome": outcome_name(seed),
        "running_for": format!("{}s", seed.plan.duration.as_secs_f64()),
        "vus": seed.plan.vus,
        "browser_vus": seed.plan.browser_vus,
        "note": seed.details.note,
        "id": seed.id,
    })
}
