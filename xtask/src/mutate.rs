//! `cargo xtask mutate`: starts a program of its own, which needs features of crates that the workspace
//! should not compile.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

use openapi_lowering::problem::Problem;

/// Makes random mistakes in an area, and tells which of them no test sees: see `mutate --help`.
#[derive(clap::Args, Clone, Debug)]
#[command(disable_help_flag = true)]
pub(crate) struct Mutate {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

impl Mutate {
    pub(crate) fn run(&self) -> Result<ExitCode, Problem> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["run", "--quiet", "--manifest-path"])
            .arg(root.join("crates/mutate/Cargo.toml"))
            .arg("--target-dir")
            .arg(root.join("target/mutate/tool"))
            .arg("--")
            .args(&self.arguments)
            .status()
            .map_err(|error| Problem::new("cargo", error.to_string(), "install cargo"))?;
        let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
        Ok(ExitCode::from(code))
    }
}
