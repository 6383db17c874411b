//! What the report says, and what it never lets through.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Base, Deprecation, Findings, Report, deprecations};
use crate::diff::{Change, Rule, Severity, Subject};
use crate::surface;
use openapi_lowering::lower::Note;
use openapi_lowering::preflight::Summary;

static RULE: Rule =
    Rule { id: "a-rule", title: "something changed", needs_acceptance: false, is_warning: false };
static GUARDED: Rule =
    Rule { id: "server-x", title: "server changed", needs_acceptance: true, is_warning: false };

/// What a description may hold to get at readers, programs and services.
const HOSTILE: &[&str] = &[
    "@canary and canary/canary#12, #34, GH-56, canary@example.org",
    "[canary](https://canary.example) ![canary](https://canary.example/x.png) <https://canary.example>",
    "https://canary.example www.canary.example",
    "<img src=https://canary.example onerror=alert(1)> <!-- canary --> &lt;b&gt; <details>",
    "`canary` ``canary`` ```\n```canary\n<b>canary</b>\n~~~\n",
    "canary\n::error file=canary::canary\r\n::set-output name=canary::x\n##[error]canary",
    "\u{1b}[31mcanary\u{1b}]8;;https://canary.example\u{7}\u{9b}0m",
    "can\u{202e}ary\u{2066}\u{200b}\u{200d}\u{feff}\u{ad}\u{e0041}",
    "\n# canary\n\n| a | b |\n|---|---|\n| canary | *x* |\n\n- [ ] canary\n> canary\n\n    canary\n---\n",
    "[^canary]: x [^canary] [canary]: https://canary.example\n\n[canary]",
    "`` ` `",
    "a` @canary `b <i>canary</i> ` ``` <u>",
    "$canary$ $$canary$$ deadbeefdeadbeefdeadbeefdeadbeefdeadbeef **x** ~~x~~ :canary:",
    "",
];

struct Facts {
    summary: Summary,
    base: Base,
    findings: Findings,
    warnings: Vec<String>,
    deprecations: Vec<Deprecation>,
    texts: Vec<String>,
    notes: Vec<Note>,
}

impl Facts {
    fn of(changes: Vec<Change>) -> Self {
        Self {
            summary: Summary { version: "1.1.0".into(), operations: 2, schemas: 3 },
            base: Base::Known { name: "main".into(), version: "1.0.0".into(), problem: None },
            findings: Findings::join(changes, Vec::new(), &Default::default()),
            warnings: Vec::new(),
            deprecations: Vec::new(),
            texts: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn with<T>(&self, look: impl FnOnce(&Report) -> T) -> T {
        let versions = ("0.1.0".parse().expect("one"), "0.2.0".parse().expect("one"));
        look(&Report {
            summary: &self.summary,
            base: &self.base,
            findings: &self.findings,
            warnings: &self.warnings,
            versions: Some(&versions),
            deprecations: &self.deprecations,
            unmatched: &self.texts,
            unnamed: &self.texts,
            notes: &self.notes,
            new_notes: &self.notes.iter().collect::<Vec<_>>(),
        })
    }
}

fn change(rule: &'static Rule, wire: Severity, text: &str) -> Change {
    Change {
        rule,
        pointer: format!("/paths/{text}"),
        operations: vec![text.to_owned(), format!("{text}2")],
        old: Some(text.to_owned()),
        new: Some(format!("new {text}")),
        note: None,
        wire,
        consequence: format!("Calls with `{text}` and {text} fail."),
        subject: Subject {
            component: Some(text.to_owned()),
            member: Some(text.to_owned()),
            operation: None,
        },
    }
}

fn hostile() -> Facts {
    let mut changes = Vec::new();
    for text in HOSTILE {
        for severity in [Severity::Breaking, Severity::Additive, Severity::Text] {
            changes.push(change(&RULE, severity, text));
        }
        let mut guarded = change(&GUARDED, Severity::Breaking, text);
        guarded.subject = Subject { operation: Some((*text).into()), ..Subject::default() };
        changes.push(guarded);
    }
    let mut facts = Facts::of(changes);
    let all = HOSTILE.join(" ");
    facts.summary.version = all.clone();
    facts.base = Base::Known { name: all.clone(), version: "1".into(), problem: Some(all.clone()) };
    facts.warnings = HOSTILE.iter().map(|text| format!("Mind `{text}`, {text}.")).collect();
    facts.texts = HOSTILE.iter().map(|text| (*text).to_owned()).collect();
    facts.notes = HOSTILE
        .iter()
        .map(|text| Note { rule: "a-note", effect: "costs", place: (*text).to_owned() })
        .collect();
    facts.deprecations = HOSTILE
        .iter()
        .map(|text| Deprecation {
            operation: (*text).into(),
            replacement: Some((*text).into()),
            removal: Some((*text).into()),
            days: None,
        })
        .collect();
    facts
}

/// Everything of a description stays inside code: no link, image, HTML, heading or mention of it
/// comes out.
fn assert_harmless(markdown: &str) {
    let mut code = 0;
    for event in Parser::new_ext(markdown, Options::all()) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code += 1,
            Event::End(TagEnd::CodeBlock) => code -= 1,
            Event::Start(
                tag @ (Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::Table(_)
                | Tag::FootnoteDefinition(_)
                | Tag::Strikethrough),
            ) => panic!("{tag:?} in\n{markdown}"),
            Event::Html(html) | Event::InlineHtml(html) => {
                let own = html.starts_with("<details><summary>") || html.trim() == "</details>";
                assert!(own && !html.contains("canary"), "{html}");
            }
            Event::Text(text) if code == 0 => {
                let signs = ['@', '<', '#', '`', '\u{1b}'];
                assert!(!text.contains(signs), "{text:?} in\n{markdown}");
                for word in ["://", "www.", "GH-", "deadbeef"] {
                    assert!(!text.contains(word), "{text:?} in\n{markdown}");
                }
            }
            Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                panic!("{event:?}")
            }
            _ => {}
        }
    }
    assert_eq!(code, 0);
}

fn assert_quiet(text: &str) {
    for line in text.lines() {
        assert!(!line.trim_start().starts_with("::"), "{line}");
    }
    assert!(!text.contains("##["), "{text}");
    for hidden in ['\u{202e}', '\u{2066}', '\u{200b}', '\u{200d}', '\u{feff}', '\u{ad}', '\u{9b}'] {
        assert!(!text.contains(hidden), "{hidden:?}");
    }
    assert!(!text.chars().any(|c| c.is_control() && c != '\n' && c != '\u{1b}'));
}

#[test]
fn nothing_of_a_description_is_live() {
    hostile().with(|report| {
        let markdown = report.to_markdown();
        assert!(markdown.contains("U+202E") && markdown.contains("canary"), "it is shown");
        assert_harmless(&markdown);
        assert_quiet(&markdown);
        assert!(!markdown.contains('\u{1b}'));
        let changelog = report.in_changelog("");
        assert_harmless(&changelog);
        assert_quiet(&changelog);
        let terminal = report.to_terminal();
        assert_quiet(&terminal);
        // The report's own colours are all that is left of escapes.
        assert!(!terminal.contains("\u{1b}]") && !terminal.contains("\u{1b}[31mcanary"));
        let json = report.to_json().to_string();
        assert_quiet(&json);
        assert!(!json.contains("\\u001b"), "{json}");
    });
}

#[test]
fn one_hostile_text_at_a_time_is_harmless() {
    for text in HOSTILE {
        for severity in [Severity::Breaking, Severity::Additive, Severity::Text] {
            let mut facts = Facts::of(vec![change(&RULE, severity, text)]);
            facts.warnings = vec![format!("Mind {text}.")];
            facts.with(|report| assert_harmless(&report.to_markdown()));
        }
    }
}

#[test]
fn report_stays_within_what_a_pull_request_takes() {
    let mut changes = Vec::new();
    for index in 0..3_000 {
        changes.push(change(&RULE, Severity::Text, &format!("text{index}")));
        changes.push(change(&RULE, Severity::Additive, &format!("additive{index}")));
    }
    for index in 0..50 {
        changes.push(change(&RULE, Severity::Breaking, &format!("breaking{index}")));
    }
    let facts = Facts::of(changes.clone());
    facts.with(|report| {
        let markdown = report.to_markdown();
        assert!(markdown.len() <= 60_000, "{}", markdown.len());
        assert!(markdown.contains("This report is shortened"), "it says so");
        for index in 0..50 {
            assert!(markdown.contains(&format!("`/paths/breaking{index}`")), "{index}");
        }
        assert_harmless(&markdown);
        let json = report.to_json();
        assert_eq!(json["changes"].as_array().map(Vec::len), Some(6_050), "JSON has it all");
    });
    for index in 0..1_000 {
        changes.push(change(&RULE, Severity::Breaking, &format!("break{index}")));
    }
    Facts::of(changes).with(|report| {
        let markdown = report.to_markdown();
        assert!(markdown.len() <= 60_000, "{}", markdown.len());
        assert!(markdown.contains("This report ends here"), "it says so");
        assert_harmless(&markdown);
    });
}

#[test]
fn one_component_is_one_line_with_its_operations_counted() {
    let mut wide = change(&RULE, Severity::Breaking, "wide");
    wide.operations = (10..40).map(|index| format!("op_{index}")).collect();
    let facts = Facts::of(vec![wide]);
    facts.with(|report| {
        let line = "- `a-rule`, something changed, used by 30 operations (`op_10`, `op_11`, \
                    `op_12`, …): `wide` → `new wide`.";
        assert!(report.to_markdown().contains(line), "{}", report.to_markdown());
    });
    // The same said of thirty operations is one line as well.
    let alike = |index| Change {
        pointer: format!("/paths/{index}"),
        operations: vec![format!("op_{index}")],
        subject: Subject {
            operation: Some(format!("op_{index}")),
            member: Some("limit".into()),
            component: None,
        },
        ..change(&RULE, Severity::Breaking, "x")
    };
    let facts = Facts::of((10..40).map(alike).collect());
    facts.with(|report| {
        let markdown = report.to_markdown();
        assert_eq!(markdown.matches("- `a-rule`").count(), 1, "{markdown}");
        assert!(markdown.contains("used by 30 operations"), "{markdown}");
        assert!(markdown.contains("`/paths/39`"), "every place is there: {markdown}");
        assert!(markdown.contains("**Breaking**: 30 breaking."), "each counts: {markdown}");
    });
}

#[test]
fn days_until_a_removal_are_counted() {
    let operation = |id: &str, date: &str| {
        serde_json::json!({
            "operationId": id, "deprecated": true, "x-removal-date": date, "x-replacement": "z",
        })
    };
    let document = serde_json::json!({"paths": {
        "/a": {"get": operation("a", "2026-09-01"), "put": operation("b", "2026-07-02")},
        "/b": {"get": operation("c", "2026-07-01"), "put": operation("d", "soon")},
        "/c": {
            "get": {"operationId": "e", "deprecated": true},
            "put": {"operationId": "f", "x-removal-date": "2026-09-01"},
        },
        "/d": {"get": operation("g", "2026-06-21")},
    }});
    let today = "2026-07-01".parse().expect("a date");
    let mut facts = Facts::of(Vec::new());
    facts.deprecations = deprecations(&document, today);
    facts.with(|report| {
        let markdown = report.to_markdown();
        let lines: Vec<_> = markdown
            .lines()
            .skip_while(|line| *line != "## Deprecations")
            .skip(2)
            .take_while(|line| !line.is_empty())
            .collect();
        let expected = [
            "- `a`, use `z`: to be removed on `2026-09-01`, in 62 days",
            "- `b`, use `z`: to be removed on `2026-07-02`, in 1 day",
            "- `c`, use `z`: to be removed on `2026-07-01`, today",
            "- `d`, use `z`: to be removed on `soon`, which is no date",
            "- `e`: no day of removal is announced",
            "- `g`, use `z`: **was to be removed on `2026-06-21`, 10 days ago**",
        ];
        assert_eq!(lines, expected);
    });
}

#[test]
fn names_of_rules_are_stable_words_and_stand_for_one() {
    let mut ids = std::collections::BTreeSet::new();
    for rule in crate::diff::RULES.iter().chain(surface::RULES) {
        assert!(ids.insert(rule.id), "{} is there twice", rule.id);
        let legal = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(rule.id.chars().all(legal), "{}", rule.id);
        assert!(!rule.title.is_empty() && !rule.title.ends_with('.'), "{}", rule.title);
    }
}

#[test]
fn changes_of_the_surface_alone_are_listed() {
    let read = |code| surface::read(&syn::parse_file(code).expect("Rust")).expect("reads");
    let lines = surface::compare(&read("impl A { pub fn b(&self) {} }"), &read(""));
    let mut facts = Facts::of(Vec::new());
    facts.findings = Findings::join(Vec::new(), lines, &Default::default());
    facts.with(|report| {
        let markdown = report.to_markdown();
        let line = "- `surface-function-removed`, function removed, by no change of the \
                    description: `fn A::b(&self)` is gone";
        assert!(markdown.contains(line), "{markdown}");
        assert!(markdown.contains("```diff\n- fn A::b(&self)\n```"), "{markdown}");
        assert!(report.to_terminal().contains("surface-function-removed was fn A::b(&self)"));
        let json = report.to_json();
        assert_eq!(json["surface"][0]["explained"], false);
        assert_eq!(json["severity"], "breaking");
    });
}
