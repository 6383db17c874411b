//! `cargo xtask check-live`: see the library.

fn main() -> std::process::ExitCode {
    k6_cloud_live::run()
}
