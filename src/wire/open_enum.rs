//! Enums read from the server.

/// Defines an enum of strings that keeps unknown values.
///
/// A closed enum would fail a whole page of results when the API adds a value.
#[allow(unused_macros, reason = "the description may have no enum")]
macro_rules! open_enum {
    ($(#[$attribute:meta])* $name:ident { $($variant:ident = $value:literal,)* }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $value, "`")]
                $variant,
            )*
            /// A value that this version of the crate does not know, as the API writes it. A request
            /// with one is rejected before it is sent, except by
            /// [`Client::with_unknown_values`](crate::Client::with_unknown_values).
            Unknown(::std::string::String),
        }

        impl $name {
            /// The values that this version of the crate knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns whether this version of the crate knows the value. Any string converts to a
            /// value, so ask this of what a user has typed.
            pub fn is_known(&self) -> bool {
                Self::KNOWN.iter().any(|known| known.as_str() == self.as_str())
            }

            /// Returns the value as the API writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => value,
                }
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(value: ::std::string::String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl $crate::wire::IntoOption<$name> for &str {
            fn into_option(self) -> ::std::option::Option<$name> {
                ::std::option::Option::Some(self.into())
            }
        }

        impl $crate::wire::IntoOption<$name> for &::std::string::String {
            fn into_option(self) -> ::std::option::Option<$name> {
                ::std::option::Option::Some(self.as_str().into())
            }
        }

        impl $crate::wire::IntoOption<$name> for ::std::string::String {
            fn into_option(self) -> ::std::option::Option<$name> {
                ::std::option::Option::Some(self.into())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                Ok(Self::from(value))
            }
        }

        impl ::std::cmp::PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl ::std::cmp::PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                if $crate::wire::strict::is_strict() && !self.is_known() {
                    let known = Self::KNOWN.iter().map(|known| match known {
                        $(Self::$variant => $value,)*
                        Self::Unknown(_) => "",
                    });
                    let name = ::std::stringify!($name);
                    return ::std::result::Result::Err($crate::wire::strict::error(
                        name,
                        self.as_str(),
                        known,
                    ));
                }
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                /// Borrows the string, because a known value needs no allocation.
                struct Value;

                impl ::serde::de::Visitor<'_> for Value {
                    type Value = $name;

                    fn expecting(
                        &self,
                        formatter: &mut ::std::fmt::Formatter<'_>,
                    ) -> ::std::fmt::Result {
                        formatter.write_str("a string")
                    }

                    fn visit_str<E>(self, value: &str) -> ::std::result::Result<$name, E> {
                        ::std::result::Result::Ok($name::from(value))
                    }
                }

                deserializer.deserialize_str(Value)
            }
        }
    };
}

#[allow(unused_imports, reason = "the description may have no enum")]
pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    #[allow(unreachable_pub, reason = "the macro is for a public module")]
    mod shape {
        super::super::open_enum! { Shape { Round = "round", Square = "SQUARE", } }
    }
    use shape::Shape;

    #[test]
    fn unknown_value_is_kept() {
        let shape: Shape = serde_json::from_str("\"oval\"").expect("any string is a shape");
        assert_eq!(shape, Shape::Unknown("oval".to_owned()));
        assert_eq!(serde_json::to_string(&shape).expect("serializes"), "\"oval\"");
    }

    #[test]
    fn known_value_round_trips() {
        let shape: Shape = serde_json::from_str("\"SQUARE\"").expect("a known shape");
        assert_eq!(shape, Shape::Square);
        assert_eq!(shape.to_string(), "SQUARE");
    }

    #[test]
    fn unknown_value_is_written_except_to_a_request() {
        use crate::wire::strict::make_request;

        assert_eq!(Shape::KNOWN, [Shape::Round, Shape::Square]);
        let oval = Shape::from("oval");
        assert!(Shape::Round.is_known() && !oval.is_known());
        assert!(Shape::Unknown("round".to_owned()).is_known(), "the string counts");
        let write = |shape: &Shape| serde_json::to_string(shape).map_err(|error| error.to_string());
        let error = make_request(true, || write(&oval)).expect_err("not known");
        assert!(error.starts_with("\"oval\" is not a known Shape: use one of round, SQUARE, or"));
        assert_eq!(make_request(true, || write(&Shape::Square)).as_deref(), Ok("\"SQUARE\""));
        assert_eq!(make_request(false, || write(&oval)).as_deref(), Ok("\"oval\""));
        let panicked = std::panic::catch_unwind(|| make_request(true, || panic!("within")));
        assert!(panicked.is_err());
        assert_eq!(write(&oval).as_deref(), Ok("\"oval\""), "a panic leaves nothing behind");
    }

    #[test]
    fn width_of_a_table_counts() {
        assert_eq!(format!("{:<8}|{:>4}", Shape::Round, Shape::from("x")), "round   |   x");
    }
}
