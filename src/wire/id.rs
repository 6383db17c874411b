//! Ids of resources.

/// Defines the type of a resource's ids: an integer that cannot be taken for the id of another
/// resource.
///
/// `From<i64>` is its only conversion from an integer. With a second one, the compiler would not know
/// the type of `42` in `get_test_run(42)`.
#[allow(unused_macros, reason = "the description may have no ids")]
macro_rules! id {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        ///
        /// It converts from and to an `i64`. The id of another resource does not convert to it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Returns the id with this number. A method that takes an id also takes the number.
            #[must_use]
            pub const fn new(id: i64) -> Self {
                Self(id)
            }

            /// Returns the number.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl ::std::convert::From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl ::std::convert::From<&$name> for $name {
            fn from(id: &$name) -> Self {
                *id
            }
        }

        impl ::std::convert::From<$name> for i64 {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl ::std::convert::From<i64> for $crate::wire::Patch<$name> {
            fn from(id: i64) -> Self {
                Self::Value($name(id))
            }
        }

        impl $crate::wire::IntoOption<$name> for &i64 {
            fn into_option(self) -> ::std::option::Option<$name> {
                Some($name(*self))
            }
        }

        impl $crate::wire::IntoOption<$name> for i64 {
            fn into_option(self) -> ::std::option::Option<$name> {
                Some($name(self))
            }
        }

        impl ::std::cmp::PartialEq<i64> for $name {
            fn eq(&self, other: &i64) -> bool {
                self.0 == *other
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, formatter)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::num::ParseIntError;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.0)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::wire::tolerant::id_or_key(deserializer).map(Self)
            }
        }
    };
}
#[allow(unused_imports, reason = "the description may have no ids")]
pub(crate) use id;

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use crate::wire::{IntoOption, Patch};

    super::id! {
        /// The id of a thing.
        ThingId
    }

    fn taken(id: impl Into<ThingId>) -> ThingId {
        id.into()
    }

    fn all(ids: impl IntoIterator<Item = impl Into<ThingId>>) -> Vec<ThingId> {
        ids.into_iter().map(Into::into).collect()
    }

    fn optional(id: impl IntoOption<ThingId>) -> Option<ThingId> {
        id.into_option()
    }

    fn patched(id: impl Into<Patch<ThingId>>) -> Patch<ThingId> {
        id.into()
    }

    #[test]
    #[expect(clippy::needless_borrows_for_generic_args, reason = "references are tested")]
    fn integer_literal_and_id_and_reference_are_taken() {
        let id = ThingId::new(42);
        assert_eq!([taken(42), taken(id), taken(&id)], [id; 3]);
        assert_eq!(taken(3_000_000_000).get(), 3_000_000_000);
        assert_eq!(i64::from(taken(i64::MIN)), i64::MIN);
        assert_eq!(all([5001, 5002]), [5001, 5002]);
        assert_eq!(all([id, id]), all(&[id, id]));
        assert_eq!(all([id].iter()), all(Some(id)));
        assert_eq!([optional(42), optional(id), optional(&id), optional(Some(id))], [Some(id); 4]);
        assert_eq!(optional(None), None);
        assert_eq!([patched(42), patched(id), patched(Some(id))], [Patch::Value(id); 3]);
        assert_eq!(patched(None), Patch::Null);
    }

    #[test]
    fn id_is_shown_and_parsed_as_its_number() {
        let id = taken(-7);
        assert_eq!((id.to_string(), format!("{id:>4}")), ("-7".to_owned(), "  -7".to_owned()));
        assert_eq!("-7".parse(), Ok(id));
        assert!("seven".parse::<ThingId>().is_err() && "".parse::<ThingId>().is_err());
        assert!(taken(1) < taken(2));
        assert_eq!(HashSet::from([id, taken(-7), taken(8)]).len(), 2);
    }

    #[test]
    fn id_is_read_in_any_notation_of_an_integer_and_written_as_one() {
        for (json, number) in [
            ("5", 5),
            ("5.0", 5),
            ("5e0", 5),
            ("-0", 0),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            let id: ThingId = serde_json::from_str(json).expect(json);
            assert_eq!(id, number, "{json}");
            assert_eq!(serde_json::to_string(&id).expect("writes"), number.to_string());
        }
        for json in ["5.5", "\"x\"", "null", "true", "[5]", "{}", "9223372036854775808", "1e300"] {
            assert!(serde_json::from_str::<ThingId>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn id_is_a_key_of_a_map() {
        let map = BTreeMap::from([(taken(42), "a".to_owned())]);
        let json = serde_json::to_string(&map).expect("writes");
        assert_eq!(json, r#"{"42":"a"}"#);
        let read: BTreeMap<ThingId, String> = serde_json::from_str(&json).expect("reads");
        assert_eq!(read, map);
    }
}
