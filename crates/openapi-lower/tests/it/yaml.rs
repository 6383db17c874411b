//! YAML output is read back as it was meant, by readers of YAML 1.1 and 1.2.
//!
//! PyYAML and js-yaml are asked where they are installed; with `YAML_READERS=all` both must be.
//! `YAML_PYTHON` names another Python, and `NODE_PATH` the folder of Node's packages.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::Folder;

/// Strings that some reader takes for something else, or that are hard to write.
const STRINGS: &[&str] = &[
    "no",
    "No",
    "off",
    "ON",
    "y",
    "N",
    "yes",
    "true",
    "False",
    "null",
    "NULL",
    "~",
    "",
    " ",
    "a ",
    " a",
    "2020-01-01",
    "2020-01-01T00:00:00Z",
    "14_030",
    "12:30:45",
    "1:20",
    "=",
    "<<",
    "0x1F",
    "0o17",
    "017",
    "0b11",
    "1e3",
    "1.5",
    ".5",
    "5.",
    "-1",
    "+1",
    ".inf",
    "-.INF",
    ".NaN",
    "1_000.5",
    "- a",
    "a: b",
    "a:",
    "a #b",
    "#a",
    "&a",
    "*a",
    "!a",
    "!!str a",
    "|",
    ">",
    "%a",
    "@a",
    "`a`",
    "'a'",
    "\"a\"",
    "[a]",
    "{a}",
    "a, b",
    "?",
    "? a",
    "-",
    "---",
    "...",
    "--- a",
    "a\\b",
    "a\tb",
    "a\rb",
    "a\r\nb",
    "a\nb",
    "a\nb\n",
    "a\nb\n\n",
    "\na",
    " a\nb",
    "a\n b\n",
    "a\n\tb",
    "a\n \nb",
    "a\n\nb",
    "\n",
    "a\u{85}b",
    "a\u{2028}b\nc",
    "\u{feff}a",
    "a\u{7f}b",
    "\u{0}",
    "é",
    "日本",
    "😀",
    "a\u{a0}b",
    "\u{fffe}",
    "$ref",
    "/a/{b}",
    "#/a/b",
    "https://a.b/c?d=e#f",
    "e5",
    "infinity",
    "0",
    "0.0",
    "00",
    "1,000",
    "190:20:30",
    "a b c",
    "key: |\n  x",
    "a\n# b\n",
    "a\n- b\n",
    "a\n---\nb",
    "\u{1b}[31m",
    "Infinity",
    "none",
    "0x",
    "1__0",
    "6.8523015e+5",
    "685.230_15e+03",
];

fn document() -> Value {
    let keys: serde_json::Map<String, Value> =
        // As a key `<<` is rejected, in quotes or not.
        STRINGS.iter().filter(|t| **t != "<<").map(|t| ((*t).to_owned(), json!(t))).collect();
    let numbers =
        json!([0, -1, 1.5, 1e22, 1e-7, 1.8446744073709552e19, -0.0, 9007199254740993_i64]);
    let long = "k".repeat(1_500);
    json!({
        "openapi": "3.0.3",
        "info": { "title": "t", "version": "1" },
        "paths": {},
        "x-strings": STRINGS,
        "x-keys": keys,
        "x-numbers": numbers,
        "x-others": [null, true, false, [], {}, [[], [1, [2]], {}], [{ "a": [], "b": {} }]],
        "x-nested": [[["a\nb"], { "a": "b\nc\n", "d": { "e": ["f\n\ng"] } }]],
        "x-long": { long: { "a": [1] } },
    })
}

/// Lowers the document to YAML and returns the text.
fn yaml(folder: &Folder) -> Value {
    let ran = folder.run(&["in.json", "-o", "out.yaml"]);
    assert_eq!(ran.code, 0, "{}", ran.errors);
    let ran = folder.run(&["in.json", "-o", "out.json"]);
    assert_eq!(ran.code, 0, "{}", ran.errors);
    folder.json("out.json")
}

fn folder() -> Folder {
    Folder::with(&[("in.json", &document().to_string())])
}

#[test]
fn rust_reads_what_was_meant() {
    let folder = folder();
    let expected = yaml(&folder);
    assert_eq!(expected["x-strings"], json!(STRINGS));
    let read: Value = serde_yaml::from_str(&folder.read("out.yaml")).expect("YAML");
    assert_eq!(read, expected);
    let ours = openapi_lowering::parse::parse(folder.read("out.yaml").as_bytes(), "out.yaml");
    assert_eq!(ours.expect("YAML"), expected);
}

/// Runs a reader that prints the YAML file as JSON; nothing if it is not installed.
fn read_by(folder: &Folder, program: &str, probe: &[&str], arguments: &[&str]) -> Option<Value> {
    let installed = Command::new(program).args(probe).output();
    if !installed.is_ok_and(|ran| ran.status.success()) {
        let all = std::env::var_os("YAML_READERS").is_some_and(|value| value == "all");
        assert!(!all, "{program} {probe:?} fails, and YAML_READERS=all");
        println!("not read by {program}: it, or its package, is not installed");
        return None;
    }
    let ran = Command::new(program).args(arguments).arg(folder.path("out.yaml")).output();
    let ran = ran.expect("it starts");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    Some(serde_json::from_slice(&ran.stdout).expect("JSON"))
}

#[test]
fn python_reads_what_was_meant() {
    let folder = folder();
    let expected = yaml(&folder);
    let python = std::env::var("YAML_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let print = "import json, sys, yaml\n\
                 print(json.dumps(yaml.safe_load(open(sys.argv[1], encoding='utf-8'))))";
    let read = read_by(&folder, &python, &["-c", "import yaml"], &["-c", print]);
    assert!(read.is_none_or(|read| read == expected));
}

#[test]
fn javascript_reads_what_was_meant() {
    let folder = folder();
    let mut expected = yaml(&folder);
    let print = "const text = require('fs').readFileSync(process.argv[1], 'utf8');\
                 console.log(JSON.stringify(require('js-yaml').load(text)));";
    let Some(mut read) = read_by(&folder, "node", &["-e", "require('js-yaml')"], &["-e", print])
    else {
        return;
    };
    // JavaScript has only doubles, and writes them in its own way.
    let floats = |value: &mut Value| {
        let numbers = value["x-numbers"].as_array().cloned().unwrap_or_default();
        value["x-numbers"] = numbers.iter().map(|n| n.as_f64().map(|n| n + 0.0)).collect();
    };
    floats(&mut expected);
    floats(&mut read);
    assert_eq!(read, expected);
}
