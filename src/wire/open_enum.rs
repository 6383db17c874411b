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
            /// A value that this version of the crate does not know, as the API writes it.
            Unknown(::std::string::String),
        }

        impl $name {
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
    fn width_of_a_table_counts() {
        assert_eq!(format!("{:<8}|{:>4}", Shape::Round, Shape::from("x")), "round   |   x");
    }
}
