//! The rules of the lowering: their names, and what each may do.

use std::fmt;

use super::options::Profile;

/// What a rule does with the construct that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Choice {
    /// Leaves the construct as it is.
    Keep,
    /// Writes it in another way, as exactly as OpenAPI 3.0 or the generator allows.
    Rewrite,
    /// Leaves it out.
    Drop,
    /// Rejects the description if the rule would lose or change something.
    Deny,
}

/// What a step did to the set of values that a description allows, or to its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKind {
    /// The lowered schema allows more values than the description.
    Widened,
    /// The lowered schema allows fewer values than the description.
    Narrowed,
    /// Something that does not decide which values are valid is gone.
    Dropped,
    /// Something is written in another way, and readers of the result should know.
    Rewritten,
}

impl NoteKind {
    /// The name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Dropped => "dropped",
            Self::Rewritten => "rewritten",
        }
    }
}

impl fmt::Display for NoteKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $rule:ident = $name:literal, $kind:ident,
        [$faithful:ident, $progenitor:ident, $tolerant:ident] of [$($choice:ident),+];)+) => {
        /// A rule of the lowering that loses or changes something. Rules that are exact have no
        /// name here, because they note nothing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum RuleId {
            $($(#[doc = $doc])+ $rule,)+
        }

        impl RuleId {
            /// Every rule, in the order of this page.
            pub const ALL: &'static [Self] = &[$(Self::$rule,)+];

            /// The stable name, in kebab case.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)+
                }
            }

            /// The usual kind of the rule's notes.
            pub(crate) fn kind(self) -> NoteKind {
                match self {
                    $(Self::$rule => NoteKind::$kind,)+
                }
            }

            /// The choices that the rule supports.
            pub fn choices(self) -> &'static [Choice] {
                match self {
                    $(Self::$rule => &[$(Choice::$choice,)+ Choice::Deny],)+
                }
            }

            /// The rule's choice in a profile.
            pub fn default_choice(self, profile: Profile) -> Choice {
                let [faithful, progenitor, tolerant] = match self {
                    $(Self::$rule => [Choice::$faithful, Choice::$progenitor, Choice::$tolerant],)+
                };
                match profile {
                    Profile::Faithful => faithful,
                    Profile::Progenitor => progenitor,
                    Profile::Tolerant => tolerant,
                }
            }
        }
    };
}

rules! {
    // What OpenAPI 3.0 cannot say.
    /// `type: integer` allows 1.0 in JSON Schema 2020-12, and not in OpenAPI 3.0. `Rewrite` makes
    /// it a number that is a multiple of 1. `Keep` notes the first one of a document.
    Integer = "integer", Narrowed, [Keep, Keep, Keep] of [Keep, Rewrite];
    /// `nullable` in a document of OpenAPI 3.1 or newer is read as OpenAPI 3.0 reads it.
    Nullable = "nullable", Widened, [Keep, Keep, Keep] of [Keep];
    /// `if`, `then` and `else`.
    Conditions = "conditions", Widened, [Rewrite, Drop, Drop] of [Rewrite, Drop];
    /// `contains`, `minContains` and `maxContains`.
    Contains = "contains", Widened, [Rewrite, Drop, Drop] of [Rewrite, Drop];
    /// `dependentRequired`, `dependentSchemas` and the older `dependencies`.
    Dependent = "dependent", Widened, [Rewrite, Drop, Drop] of [Rewrite, Drop];
    /// `not`.
    Not = "not", Widened, [Keep, Drop, Drop] of [Keep, Drop];
    /// `oneOf` of which an arm was widened: it becomes `anyOf`, because arms may overlap now. `Keep`
    /// is for generators that take the first arm that fits.
    OneOf = "one-of", Widened, [Rewrite, Keep, Keep] of [Keep, Rewrite];
    /// `patternProperties`.
    PatternProperties = "pattern-properties", Widened, [Rewrite, Drop, Drop] of [Rewrite, Drop];
    /// `prefixItems`.
    PrefixItems = "prefix-items", Widened, [Rewrite, Drop, Drop] of [Rewrite, Drop];
    /// `propertyNames`.
    PropertyNames = "property-names", Widened, [Rewrite, Drop, Drop] of [Rewrite, Drop];
    /// `unevaluatedItems` and `unevaluatedProperties`.
    Unevaluated = "unevaluated", Widened, [Rewrite, Drop, Drop] of [Rewrite, Drop];
    /// `$dynamicRef` with several possible targets: any of them is allowed.
    DynamicReference = "dynamic-reference", Widened, [Rewrite, Rewrite, Rewrite] of [Rewrite];
    /// Constraints beside a `$ref` in a document of OpenAPI 3.0, which ignores them.
    ReferenceSiblings = "reference-siblings", Dropped, [Drop, Drop, Drop] of [Drop];
    /// `type: null` without quotes, which YAML reads as no value: read as the type `"null"`. The
    /// first one of a document is noted.
    UnquotedNull = "unquoted-null", Rewritten, [Rewrite, Rewrite, Rewrite] of [Rewrite];
    /// A keyword or member that is null, where null is not one of its values.
    NullMember = "null-member", Dropped, [Drop, Drop, Drop] of [Drop];
    /// A keyword in the form of an older draft of JSON Schema, such as a list in `items`.
    OlderKeyword = "older-keyword", Rewritten, [Rewrite, Rewrite, Rewrite] of [Rewrite];
    /// A type that allows null beside an enum without null. `Keep` does not allow null, as JSON
    /// Schema says; `Rewrite` allows it, because servers do send it.
    NullableEnum = "nullable-enum", Rewritten, [Keep, Keep, Rewrite] of [Keep, Rewrite];
    /// A keyword that neither JSON Schema 2020-12 nor OpenAPI knows.
    UnknownKeyword = "unknown-keyword", Dropped, [Drop, Drop, Drop] of [Drop];
    /// An annotation that OpenAPI 3.0 does not have, such as a second example.
    Annotation = "annotation", Dropped, [Drop, Drop, Drop] of [Drop];
    /// `contentEncoding` and `contentMediaType`, where no format of OpenAPI 3.0 says the same.
    ContentKeywords = "content-keywords", Dropped, [Rewrite, Rewrite, Rewrite] of [Rewrite, Drop];
    /// A default that the schema does not allow, or that the generated code cannot have.
    DropDefault = "drop-default", Dropped, [Drop, Drop, Drop] of [Drop];
    /// A member that the described object does not have in OpenAPI.
    UnknownMember = "unknown-member", Dropped, [Drop, Deny, Deny] of [Drop];
    /// A required member that is missing. `Rewrite` adds it with a value that has no meaning, such as
    /// an empty `info.version`; a member without such a value is always an error.
    MissingMember = "missing-member", Rewritten, [Rewrite, Deny, Deny] of [Rewrite];
    /// A member that OpenAPI 3.0 does not have, such as `info.summary` or `license.identifier`.
    NewMember = "new-member", Dropped, [Drop, Drop, Drop] of [Drop];
    /// `webhooks`. `Rewrite` writes them as `x-webhooks`.
    Webhooks = "drop-webhooks", Dropped, [Rewrite, Drop, Drop] of [Rewrite, Drop];
    /// The name of a component that OpenAPI 3.0 does not allow, such as `Page<Run>`: it gets another
    /// one, and references lead there.
    ComponentName = "component-name", Rewritten, [Rewrite, Rewrite, Rewrite] of [Rewrite];
    /// A key that is not spelled as OpenAPI has it: a path without a slash, or a status `2xx`.
    Spelling = "spelling", Rewritten, [Rewrite, Rewrite, Rewrite] of [Rewrite];
    /// A number beyond 64 bits, of which 17 digits are kept.
    LongNumber = "long-number", Rewritten, [Keep, Keep, Keep] of [Keep];
    /// An HTTP method that OpenAPI 3.0 does not have, or for which there is no call.
    Method = "drop-method", Dropped, [Drop, Drop, Drop] of [Drop];
    /// A parameter that OpenAPI 3.0 does not have, such as one in `querystring`.
    NewParameter = "new-parameter", Dropped, [Drop, Drop, Drop] of [Drop];
    /// A security scheme that OpenAPI 3.0 does not have.
    SecurityScheme = "security-scheme", Dropped, [Drop, Drop, Drop] of [Drop];

    // What the generator cannot make, or the client should not check.
    /// Lengths, bounds, patterns, and keys that are not declared.
    Constraint = "drop-constraint", Widened, [Keep, Keep, Drop] of [Keep, Drop];
    /// A required key that may be null may also be absent.
    UnrequireNullable = "unrequire-nullable", Widened, [Keep, Keep, Rewrite] of [Keep, Rewrite];
    /// An enum that is read as any value of its type.
    OpenEnum = "open-enum", Widened, [Keep, Keep, Drop] of [Keep, Drop];
    /// An enum, or a constant, whose values are of several types or not scalars.
    MixedEnum = "mixed-enum", Widened, [Keep, Drop, Drop] of [Drop];
    /// A format for which the generator has a type that rejects other strings or numbers.
    LooseFormat = "loosen-format", Widened, [Keep, Keep, Drop] of [Keep, Drop];
    /// Error responses. `Keep` keeps them if all have one type.
    ErrorResponses = "error-responses", Dropped, [Keep, Keep, Drop] of [Keep, Drop];
    /// A schema that allows nothing is read as any value.
    Nothing = "boolean-schema", Widened, [Keep, Drop, Drop] of [Drop];
    /// A value that is always null is read as any value.
    OnlyNull = "null-type", Widened, [Keep, Rewrite, Rewrite] of [Rewrite];
    /// A list of types beside other schemas.
    TypeList = "type-array", Widened, [Keep, Drop, Drop] of [Drop];
    /// Arms of one type are read as that type.
    JoinArms = "join-arms", Widened, [Keep, Rewrite, Rewrite] of [Rewrite];
    /// The first arm of a union that fits is read: no constant tells its objects apart, or an arm
    /// allows any value.
    FirstArm = "first-arm", Widened, [Keep, Rewrite, Rewrite] of [Rewrite];
    /// A number or a string: a string that is not a decimal number is rejected.
    NumberOrString = "number-or-string", Narrowed, [Keep, Rewrite, Rewrite] of [Rewrite];
    /// Beside an enum other schemas are not checked.
    EnumAlone = "enum-alone", Widened, [Keep, Drop, Drop] of [Drop];
    /// Further keys beside a property that is called `extra`.
    ExtraKeys = "drop-extra", Widened, [Keep, Drop, Drop] of [Drop];
    /// A request cannot tell null from an absent key.
    NoNull = "no-null", Dropped, [Keep, Drop, Drop] of [Drop];
    /// `discriminator`.
    Discriminator = "drop-discriminator", Dropped, [Keep, Drop, Drop] of [Drop];
    /// A component schema that no operation uses.
    Unreached = "drop-unreached", Dropped, [Keep, Drop, Drop] of [Drop];
    /// An operation without an `operationId` is named by its method and path.
    OperationName = "operation-name", Rewritten, [Keep, Rewrite, Rewrite] of [Rewrite];
    /// `servers` of a path or an operation.
    Servers = "drop-servers", Dropped, [Keep, Drop, Drop] of [Drop];
    /// A server that is not the client's.
    OtherServer = "other-server", Dropped, [Keep, Drop, Drop] of [Drop];
    /// Parts of the document that the generator does not read, such as `security`.
    Unread = "unread", Dropped, [Keep, Drop, Drop] of [Drop];
    /// `callbacks`.
    Callbacks = "drop-callbacks", Dropped, [Keep, Drop, Drop] of [Drop];
    /// A cookie, which is never sent.
    Cookie = "drop-cookie", Dropped, [Keep, Drop, Drop] of [Drop];
    /// A header that the client sets itself.
    ClientHeader = "drop-header", Dropped, [Keep, Drop, Drop] of [Drop];
    /// The caller writes a parameter with `content` as a string.
    ParameterContent = "parameter-content", Widened, [Keep, Rewrite, Rewrite] of [Rewrite];
    /// The caller writes a parameter of another style as a string.
    ParameterStyle = "parameter-style", Widened, [Keep, Rewrite, Rewrite] of [Rewrite];
    /// A parameter without a schema is a string.
    ParameterSchema = "parameter-without-schema", Narrowed, [Keep, Rewrite, Rewrite] of [Rewrite];
    /// A parameter whose name is taken in the generated code has another name there.
    ParameterName = "parameter-name", Rewritten, [Keep, Rewrite, Rewrite] of [Rewrite];
    /// A keyword of a parameter that stands in its schema.
    MisplacedKeyword = "misplaced-keyword", Rewritten, [Rewrite, Rewrite, Rewrite] of [Rewrite];
    /// Of several content types of a request one is sent.
    RequestContent = "request-content", Dropped, [Keep, Drop, Drop] of [Drop];
    /// The caller makes the bytes of a request.
    RequestBytes = "request-bytes", Widened, [Keep, Rewrite, Rewrite] of [Rewrite];
    /// Of several content types of a response one is read.
    ResponseContent = "response-content", Dropped, [Keep, Drop, Drop] of [Drop];
    /// A response is read as bytes.
    ResponseBytes = "response-bytes", Widened, [Keep, Rewrite, Rewrite] of [Rewrite];
    /// No response is a success.
    NoSuccess = "no-success", Widened, [Keep, Rewrite, Rewrite] of [Rewrite];
    /// Successes of several types are read as bytes.
    SeveralSuccesses = "several-successes", Widened, [Keep, Rewrite, Rewrite] of [Rewrite];
}

impl fmt::Display for RuleId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl std::str::FromStr for RuleId {
    type Err = UnknownRule;

    fn from_str(name: &str) -> Result<Self, UnknownRule> {
        let found = Self::ALL.iter().find(|rule| rule.name() == name);
        found.copied().ok_or_else(|| UnknownRule(name.to_owned()))
    }
}

/// There is no rule of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule(String);

impl fmt::Display for UnknownRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "there is no rule {:?}: use a name of `RuleId`", self.0)
    }
}

impl std::error::Error for UnknownRule {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Choice, RuleId};
    use crate::lower::Profile;

    #[test]
    fn names_differ_and_are_read_back() {
        let names: BTreeSet<_> = RuleId::ALL.iter().map(|rule| rule.name()).collect();
        assert_eq!(names.len(), RuleId::ALL.len());
        for rule in RuleId::ALL {
            assert_eq!(rule.name().parse(), Ok(*rule));
        }
        let error = "nothing".parse::<RuleId>().expect_err("there is no such rule");
        assert!(error.to_string().contains("\"nothing\""), "{error}");
    }

    #[test]
    fn default_choices_are_supported() {
        for rule in RuleId::ALL {
            for profile in [Profile::Progenitor, Profile::Tolerant] {
                let choice = rule.default_choice(profile);
                assert!(rule.choices().contains(&choice), "{rule}: {choice:?}");
            }
            assert!(rule.choices().contains(&Choice::Deny), "{rule}");
        }
    }
}
