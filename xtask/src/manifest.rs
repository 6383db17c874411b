//! Manifests of scratch packages, made from that of the workspace.

use std::path::Path;

/// Returns a dependency without `workspace = true`: with what the workspace says of it, and the
/// features of both.
pub fn standalone(
    name: &str,
    own: &toml::Value,
    shared: Option<&toml::Value>,
    root: &Path,
) -> toml::Value {
    let Some(own) = own.as_table().filter(|own| own.contains_key("workspace")) else {
        return own.clone();
    };
    let mut table = match shared.and_then(|shared| shared.get(name)) {
        Some(toml::Value::Table(table)) => table.clone(),
        Some(version) => toml::Table::from_iter([("version".to_owned(), version.clone())]),
        None => toml::Table::new(),
    };
    if let Some(path) = table.get("path").and_then(toml::Value::as_str) {
        let path = root.join(path).display().to_string();
        table.insert("path".into(), path.into());
    }
    let features = |table: &toml::Table| {
        let features = table.get("features").and_then(toml::Value::as_array);
        features.cloned().unwrap_or_default()
    };
    let all = [features(&table), features(own)].concat();
    if !all.is_empty() {
        table.insert("features".into(), all.into());
    }
    table.into()
}
