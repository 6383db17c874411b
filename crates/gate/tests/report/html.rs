//! The page, read as browsers read it.

use k6_gate::report::{Report, SeriesPoint, html};
use scraper::{Html, Selector};

use crate::samples::{self, HOSTILE};

/// Everything that loads, runs or leads somewhere in HTML and SVG.
const ACTIVE_ELEMENTS: [&str; 24] = [
    "script",
    "iframe",
    "frame",
    "object",
    "embed",
    "applet",
    "link",
    "base",
    "img",
    "image",
    "picture",
    "source",
    "video",
    "audio",
    "track",
    "form",
    "input",
    "button",
    "use",
    "foreignobject",
    "animate",
    "set",
    "portal",
    "template",
];
const ADDRESS_ATTRIBUTES: [&str; 12] = [
    "src",
    "srcset",
    "href",
    "xlink:href",
    "action",
    "formaction",
    "poster",
    "data",
    "background",
    "cite",
    "ping",
    "manifest",
];

fn select<'a>(page: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    page.select(&Selector::parse(selector).expect("a selector")).collect()
}

fn texts(page: &Html, selector: &str) -> Vec<String> {
    let found = select(page, selector);
    found.iter().map(|element| element.text().collect::<String>()).collect()
}

#[test]
fn page_runs_nothing_and_links_only_to_the_pages_of_runs() {
    for (name, report) in samples::all() {
        let page = Html::parse_document(&html::render(&report));
        assert!(page.errors.is_empty(), "{name}: {:?}", page.errors);
        let mut links = 0;
        for element in page.root_element().descendants().filter_map(scraper::ElementRef::wrap) {
            let tag = element.value().name();
            assert!(!ACTIVE_ELEMENTS.contains(&tag), "{name}: <{tag}>");
            for (attribute, value) in element.value().attrs() {
                assert!(!attribute.starts_with("on"), "{name}: <{tag} {attribute}>");
                assert!(attribute != "style", "{name}: <{tag} style>");
                if ADDRESS_ATTRIBUTES.contains(&attribute) {
                    assert_eq!((tag, attribute), ("a", "href"), "{name}");
                    assert!(
                        value.starts_with("https://acme.grafana.net/a/k6-app/runs/"),
                        "{value}"
                    );
                    links += 1;
                }
            }
        }
        let expected = match name {
            "passed" | "failed" => 3,
            "cut_off" | "errored" => 2,
            _ => 0,
        };
        assert_eq!(links, expected, "{name}");
        let style = texts(&page, "style").concat();
        for loads in ["@import", "url(", "src:", "expression("] {
            assert!(!style.contains(loads), "{loads}");
        }
        let policy = select(&page, "meta[http-equiv=Content-Security-Policy]");
        let policy = policy[0].attr("content").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
    }
}

#[test]
fn texts_are_shown_as_they_are() {
    let page = Html::parse_document(&html::render(&samples::hostile()));
    let names = texts(&page, "section:nth-of-type(6) td.name");
    assert!(names.contains(&HOSTILE[0].to_owned()), "{names:?}");
    assert!(names.contains(&HOSTILE[4].to_owned()), "{names:?}");
    assert!(names.contains(&"(empty)".to_owned()), "{names:?}");
    let all = page.root_element().text().collect::<String>();
    let hidden =
        |c: char| matches!(c, '\u{202e}' | '\u{2066}' | '\u{200b}' | '\u{feff}' | '\u{fffe}');
    assert!(!all.contains(hidden));
    assert!(!all.contains(|c: char| c.is_control() && c != '\n'));
}

#[test]
fn page_has_the_numbers_without_scripts() {
    let report = samples::failed();
    let page = Html::parse_document(&html::render(&report));
    assert_eq!(texts(&page, "h1"), ["Checkout"]);
    assert_eq!(
        texts(&page, "title").first().map(String::as_str),
        Some("k6: Checkout: thresholds failed")
    );
    let titles = texts(&page, "h2");
    for (title, rows) in [
        ("Thresholds", report.thresholds.len()),
        ("Rules of the gate", report.rules.len()),
        ("Checks", report.checks.len()),
        ("Requests", report.requests.len()),
        ("Compared with run 1000", 5),
    ] {
        assert!(titles.iter().any(|found| found == title), "{titles:?}");
        let sections = select(&page, "section");
        let section = sections
            .iter()
            .find(|section| section.text().collect::<String>().starts_with(title))
            .expect("a section");
        let selector = Selector::parse("tbody tr").expect("a selector");
        assert_eq!(section.select(&selector).count(), rows, "{title}");
    }
    let tiles = texts(&page, ".tiles strong");
    assert_eq!(tiles, ["687 ms", "20", "2.40 %", "98.17 %", "50"]);
}

#[test]
fn every_cell_has_a_head() {
    for (name, report) in samples::all() {
        let page = Html::parse_document(&html::render(&report));
        for table in select(&page, "table") {
            let count = |selector: &str, of: &scraper::ElementRef<'_>| {
                of.select(&Selector::parse(selector).expect("a selector")).count()
            };
            let heads = count("th", &table);
            for row in table.select(&Selector::parse("tbody tr").expect("a selector")) {
                assert_eq!(count("td", &row), heads, "{name}");
            }
        }
    }
}

/// Returns the numbers in the paths of all lines.
fn coordinates(page: &Html) -> Vec<f64> {
    let paths = select(page, "path.series, path.area");
    let paths = paths.iter().filter_map(|path| path.attr("d")).collect::<String>();
    let numbers = paths.split(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let numbers = numbers.filter(|number| !number.is_empty());
    numbers.map(|number| number.parse().expect("a number")).collect()
}

#[test]
fn charts_have_axes_labels_and_lines_within_the_frame() {
    for (name, report) in samples::all() {
        let page = Html::parse_document(&html::render(&report));
        let expected = match name {
            "passed" | "failed" => 4,
            "hostile" => 3,
            "cut_off" => 1,
            _ => 0,
        };
        let charts = select(&page, "svg");
        assert_eq!(charts.len(), expected, "{name}");
        for chart in charts {
            let count = |selector: &str| {
                chart.select(&Selector::parse(selector).expect("a selector")).count()
            };
            assert!(count("text") >= 5 && count("line.grid") >= 2, "{name}: axes with labels");
            assert!(count("path.series") + count("circle.dot") > 0, "{name}");
            assert!(chart.attr("aria-label").is_some_and(|label| label.contains("highest")));
        }
        for number in coordinates(&page) {
            assert!((0.0..=520.0).contains(&number), "{name}: {number}");
        }
    }
    let page = Html::parse_document(&html::render(&samples::cut_off()));
    assert_eq!(
        texts(&page, "p.without"),
        ["Without values: p95 of duration, VUs, Failed requests per second"]
    );
    // A gap splits the line.
    assert_eq!(select(&page, "path.series").len(), 2);
}

#[test]
fn limit_of_the_p95_is_in_its_chart() {
    let page = Html::parse_document(&html::render(&samples::failed()));
    assert_eq!(texts(&page, "text.limit-text"), ["limit 500 ms"]);
    let mut report = samples::failed();
    report.thresholds.remove(0);
    let page = Html::parse_document(&html::render(&report));
    assert!(texts(&page, "text.limit-text").is_empty());
}

#[test]
fn long_run_is_drawn_with_few_points() {
    let start = samples::time("2026-06-30T12:00:00Z");
    let mut report = Report::new(k6_gate::report::Conclusion::Passed, 0, "passed");
    report.series.vus = (0..100_000)
        .map(|index| SeriesPoint {
            at: (*start + chrono::TimeDelta::seconds(index)).into(),
            value: Some(if index == 51_234 { 999.0 } else { 10.0 }),
        })
        .collect();
    let text = html::render(&report);
    assert!(text.len() < 100_000, "{}", text.len());
    let page = Html::parse_document(&text);
    assert_eq!(texts(&page, "figcaption small"), ["highest 999"]);
    let labels = texts(&page, "svg > text");
    assert!(labels.iter().any(|label| label.ends_with(" h")), "{labels:?}");
}

#[test]
fn single_point_is_a_dot() {
    let mut report = samples::passed();
    report.series.vus.truncate(1);
    report.series.p95_ms.clear();
    report.series.requests_per_second.clear();
    report.series.failures_per_second.clear();
    let page = Html::parse_document(&html::render(&report));
    assert_eq!((select(&page, "circle.dot").len(), select(&page, "path").len()), (1, 0));
}
