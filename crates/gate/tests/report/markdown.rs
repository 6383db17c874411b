//! Markdown, read as GitHub reads it.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use k6_gate::report::{RequestRow, markdown};

use crate::samples::{self, HOSTILE};

/// Calls `check` with each node of the document.
fn each_node(text: &str, mut check: impl for<'a> FnMut(&'a AstNode<'a>)) {
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    for node in parse_document(&arena, text, &options).descendants() {
        check(node);
    }
}

#[test]
fn every_row_has_the_cells_of_its_head() {
    for (name, report) in samples::all() {
        let text = markdown::render(&report, markdown::COMMENT_BYTES);
        let mut tables = 0;
        each_node(&text, |node| {
            let NodeValue::Table(table) = &node.data.borrow().value else { return };
            tables += 1;
            let columns = table.num_columns;
            for row in node.children() {
                assert_eq!(row.children().count(), columns, "{name}");
            }
        });
        let rows: usize = text.lines().filter(|line| line.starts_with('|')).count();
        let mut read = 0;
        each_node(&text, |node| {
            read += usize::from(matches!(node.data.borrow().value, NodeValue::TableRow(_)));
        });
        // The rule below a head is not a row.
        assert_eq!(read + tables, rows, "{name}: every line of a table is a row of it");
        assert!(tables > 0, "{name}");
    }
}

#[test]
fn texts_are_code_and_links_lead_to_the_pages_of_runs() {
    for (name, report) in samples::all() {
        let text = markdown::render(&report, markdown::COMMENT_BYTES);
        let mut links = Vec::new();
        each_node(&text, |node| match &node.data.borrow().value {
            NodeValue::Link(link) => links.push(link.url.clone()),
            NodeValue::Image(_) | NodeValue::HtmlInline(_) | NodeValue::Raw(_) => {
                panic!("{name}: markup")
            }
            NodeValue::HtmlBlock(block) => {
                let ours = ["<details><summary>", "</details>"];
                assert!(ours.iter().any(|ours| block.literal.starts_with(ours)), "{name}");
            }
            NodeValue::Strong | NodeValue::Emph | NodeValue::Strikethrough => {
                panic!("{name}: emphasis")
            }
            NodeValue::Text(text) => assert!(!text.contains('@'), "{name}: {text}"),
            _ => {}
        });
        let allowed = |link: &String| link.starts_with("https://acme.grafana.net/a/k6-app/runs/");
        assert!(links.iter().all(allowed), "{name}: {links:?}");
        let expected = match name {
            "passed" | "failed" => 2,
            "cut_off" | "errored" => 1,
            _ => 0,
        };
        assert_eq!(links.len(), expected, "{name}: {links:?}");
    }
}

#[test]
fn pipes_and_backslashes_stay_in_their_cell() {
    let expected = 22;
    for odd in ["a|b", r"a\|b", r"a\\|b", r"a\\\|b|", r"|\", "`|`", r"\`|", "||", r"x\"] {
        let mut report = samples::passed();
        report.requests.truncate(1);
        report.requests[0].name = odd.to_owned();
        let text = markdown::render(&report, markdown::COMMENT_BYTES);
        let mut code = Vec::new();
        each_node(&text, |node| {
            if let NodeValue::Code(found) = &node.data.borrow().value {
                code.push(found.literal.clone());
            }
        });
        // GitHub shows a pipe after a backslash with one backslash or with two, by its version.
        let plain = |text: &str| text.replace('\\', "");
        assert!(code.iter().any(|found| plain(found) == plain(odd)), "{odd}: {code:?}");
        assert_eq!(code.len(), expected, "{odd}: {code:?}");
    }
}

#[test]
fn report_fits_its_limit_and_says_what_it_left_out() {
    let mut report = samples::failed();
    let row = report.requests[0].clone();
    report.requests = (0..5_000)
        .map(|index| RequestRow { name: format!("{} {index}", HOSTILE[1]), ..row.clone() })
        .collect();
    for limit in [markdown::STEP_SUMMARY_BYTES, markdown::COMMENT_BYTES, 5_000, 200] {
        let text = markdown::render(&report, limit);
        assert!(text.len() <= limit && !text.is_empty(), "{limit}: {}", text.len());
        assert!(text.starts_with("### \u{274c} k6 `Checkout`: thresholds failed\n"), "{limit}");
    }
    let text = markdown::render(&report, markdown::COMMENT_BYTES);
    assert!(text.contains("#### Requests (300 of 5000)\n"));
    assert_eq!(markdown::render(&report, 10), "");
}
