//! What can go wrong in a stage, said in one line that ends with the mend.

use std::fmt;

/// A failure of a stage, with its place and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    place: String,
    what: String,
    mend: String,
}

impl Problem {
    /// `place` is a JSON pointer, a file, an operation or an address.
    pub fn new(place: impl Into<String>, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), mend: mend.into() }
    }

    /// The same problem, with what it belongs to said before its place.
    pub fn within(mut self, outer: &str) -> Self {
        self.place = format!("{outer}: {}", self.place);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [place, what, mend] = [&self.place, &self.what, &self.mend].map(|part| plain(part));
        write!(formatter, "{place}: {what}: {mend}")
    }
}

/// The most characters of a part of a message.
const MOST_SHOWN: usize = 400;

/// A text from a description or another program as one line to read: spaces for all white space,
/// nothing that hides or reorders, and no more than fits a message.
pub fn plain(text: &str) -> String {
    // Whatever is cut off needs no look: one text may have megabytes.
    let seen = text.chars().take(4 * MOST_SHOWN).collect::<String>();
    let words: Vec<_> = seen.split_whitespace().collect();
    let mut line: String = words.join(" ").chars().filter(|c| !is_hidden(*c)).collect();
    let ends = line.char_indices().nth(MOST_SHOWN).map(|(at, _)| at);
    if let Some(end) = ends {
        line.truncate(end);
    }
    if ends.is_some() || seen.len() < text.len() {
        line.push('…');
    }
    line
}

/// Control and format characters and fillers: they are not seen, or change how others are seen.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            u32::from(c),
            0xAD
                | 0x34F
                | 0x600..=0x605
                | 0x61C
                | 0x6DD
                | 0x70F
                | 0x8E2
                | 0x115F..=0x1160
                | 0x17B4..=0x17B5
                | 0x180B..=0x180F
                | 0x200B..=0x200F
                | 0x2028..=0x202E
                | 0x2060..=0x206F
                | 0x2800
                | 0x3164
                | 0xFE00..=0xFE0F
                | 0xFEFF
                | 0xFFA0
                | 0xFFF0..=0xFFFB
                | 0x110BD
                | 0x110CD
                | 0x13430..=0x1343F
                | 0x1BCA0..=0x1BCA3
                | 0x1D173..=0x1D17A
                | 0xE0000..=0xE0FFF
        )
}

impl std::error::Error for Problem {}

/// A place in a document, written as a JSON pointer (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(String);

impl Place {
    /// The document itself.
    pub fn root() -> Self {
        Self(String::new())
    }

    /// The place of a member or element below this one.
    pub fn at(&self, key: impl fmt::Display) -> Self {
        let key = key.to_string().replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{key}", self.0))
    }

    /// The pointer; the root is `#` where it is shown, since the empty text reads as nothing.
    pub fn as_str(&self) -> &str {
        if self.0.is_empty() { "#" } else { &self.0 }
    }

    /// A problem at this place.
    pub fn problem(&self, what: impl Into<String>, mend: impl Into<String>) -> Problem {
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
        let problem = Problem::new("/a\u{202e}b", "x".repeat(1_000_000), "mend it");
        let line = problem.to_string();
        assert!(line.starts_with("/ab: xxx") && line.ends_with("xx…: mend it"), "{line}");
        assert_eq!(line.chars().count(), "/ab: : mend it".len() + 401);
    }
}
