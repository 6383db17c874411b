//! What is no YAML or JSON, or more than JSON can say.

use super::Input::{Bytes, Text};
use super::{GOOD, Row, accepted, rejected};

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
        rejected(
            "an empty file",
            Text(String::new),
            &["given.yaml: the document is empty: check the source"],
        ),
        rejected("nothing but space", Text(|| " \n\t\r\n".into()), &["the document is empty"]),
        rejected(
            "nothing but comments",
            Text(|| "# one\n# two\n".into()),
            &["given.yaml: the document is empty: check the source"],
        ),
        rejected(
            "a single text",
            Text(|| "hello\n".into()),
            &["#: the document is not an object: check that the source is the API's description"],
        ),
        rejected(
            "HTML",
            Text(|| "<!doctype html><html></html>".into()),
            &["this is HTML or XML, not YAML or JSON", "this may be a login or error page"],
        ),
        rejected(
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
        rejected(
            "UTF-16",
            Bytes(|| utf16(GOOD)),
            &["given.yaml: this is UTF-16: save the description as UTF-8"],
        ),
        rejected(
            "Latin-1",
            Bytes(|| b"openapi: 3.1.0\ninfo: {title: Gr\xfc\xdfe}\n".to_vec()),
            &["given.yaml: not UTF-8 from byte", "save the description as UTF-8"],
        ),
        rejected(
            "gzip",
            Bytes(|| b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03abc".to_vec()),
            &["given.yaml: this is compressed with gzip: decompress it first"],
        ),
        rejected(
            "a NUL byte",
            Text(|| GOOD.replace("Small", "Sm\0all")),
            &[
                "given.yaml: control characters are not allowed at position 31: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "a NUL byte in JSON",
            Text(|| "{\"openapi\": \"3.1.0\0\"}".into()),
            &[
                "given.yaml: control character (\\u0000-\\u001F) found while parsing a string at line 1 column 19: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "tabs that indent",
            Text(|| "openapi: 3.1.0\ninfo:\n\ttitle: x\n".into()),
            &[
                "given.yaml: found character that cannot start any token at line 3 column 1, while scanning for the next token: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "two documents in a stream",
            Text(|| format!("{GOOD}---\n{GOOD}")),
            &["more than one document"],
        ),
        rejected(
            "YAML cut off inside quotes",
            Text(|| "openapi: 3.1.0\ninfo: {title: 'Sm".into()),
            &[
                "given.yaml: found unexpected end of stream at line 2 column 18, while scanning a quoted scalar at line 2 column 15: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "YAML cut off inside braces",
            Text(|| "openapi: 3.1.0\ninfo: {title: Sm".into()),
            &[
                "given.yaml: did not find expected ',' or '}' at line 3 column 1, while parsing a flow mapping at line 2 column 7: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "JSON cut off",
            Text(|| "{\"openapi\": \"3.1.0\", \"info\": {\"tit".into()),
            &[
                "given.yaml: EOF while parsing a string at line 1 column 34: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "JSON with more behind it",
            Text(|| "{\"openapi\": \"3.1.0\"} {}".into()),
            &[
                "given.yaml: trailing characters at line 1 column 22: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "a comma too many in JSON",
            Text(|| "{\"openapi\": \"3.1.0\",}".into()),
            &[
                "given.yaml: trailing comma at line 1 column 21: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "billion laughs",
            Text(|| laughs(12)),
            &["the document stands for more than 100000 keys and values"],
        ),
        rejected(
            "a thousand laughs of long texts",
            Text(|| {
                format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 2_000].join(", "))
            }),
            &[
                "the document stands for more than 100000 keys and values",
                "check the source, or raise the limit with --max-values",
            ],
        ),
        rejected(
            "an alias of nothing",
            Text(|| "openapi: *nothing\n".into()),
            &[
                "given.yaml: unknown anchor at line 1 column 10: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "an alias of what it stands in",
            Text(|| "openapi: &a [*a]\n".into()),
            &[
                "given.yaml: an alias stands inside of what it refers to, which has no end: write the value instead of the alias",
            ],
        ),
        accepted(
            "a merge key",
            Text(|| GOOD.replace("{type: string}", "{<<: {type: string}}")),
            &[],
            &[],
        ),
        rejected(
            "50,000 brackets",
            Text(|| format!("a: {}", "[".repeat(50_000))),
            &["nested more than 64 levels deep"],
        ),
        rejected(
            "50,000 braces that close",
            Text(|| format!("a: {}x{}", "{a: ".repeat(50_000), "}".repeat(50_000))),
            &["nested more than 64 levels deep"],
        ),
        rejected(
            "100,000 brackets of JSON",
            Text(|| format!("{{\"a\": {}", "[".repeat(100_000))),
            &[
                "given.yaml: nested more than 64 levels deep at line 1 column 70: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "20,000 dashes on a line",
            Text(|| "- ".repeat(20_000)),
            &[
                "given.yaml: .[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]: nested more than 64 levels deep at line 1 column 129: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "1,000 levels of indentation",
            Text(|| (0..1_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect()),
            &["nested more than 64 levels deep at line"],
        ),
        rejected(
            "65 levels",
            Text(|| format!("a: {}1{}", "[".repeat(65), "]".repeat(65))),
            &[
                "given.yaml: a[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]: nested more than 64 levels deep at line 1 column 67: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "a duplicate key",
            Text(|| format!("{GOOD}info: {{}}\n")),
            &["duplicate key \"info\""],
        ),
        rejected(
            "a duplicate key in JSON",
            Text(|| "{\"a\": {\"b\": 1, \"\\u0062\": 2}}".into()),
            &["duplicate key \"b\""],
        ),
        rejected(
            "a duplicate path",
            Text(|| GOOD.replace("components:", "  /things/{id}: {}\ncomponents:")),
            &[
                "given.yaml: paths: duplicate key \"/things/{id}\" at line 4 column 3: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "a duplicate property",
            Text(|| format!("{GOOD}        \"name\": {{}}\n")),
            &[
                "given.yaml: components.schemas.Thing.properties: duplicate key \"name\" at line 20 column 9: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "a status as number and as text",
            Text(|| {
                GOOD.replace("        '200':", "        200: {description: OK}\n        '200':")
            }),
            &["duplicate key \"200\""],
        ),
        rejected(
            "a boolean key and its text",
            Text(|| format!("{GOOD}        true: {{}}\n        'true': {{}}\n")),
            &["duplicate key \"true\""],
        ),
        accepted("a null key", Text(|| format!("{GOOD}        null: {{}}\n")), &["\"null\""], &[]),
        rejected(
            "a key that is a list",
            Text(|| format!("{GOOD}        ? [1]\n        : {{}}\n")),
            &[
                "given.yaml: components.schemas.Thing.properties: invalid type: sequence, expected a string as a key at line 21 column 11: correct the document at this line, or check the source",
            ],
        ),
        accepted(
            "a key with a fraction",
            Text(|| format!("{GOOD}        1.5: {{}}\n")),
            &["\"1.5\""],
            &[],
        ),
        accepted(
            "a date as a key",
            Text(|| format!("{GOOD}        2026-01-01: {{type: string}}\n")),
            &["\"2026-01-01\""],
            &[],
        ),
        accepted(
            "a binary tag",
            Text(|| GOOD.replace("Small", "!!binary aGVsbG8=")),
            &["aGVsbG8="],
            &[],
        ),
        rejected(
            "a tag of Python",
            Text(|| GOOD.replace("Small", "!!python/object/apply:os.system ['id']")),
            &[
                "/info/title: a string is required here, not a list: correct the description with an overlay action",
            ],
        ),
        rejected(
            "a tag of its own",
            Text(|| GOOD.replace("Small", "!thing x")),
            &["YAML tags (`!name`) are not supported"],
        ),
        rejected(
            "not a number",
            Text(|| GOOD.replace("{type: string}", "{maximum: .nan}")),
            &[
                "given.yaml: components.schemas.Thing.properties.name.maximum: the number NaN cannot be written in JSON at line 20 column 25: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "infinity",
            Text(|| GOOD.replace("{type: string}", "{maximum: .inf}")),
            &[
                "given.yaml: components.schemas.Thing.properties.name.maximum: the number inf cannot be written in JSON at line 20 column 25: correct the document at this line, or check the source",
            ],
        ),
        rejected(
            "a number beyond all",
            Text(|| GOOD.replace("{type: string}", "{maximum: 1e999}")),
            &[
                "/components/schemas/Thing/properties/name/maximum: a number is required here, not a string: correct the description with an overlay action",
            ],
        ),
        rejected(
            "a number beyond all in JSON",
            Text(|| "{\"openapi\": 1e999}".into()),
            &[
                "given.yaml: number out of range at line 1 column 17: correct the document at this line, or check the source",
            ],
        ),
        accepted(
            "an integer of 40 digits",
            Text(|| GOOD.replace("{type: string}", &format!("{{maximum: {}}}", "9".repeat(40)))),
            &["get_thing"],
            &[],
        ),
    ]
}
