//! Test runs.

use super::call::{Call, Outcome, no_content};
use super::{run_actions as actions, run_lists as lists};

/// Serves the operations on test runs.
pub(crate) fn serve(call: &Call<'_>) -> Option<Outcome> {
    let Call { shared, arguments, parts, .. } = *call;
    let id = arguments.id();
    Some(match call.operation {
        "list_load_test_runs" => lists::of_load_test(shared, parts, id, arguments),
        "list_test_runs" => lists::all(shared, parts, arguments),
        "get_test_run" => actions::get(shared, id),
        "update_test_run" => {
            let note = arguments.body["note"].as_str().unwrap_or_default();
            actions::set_note(shared, id, note.to_owned()).map(no_content)
        }
        "delete_test_run" => actions::delete(shared, id).map(no_content),
        "abort_test_run" => actions::abort(shared, id).map(no_content),
        "save_test_run" => actions::save(shared, id).map(no_content),
        "unsave_test_run" => actions::unsave(shared, id).map(no_content),
        "star_test_run" => actions::set_starred(shared, id, true).map(no_content),
        "unstar_test_run" => actions::set_starred(shared, id, false).map(no_content),
        "get_test_run_distribution" => actions::distribution(shared, id),
        "get_test_run_script" => actions::script(shared, id),
        _ => return None,
    })
}
