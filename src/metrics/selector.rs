//! Which series of a metric a query is about.

use std::borrow::Cow;
use std::fmt;

/// A metric by its name, restricted to series with certain labels.
///
/// You rarely make one yourself: [`Counter`](super::Counter), [`Gauge`](super::Gauge),
/// [`Rate`](super::Rate) and [`Trend`](super::Trend) have the same methods and become a selector where
/// one is needed.
///
/// ```
/// use k6_cloud::metrics::Selector;
///
/// let selector = Selector::new("http_reqs").label("status", "200").label_matches("name", r"/items/\d+");
/// assert_eq!(selector.to_string(), r#"http_reqs{status="200",name=~"/items/\d+"}"#);
/// ```
///
/// Names are written as they are if they consist of ASCII letters, digits and `_` and do not begin with
/// a digit. All k6 metrics and most labels do. Any other name is put in quotes, as in Prometheus 3, so
/// that it cannot change the rest of the query.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a selector does nothing by itself"]
pub struct Selector(Form);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Made { name: Cow<'static, str>, matchers: Vec<Matcher> },
    Raw(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Matcher {
    label: String,
    operator: Operator,
    value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Matches,
    NotMatches,
}

impl Operator {
    fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Matches => "=~",
            Self::NotMatches => "!~",
        }
    }
}

impl Selector {
    /// Selects all series of the metric.
    pub fn new(name: impl Into<String>) -> Self {
        Self::named(Cow::Owned(name.into()))
    }

    pub(super) const fn named(name: Cow<'static, str>) -> Self {
        Self(Form::Made { name, matchers: Vec::new() })
    }

    /// Takes a selector as it is, such as `http_reqs{status=~"5.."}`. Nothing is checked or escaped,
    /// and labels that you add are ignored.
    pub fn raw(selector: impl Into<String>) -> Self {
        Self(Form::Raw(selector.into()))
    }

    /// Keeps series whose label has the value.
    pub fn label(self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(label.into(), Operator::Equal, value.into())
    }

    /// Drops series whose label has the value.
    pub fn label_not(self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(label.into(), Operator::NotEqual, value.into())
    }

    /// Keeps series whose label matches the regular expression as a whole. Backslashes are sent as
    /// they are.
    pub fn label_matches(self, label: impl Into<String>, regex: impl Into<String>) -> Self {
        self.with(label.into(), Operator::Matches, regex.into())
    }

    /// Drops series whose label matches the regular expression as a whole. Backslashes are sent as
    /// they are.
    pub fn label_not_matches(self, label: impl Into<String>, regex: impl Into<String>) -> Self {
        self.with(label.into(), Operator::NotMatches, regex.into())
    }

    pub(super) fn with(mut self, label: String, operator: Operator, value: String) -> Self {
        if let Form::Made { matchers, .. } = &mut self.0 {
            matchers.push(Matcher { label, operator, value });
        }
        self
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, matchers) = match &self.0 {
            Form::Raw(selector) => return formatter.write_str(selector),
            Form::Made { name, matchers } => (name, matchers),
        };
        let bare = is_identifier(name);
        if bare {
            formatter.write_str(name)?;
            if matchers.is_empty() {
                return Ok(());
            }
        }
        formatter.write_str("{")?;
        if !bare {
            write_quoted(formatter, name)?;
        }
        for (index, matcher) in matchers.iter().enumerate() {
            if index > 0 || !bare {
                formatter.write_str(",")?;
            }
            write_label(formatter, &matcher.label)?;
            formatter.write_str(matcher.operator.as_str())?;
            match matcher.operator {
                Operator::Equal | Operator::NotEqual => write_quoted(formatter, &matcher.value)?,
                Operator::Matches | Operator::NotMatches => write_regex(formatter, &matcher.value)?,
            }
        }
        formatter.write_str("}")
    }
}

/// Writes the name of a label, in quotes if it could be taken for something else.
pub(super) fn write_label(out: &mut impl fmt::Write, label: &str) -> fmt::Result {
    if is_identifier(label) { out.write_str(label) } else { write_quoted(out, label) }
}

fn is_identifier(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

/// Writes a string in double quotes, with the escapes of Prometheus.
fn write_quoted(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            other => out.write_char(other)?,
        }
    }
    out.write_char('"')
}

/// Writes a regular expression in double quotes. Its backslashes go through as they are.
fn write_regex(out: &mut impl fmt::Write, regex: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut chars = regex.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                out.write_char('\\')?;
                out.write_char(match chars.next() {
                    Some('\n') => 'n',
                    Some(escaped) => escaped,
                    // A backslash without a character after it is not a regular expression, and
                    // would escape the closing quote.
                    None => '\\',
                })?;
            }
            '"' => out.write_str("\\\"")?,
            '\n' => out.write_str("\\n")?,
            other => out.write_char(other)?,
        }
    }
    out.write_char('"')
}

impl From<&str> for Selector {
    /// Selects all series of the metric of this name.
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

#[cfg(test)]
mod tests {
    use super::Selector;

    #[test]
    fn all_four_operators_are_written() {
        let selector = Selector::new("m").label("a", "1").label_not("b", "2");
        let selector = selector.label_matches("c", "3|4").label_not_matches("d", "5.*");
        assert_eq!(selector.to_string(), r#"m{a="1",b!="2",c=~"3|4",d!~"5.*"}"#);
    }

    #[test]
    fn value_cannot_leave_its_quotes() {
        let written = |value: &str| Selector::new("m").label("a", value).to_string();
        assert_eq!(written(r#"x",b="y"#), r#"m{a="x\",b=\"y"}"#);
        assert_eq!(written(r"x\"), r#"m{a="x\\"}"#);
        let written = |regex: &str| Selector::new("m").label_matches("a", regex).to_string();
        assert_eq!(written(r"\d+\.js"), r#"m{a=~"\d+\.js"}"#);
        assert_eq!(written(r#"""#), r#"m{a=~"\""}"#);
        assert_eq!(written(r#"\""#), r#"m{a=~"\""}"#);
        assert_eq!(written(r"x\"), r#"m{a=~"x\\"}"#);
    }

    #[test]
    fn name_that_is_not_an_identifier_is_quoted() {
        let selector = Selector::new("my metric").label("a-b", "1");
        assert_eq!(selector.to_string(), r#"{"my metric","a-b"="1"}"#);
        assert_eq!(Selector::new("1m").to_string(), r#"{"1m"}"#);
        assert_eq!(Selector::new("").to_string(), r#"{""}"#);
        assert_eq!(Selector::raw("m{").label("a", "1").to_string(), "m{");
    }
}
