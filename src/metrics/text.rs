//! Numbers and texts as summaries show them, for reports of your own.
//!
//! Names of requests and checks come from a script, and messages from the service. Pass them through
//! [`one_line`] before you show them, and through [`code_span`] for Markdown.

use std::fmt::Write as _;

/// How many characters of a text from the script are shown.
const LONGEST: usize = 60;

/// From here on, digits say less than the exponent.
const LARGE: f64 = 1e15;

/// Returns a number with separators between thousands, without zeros at the end of its decimals. It has at
/// most four decimals below 1, two below 10, one below 100 and none from there on; from 10^15 on it has an
/// exponent instead.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    if value.abs() >= LARGE {
        return format!("{value:.2e}");
    }
    let decimals = match value.abs() {
        large if large >= 100.0 => 0,
        middle if middle >= 10.0 => 1,
        middle if middle >= 1.0 => 2,
        _ => 4,
    };
    let text = format!("{:.decimals$}", value.abs());
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    };
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign =
        if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) { "-" } else { "" };
    format!("{sign}{grouped}{fraction}")
}

/// Returns milliseconds as `312 ms` or `1.25 s`.
pub fn milliseconds(value: f64) -> String {
    match value.abs() >= 1000.0 && value.is_finite() {
        true => format!("{} s", number(value / 1000.0)),
        false => format!("{} ms", number(value)),
    }
}

/// Returns a share from 0 to 1 as `1.25 %`.
pub fn share(value: f64) -> String {
    match value.abs() < LARGE {
        true => format!("{:.2} %", value * 100.0),
        false => format!("{} %", number(value * 100.0)),
    }
}

/// Returns a number of bytes as `1.2 MB`.
pub fn bytes(value: f64) -> String {
    let mut value = value;
    for unit in ["B", "kB", "MB", "GB"] {
        if value.abs() < 1000.0 {
            return format!("{} {unit}", number(value));
        }
        value /= 1000.0;
    }
    format!("{} TB", number(value))
}

/// Returns seconds as `1 h 30 min`, `30 min` or `45 s`.
pub fn seconds(value: f64) -> String {
    let whole = value.round().clamp(0.0, 1e15);
    let (hours, minutes, rest) =
        ((whole / 3600.0).floor(), (whole / 60.0).floor() % 60.0, whole % 60.0);
    let parts = [(hours, "h"), (minutes, "min"), (rest, "s")];
    let parts = parts.iter().filter(|(value, _)| *value > 0.0);
    let parts: Vec<_> = parts.map(|(value, unit)| format!("{value} {unit}")).collect();
    if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }
}

/// Returns a change in per cent as `+12.5 %`.
pub fn change(percent: f64) -> String {
    match percent.abs() < LARGE {
        true => format!("{percent:+.1} %"),
        false => format!("{percent:+.1e} %"),
    }
}

/// Returns at most 60 characters of a text on one line; as [`one_line`].
pub(super) fn line(text: &str) -> String {
    one_line(text, LONGEST)
}

/// Returns at most `longest` characters of a text on one line. White space becomes one space. Hidden
/// characters, which could change how others are shown, go; joiners stay where emoji and scripts need
/// them. `...` says that the text was longer.
pub fn one_line(text: &str, longest: usize) -> String {
    visible_text::line(text, longest)
}

/// Returns at most 60 characters of a text for the cell of a table in Markdown; as [`code_cell`].
pub(super) fn code(text: &str) -> String {
    code_cell(&line(text))
}

/// Returns a text that is on one line as a code span of Markdown: it cannot become a link, a mention or
/// markup. An empty text becomes `(empty)`.
pub fn code_span(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Returns a text as a code span for the cell of a table in Markdown; as [`code_span`]. It cannot become
/// another cell.
pub fn code_cell(text: &str) -> String {
    code_span(text).replace('|', "\\|")
}

/// Rows whose columns are aligned: the first to the left, the others to the right.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new<const N: usize>(head: [&str; N]) -> Self {
        Self { rows: vec![head.iter().map(ToString::to_string).collect()] }
    }

    pub(super) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    /// Returns whether there are rows below the head.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.len() < 2
    }

    /// Returns the table for a terminal, indented by two spaces.
    pub(super) fn plain(&self) -> String {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let mut out = String::new();
        for row in &self.rows {
            let mut line = String::from(" ");
            for (column, cell) in row.iter().enumerate() {
                let width = width(column);
                // Writing to a string does not fail.
                let _ = match column {
                    0 => write!(line, " {cell:width$}"),
                    _ => write!(line, "  {cell:>width$}"),
                };
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// Returns the table in Markdown.
    pub(super) fn markdown(&self) -> String {
        let mut out = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            let _ = writeln!(out, "| {} |", row.join(" | "));
            if index == 0 {
                let rule: Vec<_> =
                    (0..row.len()).map(|column| if column == 0 { "---" } else { "---:" }).collect();
                let _ = writeln!(out, "|{}|", rule.join("|"));
            }
        }
        out
    }
}

/// Returns the shown value, or a dash.
pub(super) fn or_dash(value: Option<f64>, show: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| "-".to_owned(), show)
}

#[cfg(test)]
mod tests {
    use super::{Table, bytes, change, code, line, milliseconds, number, seconds, share};

    #[test]
    fn numbers_are_short() {
        for (value, shown) in [
            (0.0, "0"),
            (-0.0, "0"),
            (0.01234, "0.0123"),
            (6.855, "6.86"),
            (12.0, "12"),
            (99.96, "100"),
            (123.4, "123"),
            (1_234_567.8, "1,234,568"),
            (-1500.0, "-1,500"),
            (-1e300, "-1.00e300"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(number(value), shown);
        }
        assert_eq!(milliseconds(1250.0), "1.25 s");
        assert_eq!(milliseconds(312.4), "312 ms");
        assert_eq!(share(0.0125), "1.25 %");
        assert_eq!(share(1e300), "1.00e302 %");
        assert_eq!(change(12.34), "+12.3 %");
        assert_eq!(change(f64::MAX), "+1.8e308 %");
        assert_eq!(bytes(1_234_567.0), "1.23 MB");
        assert_eq!(bytes(5e15), "5,000 TB");
        assert_eq!(seconds(1800.0), "30 min");
        assert_eq!(seconds(3661.2), "1 h 1 min 1 s");
        assert_eq!(seconds(f64::NAN), "0 s");
    }

    #[test]
    fn text_stays_on_its_line_and_in_its_code_span() {
        assert_eq!(line("a\nb\u{202e}c\x1b[31m"), "a bc [31m");
        assert_eq!(line(&"x".repeat(61)), format!("{}...", "x".repeat(60)));
        assert_eq!(line("a\u{ad}\u{61c}\u{2060}\u{e0041}b"), "ab");
        assert_eq!(line("\u{1f468}\u{200d}\u{1f373}"), "\u{1f468}\u{200d}\u{1f373}");
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("a`b``"), "``` a`b`` ```");
        assert_eq!(code("@team [x](http://y) <b>"), "`@team [x](http://y) <b>`");
        assert_eq!(code(" \n"), "(empty)");
    }

    #[test]
    fn table_is_aligned() {
        let mut table = Table::new(["name", "n"]);
        assert!(table.is_empty());
        table.row(["a".to_owned(), "10".to_owned()]);
        assert_eq!(table.plain(), "  name   n\n  a     10\n");
        assert_eq!(table.markdown(), "| name | n |\n|---|---:|\n| a | 10 |\n");
    }
}
