//! The contents of reports, and text that they never let through.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Base, Deprecation, Findings, Operation, Report, deprecations};
use crate::diff::{Change, ChangeRule, Severity, Subject};
use crate::surface;
use openapi_lowering::preflight::Summary;
use openapi_lowering::{Note, NoteKind, RuleId};

static RULE: ChangeRule = ChangeRule {
    id: "a-rule",
    title: "something changed",
    needs_acceptance: false,
    is_warning: false,
};
static GUARDED: ChangeRule = ChangeRule {
    id: "server-x",
    title: "server changed",
    needs_acceptance: true,
    is_warning: false,
};

/// Text of a description that attacks readers, programs and services.
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

struct GivenFacts {
    summary: Summary,
    base: Base,
    findings: Findings,
    warnings: Vec<String>,
    deprecations: Vec<Deprecation>,
    texts: Vec<String>,
    operations: Vec<Operation>,
    notes: Vec<Note>,
}

impl GivenFacts {
    fn of(changes: Vec<Change>) -> Self {
        Self {
            summary: Summary { version: "1.1.0".into(), operations: 2, schemas: 3 },
            base: Base::Known { name: "main".into(), version: "1.0.0".into(), problem: None },
            findings: Findings::join(changes, Vec::new(), &Default::default()),
            warnings: Vec::new(),
            deprecations: Vec::new(),
            texts: Vec::new(),
            operations: Vec::new(),
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
            operations: &self.operations,
            notes: &self.notes,
            new_notes: &self.notes.iter().collect::<Vec<_>>(),
        })
    }
}

fn change(rule: &'static ChangeRule, wire: Severity, text: &str) -> Change {
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

fn hostile() -> GivenFacts {
    let mut changes = Vec::new();
    for text in HOSTILE {
        for severity in [Severity::Breaking, Severity::Additive, Severity::Text] {
            changes.push(change(&RULE, severity, text));
        }
        let mut guarded = change(&GUARDED, Severity::Breaking, text);
        guarded.subject = Subject { operation: Some((*text).into()), ..Subject::default() };
        changes.push(guarded);
    }
    let mut facts = GivenFacts::of(changes);
    let all = HOSTILE.join(" ");
    facts.summary.version = all.clone();
    facts.base = Base::Known { name: all.clone(), version: "1".into(), problem: Some(all.clone()) };
    facts.warnings = HOSTILE.iter().map(|text| format!("Mind `{text}`, {text}.")).collect();
    facts.texts = HOSTILE.iter().map(|text| (*text).to_owned()).collect();
    facts.notes = HOSTILE.iter().map(|text| note(text)).collect();
    facts.deprecations = HOSTILE
        .iter()
        .map(|text| Deprecation {
            item: (*text).into(),
            replacement: Some((*text).into()),
            removal: Some((*text).into()),
            days: None,
        })
        .collect();
    facts
}

/// Everything from a description stays inside code: it makes no link, image, HTML, heading or
/// mention.
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
fn text_of_a_description_is_never_live() {
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
            let mut facts = GivenFacts::of(vec![change(&RULE, severity, text)]);
            facts.warnings = vec![format!("Mind {text}.")];
            facts.with(|report| assert_harmless(&report.to_markdown()));
        }
    }
}

#[test]
fn report_fits_a_pull_request() {
    let mut changes = Vec::new();
    for index in 0..3_000 {
        changes.push(change(&RULE, Severity::Text, &format!("text{index}")));
        changes.push(change(&RULE, Severity::Additive, &format!("additive{index}")));
    }
    for index in 0..50 {
        changes.push(change(&RULE, Severity::Breaking, &format!("breaking{index}")));
    }
    let facts = GivenFacts::of(changes.clone());
    facts.with(|report| {
        let markdown = report.to_markdown();
        assert!(markdown.len() <= 60_000, "{}", markdown.len());
        // The note is the first thing after the first line.
        let note = markdown.lines().nth(3).unwrap_or_default();
        assert!(note.starts_with("> This report is shortened. Left out: "), "{note}");
        assert!(note.contains("the CHANGELOG entry") && note.contains("of the text changes"));
        assert!(markdown.len() > 50_000, "{} bytes use the space", markdown.len());
        for index in 0..50 {
            assert!(markdown.contains(&format!("`breaking{index}` of")), "{index}");
        }
        assert_harmless(&markdown);
        let json = report.to_json();
        assert_eq!(json["changes"].as_array().map(Vec::len), Some(6_050), "JSON has it all");
    });
    for index in 0..1_000 {
        changes.push(change(&RULE, Severity::Breaking, &format!("break{index}")));
    }
    GivenFacts::of(changes).with(|report| {
        let markdown = report.to_markdown();
        assert!(markdown.len() <= 60_000, "{}", markdown.len());
        assert!(markdown.contains("**Breaking**") && markdown.contains("the breaking changes"));
        assert_harmless(&markdown);
    });
}

#[test]
fn one_fact_is_one_entry_with_its_operations_counted() {
    let mut wide = change(&RULE, Severity::Breaking, "wide");
    wide.operations = (10..40).map(|index| format!("op_{index}")).collect();
    let facts = GivenFacts::of(vec![wide]);
    facts.with(|report| {
        let line = "- `wide` of `Wide`: something changed (`a-rule`): `wide` → `new wide`.";
        assert!(report.to_markdown().contains(line), "{}", report.to_markdown());
        let line = "  - used by 30 operations (`op_10`, `op_11`, `op_12`, …)\n";
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
    let facts = GivenFacts::of((10..40).map(alike).collect());
    facts.with(|report| {
        let markdown = report.to_markdown();
        assert_eq!(markdown.matches("(`a-rule`)").count(), 1, "{markdown}");
        assert!(markdown.contains("used by 30 operations"), "{markdown}");
        assert!(markdown.contains("`/paths/39`"), "every pointer is there: {markdown}");
        assert!(markdown.starts_with("**Breaking**: 30 breaking; "), "each counts: {markdown}");
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
        "/d": {
            "get": operation("g", "2026-06-21"),
            "put": {
                "operationId": "h", "deprecated": true,
                "description": "To be removed on 2026-09-01.",
            },
        },
    }, "components": {"schemas": {"run": {"properties": {
        "old": {"deprecated": true, "description": "It will be removed on 2026-09-01."},
        "older": {"deprecated": true},
    }}}}});
    let today = "2026-07-01".parse().expect("a date");
    let mut facts = GivenFacts::of(Vec::new());
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
            "- `Run.old`: will be removed on `2026-09-01`, in 62 days",
            "- `a`, use `z`: will be removed on `2026-09-01`, in 62 days",
            "- `b`, use `z`: will be removed on `2026-07-02`, in 1 day",
            "- `c`, use `z`: will be removed on `2026-07-01`, today",
            "- `d`, use `z`: will be removed on `soon`, which is not a date",
            "- `e`: no removal date is announced",
            "- `g`, use `z`: **was to be removed on `2026-06-21`, 10 days ago**",
            "- `h`: will be removed on `2026-09-01`, in 62 days",
        ];
        assert_eq!(lines, expected);
    });
}

#[test]
fn names_of_rules_are_unique_words() {
    let mut ids = std::collections::BTreeSet::new();
    for rule in crate::diff::RULES.iter().chain(surface::RULES) {
        assert!(ids.insert(rule.id), "{} appears twice", rule.id);
        let legal = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(rule.id.chars().all(legal), "{}", rule.id);
        assert!(!rule.title.is_empty() && !rule.title.ends_with('.'), "{}", rule.title);
    }
}

#[test]
fn changes_of_the_surface_alone_are_listed() {
    let read = |code| surface::read(&syn::parse_file(code).expect("Rust")).expect("reads");
    let lines = surface::compare(&read("impl A { pub fn b(&self) {} }"), &read(""));
    let mut facts = GivenFacts::of(Vec::new());
    facts.findings = Findings::join(Vec::new(), lines, &Default::default());
    facts.with(|report| {
        let markdown = report.to_markdown();
        let line = "- `fn A::b(&self)` is gone: function removed (`surface-function-removed`); no \
                    change of the description explains it.";
        assert!(markdown.contains(line), "{markdown}");
        assert!(markdown.contains("```diff\n- fn A::b(&self)\n```"), "{markdown}");
        assert!(report.to_terminal().contains("surface-function-removed was fn A::b(&self)"));
        let json = report.to_json();
        assert_eq!(json["surface"][0]["explained"], false);
        assert_eq!(json["severity"], "breaking");
    });
}

#[test]
fn many_changes_of_one_kind_are_one_line() {
    static MOVED: ChangeRule = ChangeRule {
        id: "operation-moved",
        title: "operation moved",
        needs_acceptance: false,
        is_warning: false,
    };
    let moved = |index: usize| Change {
        pointer: format!("/paths/{index}"),
        operations: vec![format!("op_{index}")],
        old: Some(format!("GET /{index}")),
        new: Some(format!("GET /v6/{index}")),
        consequence: "It fails.".into(),
        subject: Subject { operation: Some(format!("op_{index}")), ..Subject::default() },
        ..change(&MOVED, Severity::Breaking, "x")
    };
    GivenFacts::of((0..18).map(moved).collect()).with(|report| {
        let markdown = report.to_markdown();
        let line = "- operation moved (`operation-moved`), 18 times, in 18 operations. It fails.\n\n  \
                    <details><summary>18 changes</summary>\n\n  - `op_0`: `GET /0` → `GET /v6/0`.\n";
        assert!(markdown.contains(line), "{markdown}");
        assert_harmless(&markdown);
        let terminal = anstream::adapter::strip_str(&report.to_terminal()).to_string();
        assert!(terminal.contains("breaking  operation-moved, 18 times\n"), "{terminal}");
        assert!(terminal.contains("… and 15 more"), "{terminal}");
        let changelog = report.in_changelog("");
        assert_eq!(changelog.matches("operation moved").count(), 1, "{changelog}");
    });
    // Three of them are told one by one.
    GivenFacts::of((0..3).map(moved).collect()).with(|report| {
        assert_eq!(report.to_markdown().matches("(`operation-moved`)").count(), 3);
    });
}

#[test]
fn one_fact_about_two_types_is_one_entry() {
    let code = |kind: &str| {
        format!(
            "pub mod types {{ pub struct Run {{ pub details: {kind} }} \
             pub struct Start {{ pub details: {kind} }} }}"
        )
    };
    let read = |code: &str| surface::read(&syn::parse_file(code).expect("Rust")).expect("reads");
    let old = code(
        "::std::option::Option<::serde_json::Map<::std::string::String, ::serde_json::Value>>",
    );
    let new = code("::std::option::Option<types::Details>");
    static REPLACED: ChangeRule = ChangeRule {
        id: "reference-changed",
        title: "type replaced by another",
        needs_acceptance: false,
        is_warning: false,
    };
    let of = |component: &str| Change {
        old: Some("map".into()),
        new: Some("Details".into()),
        consequence: "Calls still work.".into(),
        pointer: format!("/components/schemas/{component}/properties/details"),
        subject: Subject {
            component: Some(component.into()),
            member: Some("details".into()),
            operation: None,
        },
        ..change(&REPLACED, Severity::Additive, "x")
    };
    let mut facts = GivenFacts::of(Vec::new());
    facts.findings = Findings::join(
        vec![of("Run"), of("Start")],
        surface::compare(&read(&old), &read(&new)),
        &Default::default(),
    );
    facts.with(|report| {
        let markdown = report.to_markdown();
        let line = "- `details` of `Run` and `Start`: type replaced by another \
                    (`reference-changed`): `Option<Map>` → `Option<Details>`. Calls still work.\n";
        assert!(markdown.contains(line), "{markdown}");
        assert_eq!(markdown.matches("(`reference-changed`)").count(), 1, "{markdown}");
        let breaking = markdown.find("## Breaking").expect("it breaks in Rust");
        assert!(!markdown[breaking..].contains("## Additive"), "{markdown}");
    });
}

#[test]
fn first_line_tells_what_a_reviewer_has_to_know() {
    static TEXT: ChangeRule = ChangeRule {
        id: "text-changed",
        title: "text",
        needs_acceptance: false,
        is_warning: false,
    };
    let text = change(&TEXT, Severity::Text, "a");
    let breaking =
        Change { operations: vec!["a".into()], ..change(&RULE, Severity::Breaking, "b") };
    for (changes, markdown, terminal) in [
        (vec![], "**Nothing changed.** The description has 2 operations, 3 schemas.", ""),
        (
            vec![text.clone()],
            "2 operations unchanged in structure: 1 text.",
            "1.0.0 -> 1.1.0: 2 operations unchanged in structure: 1 text; crate 0.1.0 -> 0.2.0",
        ),
        (
            vec![text, breaking],
            "**Breaking**: 1 breaking, 1 text; 1 of 2 operations unchanged in structure.",
            "1.0.0 -> 1.1.0: Breaking: 1 breaking, 1 text; 1 of 2 operations unchanged in \
             structure; crate 0.1.0 -> 0.2.0",
        ),
    ] {
        GivenFacts::of(changes).with(|report| {
            assert_eq!(report.to_markdown().lines().next(), Some(markdown));
            assert_eq!(report.to_terminal().lines().next().unwrap_or_default(), terminal);
        });
    }
}

#[test]
fn warnings_and_what_needs_acceptance_come_first() {
    static EARLY: ChangeRule = ChangeRule {
        id: "early",
        title: "removed early",
        needs_acceptance: false,
        is_warning: true,
    };
    let mut early = change(&EARLY, Severity::Breaking, "x");
    early.subject = Subject { operation: Some("get_run".into()), ..Subject::default() };
    let changes = vec![
        change(&GUARDED, Severity::Additive, "y"),
        early,
        change(&RULE, Severity::Breaking, "z"),
    ];
    GivenFacts::of(changes).with(|report| {
        let markdown = report.to_markdown();
        let at = |part: &str| markdown.find(part).unwrap_or_else(|| panic!("{part}: {markdown}"));
        let warning = at("> [!WARNING]\n> `get_run`: removed early.");
        assert!(warning < at("## Servers and security"));
        assert!(at("## Servers and security") < at("## Breaking"));
        assert!(at("(`server-x`)") < at("## Breaking"), "it is told there: {markdown}");
        assert_eq!(markdown.matches("(`server-x`)").count(), 1, "and only there: {markdown}");
        assert!(report.to_terminal().contains("warning"));
        assert_eq!(report.to_json()["warnings"].as_array().map(Vec::len), Some(1));
    });
}

fn note(place: &str) -> Note {
    Note {
        rule: RuleId::Constraint,
        kind: NoteKind::Widened,
        source: place.to_owned(),
        result: place.to_owned(),
        detail: "costs",
    }
}

#[test]
fn lossy_steps_and_operations_are_listed_when_they_are_new() {
    static ADDED: ChangeRule = ChangeRule {
        id: "operation-added",
        title: "added",
        needs_acceptance: false,
        is_warning: false,
    };
    let mut added = change(&ADDED, Severity::Additive, "x");
    added.pointer = "/paths/~1new/get".into();
    let mut facts = GivenFacts::of(vec![added]);
    facts.notes = ["/old", "/new"].map(note).to_vec();
    let paths = serde_json::json!({"/new": {"get": {"operationId": "new_get"}},
        "/old": {"get": {"operationId": "old_get"}}});
    facts.operations = super::operations(&serde_json::json!({ "paths": paths }), &[], |_| false);
    facts.texts = vec!["new_get at /paths/~1new/get".into(), "old_get at /paths/~1old/get".into()];
    facts.with(|report| {
        let new = [&report.notes[1]];
        let report = Report { new_notes: &new, unmatched: &[], ..*report };
        let markdown = report.to_markdown();
        let list = "(1)</summary>\n\n- `/new`\n\n</details>\n\n1 more were there before.\n";
        assert!(markdown.contains(list), "{markdown}");
        assert!(markdown.contains("- `new_get`, `GET /new`\n  - "), "{markdown}");
        assert!(!markdown.contains("old"), "{markdown}");
        assert_eq!(report.to_json()["lossy"].as_array().map(Vec::len), Some(2));
    });
}
