//! Settings, where each comes from, and the file with the token.

use std::path::Path;

use k6_cloud::{CONFIG_FILE_VARIABLE, Client, Error, SettingSource};

use super::check::{Check, Topic};

pub(super) fn versions() -> Check {
    let found = format!(
        "k6-gate {} on {} ({})",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH
    );
    Check::right(Topic::Versions, "versions", found)
}

/// Returns the check of settings that give no client.
pub(super) fn unusable(error: &Error) -> Check {
    let fix = match error.setting() {
        Some(setting) if setting.is_missing => "set it, or run `k6 cloud login`",
        _ => "correct it",
    };
    Check::wrong(Topic::Settings, "settings", error.summary(), fix)
}

/// Returns the settings of a client and their sources. The token itself is never shown.
pub(super) fn of(client: &Client) -> Vec<Check> {
    let settings = client.settings();
    let from = |source: &SettingSource| match source {
        SettingSource::Explicit => "the command line".to_owned(),
        SettingSource::Environment { variable } => (*variable).to_owned(),
        SettingSource::File { path, key } => format!("{key} in {}", path.display()),
        SettingSource::Api { stack_url } => format!("the API, for the stack {stack_url}"),
        SettingSource::Default => "the default".to_owned(),
        _ => "elsewhere".to_owned(),
    };
    let line = |name: &str, value: String, source: &SettingSource| {
        Check::right(Topic::Settings, name, format!("{value} from {}", from(source)))
    };
    let mut checks = vec![
        line("token", "set, not shown,".to_owned(), settings.token_source()),
        line("stack id", settings.stack_id().to_string(), settings.stack_id_source()),
        line("address", settings.base_url().to_owned(), settings.base_url_source()),
        line(
            "timeout",
            format!("{} s", settings.timeout().as_secs_f64()),
            settings.timeout_source(),
        ),
    ];
    checks.push(match settings.default_project_id() {
        Some(id) => line("default project", id.to_string(), settings.default_project_id_source()),
        None => {
            Check::unknown(Topic::Settings, "default project", "not set; the stack's own is used")
        }
    });
    checks.push(proxy());
    let file = [settings.token_source(), settings.stack_id_source(), settings.base_url_source()]
        .into_iter()
        .find_map(|source| match source {
            SettingSource::File { path, .. } => Some(path.as_path()),
            _ => None,
        });
    checks.extend(files(file));
    checks
}

/// Returns the check of the configuration file: nobody else may read the token.
pub(super) fn files(used: Option<&Path>) -> Option<Check> {
    const NAME: &str = "configuration file";
    let named = std::env::var_os(CONFIG_FILE_VARIABLE).filter(|path| !path.is_empty());
    let path = match (used, &named) {
        (Some(path), _) => path.to_owned(),
        (None, Some(path)) => path.into(),
        (None, None) => return Some(Check::right(Topic::Settings, NAME, "not used")),
    };
    let shown = path.display().to_string();
    let Ok(metadata) = std::fs::metadata(&path) else {
        let fix = "correct the path, or run `k6 cloud login`";
        return Some(Check::wrong(Topic::Settings, NAME, format!("{shown} cannot be read"), fix));
    };
    Some(match mode(&metadata) {
        Some(mode) if mode & 0o077 != 0 => {
            let found = format!("other users of this machine can read {shown} (mode {mode:03o})");
            Check::wrong(Topic::Settings, NAME, found, &format!("chmod 600 {shown}"))
        }
        Some(mode) => Check::right(Topic::Settings, NAME, format!("{shown} (mode {mode:03o})")),
        None => Check::unknown(
            Topic::Settings,
            NAME,
            format!("{shown}; its permissions are not checked here"),
        ),
    })
}

#[cfg(unix)]
fn mode(metadata: &std::fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(metadata.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
fn mode(_: &std::fs::Metadata) -> Option<u32> {
    None
}

/// The variables that name proxies. Their values can have passwords.
pub(super) fn proxy_variable() -> Option<&'static str> {
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
        .into_iter()
        .find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn proxy() -> Check {
    let found = match proxy_variable() {
        Some(name) => format!("{name} is set, so that requests may go through a proxy"),
        None => "none".to_owned(),
    };
    Check::right(Topic::Settings, "proxy", found)
}
