//! What is no YAML or JSON, or more than JSON can say.

use super::Input::{Bytes, Text};
use super::{GOOD, Row, accepted, refused};

/// Aliases of aliases: ten times as much with each level.
fn laughs(levels: usize) -> String {
    let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..levels {
        let row = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{row}]\n"));
    }
    text
}

fn utf16(text: &str) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        refused(
            "an empty file",
            Text(String::new),
            &["given.yaml: the document is empty: check the source"],
        ),
        refused("nothing but space", Text(|| " \n\t\r\n".into()), &["the document is empty"]),
        refused("nothing but comments", Text(|| "# one\n# two\n".into()), &["x"]),
        refused("a single text", Text(|| "hello\n".into()), &["x"]),
        refused(
            "HTML",
            Text(|| "<!doctype html><html></html>".into()),
            &["this is HTML or XML, not YAML or JSON", "a login or error page may have answered"],
        ),
        refused(
            "XML behind a byte order mark",
            Text(|| "\u{feff}<?xml version='1.0'?>".into()),
            &["this is HTML or XML"],
        ),
        accepted("a byte order mark", Text(|| format!("\u{feff}{GOOD}")), &["get_thing"], &[]),
        accepted("carriage returns", Text(|| GOOD.replace('\n', "\r\n")), &["get_thing"], &[]),
        accepted(
            "anchors that nobody uses",
            Text(|| GOOD.replace("{type: string}", "&x {type: string}")),
            &["get_thing"],
            &[],
        ),
        refused("UTF-16", Bytes(|| utf16(GOOD)), &["x"]),
        refused(
            "Latin-1",
            Bytes(|| b"openapi: 3.1.0\ninfo: {title: Gr\xfc\xdfe}\n".to_vec()),
            &["given.yaml: not UTF-8 from byte", "save the description as UTF-8"],
        ),
        refused("gzip", Bytes(|| b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03abc".to_vec()), &["x"]),
        refused("a NUL byte", Text(|| GOOD.replace("Small", "Sm\0all")), &["x"]),
        refused("a NUL byte in JSON", Text(|| "{\"openapi\": \"3.1.0\0\"}".into()), &["x"]),
        refused("tabs that indent", Text(|| "openapi: 3.1.0\ninfo:\n\ttitle: x\n".into()), &["x"]),
        refused(
            "two documents in a stream",
            Text(|| format!("{GOOD}---\n{GOOD}")),
            &["more than one document"],
        ),
        refused(
            "YAML cut off inside quotes",
            Text(|| "openapi: 3.1.0\ninfo: {title: 'Sm".into()),
            &["x"],
        ),
        refused(
            "YAML cut off inside braces",
            Text(|| "openapi: 3.1.0\ninfo: {title: Sm".into()),
            &["x"],
        ),
        refused(
            "JSON cut off",
            Text(|| "{\"openapi\": \"3.1.0\", \"info\": {\"tit".into()),
            &["x"],
        ),
        refused("JSON with more behind it", Text(|| "{\"openapi\": \"3.1.0\"} {}".into()), &["x"]),
        refused("a comma too many in JSON", Text(|| "{\"openapi\": \"3.1.0\",}".into()), &["x"]),
        refused(
            "billion laughs",
            Text(|| laughs(12)),
            &["its aliases stand for far more than the document"],
        ),
        refused(
            "a thousand laughs of long texts",
            Text(|| {
                format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 2_000].join(", "))
            }),
            &["x"],
        ),
        refused("an alias of nothing", Text(|| "openapi: *nothing\n".into()), &["x"]),
        refused("an alias of what it stands in", Text(|| "openapi: &a [*a]\n".into()), &["x"]),
        refused(
            "a merge key",
            Text(|| GOOD.replace("{type: string}", "{<<: {type: string}}")),
            &["YAML merge keys (`<<`) are not supported"],
        ),
        refused(
            "a merge key in quotes",
            Text(|| GOOD.replace("{type: string}", "{'<<': {}}")),
            &["x"],
        ),
        refused(
            "50,000 brackets",
            Text(|| format!("a: {}", "[".repeat(50_000))),
            &["nested more than 64 levels deep"],
        ),
        refused(
            "50,000 braces that close",
            Text(|| format!("a: {}x{}", "{a: ".repeat(50_000), "}".repeat(50_000))),
            &["nested more than 64 levels deep"],
        ),
        refused(
            "100,000 brackets of JSON",
            Text(|| format!("{{\"a\": {}", "[".repeat(100_000))),
            &["x"],
        ),
        refused("20,000 dashes on a line", Text(|| "- ".repeat(20_000)), &["x"]),
        refused(
            "1,000 levels of indentation",
            Text(|| (0..1_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect()),
            &["x"],
        ),
        refused("65 levels", Text(|| format!("a: {}1{}", "[".repeat(65), "]".repeat(65))), &["x"]),
        refused(
            "a duplicate key",
            Text(|| format!("{GOOD}info: {{}}\n")),
            &["duplicate key \"info\""],
        ),
        refused(
            "a duplicate key in JSON",
            Text(|| "{\"a\": {\"b\": 1, \"\\u0062\": 2}}".into()),
            &["duplicate key \"b\""],
        ),
        refused(
            "a duplicate path",
            Text(|| GOOD.replace("components:", "  /things/{id}: {}\ncomponents:")),
            &["x"],
        ),
        refused("a duplicate property", Text(|| format!("{GOOD}        \"name\": {{}}\n")), &["x"]),
        refused(
            "a status as number and as text",
            Text(|| {
                GOOD.replace("        '200':", "        200: {description: OK}\n        '200':")
            }),
            &["duplicate key \"200\""],
        ),
        refused(
            "a boolean key and its text",
            Text(|| format!("{GOOD}        true: {{}}\n        'true': {{}}\n")),
            &["duplicate key \"true\""],
        ),
        refused("a null key", Text(|| format!("{GOOD}        null: {{}}\n")), &["x"]),
        refused(
            "a key that is a list",
            Text(|| format!("{GOOD}        ? [1]\n        : {{}}\n")),
            &["x"],
        ),
        refused("a key with a fraction", Text(|| format!("{GOOD}        1.5: {{}}\n")), &["x"]),
        accepted(
            "a date as a key",
            Text(|| format!("{GOOD}        2026-01-01: {{type: string}}\n")),
            &["x"],
            &[],
        ),
        refused("a binary tag", Text(|| GOOD.replace("Small", "!!binary aGVsbG8=")), &["x"]),
        refused(
            "a tag of Python",
            Text(|| GOOD.replace("Small", "!!python/object/apply:os.system ['id']")),
            &["x"],
        ),
        refused(
            "a tag of its own",
            Text(|| GOOD.replace("Small", "!thing x")),
            &["YAML tags (`!name`) are not supported"],
        ),
        refused("not a number", Text(|| GOOD.replace("{type: string}", "{maximum: .nan}")), &["x"]),
        refused("infinity", Text(|| GOOD.replace("{type: string}", "{maximum: .inf}")), &["x"]),
        refused(
            "a number beyond all",
            Text(|| GOOD.replace("{type: string}", "{maximum: 1e999}")),
            &["x"],
        ),
        refused("a number beyond all in JSON", Text(|| "{\"openapi\": 1e999}".into()), &["x"]),
        refused(
            "an integer of 40 digits",
            Text(|| GOOD.replace("{type: string}", &format!("{{maximum: {}}}", "9".repeat(40)))),
            &["x"],
        ),
    ]
}
