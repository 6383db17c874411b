//! The report for a terminal or the log of a job.

mod fit;

use super::model::Report;
use super::shown::{Mark, Part, data};
use super::tables::{Cell, Grid, Kind};
use crate::log_text::without_commands;
use fit::{cut_middle, pad_left, pad_right, wrap};

/// How many rows a table has at most.
const MOST_ROWS: usize = 20;
/// The column at which values start.
const LABEL: usize = 12;
/// Columns of numbers are left out until a name has this width: first those that matter less.
const GOOD_NAME: usize = 32;
const LEAST_NAME: usize = 16;
/// Longer than any number that is shown.
const MOST_NUMBER: usize = 18;

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalStyle {
    /// Whether to use colours.
    pub color: bool,
    /// Whether to use characters beyond ASCII.
    pub unicode: bool,
    /// How many columns a line has at most, from 40 to 200.
    pub width: usize,
}

impl TerminalStyle {
    /// Returns a style for a stream from the environment, with 80 columns.
    ///
    /// There are colours only on a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`. Characters
    /// beyond ASCII need a locale with UTF-8 (`LC_ALL`, `LC_CTYPE` or `LANG`).
    pub fn detect(is_terminal: bool, lookup: impl Fn(&str) -> Option<String>) -> Self {
        let given = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let is_dumb = given("TERM").is_some_and(|term| term == "dumb");
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| given(name));
        let locale = locale.unwrap_or_default().to_ascii_uppercase();
        Self {
            color: is_terminal && given("NO_COLOR").is_none() && !is_dumb,
            unicode: cfg!(windows) || locale.contains("UTF-8") || locale.contains("UTF8"),
            width: 80,
        }
    }
}

/// Returns the report for a terminal.
pub fn render(report: &Report, style: TerminalStyle) -> String {
    let style = TerminalStyle { width: style.width.clamp(40, 200), ..style };
    let mut page = Page { style, out: String::new() };
    page.headline(report);
    page.facts(report);
    for grid in report.grids(MOST_ROWS) {
        page.grid(&grid);
    }
    page.notices(report);
    page.out
}

struct Page {
    style: TerminalStyle,
    out: String,
}

impl Page {
    fn headline(&mut self, report: &Report) {
        let mark = report.verdict.mark();
        let title = format!("k6: {}", report.verdict.title());
        let line = format!("{} {}", self.symbol(mark), title);
        self.line(&line, &format!("1;{}", color(mark)));
        if report.reason != report.verdict.title() {
            for line in wrap(&self.harmless(&data(&report.reason)), self.style.width - 2) {
                self.line(&format!("  {line}"), "");
            }
        }
    }

    fn facts(&mut self, report: &Report) {
        let facts = report.facts();
        if !facts.is_empty() {
            self.out.push('\n');
        }
        for fact in facts {
            let text = self.text(&fact.parts);
            for (index, line) in wrap(&text, self.style.width - LABEL - 2).iter().enumerate() {
                let label = if index == 0 { fact.label } else { "" };
                self.line(&format!("  {label:<LABEL$}{line}"), "");
            }
        }
        if let Some(url) =
            report.run.as_ref().and_then(|run| super::shown::link(run.url.as_deref()))
        {
            // An address that is cut or wrapped cannot be opened.
            self.out.push_str(&format!("  {:<LABEL$}{url}\n", "Page"));
        }
    }

    fn notices(&mut self, report: &Report) {
        if report.notices.is_empty() {
            return;
        }
        self.out.push('\n');
        for notice in report.notices.iter().take(MOST_ROWS) {
            let text = self.harmless(&data(notice));
            for (index, line) in wrap(&text, self.style.width - 4).iter().enumerate() {
                let symbol = if index == 0 { self.symbol(Mark::Doubtful) } else { " " };
                self.line(&format!("{symbol} {line}"), "33");
            }
        }
        let more = report.notices.len().saturating_sub(MOST_ROWS);
        if more > 0 {
            self.line(&format!("  and {more} more notices"), "33");
        }
    }

    fn grid(&mut self, grid: &Grid) {
        self.out.push('\n');
        let title = self.text(&grid.title);
        let title = cut_middle(&title, self.style.width - 2, self.ellipsis());
        self.line(&format!("  {title}"), "1");
        let layout = self.layout(grid);
        let head: Vec<Cell> =
            grid.columns.iter().map(|column| Cell::Plain(column.name.to_owned())).collect();
        self.row(grid, &layout, &head, "2");
        for row in &grid.rows {
            let mark = row.iter().find_map(|cell| match cell {
                Cell::Mark(mark) => Some(*mark),
                _ => None,
            });
            let code = match (mark, row.last().map(Cell::text)) {
                (Some(Mark::Bad), _) | (_, Some("worse")) => "31",
                (Some(Mark::Doubtful), _) => "33",
                (_, Some("better")) => "32",
                _ => "",
            };
            self.row(grid, &layout, row, code);
            self.note(grid, row, code);
        }
    }

    /// Returns the width of each column. Those on the right are dropped if the names would become too
    /// narrow: their width is 0.
    fn layout(&self, grid: &Grid) -> Vec<usize> {
        let mut widths: Vec<usize> = Vec::new();
        for (index, column) in grid.columns.iter().enumerate() {
            let texts = grid.rows.iter().filter_map(|row| row.get(index));
            let widest = texts.map(|cell| fit::width(&self.harmless(cell.text())));
            let widest = widest.max().unwrap_or_default().max(fit::width(column.name));
            widths.push(match column.kind {
                Kind::Mark => 1,
                Kind::Note => 0,
                Kind::Name => widest,
                Kind::Number | Kind::Extra => widest.min(MOST_NUMBER),
            });
        }
        let Some(name) = grid.columns.iter().position(|column| column.kind == Kind::Name) else {
            return widths;
        };
        let free = |widths: &[usize]| {
            let others = widths.iter().enumerate();
            let others = others.filter(|(index, width)| *index != name && **width > 0);
            let taken: usize = others.map(|(_, width)| width + 2).sum();
            self.style.width.saturating_sub(taken + 2)
        };
        for (kind, least) in [(Kind::Extra, GOOD_NAME), (Kind::Number, LEAST_NAME)] {
            for index in (0..widths.len()).rev() {
                if grid.columns[index].kind == kind && free(&widths) < least.min(widths[name]) {
                    widths[index] = 0;
                }
            }
        }
        widths[name] = widths[name].min(free(&widths).max(1));
        widths
    }

    fn row(&mut self, grid: &Grid, layout: &[usize], row: &[Cell], code: &str) {
        let mut line = String::new();
        for ((column, width), cell) in grid.columns.iter().zip(layout).zip(row) {
            if *width == 0 {
                continue;
            }
            line.push_str("  ");
            let text = match cell {
                Cell::Mark(mark) => self.symbol(*mark).to_owned(),
                cell => cut_middle(&self.harmless(cell.text()), *width, self.ellipsis()),
            };
            match column.kind {
                Kind::Number | Kind::Extra => pad_left(&mut line, &text, *width),
                _ => pad_right(&mut line, &text, *width),
            }
        }
        self.line(line.trim_end(), code);
    }

    /// Writes the note of a row below it.
    fn note(&mut self, grid: &Grid, row: &[Cell], code: &str) {
        let is_note = grid.columns.last().is_some_and(|column| column.kind == Kind::Note);
        let note = row.last().map(Cell::text).filter(|note| is_note && !note.is_empty());
        let Some(note) = note else { return };
        for line in wrap(&self.harmless(note), self.style.width - 5) {
            self.line(&format!("     {line}"), code);
        }
    }

    fn text(&self, parts: &[Part]) -> String {
        let mut out = String::new();
        for part in parts {
            match part {
                Part::Plain(text) | Part::Link { text, .. } => out.push_str(text),
                Part::Data(text) => out.push_str(&self.harmless(text)),
            }
        }
        out
    }

    /// Returns a text that no CI system reads as a command in the log. Without Unicode, other
    /// characters become question marks.
    fn harmless(&self, text: &str) -> String {
        let text = without_commands(text);
        match self.style.unicode {
            true => text,
            false => text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect(),
        }
    }

    fn line(&mut self, text: &str, code: &str) {
        match self.style.color && !code.is_empty() {
            true => self.out.push_str(&format!("\u{1b}[{code}m{text}\u{1b}[0m\n")),
            false => self.out.push_str(&format!("{text}\n")),
        }
    }

    fn symbol(&self, mark: Mark) -> &'static str {
        match (mark, self.style.unicode) {
            (Mark::Good, true) => "\u{2713}",
            (Mark::Bad, true) => "\u{2717}",
            (Mark::Good, false) => "+",
            (Mark::Bad, false) => "x",
            (Mark::Doubtful, _) => "!",
        }
    }

    fn ellipsis(&self) -> &'static str {
        if self.style.unicode { "\u{2026}" } else { "..." }
    }
}

fn color(mark: Mark) -> &'static str {
    match mark {
        Mark::Good => "32",
        Mark::Bad => "31",
        Mark::Doubtful => "33",
    }
}
