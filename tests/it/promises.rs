//! Checks that the tests that docs/reliability.md names exist.

use std::path::Path;

#[test]
fn promises_of_the_documentation_have_tests() {
    let text = include_str!("../../docs/reliability.md");
    let sources = sources();
    let mut names = Vec::new();
    for (_, rest) in text.match_indices('`').map(|(at, _)| text.split_at(at + 1)) {
        let Some((name, _)) = rest.split_once('`') else { continue };
        if let Some((module, test)) = name.split_once("::")
            && module.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        {
            names.push((module, test.rsplit("::").next().unwrap_or(test)));
        }
    }
    assert!(names.len() > 30, "{names:?}");
    for (module, test) in names {
        let defined = format!("fn {test}(");
        let exists =
            sources.iter().any(|(path, text)| path.contains(module) && text.contains(&defined));
        assert!(exists, "{module}::{test} is in docs/reliability.md, but not a test");
    }
}

/// Returns the paths and the texts of all tests.
fn sources() -> Vec<(String, String)> {
    let mut folders: Vec<_> =
        ["src", "tests"].map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).into();
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a text");
                sources.push((path.display().to_string(), text));
            }
        }
    }
    sources
}
