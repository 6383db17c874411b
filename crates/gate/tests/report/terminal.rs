//! The report for a terminal.

use k6_gate::report::{RequestRow, TerminalStyle, terminal};
use unicode_width::UnicodeWidthStr as _;

use crate::samples::{self, HOSTILE};

fn style(unicode: bool, width: usize) -> TerminalStyle {
    TerminalStyle { color: false, unicode, width }
}

#[test]
fn every_line_fits_the_width_whatever_the_names() {
    for (name, mut report) in samples::all() {
        let row = RequestRow { name: HOSTILE[5].repeat(9), ..RequestRow::default() };
        report.requests.push(row);
        for (unicode, width) in [(true, 80), (false, 80), (true, 40), (true, 120)] {
            let text = terminal::render(&report, style(unicode, width));
            for line in text.lines().filter(|line| !line.contains("Page ")) {
                assert!(line.width() <= width, "{name}: {} columns: {line}", line.width());
            }
        }
    }
}

#[test]
fn address_of_the_page_stays_whole() {
    let text = terminal::render(&samples::failed(), style(true, 40));
    assert!(text.contains("  Page        https://acme.grafana.net/a/k6-app/runs/1001\n"), "{text}");
}

#[test]
fn log_has_no_escapes_hidden_characters_or_commands() {
    for (name, report) in samples::all() {
        for unicode in [true, false] {
            let text = terminal::render(&report, style(unicode, 80));
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{name}");
            assert!(!text.contains(['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}']), "{name}");
            assert!(!text.contains("##"), "{name}");
            assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{name}");
            assert!(unicode || text.is_ascii(), "{name}");
        }
    }
    let mut report = samples::failed();
    report.requests[0].name = "::error::injected".to_owned();
    report.reason = format!("{} ::error::injected", "x".repeat(75));
    let text = terminal::render(&report, style(true, 80));
    assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
}

#[test]
fn numbers_are_dropped_before_names_are_too_narrow() {
    let text = terminal::render(&samples::failed(), style(true, 80));
    let head = text.lines().find(|line| line.trim_start().starts_with("request ")).expect("a head");
    assert!(head.contains("p95") && !head.contains("avg"), "{head}");
    let text = terminal::render(&samples::failed(), style(true, 120));
    let head = text.lines().find(|line| line.trim_start().starts_with("request ")).expect("a head");
    assert!(head.contains("avg") && head.contains("per s"), "{head}");
}

#[test]
fn colours_and_characters_follow_the_environment() {
    let lookup = |pairs: &'static [(&'static str, &'static str)]| {
        move |name: &str| pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1.to_owned())
    };
    for (is_terminal, pairs, color, unicode) in [
        (true, &[("LANG", "C.UTF-8")][..], true, true),
        (false, &[("LANG", "en_US.utf8")][..], false, true),
        (true, &[("NO_COLOR", "1")][..], false, false),
        (true, &[("NO_COLOR", "")][..], true, false),
        (true, &[("TERM", "dumb"), ("LC_ALL", "C"), ("LANG", "C.UTF-8")][..], false, false),
        (true, &[("LC_ALL", ""), ("LC_CTYPE", "C.UTF-8")][..], true, true),
    ] {
        let style = TerminalStyle::detect(is_terminal, lookup(pairs));
        let unicode = unicode || cfg!(windows);
        assert_eq!((style.color, style.unicode, style.width), (color, unicode, 80), "{pairs:?}");
    }
    let colored = TerminalStyle { color: true, ..style(true, 80) };
    let text = terminal::render(&samples::failed(), colored);
    assert!(text.starts_with("\u{1b}[1;31m\u{2717} k6: thresholds failed\u{1b}[0m\n"), "{text}");
}
