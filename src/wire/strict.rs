//! Whether values that the crate does not know may be written.
//!
//! A response can have such a value, and must be written as it was read. In a request it is most likely a
//! typing error.

use std::cell::Cell;

thread_local! {
    static IS_STRICT: Cell<bool> = const { Cell::new(false) };
}

/// Returns whether unknown values are errors now.
pub(crate) fn is_strict() -> bool {
    IS_STRICT.get()
}

/// Makes a request, whose unknown values are errors if `strict` is set. The request must be written
/// before `make` returns.
pub(crate) fn make_request<T>(strict: bool, make: impl FnOnce() -> T) -> T {
    /// Restores the state, also after a panic.
    struct Restore(bool);

    impl Drop for Restore {
        fn drop(&mut self) {
            IS_STRICT.set(self.0);
        }
    }

    let _restore = Restore(IS_STRICT.replace(strict));
    make()
}

/// Returns the error of an unknown value.
pub(crate) fn error<E: serde::ser::Error>(
    name: &str,
    value: &str,
    known: impl Iterator<Item = &'static str>,
) -> E {
    let known: Vec<_> = known.collect();
    let value = super::shown::Shown::quoted(value);
    E::custom(format_args!(
        "{value} is not a known {name}: use one of {}, or Client::with_unknown_values to send it all the \
         same",
        known.join(", ")
    ))
}
