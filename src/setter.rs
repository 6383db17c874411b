//! What the setters of generated builders have in common. They keep what did not convert, with the
//! reason, until the call is sent or the value is made.

use std::fmt::Display;

/// A parameter of a call.
pub(crate) fn value<V: TryInto<T>, T>(value: V, failure: &str) -> Result<T, String> {
    value.try_into().map_err(|_| failure.to_owned())
}

/// A parameter of a call that may be left out.
pub(crate) fn optional<V: TryInto<T>, T>(value: V, failure: &str) -> Result<Option<T>, String> {
    value.try_into().map(Some).map_err(|_| failure.to_owned())
}

/// The body of a call, which is kept as its builder.
pub(crate) fn body<V, T, B>(value: V, failure: &str) -> Result<B, String>
where
    V: TryInto<T, Error: Display>,
    B: From<T>,
{
    property(value, failure).map(B::from)
}

/// A property of a type.
pub(crate) fn property<V, T>(value: V, failure: &str) -> Result<T, String>
where
    V: TryInto<T, Error: Display>,
{
    value.try_into().map_err(|error| format!("{failure}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{body, optional, property, value};

    #[test]
    fn what_converts_is_kept() {
        assert_eq!(value::<u8, i64>(7, "failed"), Ok(7));
        assert_eq!(optional::<u8, i64>(7, "failed"), Ok(Some(7)));
        assert_eq!(property::<u8, i64>(7, "failed"), Ok(7));
        assert_eq!(body::<u8, i64, i128>(7, "failed"), Ok(7));
    }

    #[test]
    fn what_does_not_convert_is_told() {
        assert_eq!(value::<i64, u8>(-7, "failed"), Err("failed".to_owned()));
        assert_eq!(optional::<i64, u8>(-7, "failed"), Err("failed".to_owned()));
        let reason = Err("failed: out of range integral type conversion attempted".to_owned());
        assert_eq!(property::<i64, u8>(-7, "failed"), reason);
        assert_eq!(body::<i64, u8, u16>(-7, "failed").map(u8::try_from), reason.map(Ok));
    }
}
