//! Values of optional properties.

use chrono::{DateTime, TimeZone};

use super::Timestamp;

/// A value for an optional property: the value itself, or an `Option` of it.
///
/// `.k6_version(2)` and `.k6_version(load_test.k6_version)` both compile. Strings can be `&str` or
/// `String`. `None` leaves the property out, as if you had not called the setter. Only the setters of a
/// partial update (`update_...`) send null for `None`: they take a [`Patch`](super::Patch).
pub trait IntoOption<T> {
    /// Returns the value, if there is one.
    fn into_option(self) -> Option<T>;
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

impl IntoOption<String> for &str {
    fn into_option(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl IntoOption<String> for Option<&str> {
    fn into_option(self) -> Option<String> {
        self.map(str::to_owned)
    }
}

impl<Z: TimeZone> IntoOption<Timestamp> for DateTime<Z> {
    fn into_option(self) -> Option<Timestamp> {
        Some(self.to_utc().into())
    }
}

impl<Z: TimeZone> IntoOption<Timestamp> for Option<DateTime<Z>> {
    fn into_option(self) -> Option<Timestamp> {
        self.map(|time| time.to_utc().into())
    }
}

#[cfg(test)]
mod tests {
    use super::IntoOption;
    use crate::wire::Timestamp;

    fn number(value: impl IntoOption<i64>) -> Option<i64> {
        value.into_option()
    }

    fn text(value: impl IntoOption<String>) -> Option<String> {
        value.into_option()
    }

    fn time(value: impl IntoOption<Timestamp>) -> Option<Timestamp> {
        value.into_option()
    }

    #[test]
    fn value_and_option_are_both_taken() {
        assert_eq!(number(3_000_000_000), Some(3_000_000_000));
        assert_eq!(number(Some(7)), Some(7));
        assert_eq!(number(None), None);
        assert_eq!(text("a").as_deref(), Some("a"));
        assert_eq!(text(String::from("a")).as_deref(), Some("a"));
        assert_eq!(text(Some("a")).as_deref(), Some("a"));
        let now = chrono::Utc::now();
        assert_eq!(time(now), Some(now.into()));
        assert_eq!(time(Timestamp::from(now)), Some(now.into()));
    }
}
