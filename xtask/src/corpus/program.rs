//! A scratch program with the clients of several descriptions, each in a module of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::attempt;

/// The checks that a module runs: each is a function call, as Rust code.
pub(super) struct Module {
    pub(super) client: String,
    /// The checks of calls: a module beside the client's own.
    pub(super) requests: String,
    pub(super) checks: Vec<String>,
}

/// What the checks use.
const MAIN: &str = r#"
pub mod wire;
/// Reads an instance; gives what is written again, if the type is also sent.
fn check<T: serde::de::DeserializeOwned + serde::Serialize>(
    module: &str, name: &str, text: &str, exact: bool,
) {
    let plain = |value: serde_json::Value| without_null(value);
    match serde_json::from_str::<T>(text) {
        Err(error) => println!("{module}\t{name} does not read {text}: {error}"),
        Ok(value) => {
            let written = plain(serde_json::to_value(&value).expect("serializes"));
            let given = plain(serde_json::from_str(text).expect("JSON"));
            if exact && written != given {
                println!("{module}\t{name} writes {written} for {given}");
            }
        }
    }
}
/// Reads an argument or a body.
fn value<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| format!("does not read {text}: {error}"))
}
/// Reads a response.
fn reads<T: serde::de::DeserializeOwned>(module: &str, name: &str, text: &str) {
    if let Err(what) = value::<T>(text) {
        println!("{module}\t{name} {what}");
    }
}
/// Compares a request with what the description asks for.
fn sent(module: &str, name: &str, made: Result<reqwest::Request, String>, expected: &str) {
    let mut expected: serde_json::Value = serde_json::from_str(expected).expect("JSON");
    let request = match made {
        Ok(request) => request,
        Err(what) => return println!("{module}\t{name} {what}"),
    };
    let decoded = |text: &str| {
        let url = format!("http://x/?a={}", text.replace('+', "%2B"));
        let url = reqwest::Url::parse(&url).expect("a URL");
        url.query_pairs().next().map(|(_, text)| text.into_owned())
    };
    let path: Vec<_> = request.url().path_segments().expect("a path").map(decoded).collect();
    let sorted = |pairs: Vec<(String, String)>| {
        let mut pairs = pairs;
        pairs.sort();
        serde_json::json!(pairs)
    };
    let pairs = |url: &reqwest::Url| {
        sorted(url.query_pairs().map(|(a, b)| (a.into_owned(), b.into_owned())).collect())
    };
    let asked = |pairs: &serde_json::Value| {
        sorted(serde_json::from_value(pairs.clone()).expect("pairs"))
    };
    let mut headers = serde_json::Map::new();
    for (name, _) in expected["headers"].as_object().expect("headers") {
        let all = request.headers().get_all(name).iter();
        let all: Vec<_> = all.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        headers.insert(name.clone(), all.join(" and ").into());
    }
    let bytes = request.body().and_then(|body| body.as_bytes()).unwrap_or_default();
    let text = String::from_utf8_lossy(bytes).into_owned();
    let body = expected["body"].take();
    let (body, wanted) = if let Some(exact) = body["exact"].as_bool() {
        let written = serde_json::from_str(&text).map(without_null).unwrap_or_default();
        let given = without_null(body["json"].clone());
        (written.clone(), if exact { given } else { written })
    } else if body["form"].is_array() {
        let url = reqwest::Url::parse(&format!("http://x/?{text}")).expect("a form");
        (pairs(&url), asked(&body["form"]))
    } else if body["text"].is_string() {
        (text.into(), body["text"].clone())
    } else {
        Default::default()
    };
    let made = serde_json::json!({
        "method": request.method().as_str(), "path": path, "query": pairs(request.url()),
        "headers": headers, "body": body,
    });
    expected["query"] = asked(&expected["query"]);
    expected["body"] = wanted;
    if made != expected {
        println!("{module}\t{name} sends {made} for {expected}");
    }
}
fn without_null(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key, without_null(value))).collect())
        }
        Value::Array(items) => items.into_iter().map(without_null).collect(),
        Value::Number(number) => serde_json::json!(number.as_f64()),
        other => other,
    }
}
"#;

/// Compiles and runs the modules, and returns what is wrong with each by its number.
///
/// The compiler stops at names that it cannot resolve, so modules with errors are left out, and the
/// others are compiled again.
pub(super) fn run(root: &Path, modules: &BTreeMap<u64, Module>) -> BTreeMap<u64, String> {
    let mut wrong = BTreeMap::new();
    loop {
        let left: BTreeMap<_, _> =
            modules.iter().filter(|(number, _)| !wrong.contains_key(*number)).collect();
        let output = cargo(root, &left);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let mut found = BTreeSet::new();
        for line in text.lines().filter(|line| line.contains(": error")) {
            let number = line.split("src/m").nth(1).and_then(|rest| rest.split('/').next());
            if let Some(number) = number.and_then(|number| number.parse::<u64>().ok()) {
                found.insert(number);
                wrong.entry(number).or_insert_with(|| line.to_owned());
            }
        }
        if !found.is_empty() {
            continue;
        }
        assert!(output.status.success(), "the program does not run: {text}");
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            if let Some((module, what)) = line.split_once('\t')
                && let Ok(number) = module.parse()
            {
                wrong.entry(number).or_insert_with(|| what.to_owned());
            }
        }
        return wrong;
    }
}

fn cargo(root: &Path, modules: &BTreeMap<&u64, &Module>) -> std::process::Output {
    let scratch = tempfile::Builder::new().prefix("k6-cloud-corpus-").tempdir().expect("a folder");
    let folder = scratch.path();
    let write = |file: &str, text: &str| {
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("creates");
        std::fs::write(path, text).expect("writes");
    };
    let read = |file: &str| std::fs::read_to_string(root.join(file)).expect(file);
    for entry in std::fs::read_dir(root.join("src/wire")).expect("src/wire") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        write(&format!("src/wire/{name}"), &read(&format!("src/wire/{name}")));
    }
    write("Cargo.lock", &read("Cargo.lock"));
    write("Cargo.toml", &attempt::manifest_of(&read("Cargo.toml"), root).expect("a manifest"));
    let mut main = format!("#![allow(warnings)]\n{MAIN}");
    let mut checks = String::new();
    let within = |text: &str, number: &u64| text.replace("crate::", &format!("crate::m{number}::"));
    for (number, Module { client, requests, checks: own }) in modules {
        let library = attempt::LIBRARY.replace("#![allow(dead_code)]\n", "");
        let library = library.replace("pub mod wire;", "pub use crate::wire;");
        let library = within(&library, number);
        let library =
            library.replace(&format!("pub use crate::m{number}::wire"), "pub use crate::wire");
        write(&format!("src/m{number}/mod.rs"), &library);
        write(&format!("src/m{number}/operation.rs"), &within(&read("src/operation.rs"), number));
        let generated = within(&format!("{client}{requests}"), number);
        write(&format!("src/m{number}/generated.rs"), &generated);
        let _ = writeln!(main, "mod m{number};");
        let _ = writeln!(checks, "m{number}::checks::all();");
        for check in own {
            let _ =
                writeln!(checks, "{}", check.replace("types::", &format!("m{number}::types::")));
        }
    }
    write("src/main.rs", &format!("{main}fn main() {{\n{checks}}}\n"));

    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "--quiet", "--offline", "--message-format", "short"]);
    command.current_dir(folder).env("CARGO_TARGET_DIR", root.join("target/try"));
    // The program runs once.
    command.env("CARGO_INCREMENTAL", "0").env("CARGO_PROFILE_DEV_DEBUG", "false");
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(name);
    }
    command.output().expect("cargo runs")
}
