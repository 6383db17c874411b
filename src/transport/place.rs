//! Whether a request goes where its operation lives.

use reqwest::Url;

/// Returns whether the address is that of the path below the base address, with each value of the
/// path in its own segment.
///
/// Reading an address resolves `.` and `..` and takes a backslash for a slash, so that a value of
/// the path that holds them leads elsewhere: the key `..` of a label once named the project itself.
pub(super) fn holds(url: &Url, base: &str, path: &str) -> bool {
    // What follows the host of the base address, which was read and written out again when the
    // client was built.
    let prefix = base.split_once("://").and_then(|(_, rest)| Some(rest.split_once('/')?.1));
    let wanted = prefix.unwrap_or_default().split('/').filter(|segment| !segment.is_empty());
    let wanted = wanted.chain(path.split('/').skip(1));
    let mut given = url.path().split('/').skip(1);
    for wanted in wanted {
        let Some(given) = given.next() else { return false };
        let fits = match wanted.split_once('{') {
            // A value: it may be anything but nothing, as far as one segment goes.
            Some((before, rest)) => {
                let after = rest.split_once('}').map_or("", |(_, after)| after);
                given.len() > before.len() + after.len()
                    && given.starts_with(before)
                    && given.ends_with(after)
            }
            None => given == wanted,
        };
        if !fits {
            return false;
        }
    }
    given.next().is_none()
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::holds;

    /// Encodes a value as the generated calls do.
    fn encode(key: &str) -> String {
        progenitor_client::encode_path(key)
    }

    fn with(base: &str, key: &str) -> bool {
        let url = format!("{base}/cloud/v6/labels/{}/projects", encode(key));
        holds(&Url::parse(&url).expect("an address"), base, "/cloud/v6/labels/{key}/projects")
    }

    #[test]
    fn value_stays_in_its_segment_or_is_refused() {
        for base in ["https://api.k6.io", "http://127.0.0.1:80/proxy/k6"] {
            for key in [
                "team", "a b", "a/b", "%2e%2e", "%2E", "..a", "a..", "...", "a?b", "a#b", "\u{e9}",
                "a%", "a;b", ":", "@", "~", "{key}", "a\nb", "\0", "\u{7f}",
            ] {
                assert!(with(base, key), "{base} {key:?}");
            }
            for key in ["", ".", "..", "\\", "a\\b", "..\\..", ".\\"] {
                assert!(!with(base, key), "{base} {key:?}");
            }
        }
    }

    #[test]
    fn another_path_is_refused() {
        let fits =
            |url: &str, path: &str| holds(&Url::parse(url).expect("an address"), "https://h", path);
        assert!(fits("https://h/cloud/v6/test_runs/1/star", "/cloud/v6/test_runs/{id}/star"));
        assert!(!fits("https://h/cloud/v6/test_runs/1/unstar", "/cloud/v6/test_runs/{id}/star"));
        assert!(!fits("https://h/cloud/v6/test_runs/1", "/cloud/v6/test_runs/{id}/star"));
        assert!(!fits("https://h/cloud/v6/test_runs/1/star/", "/cloud/v6/test_runs/{id}/star"));
        assert!(!fits("https://h/v6/test_runs", "/cloud/v6/test_runs"));
        assert!(fits("https://h/a/x.json", "/a/{name}.json"));
        assert!(!fits("https://h/a/.json", "/a/{name}.json"));
    }
}
