//! Selectors: which series a request is about.

use regex::Regex;

use super::series::Labels;

/// A name with conditions on labels.
#[derive(Debug)]
pub(super) struct Selector {
    pub(super) name: Option<String>,
    conditions: Vec<Condition>,
}

#[derive(Debug)]
struct Condition {
    label: String,
    is_negated: bool,
    value: Value,
}

#[derive(Debug)]
enum Value {
    Exact(String),
    Regex(Box<Regex>),
}

impl Selector {
    /// Reads `name{label="value",…}`, or `{"name",…}` for a name that is not an identifier.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text.trim() };
        let name = reader.identifier().map(ToOwned::to_owned);
        let mut selector = Self { name, conditions: Vec::new() };
        if reader.take("{") {
            while !reader.take("}") {
                selector.read_condition(&mut reader)?;
                if !reader.take(",") && !reader.rest.starts_with('}') {
                    return Err(format!("`,` or `}}` expected at {:?}", reader.rest));
                }
            }
        }
        match reader.rest {
            "" if selector.name.is_none() && selector.conditions.is_empty() => {
                Err("the selector is empty".to_owned())
            }
            "" => Ok(selector),
            rest => Err(format!("{rest:?} follows the selector")),
        }
    }

    fn read_condition(&mut self, reader: &mut Reader<'_>) -> Result<(), String> {
        let label = match reader.identifier() {
            Some(label) => label.to_owned(),
            None => unescape(reader.quoted()?)?,
        };
        let operators =
            [("=~", true, false), ("!~", true, true), ("!=", false, true), ("=", false, false)];
        let operator = operators.into_iter().find(|(text, ..)| reader.take(text));
        let Some((_, is_regex, is_negated)) = operator else {
            if self.name.is_some() || !self.conditions.is_empty() {
                return Err(format!("the label {label:?} has no operator"));
            }
            self.name = Some(label);
            return Ok(());
        };
        let raw = reader.quoted()?;
        let value = if is_regex {
            let regex = Regex::new(&format!("^(?:{raw})$")).map_err(|error| error.to_string())?;
            Value::Regex(Box::new(regex))
        } else {
            Value::Exact(unescape(raw)?)
        };
        self.conditions.push(Condition { label, is_negated, value });
        Ok(())
    }

    /// Returns whether a series matches. A label that it does not have counts as empty.
    pub(super) fn matches(&self, name: &str, labels: &Labels) -> bool {
        self.name.as_deref().is_none_or(|own| own == name)
            && self.conditions.iter().all(|condition| {
                let found = match &*condition.label {
                    "__name__" => name,
                    label => labels.get(label).map_or("", String::as_str),
                };
                let holds = match &condition.value {
                    Value::Exact(value) => value == found,
                    Value::Regex(regex) => regex.is_match(found),
                };
                holds != condition.is_negated
            })
    }
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn take(&mut self, token: &str) -> bool {
        let Some(rest) = self.rest.trim_start().strip_prefix(token) else { return false };
        self.rest = rest.trim_start();
        true
    }

    fn identifier(&mut self) -> Option<&'t str> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.rest = rest.trim_start();
        Some(name)
    }

    /// Takes a string in double quotes, and returns it with its escapes.
    fn quoted(&mut self) -> Result<&'t str, String> {
        let inner = self
            .rest
            .strip_prefix('"')
            .ok_or_else(|| format!("a string in double quotes expected at {:?}", self.rest))?;
        let mut is_escaped = false;
        for (at, c) in inner.char_indices() {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '\n' => return Err("a string has a line break".to_owned()),
                '"' => {
                    let (text, rest) = inner.split_at(at);
                    self.rest = rest.get(1..).unwrap_or_default().trim_start();
                    return Ok(text);
                }
                _ => {}
            }
        }
        Err("a string has no quote at its end".to_owned())
    }
}

fn unescape(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some(same @ ('\\' | '"')) => same,
                other => return Err(format!("unknown escape `\\{}`", other.unwrap_or(' '))),
            },
            other => other,
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::super::series::Labels;
    use super::Selector;

    fn matches(selector: &str) -> bool {
        let labels = [("status", "200"), ("name", "it's \"a\", b"), ("odd-label", "x")];
        let labels: Labels = labels.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        Selector::read(selector).expect(selector).matches("m", &labels)
    }

    #[test]
    fn all_operators_match() {
        for yes in [
            "m",
            "m{}",
            r#"m{status="200"}"#,
            r#"m{status!="500",status=~"2..|3.."}"#,
            r#"m{status!~"5\d\d"}"#,
            r#"m{name="it's \"a\", b"}"#,
            r#"{__name__="m"}"#,
            r#"{"m","odd-label"="x"}"#,
            r#"m{missing=""}"#,
        ] {
            assert!(matches(yes), "{yes}");
        }
        for no in ["n", r#"m{status="20"}"#, r#"m{status=~"2"}"#, r#"m{missing!=""}"#] {
            assert!(!matches(no), "{no}");
        }
    }

    #[test]
    fn wrong_syntax_is_rejected() {
        for wrong in
            ["", "{}", "m{", "m{a}", "m{a=b}", "m{a=\"b}", "m{a=\"b\"c}", "m n", "m{a=~\"(\"}"]
        {
            assert!(Selector::read(wrong).is_err(), "{wrong}");
        }
    }
}
