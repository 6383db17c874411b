//! What can go wrong in a stage, said in one line that ends with the mend.

use std::fmt;

/// A failure of a stage, with its place and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    place: String,
    what: String,
    mend: String,
}

impl Problem {
    /// `place` is a JSON pointer, a file, an operation or an address.
    pub(crate) fn new(
        place: impl Into<String>,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self { place: place.into(), what: what.into(), mend: mend.into() }
    }

    /// The same problem, with what it belongs to said before its place.
    pub(crate) fn within(mut self, outer: &str) -> Self {
        self.place = format!("{outer}: {}", self.place);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = format!("{}: {}: {}", self.place, self.what, self.mend);
        // Parts come from descriptions and other programs: one line, whatever they hold.
        for (index, word) in line.split_whitespace().enumerate() {
            let word: String = word.chars().filter(|c| !c.is_control()).collect();
            write!(formatter, "{}{word}", if index == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// A place in a document, written as a JSON pointer (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place(String);

impl Place {
    /// The document itself.
    pub(crate) fn root() -> Self {
        Self(String::new())
    }

    /// The place of a member or element below this one.
    pub(crate) fn at(&self, key: impl fmt::Display) -> Self {
        let key = key.to_string().replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{key}", self.0))
    }

    /// The pointer; the root is `#` where it is shown, since the empty text reads as nothing.
    pub(crate) fn as_str(&self) -> &str {
        if self.0.is_empty() { "#" } else { &self.0 }
    }

    /// A problem at this place.
    pub(crate) fn problem(&self, what: impl Into<String>, mend: impl Into<String>) -> Problem {
        Problem::new(self.as_str(), what, mend)
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
    fn place_escapes_its_keys() {
        assert_eq!(Place::root().at("paths").at("/a~b").at(0).as_str(), "/paths/~1a~0b/0");
    }

    #[test]
    fn message_is_one_line_whatever_it_carries() {
        let problem = Problem::new("/info", "bad\n::error::text\u{1b}[31m", "mend it");
        assert_eq!(problem.to_string(), "/info: bad ::error::text[31m: mend it");
    }
}
