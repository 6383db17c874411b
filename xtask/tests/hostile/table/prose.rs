//! Texts that would run, render or command where they are shown.

use serde_json::{Value, json};

use super::Input::Json;
use super::{Row, accepted, rejected, set, with, with_get, with_schema};

/// The good description with `text` wherever a description may stand.
fn described(text: &str) -> Value {
    let mut document = with("/info/description", text.into());
    let property = json!({"type": "string", "description": text});
    let enumeration = json!({"type": "string", "enum": ["a", "b"], "description": text});
    let schema = json!({
        "type": "object",
        "description": text,
        "properties": {"x": property, "y": enumeration},
    });
    set(&mut document, "/components/schemas/A", schema);
    set(&mut document, "/tags", json!([{"name": "things", "description": text}]));
    let get = super::GET;
    for member in ["summary", "description"] {
        set(&mut document, &format!("{get}/{member}"), text.into());
    }
    set(&mut document, &format!("{get}/parameters/0/description"), text.into());
    document
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        accepted(
            "fenced Rust",
            Json(|| described("```rust\nstd::process::exit(7)\n```")),
            &["```text"],
            &["```rust"],
        ),
        accepted(
            "indented Rust",
            Json(|| described("Is:\n\n    std::process::exit(7)\n")),
            &["process::exit"],
            &["    std::process"],
        ),
        accepted(
            "the end of a comment",
            Json(|| described("*/ fn evil() {} /* \"# \"); panic!()")),
            &["*/ fn evil"],
            &["\nfn evil", "pub fn evil"],
        ),
        accepted("HTML", Json(|| described("<script>alert(1)</script>")), &["\\\\<script>"], &[]),
        accepted(
            "a link that lies",
            Json(|| described("[https://k6.io](https://x.example)")),
            &["https://k6.io"],
            &["x.example"],
        ),
        accepted("a link to run", Json(|| described("[a](javascript:b)")), &[], &["javascript:"]),
        accepted(
            "an order that hides",
            Json(|| described("abc\u{202e}def\u{2066}\u{200b}")),
            &["abcdef"],
            &["\u{202e}", "\u{2066}", "\u{200b}"],
        ),
        accepted(
            "escapes of a terminal",
            Json(|| described("abc\u{1b}[31mdef\u{7}")),
            &["abc\\\\[31mdef"],
            &["\u{1b}", "\\u001b", "\u{7}"],
        ),
        accepted(
            "a workflow command",
            Json(|| described("::error::x\n::set-output name=a::b")),
            &[],
            &[],
        ),
        accepted("a NUL", Json(|| described("abc\0def")), &["abcdef"], &["\0", "\\u0000"]),
        accepted(
            "ends of lines",
            Json(|| described("a\r\nb\rc\u{2028}d\u{85}e")),
            &["a\\nb"],
            &["\r", "\\r", "\u{2028}"],
        ),
        accepted(
            "a link that nobody defines",
            Json(|| described("[Foo] [`Bar`] [a][b]")),
            &[],
            &[],
        ),
        rejected(
            "a tag that hides",
            Json(|| with("/tags", json!([{"name": "a\u{202e}b"}]))),
            &[
                "/tags/0/name: the tag's name has characters that cannot be seen: correct the description with an overlay action",
            ],
        ),
        rejected(
            "an operation's tag with escapes",
            Json(|| with_get("tags", json!(["a", "\u{1b}[31m"]))),
            &[
                "/paths/~1things~1{id}/get/tags/1: the tag's name has characters that cannot be seen: correct the description with an overlay action",
            ],
        ),
        rejected(
            "a summary that is no text",
            Json(|| with_get("summary", json!(1))),
            &[
                "/paths/~1things~1{id}/get/summary: a string is required here, not a number: correct the description with an overlay action",
            ],
        ),
        rejected(
            "a description that is no text",
            Json(|| with_schema("A", json!({"description": []}))),
            &[
                "/components/schemas/A/description: a string is required here, not a list: correct the description with an overlay action",
            ],
        ),
    ]
}
