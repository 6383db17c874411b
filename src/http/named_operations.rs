//! What the description should say about operations and does not yet: the only place of the
//! hand-written layer that names them.

use crate::operation::Facts;

/// Returns whether a POST of this operation can be sent twice without harm.
///
/// - A star is on or off afterwards, however often it is set.
/// - An aborted run stays aborted. A second abort gets 409, and the error says that an earlier
///   attempt may have done it. Activating and deactivating a schedule are alike.
/// - Validating options changes nothing; its input is too large for a GET.
pub(super) fn is_retry_safe(facts: &Facts) -> bool {
    matches!(
        facts.id,
        "star_test_run"
            | "unstar_test_run"
            | "abort_test_run"
            | "activate_schedule"
            | "deactivate_schedule"
            | "validate_options"
    )
}

/// Returns whether the operation has to name the stack. The one that finds the stack does not.
pub(super) fn needs_stack_id(facts: &Facts) -> bool {
    facts.id != "authenticate"
}
