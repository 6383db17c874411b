//! `--try`: compiles the client of a description without adopting it.
//!
//! The scratch package holds the generated client, the hand-written wire types and the traits that
//! the client implements. The rest of the hand-written layer may name operations that the
//! description lacks; stubs stand for it. The package keeps its own target folder, so that a second
//! try is quick.

use std::path::Path;
use std::process::Command;

use openapi_lowering::problem::Problem;

use crate::manifest::standalone;

/// The scratch package's library: what the generated client needs of the real crate.
pub(crate) const LIBRARY: &str = "\
//! Scratch package of `cargo xtask update-spec --try`.
#![allow(dead_code)]
mod generated;
mod operation;
pub mod wire;
pub use generated::*;
#[derive(Clone, Debug)]
pub struct Inner;
#[derive(Debug)]
pub struct Error;
pub struct RowStream<T>(std::marker::PhantomData<T>);
pub struct PageStream<T>(std::marker::PhantomData<T>);
impl<T> PageStream<T> {
    async fn collect_all(self, _: usize) -> Result<Vec<T>, Error> {
        Err(Error)
    }
}
mod ext {
    use crate::operation::{ListOperation, Operation};
    use crate::{Error, PageStream, ResponseValue, RowStream};
    pub(crate) type Sending<T> = std::pin::Pin<
        Box<dyn std::future::Future<Output = Result<T, Error>> + Send>,
    >;
    pub(crate) async fn send<O: Operation>(_: O) -> Result<O::Output, Error> {
        Err(Error)
    }
    pub(crate) async fn response<O: Operation>(_: O) -> Result<ResponseValue<O::Output>, Error> {
        Err(Error)
    }
    pub(crate) fn stream<O: ListOperation>(_: O) -> RowStream<O::Item> {
        RowStream(std::marker::PhantomData)
    }
    pub(crate) fn pages<O: ListOperation>(_: O) -> PageStream<O::Item> {
        PageStream(std::marker::PhantomData)
    }
}
";

/// Compiles a generated client in a scratch package made of parts of the workspace at `root`.
pub(crate) fn compile(root: &Path, generated: &str) -> Result<(), Problem> {
    let broken = |what: String| Problem::new("try", what, "check the workspace and the disk");
    let io = |error: std::io::Error| broken(error.to_string());

    let scratch = tempfile::Builder::new().prefix("k6-cloud-try-").tempdir().map_err(io)?;
    let folder = scratch.path();
    std::fs::create_dir_all(folder.join("src/wire")).map_err(io)?;
    for file in ["Cargo.lock", "src/generated.rs", "src/operation.rs"] {
        std::fs::copy(root.join(file), folder.join(file)).map_err(io)?;
    }
    for entry in std::fs::read_dir(root.join("src/wire")).map_err(io)? {
        let entry = entry.map_err(io)?;
        std::fs::copy(entry.path(), folder.join("src/wire").join(entry.file_name())).map_err(io)?;
    }
    std::fs::write(folder.join("src/prebuilt.rs"), generated).map_err(io)?;
    std::fs::write(folder.join("src/lib.rs"), LIBRARY).map_err(io)?;
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).map_err(io)?;
    std::fs::write(folder.join("Cargo.toml"), manifest_of(&manifest, root).map_err(broken)?)
        .map_err(io)?;

    // What the workspace has fetched is enough; the network is only for a machine that lacks it.
    let mut output = check(root, folder, true).map_err(io)?;
    if !output.status.success() && String::from_utf8_lossy(&output.stderr).contains("--offline") {
        output = check(root, folder, false).map_err(io)?;
    }
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let mut errors = text.lines().skip_while(|line| !line.starts_with("error"));
    let first: Vec<_> = errors.by_ref().take_while(|line| !line.trim().is_empty()).collect();
    let count = text.lines().filter(|line| line.starts_with("error[")).count();
    Err(Problem::new(
        "try",
        format!(
            "the generated client does not compile, {count} errors, the first: {}",
            first.join(" ")
        ),
        "correct the description with an overlay action, or report it with the description",
    ))
}

fn check(root: &Path, folder: &Path, offline: bool) -> std::io::Result<std::process::Output> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["check", "--quiet"]).current_dir(folder);
    command.env("CARGO_TARGET_DIR", root.join("target/try"));
    // The settings of the cargo that runs xtask are not for this package.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(name);
    }
    if offline {
        command.arg("--offline");
    }
    command.output()
}

/// Returns the scratch package's manifest: the crate's own dependencies without the optional ones,
/// in the versions that the workspace at `root` names.
pub(crate) fn manifest_of(manifest: &str, root: &Path) -> Result<String, String> {
    let workspace: toml::Table = toml::from_str(manifest).map_err(|error| error.to_string())?;
    let shared = workspace.get("workspace").and_then(|table| table.get("dependencies"));
    let mut scratch = toml::Table::new();
    let package = [("name", "k6-cloud-try"), ("version", "0.0.0"), ("edition", "2024")];
    let package: toml::Table =
        package.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    scratch.insert("package".into(), package.into());
    for kind in ["dependencies", "build-dependencies"] {
        let needed = workspace.get(kind).and_then(toml::Value::as_table).into_iter().flatten();
        let needed = needed
            .filter(|(_, value)| value.get("optional").and_then(toml::Value::as_bool) != Some(true))
            .map(|(name, value)| (name.clone(), standalone(name, value, shared, root)));
        scratch.insert(kind.into(), needed.collect::<toml::Table>().into());
    }
    // Not a member of a workspace that may lie above the scratch folder.
    scratch.insert("workspace".into(), toml::Table::new().into());
    toml::to_string(&scratch).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::manifest_of;

    #[test]
    fn manifest_leaves_out_optional_dependencies() {
        let root = "[dependencies]\na = \"1\"\nb = { version = \"2\", optional = true }\n";
        let manifest = manifest_of(root, Path::new("/")).expect("a manifest");
        assert!(manifest.contains("a = \"1\"") && !manifest.contains("optional"), "{manifest}");
    }

    #[test]
    fn manifest_stands_without_the_workspace() {
        let root = r#"
            [workspace.dependencies]
            a = "1"
            b = { version = "2", default-features = false, features = ["x"] }
            c = { path = "crates/c", version = "3" }
            [dependencies]
            a.workspace = true
            b = { workspace = true, features = ["y"] }
            [build-dependencies]
            c.workspace = true
        "#;
        let manifest = manifest_of(root, Path::new("/crate")).expect("a manifest");
        let table: toml::Table = toml::from_str(&manifest).expect("parses");
        let (needed, build) = (&table["dependencies"], &table["build-dependencies"]);
        assert_eq!(needed["a"]["version"].as_str(), Some("1"));
        assert_eq!(needed["b"]["default-features"].as_bool(), Some(false));
        assert_eq!(needed["b"]["features"], toml::Value::from(vec!["x", "y"]));
        assert_eq!(build["c"]["path"].as_str(), Some("/crate/crates/c"));
        assert!(!manifest.contains("workspace = true"), "{manifest}");
    }
}
