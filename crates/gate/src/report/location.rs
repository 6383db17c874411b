//! Where in the repository an error of a script is.

use std::path::{Component, Path, PathBuf};

use super::model::ScriptLocation;

/// How many folders of a path are looked at.
const MAX_DEPTH: usize = 32;

/// Returns where an exception happened, if its text says so and the file is below `folder`: k6 writes
/// `at setup (file:///home/me/shop/tests/checkout.js:12:14(9))`. `script` is the file that was uploaded,
/// whose folder the service does not know.
pub(crate) fn locate(text: &str, folder: &Path, script: Option<&Path>) -> Option<ScriptLocation> {
    text.match_indices("file://").find_map(|(at, scheme)| {
        let rest = text.get(at + scheme.len()..)?;
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let mut parts = rest.get(..end)?.rsplitn(3, ':');
        let (column, line) = (number(parts.next()?)?, number(parts.next()?)?);
        let file = find(parts.next()?, folder, script)?;
        Some(ScriptLocation { file, line, column })
    })
}

/// Reads the number that a text begins with.
fn number(text: &str) -> Option<u32> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..digits)?.parse().ok()
}

/// Returns the file below the folder that a path of another machine ends like, with as many folders in
/// common as there are.
fn find(path: &str, folder: &Path, script: Option<&Path>) -> Option<String> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let is_plain = |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_)));
    let from = parts.len().saturating_sub(MAX_DEPTH);
    let suffixes = (from..parts.len()).map(|at| parts[at..].iter().collect::<PathBuf>());
    let given = script.filter(|script| {
        script
            .file_name()
            .is_some_and(|name| Some(name.to_string_lossy().as_ref()) == parts.last().copied())
    });
    let mut candidates = suffixes.chain(given.map(Path::to_owned));
    let found = candidates.find(|path| is_plain(path) && folder.join(path).is_file())?;
    let parts: Vec<_> = found.iter().map(|part| part.to_string_lossy()).collect();
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::locate;

    #[test]
    fn file_is_found_by_the_end_of_its_path() {
        let folder = tempfile::tempdir().expect("a folder");
        for file in ["tests/checkout.js", "lib/checkout.js", "root.js"] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, "").expect("written");
        }
        let found = |text: &str, script: Option<&str>| {
            let found = locate(text, folder.path(), script.map(Path::new))?;
            Some(format!("{}:{}:{}", found.file, found.line, found.column))
        };
        let at = |path: &str| format!("TypeError: x\n\tat setup (file://{path}:12:14(9))\n");
        for (path, script, expected) in [
            ("/home/me/shop/tests/checkout.js", None, Some("tests/checkout.js:12:14")),
            ("/root.js", None, Some("root.js:12:14")),
            ("/C:/shop/lib/checkout.js", None, Some("lib/checkout.js:12:14")),
            // The service has no folder of a single script.
            ("/checkout.js", Some("tests/checkout.js"), Some("tests/checkout.js:12:14")),
            ("/checkout.js", None, None),
            ("/script.js", Some("tests/checkout.js"), None),
            ("/etc/passwd", None, None),
            ("/../../etc/passwd", None, None),
            ("/tests/../root.js", None, Some("root.js:12:14")),
        ] {
            assert_eq!(found(&at(path), script).as_deref(), expected, "{path}");
        }
        // The first file that is in the repository.
        let two = format!("{}{}", at("/k6/x/node_modules/a.js"), at("/tests/checkout.js"));
        assert_eq!(found(&two, None).as_deref(), Some("tests/checkout.js:12:14"));
        for text in ["", "file://", "file:///root.js", "file:///root.js:a:b", "at root.js:1:2"] {
            assert_eq!(found(text, None), None, "{text}");
        }
    }
}
