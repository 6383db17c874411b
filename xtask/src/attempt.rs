//! `--try`: compiles the client of a description without adopting it.
//!
//! The scratch package holds build.rs, the lowered description, the hand-written wire types, the
//! traits that build.rs implements, and nothing else of the hand-written layer, which may name
//! operations that the description lacks. It
//! keeps its own target folder, so that a second try is quick.

use std::path::Path;
use std::process::Command;

use crate::problem::Problem;

/// The scratch package's library: what the generated client needs of the real crate.
const LIBRARY: &str = "\
//! Scratch package of `cargo xtask update-spec --try`.
mod generated;
mod operation;
mod setter;
pub mod wire;
pub use generated::*;
/// What a builder's `send` returns when it fails.
pub type SendError = generated::Error<()>;
#[derive(Clone, Debug)]
pub struct Inner;
impl generated::Client {
    async fn exchange(
        &self,
        request: reqwest::Request,
        _: &operation::Facts,
    ) -> Result<reqwest::Response, SendError> {
        Ok(self.client.execute(request).await?)
    }
}
";

/// Compiles `lowered` in a scratch package made of parts of the workspace at `root`.
pub(crate) fn compile(root: &Path, lowered: &[u8]) -> Result<(), Problem> {
    let broken = |what: String| Problem::new("try", what, "check the workspace and the disk");
    let io = |error: std::io::Error| broken(error.to_string());

    let scratch = tempfile::Builder::new().prefix("k6-cloud-try-").tempdir().map_err(io)?;
    let folder = scratch.path();
    for sub in ["src/wire", "openapi", "build"] {
        std::fs::create_dir_all(folder.join(sub)).map_err(io)?;
    }
    for file in [
        "build.rs",
        "build/deprecated.rs",
        "build/items.rs",
        "build/lean.rs",
        "build/operations.rs",
        "build/patch.rs",
        "Cargo.lock",
        "src/generated.rs",
        "src/operation.rs",
        "src/setter.rs",
    ] {
        std::fs::copy(root.join(file), folder.join(file)).map_err(io)?;
    }
    for entry in std::fs::read_dir(root.join("src/wire")).map_err(io)? {
        let entry = entry.map_err(io)?;
        std::fs::copy(entry.path(), folder.join("src/wire").join(entry.file_name())).map_err(io)?;
    }
    std::fs::write(folder.join("openapi/client.json"), lowered).map_err(io)?;
    std::fs::write(folder.join("src/lib.rs"), LIBRARY).map_err(io)?;
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).map_err(io)?;
    std::fs::write(folder.join("Cargo.toml"), manifest_of(&manifest).map_err(broken)?)
        .map_err(io)?;

    // What the workspace has fetched is enough; only a machine that lacks it asks the network.
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
        "correct the description with an overlay action, or add a rule to xtask/src/lower",
    ))
}

fn check(root: &Path, folder: &Path, offline: bool) -> std::io::Result<std::process::Output> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["check", "--quiet"]).current_dir(folder);
    command.env("CARGO_TARGET_DIR", root.join("target/try"));
    // Settings of the cargo that runs xtask are not meant for this package.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(name);
    }
    if offline {
        command.arg("--offline");
    }
    command.output()
}

/// The scratch package's manifest: the crate's own dependencies without the optional ones.
fn manifest_of(root: &str) -> Result<String, String> {
    let root: toml::Table = toml::from_str(root).map_err(|error| error.to_string())?;
    let mut manifest = toml::Table::new();
    let package = [("name", "k6-cloud-try"), ("version", "0.0.0"), ("edition", "2024")];
    let package: toml::Table =
        package.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    manifest.insert("package".into(), package.into());
    for kind in ["dependencies", "build-dependencies"] {
        let mut needed =
            root.get(kind).and_then(toml::Value::as_table).cloned().unwrap_or_default();
        needed
            .retain(|_, value| value.get("optional").and_then(toml::Value::as_bool) != Some(true));
        manifest.insert(kind.into(), needed.into());
    }
    // Not a member of a workspace that may lie above the scratch folder.
    manifest.insert("workspace".into(), toml::Table::new().into());
    toml::to_string(&manifest).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::manifest_of;

    #[test]
    fn manifest_leaves_out_optional_dependencies() {
        let root = "[dependencies]\na = \"1\"\nb = { version = \"2\", optional = true }\n";
        let manifest = manifest_of(root).expect("a manifest");
        assert!(manifest.contains("a = \"1\"") && !manifest.contains("optional"), "{manifest}");
    }
}
