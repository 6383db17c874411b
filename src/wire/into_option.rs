//! Values of optional parameters and properties.

use std::borrow::Cow;
use std::time::SystemTime;

use chrono::{DateTime, TimeZone};

use super::{Patch, Timestamp};

/// A value that may be left out: the value itself, an `Option` of it, or a reference to either.
///
/// Every setter of an optional value takes it: `.k6_version(2)`, `.k6_version(load_test.k6_version)`
/// and `.k6_version(None)` compile. A string can also be a `&str`, a time a [`SystemTime`] or a
/// [`DateTime`] of any zone, an id its number.
///
/// `None` leaves the value out, as if you had not called the setter. In a partial update
/// (`update_...`), where the API can remove the value, `None` sends null, which removes it, and
/// [`Patch::Absent`] leaves it out.
///
/// There is one `Option` for each type, so that the compiler knows the type of `None`. An
/// `Option<&str>` needs `.map(str::to_owned)`.
pub trait IntoOption<T> {
    /// Returns the value, if there is one.
    fn into_option(self) -> Option<T>;

    /// Returns what becomes of a property in a partial update.
    fn into_patch(self) -> Patch<T>
    where
        Self: Sized,
    {
        self.into_option().into()
    }
}

impl<T> IntoOption<T> for T {
    fn into_option(self) -> Option<T> {
        Some(self)
    }
}

impl<T> IntoOption<T> for Option<T> {
    fn into_option(self) -> Option<T> {
        self
    }
}

impl<T: Clone> IntoOption<T> for &T {
    fn into_option(self) -> Option<T> {
        Some(self.clone())
    }
}

impl<T: Clone> IntoOption<T> for &Option<T> {
    fn into_option(self) -> Option<T> {
        self.clone()
    }
}

impl IntoOption<String> for &str {
    fn into_option(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl IntoOption<String> for Cow<'_, str> {
    fn into_option(self) -> Option<String> {
        Some(self.into_owned())
    }
}

impl<Z: TimeZone> IntoOption<Timestamp> for DateTime<Z> {
    fn into_option(self) -> Option<Timestamp> {
        Some(self.into())
    }
}

impl<Z: TimeZone> IntoOption<Timestamp> for &DateTime<Z> {
    fn into_option(self) -> Option<Timestamp> {
        Some(self.to_utc().into())
    }
}

impl IntoOption<Timestamp> for SystemTime {
    fn into_option(self) -> Option<Timestamp> {
        Some(self.into())
    }
}

impl IntoOption<Timestamp> for &SystemTime {
    fn into_option(self) -> Option<Timestamp> {
        Some((*self).into())
    }
}

/// [`Patch::Absent`] leaves the value out, in a partial update too.
impl<T> IntoOption<T> for Patch<T> {
    fn into_option(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    fn into_patch(self) -> Patch<T> {
        self
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::time::SystemTime;

    use super::IntoOption;
    use crate::wire::{Patch, Timestamp};

    fn number(value: impl IntoOption<i64>) -> Option<i64> {
        value.into_option()
    }

    fn text(value: impl IntoOption<String>) -> Option<String> {
        value.into_option()
    }

    fn time(value: impl IntoOption<Timestamp>) -> Option<Timestamp> {
        value.into_option()
    }

    fn patch(value: impl IntoOption<String>) -> Patch<String> {
        value.into_patch()
    }

    #[expect(clippy::needless_borrows_for_generic_args, reason = "references are what is tested")]
    #[test]
    fn value_option_and_references_are_taken() {
        assert_eq!(number(3_000_000_000), Some(3_000_000_000));
        assert_eq!(number(Some(7)), Some(7));
        assert_eq!((number(&7), number(&Some(7))), (Some(7), Some(7)));
        assert_eq!(number(None), None);
        let owned = String::from("a");
        for given in [text("a"), text(&owned), text(Cow::from("a")), text(Some(owned.clone()))] {
            assert_eq!(given.as_deref(), Some("a"));
        }
        assert_eq!((text(owned), text(None)), (Some("a".to_owned()), None));
        let now = SystemTime::now();
        let utc = chrono::DateTime::<chrono::Utc>::from(now);
        let stamp = Timestamp::from(now);
        let zoned = utc.fixed_offset();
        let given =
            [time(now), time(&now), time(utc), time(&utc), time(zoned), time(stamp), time(&stamp)];
        assert!(given.iter().all(|given| *given == Some(stamp)), "{given:?}");
        assert_eq!((time(Some(stamp)), time(None)), (Some(stamp), None));
    }

    #[expect(clippy::needless_borrows_for_generic_args, reason = "references are what is tested")]
    #[test]
    fn none_removes_in_a_patch() {
        assert_eq!(patch("a"), Patch::Value("a".to_owned()));
        assert_eq!(patch(&Some("a".to_owned())), Patch::Value("a".to_owned()));
        assert_eq!(patch(None), Patch::Null);
        assert_eq!(patch(Patch::Absent), Patch::Absent);
    }
}
