//! What can go wrong in a stage: each problem is one line that ends with the fix.

use std::collections::BTreeSet;
use std::fmt;

/// One thing that is wrong: where, what, and how to fix it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    place: String,
    what: String,
    fix: String,
    limit: Option<Limit>,
}

/// A limit that a document passed. The caller can permit more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// [`parse::Limits::bytes`](crate::parse::Limits::bytes).
    Bytes,
    /// [`parse::Limits::nodes`](crate::parse::Limits::nodes), or the text of these.
    Values,
    /// [`parse::Limits::depth`](crate::parse::Limits::depth).
    Depth,
    /// [`Options::most_parts`](crate::Options::most_parts).
    Parts,
}

impl Problem {
    /// `place` is a JSON pointer, a file, an operation or an address.
    pub fn new(place: impl Into<String>, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), fix: fix.into(), limit: None }
    }

    /// Returns the same problem with the limit that was passed.
    pub(crate) fn passing(mut self, limit: Limit) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The limit that was passed, if the problem is one of size.
    pub fn limit(&self) -> Option<Limit> {
        self.limit
    }

    /// Returns the same problem with another fix.
    #[must_use]
    pub fn with_fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = fix.into();
        self
    }

    /// The JSON pointer, file, operation or address.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What is wrong there.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// How to fix it.
    pub fn fix(&self) -> &str {
        &self.fix
    }

    /// Returns the same problem with `outer`, to which it belongs, before its location.
    pub fn within(mut self, outer: &str) -> Self {
        self.place = format!("{outer}: {}", self.place);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [place, what, fix] = [&self.place, &self.what, &self.fix].map(|part| line(part));
        write!(formatter, "{place}: {what}: {fix}")
    }
}

/// All that is wrong in a stage; at least one problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Returns `value` when there are no problems.
    pub fn none_or<T>(problems: Vec<Problem>, value: T) -> Result<T, Self> {
        let mut seen = BTreeSet::new();
        let different = problems.into_iter().filter(|problem| seen.insert(problem.clone()));
        let kept: Vec<_> = different.collect();
        if kept.is_empty() { Ok(value) } else { Err(Self(kept)) }
    }

    /// Returns `value` when there are no problems. Of several problems at one location the first
    /// is kept: the others follow from it.
    pub fn at_each_place_or<T>(problems: Vec<Problem>, value: T) -> Result<T, Self> {
        let mut seen = BTreeSet::new();
        let mut problems = problems;
        problems.retain(|problem| seen.insert(problem.place.clone()));
        Self::none_or(problems, value)
    }

    /// The first problem.
    pub fn first(&self) -> &Problem {
        &self.0[0]
    }

    /// The problems, in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// Returns the problems after a change of each.
    #[must_use]
    pub fn map(self, change: impl Fn(Problem) -> Problem) -> Self {
        Self(self.0.into_iter().map(change).collect())
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A line for each problem.
impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(formatter, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The maximum number of characters of a part of a message.
const MAX_SHOWN: usize = 400;

/// Returns text from a description or another program as one line that can be printed.
pub fn line(text: &str) -> String {
    visible_text::line(text, MAX_SHOWN)
}

impl std::error::Error for Problem {}

/// A location in a document, written as a JSON pointer (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(String);

impl Place {
    /// The document itself.
    pub fn root() -> Self {
        Self(String::new())
    }

    /// Reads a JSON pointer.
    pub fn from_pointer(pointer: &str) -> Self {
        Self(if pointer == "#" { String::new() } else { pointer.to_owned() })
    }

    /// The location of a member or element below this one.
    pub fn at(&self, key: impl fmt::Display) -> Self {
        use fmt::Write as _;

        // Every schema is visited with its pointer, so this is where a large document takes time.
        let mut pointer = String::with_capacity(self.0.len() + 24);
        pointer.push_str(&self.0);
        pointer.push('/');
        let start = pointer.len();
        let written = write!(pointer, "{key}");
        debug_assert!(written.is_ok(), "a string takes everything");
        if pointer[start..].contains(['~', '/']) {
            let escaped = pointer[start..].replace('~', "~0").replace('/', "~1");
            pointer.truncate(start);
            pointer.push_str(&escaped);
        }
        Self(pointer)
    }

    /// The pointer. The root is `#`, since an empty string would not be seen in a message.
    pub fn as_str(&self) -> &str {
        if self.0.is_empty() { "#" } else { &self.0 }
    }

    /// A problem at this location.
    pub fn problem(&self, what: impl Into<String>, fix: impl Into<String>) -> Problem {
        Problem::new(self.as_str(), what, fix)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Problem};

    #[test]
    fn pointer_escapes_its_keys() {
        assert_eq!(Place::root().at("paths").at("/a~b").at(0).as_str(), "/paths/~1a~0b/0");
    }

    #[test]
    fn message_is_one_line_whatever_the_description_holds() {
        let problem = Problem::new("/info", "bad\n::error::text\u{1b}[31m", "fix it");
        assert_eq!(problem.to_string(), "/info: bad ::error::text [31m: fix it");
        let problem = Problem::new("/a\u{202e}b", "x".repeat(1_000_000), "fix it");
        let line = problem.to_string();
        assert!(line.starts_with("/ab: xxx") && line.ends_with("xx...: fix it"), "{line}");
        assert_eq!(line.chars().count(), "/ab: : fix it".len() + 403);
    }
}
