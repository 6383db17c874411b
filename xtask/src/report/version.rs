//! Versions: the next one of the crate, and the order of two versions of the description.

use std::cmp::Ordering;

use semver::{BuildMetadata, Prerelease, Version};

use crate::diff::Severity;

/// The next version of the crate by semver, as cargo reads it: before 1.0 a new minor version may
/// break, and before 0.1 every version.
pub(crate) fn propose(current: &Version, severity: Option<Severity>) -> Version {
    let mut next = current.clone();
    next.build = BuildMetadata::EMPTY;
    let Some(severity) = severity else { return current.clone() };
    // A pre-release promises nothing, so its release may have any change.
    if !current.pre.is_empty() {
        next.pre = Prerelease::EMPTY;
        return next;
    }
    let step = |number: u64| number.saturating_add(1);
    match (current.major, current.minor, severity) {
        (0, 0, _) | (0, _, Severity::Additive | Severity::Text) | (_, _, Severity::Text) => {
            next.patch = step(next.patch);
        }
        (0, _, Severity::Breaking) | (_, _, Severity::Additive) => {
            next.minor = step(next.minor);
            next.patch = 0;
        }
        (_, _, Severity::Breaking) => {
            next.major = step(next.major);
            next.minor = 0;
            next.patch = 0;
        }
    }
    next
}

/// Compares the versions of two descriptions; `None` if either is not a version. Parts may be
/// missing.
pub(crate) fn compare(old: &str, new: &str) -> Option<Ordering> {
    Some(lenient(old)?.cmp(&lenient(new)?))
}

fn lenient(text: &str) -> Option<Version> {
    let text = text.trim().trim_start_matches('v');
    let full = match text.split(['-', '+']).next().unwrap_or_default().split('.').count() {
        1 => format!("{text}.0.0"),
        2 => format!("{text}.0"),
        _ => text.to_owned(),
    };
    Version::parse(&full).ok()
}

/// Reads `package.version` of a manifest.
pub(crate) fn of_manifest(text: &str) -> Option<Version> {
    let manifest: toml::Table = text.parse().ok()?;
    Version::parse(manifest.get("package")?.get("version")?.as_str()?).ok()
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::{compare, of_manifest, propose};
    use crate::diff::Severity::{Additive, Breaking, Text};

    #[test]
    fn next_version_follows_semver() {
        for (current, severity, expected) in [
            ("0.1.0", Some(Breaking), "0.2.0"),
            ("0.1.3", Some(Additive), "0.1.4"),
            ("0.1.3", Some(Text), "0.1.4"),
            ("0.0.3", Some(Breaking), "0.0.4"),
            ("0.0.3", Some(Additive), "0.0.4"),
            ("1.2.3", Some(Breaking), "2.0.0"),
            ("1.2.3", Some(Additive), "1.3.0"),
            ("1.2.3", Some(Text), "1.2.4"),
            ("1.2.3", None, "1.2.3"),
            ("2.0.0-rc.1", Some(Breaking), "2.0.0"),
            ("0.1.0+1.12.0", Some(Additive), "0.1.1"),
        ] {
            let current = current.parse().expect("a version");
            assert_eq!(propose(&current, severity).to_string(), expected, "{current} {severity:?}");
        }
    }

    #[test]
    fn versions_of_descriptions_are_read_leniently() {
        assert_eq!(compare("1.9", "1.10.0"), Some(Ordering::Less));
        assert_eq!(compare("v2", "1.10.0"), Some(Ordering::Greater));
        assert_eq!(compare("1.0.0", "1.0"), Some(Ordering::Equal));
        assert_eq!(compare("today", "1.0"), None);
    }

    #[test]
    fn version_of_the_crate_is_read_from_its_manifest() {
        let manifest = "[package]\nname = \"a\"\nversion = \"0.1.0\"\n";
        assert_eq!(of_manifest(manifest).map(|found| found.to_string()), Some("0.1.0".into()));
        assert_eq!(of_manifest("[workspace]"), None);
    }
}
