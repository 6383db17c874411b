//! The tables of a report, as data that a writer has yet to escape.

use k6_cloud::metrics::Unit;
use k6_cloud::metrics::text::{change, milliseconds, number, share};
use k6_cloud::wire::Timestamp;

use super::model::Report;
use super::shown::{Mark, Part, dash, data, known, minute, run_link};

/// How a column is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Mark,
    Name,
    Number,
    /// A number that a narrow table leaves out.
    Extra,
    /// A sentence, often empty.
    Note,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) kind: Kind,
    pub(super) name: &'static str,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Mark(Mark),
    Plain(String),
    Data(String),
}

/// What the marks of a table are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MarkWords {
    good: &'static str,
    bad: &'static str,
    doubtful: &'static str,
}

const LIMITS: MarkWords = MarkWords { good: "held", bad: "breached", doubtful: "unclear" };
const CHECKS: MarkWords = MarkWords { good: "passed", bad: "failed", doubtful: "tolerated" };

impl MarkWords {
    pub(super) fn of(self, mark: Mark) -> &'static str {
        match mark {
            Mark::Good => self.good,
            Mark::Bad => self.bad,
            Mark::Doubtful => self.doubtful,
        }
    }
}

/// A table with a title.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grid {
    pub(super) words: MarkWords,
    pub(super) title: Vec<Part>,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
}

fn value(value: Option<f64>, unit: Option<Unit>) -> String {
    let shown = |value: f64| unit.map_or_else(|| number(value), |unit| unit.show(value));
    value.map_or_else(dash, shown)
}

impl Report {
    /// Returns the tables that have rows, the most important first. `most` is the number of rows that
    /// a table has at most.
    pub(super) fn grids(&self, most: usize) -> Vec<Grid> {
        let grids = [
            self.error_grid(),
            self.threshold_grid(),
            self.rule_grid(),
            self.check_grid(),
            self.request_grid(),
            self.change_grid(),
        ];
        let grids = grids.into_iter().filter(|grid| !grid.rows.is_empty());
        grids.map(|grid| grid.without_empty_notes().cut(most)).collect()
    }

    pub(super) fn error_grid(&self) -> Grid {
        let columns = [
            (Kind::Name, "load zone"),
            (Kind::Number, "lines"),
            (Kind::Number, "first"),
            (Kind::Number, "last"),
            // As a note, a terminal shows all of it.
            (Kind::Note, "error"),
        ];
        let rows = self.script_errors.iter().map(|row| {
            let clock = |at: Timestamp| at.format("%H:%M:%S").to_string();
            let zones = match &row.load_zones[..] {
                [] => dash(),
                [zone] => data(zone),
                zones => format!("{} zones", zones.len()),
            };
            vec![
                Cell::Data(zones),
                Cell::Plain(number(row.count as f64)),
                Cell::Plain(clock(row.first)),
                Cell::Plain(clock(row.last)),
                Cell::Data(data(&row.text)),
            ]
        });
        Grid::new("Errors in the logs", &columns, rows.collect())
    }

    pub(super) fn threshold_grid(&self) -> Grid {
        let columns = [
            (Kind::Mark, ""),
            (Kind::Name, "threshold"),
            (Kind::Number, "value"),
            (Kind::Number, "headroom"),
            (Kind::Note, "note"),
        ];
        let rows = self.thresholds.iter().map(|row| {
            let mark = self.threshold_mark(row);
            let note = match &row.note {
                Some(note) => Cell::Data(data(note)),
                None if row.held == Some(false) && mark == Mark::Doubtful => {
                    Cell::Plain("looks breached, but the run passed".to_owned())
                }
                None => Cell::Plain(String::new()),
            };
            vec![
                Cell::Mark(mark),
                Cell::Data(data(&format!("{} {}", row.metric, row.expression))),
                Cell::Plain(value(row.value, row.unit)),
                Cell::Plain(known(row.headroom_percent, change)),
                note,
            ]
        });
        Grid::new("Thresholds", &columns, rows.collect())
    }

    pub(super) fn rule_grid(&self) -> Grid {
        let columns = [
            (Kind::Mark, ""),
            (Kind::Name, "rule"),
            (Kind::Number, "limit"),
            (Kind::Number, "value"),
            (Kind::Note, "note"),
        ];
        let rows = self.rules.iter().map(|row| {
            let mark = match row.held {
                Some(true) => Mark::Good,
                Some(false) => Mark::Bad,
                None => Mark::Doubtful,
            };
            vec![
                Cell::Mark(mark),
                Cell::Data(data(&row.name)),
                Cell::Data(data(&row.limit)),
                Cell::Plain(value(row.value, row.unit)),
                Cell::Data(row.note.as_deref().map(data).unwrap_or_default()),
            ]
        });
        Grid::new("Rules of the gate", &columns, rows.collect())
    }

    pub(super) fn check_grid(&self) -> Grid {
        let columns = [
            (Kind::Mark, ""),
            (Kind::Name, "check"),
            (Kind::Number, "passed"),
            (Kind::Number, "of"),
            (Kind::Number, "share"),
        ];
        let rows = self.checks.iter().map(|row| {
            let part = Some(row.passed / row.total).filter(|part| part.is_finite());
            vec![
                Cell::Mark(self.check_mark(row)),
                Cell::Data(data(&row.name)),
                Cell::Plain(number(row.passed)),
                Cell::Plain(number(row.total)),
                Cell::Plain(known(part, share)),
            ]
        });
        Grid { words: CHECKS, ..Grid::new("Checks", &columns, rows.collect()) }
    }

    pub(super) fn request_grid(&self) -> Grid {
        let columns = [
            (Kind::Name, "request"),
            (Kind::Number, "count"),
            (Kind::Number, "failures"),
            (Kind::Extra, "per s"),
            (Kind::Extra, "avg"),
            (Kind::Number, "p95"),
            (Kind::Number, "p99"),
            (Kind::Number, "max"),
        ];
        let rows = self.requests.iter().map(|row| {
            let (numbers, duration) = (&row.numbers, &row.numbers.duration_ms);
            let mut cells = vec![
                Cell::Data(data(&row.name)),
                Cell::Plain(known(numbers.requests, number)),
                Cell::Plain(known(numbers.failure_share, share)),
                Cell::Plain(known(numbers.requests_per_second, number)),
            ];
            let durations = [duration.avg, duration.p95, duration.p99, duration.max];
            cells.extend(durations.map(|value| Cell::Plain(known(value, milliseconds))));
            cells
        });
        Grid::new("Requests", &columns, rows.collect())
    }

    pub(super) fn change_grid(&self) -> Grid {
        let columns = [
            (Kind::Name, "number"),
            (Kind::Number, "before"),
            (Kind::Number, "now"),
            (Kind::Number, "change"),
            (Kind::Number, ""),
        ];
        let changes = self.comparison.iter().flat_map(|comparison| &comparison.changes);
        let rows = changes.map(|row| {
            vec![
                Cell::Data(data(&row.what.to_string())),
                Cell::Plain(row.unit.show(row.before)),
                Cell::Plain(row.unit.show(row.after)),
                Cell::Plain(known(row.percent, change)),
                Cell::Plain(row.direction.as_str().to_owned()),
            ]
        });
        let mut grid = Grid::new("Compared with run ", &columns, rows.collect());
        if let Some(comparison) = &self.comparison {
            let baseline = &comparison.baseline;
            grid.title.push(run_link(baseline.id, baseline.url.as_deref()));
            let created = baseline.created.map(|created| format!(" of {}", minute(created)));
            grid.title.extend(created.map(Part::Plain));
        }
        grid
    }
}

impl Grid {
    fn new(title: &str, columns: &[(Kind, &'static str)], rows: Vec<Vec<Cell>>) -> Self {
        let columns = columns.iter().map(|(kind, name)| Column { kind: *kind, name }).collect();
        Self { words: LIMITS, title: vec![Part::Plain(title.to_owned())], columns, rows }
    }

    /// Drops a column of notes that are all empty.
    fn without_empty_notes(mut self) -> Self {
        let is_empty = |row: &Vec<Cell>| row.last().is_none_or(|cell| cell.text().is_empty());
        let has_notes = self.columns.last().is_some_and(|column| column.kind == Kind::Note);
        if has_notes && self.rows.iter().all(is_empty) {
            self.columns.pop();
            for row in &mut self.rows {
                row.pop();
            }
        }
        self
    }

    /// Keeps the first rows, and says in the title how many there are.
    fn cut(mut self, most: usize) -> Self {
        let all = self.rows.len();
        if all > most {
            self.rows.truncate(most);
            self.title.push(Part::Plain(format!(" ({most} of {all})")));
        }
        self
    }
}

impl Cell {
    /// Returns the text, which is empty for a mark.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Mark(_) => "",
            Self::Plain(text) | Self::Data(text) => text,
        }
    }
}
