//! The copy of the workspace in which the mistakes are compiled.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::area::Area;
use crate::sites::{Edit, Site};
use crate::switch;

/// The module that is added to the crate. The number of the mistake is in a file, because some tests start
/// programs with an environment of their own. If the file has the name of another file, the numbers that are
/// reached are added to that one.
const MODULE: &str = r#"
#[doc(hidden)]
#[allow(missing_docs, dead_code, unreachable_pub, clippy::all)]
pub mod mutation {
    use std::sync::atomic::{AtomicBool, Ordering};
    static REACHED: [AtomicBool; COUNT] = [const { AtomicBool::new(false) }; COUNT];
    static ACTIVE: std::sync::OnceLock<(u32, Option<String>)> = std::sync::OnceLock::new();
    pub fn on(number: u32) -> bool {
        let (active, record) = ACTIVE.get_or_init(|| {
            let text = std::fs::read_to_string(SWITCH).unwrap_or_default();
            match text.trim() {
                "" => (0, None),
                text => text.parse().map_or_else(|_| (0, Some(text.to_owned())), |number| (number, None)),
            }
        });
        if let Some(file) = record {
            if !REACHED[number as usize].swap(true, Ordering::Relaxed) {
                use std::io::Write as _;
                if let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(file) {
                    let _ = file.write_all(format!("{number}\n").as_bytes());
                }
            }
        }
        *active == number
    }
    pub trait Number: Sized {
        fn next(self) -> Self;
    }
    macro_rules! number {
        ($($kind:ty)*) => { $(impl Number for $kind {
            fn next(self) -> Self { self.wrapping_add(1) }
        })* };
    }
    number! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }
    impl Number for std::time::Duration {
        fn next(self) -> Self { self + Self::from_secs(1) }
    }
    pub fn more<T: Number>(number: u32, value: T) -> T {
        if on(number) { value.next() } else { value }
    }
    pub fn lt<A: PartialOrd<B> + ?Sized, B: ?Sized>(number: u32, a: &A, b: &B) -> bool {
        if on(number) { a <= b } else { a < b }
    }
    pub fn le<A: PartialOrd<B> + ?Sized, B: ?Sized>(number: u32, a: &A, b: &B) -> bool {
        if on(number) { a < b } else { a <= b }
    }
    pub fn gt<A: PartialOrd<B> + ?Sized, B: ?Sized>(number: u32, a: &A, b: &B) -> bool {
        if on(number) { a >= b } else { a > b }
    }
    pub fn ge<A: PartialOrd<B> + ?Sized, B: ?Sized>(number: u32, a: &A, b: &B) -> bool {
        if on(number) { a > b } else { a >= b }
    }
    pub fn min<T: Ord>(number: u32, a: T, b: T) -> T {
        if on(number) { a.max(b) } else { a.min(b) }
    }
    pub fn max<T: Ord>(number: u32, a: T, b: T) -> T {
        if on(number) { a.min(b) } else { a.max(b) }
    }
    pub fn first<T>(number: u32, list: &[T]) -> Option<&T> {
        if on(number) { list.last() } else { list.first() }
    }
    pub fn last<T>(number: u32, list: &[T]) -> Option<&T> {
        if on(number) { list.first() } else { list.last() }
    }
}
"#;

/// Copies what git knows of the workspace, as it is on disk, except for the files with mistakes. A file that
/// is equal is left alone, so that it is not compiled again.
pub(crate) fn copy(root: &Path, scratch: &Path, except: &BTreeSet<PathBuf>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot copy the workspace: {error}");
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .map_err(failed)?;
    if !listed.status.success() {
        return Err("git does not list the files of the workspace".to_owned());
    }
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (root.join(name), scratch.join(name));
        match std::fs::read(&from) {
            Ok(_) if except.contains(Path::new(name)) => {}
            Ok(bytes) => write(&to, &bytes)?,
            // A test that was deleted must not be run.
            Err(_) => drop(std::fs::remove_file(&to)),
        }
    }
    // The programs of the workspace are not built again for another folder.
    std::fs::create_dir_all(scratch.join("target")).map_err(failed)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    if std::fs::read(path).is_ok_and(|found| found == bytes) {
        return Ok(());
    }
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
    std::fs::write(path, bytes).map_err(failed)
}

/// Writes the mistakes into the copy, and returns those that compile. What does not is taken out, until all
/// of it compiles.
pub(crate) fn compiling(
    root: &Path,
    scratch: &Path,
    mut sites: Vec<Site>,
) -> Result<Vec<Site>, String> {
    const MAX_ROUNDS: usize = 20;
    let area = sites.first().ok_or("there is no place for a mistake")?.area;
    let mut originals: BTreeMap<PathBuf, String> = BTreeMap::new();
    for file in sites.iter().map(|site| &site.file).chain([&area.library()]) {
        let text = std::fs::read_to_string(root.join(file)).map_err(|error| error.to_string())?;
        originals.insert(file.clone(), text);
    }
    copy(root, scratch, &originals.keys().cloned().collect())?;
    let module = MODULE
        .replace("SWITCH", &format!("{:?}", switch(scratch)))
        .replace("COUNT", &(sites.len() + 1).to_string());

    // What did not compile in an earlier run is not tried again.
    let rejected_file = scratch.join(format!("target/rejected-{}", area.package()));
    let known = std::fs::read_to_string(&rejected_file).unwrap_or_default();
    let mut rejected: BTreeSet<String> = known.lines().map(str::to_owned).collect();
    sites.retain(|site| !rejected.contains(&key(site, &originals[&site.file])));

    for _ in 0..MAX_ROUNDS {
        let mut positions = BTreeMap::new();
        for (file, original) in &originals {
            let of_file: Vec<_> = sites.iter().filter(|site| site.file == *file).collect();
            let (mut text, ranges) = apply(original, &of_file);
            if *file == area.library() {
                text.push_str(&module);
            }
            write(&scratch.join(file), text.as_bytes())?;
            positions.extend(ranges);
        }
        let errors = check(scratch, area)?;
        if errors.is_empty() {
            return Ok(sites);
        }
        let (mut left, mut wrong) = partition(sites, &errors, &positions, 0);
        // A type may be unknown, or a borrow too long, because of a mistake that is near.
        for distance in [80, 800] {
            if wrong.is_empty() {
                (left, wrong) = partition(left, &errors, &positions, distance);
            }
        }
        sites = left;
        rejected.extend(wrong.iter().map(|site| key(site, &originals[&site.file])));
        let lines: Vec<_> = rejected.iter().map(String::as_str).collect();
        write(&rejected_file, lines.join("\n").as_bytes())?;
        if wrong.is_empty() {
            let (file, (start, _)) = &errors[0];
            return Err(format!(
                "{}: an error at byte {start} that is about no mistake",
                file.display()
            ));
        }
    }
    Err(format!("after {MAX_ROUNDS} rounds there are still mistakes that do not compile"))
}

/// Returns the mistakes that are not near an error, and those that are.
fn partition(
    sites: Vec<Site>,
    errors: &[(PathBuf, Bytes)],
    positions: &BTreeMap<u32, Bytes>,
    distance: usize,
) -> (Vec<Site>, Vec<Site>) {
    sites.into_iter().partition(|site| {
        let (start, end) = positions[&site.number];
        !errors.iter().any(|(file, error)| {
            *file == site.file && error.0 < end + distance && start < error.1 + distance
        })
    })
}

/// What tells a mistake from others, until its file changes.
fn key(site: &Site, text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    (text, site.range.start, site.range.end, &site.what).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

type Bytes = (usize, usize);

/// Returns the text with all mistakes, and where each of them is in it.
fn apply(original: &str, sites: &[&Site]) -> (String, Vec<(u32, Bytes)>) {
    // At one position, what ends stands before what begins, and an inner node within an outer one.
    let mut edits: Vec<(&Edit, &Site)> =
        sites.iter().flat_map(|site| site.edits.iter().map(move |edit| (edit, *site))).collect();
    edits.sort_by_key(|(edit, site)| {
        let ends = edit.range.end == site.range.end && edit.range.start != site.range.start;
        let (length, number) = (site.range.len(), site.number);
        let (length, number) =
            if ends { (length, u32::MAX - number) } else { (usize::MAX - length, number) };
        (edit.range.start, u8::from(!ends), length, number)
    });
    let mut text = String::new();
    let mut bounds: BTreeMap<u32, Bytes> = BTreeMap::new();
    let mut at = 0;
    for (edit, site) in edits {
        if edit.range.start < at {
            continue;
        }
        text.push_str(&original[at..edit.range.start]);
        let start = text.len();
        text.push_str(&edit.text);
        at = edit.range.end;
        let entry = bounds.entry(site.number).or_insert((start, text.len()));
        entry.1 = text.len();
    }
    text.push_str(&original[at..]);
    (text, bounds.into_iter().collect())
}

/// Compiles the crate and returns where the errors are.
fn check(scratch: &Path, area: Area) -> Result<Vec<(PathBuf, Bytes)>, String> {
    let output = cargo(scratch)
        .args(["check", "--lib", "--message-format", "json", "--package", area.package()])
        .output()
        .map_err(|error| format!("cargo does not run: {error}"))?;
    let mut errors = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        if message["reason"] != "compiler-message" || message["message"]["level"] != "error" {
            continue;
        }
        for span in message["message"]["spans"].as_array().into_iter().flatten() {
            let number = |key: &str| span[key].as_u64().unwrap_or(0) as usize;
            let Some(file) = span["file_name"].as_str() else { continue };
            // The error may be where a variable is used, and the mistake where it gets its value.
            errors.push((PathBuf::from(file), (number("byte_start"), number("byte_end"))));
        }
    }
    match output.status.success() || !errors.is_empty() {
        true => Ok(errors),
        false => Err(format!("cargo check fails: {}", String::from_utf8_lossy(&output.stderr))),
    }
}

/// Cargo in the copy, with the programs of all earlier runs.
pub(crate) fn cargo(scratch: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(scratch).env("CARGO_TARGET_DIR", scratch.join("target"));
    command.env_remove("CARGO_MANIFEST_DIR");
    command
}
