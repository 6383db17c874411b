//! The report as one page of HTML with charts. It has no scripts and loads nothing.

mod chart;
mod scale;

use k6_cloud::metrics::text::{milliseconds, number, share};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use self::chart::{Chart, Span};
use super::model::Report;
use super::shown::{Mark, Part, data, link};
use super::tables::{Cell, Column, Grid, Kind};

/// How many rows a table has at most.
const MOST_ROWS: usize = 1_000;

const STYLE: &str = include_str!("style.css");

/// Nothing may be loaded or run, whatever the page says.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Returns the page.
pub fn render(report: &Report) -> String {
    let title = format!("k6: {}: {}", report.subject(), report.verdict.title());
    // Why a run failed comes first.
    let grids = report.grids(MOST_ROWS);
    let (errors, others) = grids.split_at(usize::from(!report.script_errors.is_empty()));
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    (header(report))
                    (tiles(report))
                    @for grid in errors { (table(grid)) }
                    (notices(report))
                    (charts(report))
                    @for grid in others { (table(grid)) }
                    footer { "Written by k6-gate. Times are in UTC." }
                }
            }
        }
    };
    page.into_string() + "\n"
}

fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Good => "good",
        Mark::Bad => "bad",
        Mark::Doubtful => "doubtful",
    }
}

fn header(report: &Report) -> Markup {
    let verdict = report.verdict;
    let url = link(report.run.as_ref().and_then(|run| run.url.as_deref()));
    html! {
        header class=(class(verdict.mark())) {
            p.eyebrow { "Load test in Grafana Cloud k6" }
            div.headline {
                h1 .unnamed[report.load_test.as_ref().is_none_or(|test| test.name.is_none())] { (report.subject()) }
                span.badge { (verdict.title()) }
            }
            @if report.reason != verdict.title() { p.reason { (data(&report.reason)) } }
            dl {
                @for fact in report.facts() {
                    div { dt { (fact.label) } dd { (parts(&fact.parts)) } }
                }
                @if let Some(url) = url {
                    div { dt { "Page" } dd { (anchor(url, url)) } }
                }
            }
        }
    }
}

fn anchor(text: &str, url: &str) -> Markup {
    html! { a href=(url) rel="noopener noreferrer" { (text) } }
}

fn parts(parts: &[Part]) -> Markup {
    html! {
        @for part in parts {
            @match part {
                Part::Plain(text) | Part::Data(text) => { (text) }
                Part::Link { text, url } => { (anchor(text, url)) }
            }
        }
    }
}

fn tiles(report: &Report) -> Markup {
    let total = report.total.as_ref();
    let checks = report.load.checks_passed.zip(report.load.checks);
    let checks = checks.map(|(passed, all)| passed / all).filter(|part| part.is_finite());
    let tiles = [
        ("p95 of duration", report.p95_ms().map(milliseconds)),
        ("Requests per second", total.and_then(|total| total.requests_per_second).map(number)),
        ("Failed requests", total.and_then(|total| total.failure_share).map(share)),
        ("Checks passed", checks.map(share)),
        ("VUs at most", report.load.max_vus.map(|vus| vus.to_string())),
    ];
    let tiles: Vec<_> =
        tiles.into_iter().filter_map(|(label, value)| Some((label, value?))).collect();
    html! {
        @if !tiles.is_empty() {
            ul.tiles {
                @for (label, value) in tiles { li { span { (label) } strong { (value) } } }
            }
        }
    }
}

fn charts(report: &Report) -> Markup {
    let series = &report.series;
    let charts = [
        Chart {
            title: "p95 of duration",
            class: "p95",
            show: milliseconds,
            points: &series.p95_ms,
            limit: p95_limit(report),
        },
        Chart {
            title: "Requests per second",
            class: "rate",
            show: number,
            points: &series.requests_per_second,
            limit: None,
        },
        Chart { title: "VUs", class: "vus", show: number, points: &series.vus, limit: None },
        Chart {
            title: "Failed requests per second",
            class: "failures",
            show: number,
            points: &series.failures_per_second,
            limit: None,
        },
    ];
    let Some(span) = Span::of(&charts) else { return html! {} };
    let (charts, empty): (Vec<_>, Vec<_>) = charts.iter().partition(|chart| chart.has_values());
    let empty: Vec<_> = empty.iter().map(|chart| chart.title).collect();
    html! {
        section {
            h2 { "Over time " small { "since " (span.start_text()) ", in " (span.unit_text()) } }
            div.charts { @for chart in charts { (chart.draw(&span)) } }
            @if !empty.is_empty() { p.without { "Without values: " (empty.join(", ")) } }
        }
    }
}

/// Returns the limit for the p95 of all requests, if the script has such a threshold.
fn p95_limit(report: &Report) -> Option<f64> {
    let limits = report.thresholds.iter().filter(|row| row.metric.trim() == "http_req_duration");
    let limits = limits.filter_map(|row| {
        let expression: String = row.expression.split_whitespace().collect();
        let bound = expression.strip_prefix("p(95)<")?;
        bound.trim_start_matches('=').parse::<f64>().ok()
    });
    limits.filter(|limit| limit.is_finite() && *limit > 0.0).reduce(f64::min)
}

fn table(grid: &Grid) -> Markup {
    let (title, more) = grid.title.split_at(1);
    let columns = || grid.columns.iter().filter(|column| column.kind != Kind::Note);
    let label = match title {
        [Part::Plain(text)] => text.trim(),
        _ => "table",
    };
    html! {
        section {
            h2 { (parts(title)) @if !more.is_empty() { small { (parts(more)) } } }
            // A narrow window cuts the table off. The keyboard can scroll only what has the focus.
            div.scroll tabindex="0" role="region" aria-label=(label) {
                table {
                    thead { tr { @for column in columns() { (head(column)) } } }
                    tbody {
                        @for row in &grid.rows {
                            tr { @for (column, cell) in columns().zip(row) { (td(grid, row, column, cell)) } }
                        }
                    }
                }
            }
        }
    }
}

fn class_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Mark => "mark",
        Kind::Name => "name",
        Kind::Number | Kind::Extra => "number",
        Kind::Note => "note",
    }
}

fn head(column: &Column) -> Markup {
    html! {
        th scope="col" class=(class_of(column.kind)) {
            @if column.kind == Kind::Mark { "result" } @else { (column.name) }
        }
    }
}

fn td(grid: &Grid, row: &[Cell], column: &Column, cell: &Cell) -> Markup {
    let judged = Some(cell.text()).filter(|text| ["better", "worse"].contains(text));
    html! {
        td class=(class_of(column.kind)) {
            @match cell {
                Cell::Mark(mark) => span.badge.(class(*mark)) { (grid.words.of(*mark)) },
                Cell::Plain(text) if judged.is_some() => span class=[judged] { (text) },
                Cell::Data(text) if column.kind == Kind::Number => span.limit { (text) },
                Cell::Plain(text) | Cell::Data(text) => (text),
            }
            @if column.kind == Kind::Name { (note(grid, row)) }
        }
    }
}

/// Returns the note of a row, which stands below its name.
fn note(grid: &Grid, row: &[Cell]) -> Markup {
    let noted = grid.columns.iter().zip(row).find(|(column, _)| column.kind == Kind::Note);
    let text = noted.map(|(_, cell)| cell.text()).filter(|text| !text.is_empty());
    html! { @if let Some(text) = text { div.note { (text) } } }
}

fn notices(report: &Report) -> Markup {
    html! {
        @if !report.notices.is_empty() {
            section {
                h2 { "Notices" }
                ul.notices {
                    @for notice in report.notices.iter().take(MOST_ROWS) { li { (data(notice)) } }
                }
            }
        }
    }
}
