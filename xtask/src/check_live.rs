//! `cargo xtask check-live`: starts a program of its own, because this crate must work although the client
//! does not compile.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

use openapi_lowering::problem::Problem;

/// Compares the live service with the description, the client and the fake: see `check-live --help`.
#[derive(clap::Args, Clone, Debug)]
#[command(disable_help_flag = true)]
pub(crate) struct CheckLive {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

impl CheckLive {
    pub(crate) fn run(&self) -> Result<ExitCode, Problem> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/live/Cargo.toml");
        let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["run", "--quiet", "--manifest-path"])
            .arg(manifest)
            .arg("--")
            .args(&self.arguments)
            .status()
            .map_err(|error| Problem::new("cargo", error.to_string(), "install cargo"))?;
        let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
        Ok(ExitCode::from(code))
    }
}
