//! Checks that a request goes to the path of its operation.

use reqwest::Url;

/// Returns whether the URL is that of `path` below the base URL, with each value of the path in its
/// own segment.
///
/// Parsing a URL resolves `.` and `..`, and turns a backslash into a slash. A value with them would
/// lead to another path: a label with the key `..` would address the project itself.
pub(super) fn fits(url: &Url, base: &str, path: &str) -> bool {
    // The path of the base URL, which was normalised when the client was built.
    let prefix = base.split_once("://").and_then(|(_, rest)| Some(rest.split_once('/')?.1));
    let wanted = prefix.unwrap_or_default().split('/').filter(|segment| !segment.is_empty());
    let wanted = wanted.chain(path.split('/').skip(1));
    let mut given = url.path().split('/').skip(1);
    for wanted in wanted {
        let Some(given) = given.next() else { return false };
        let matches = match wanted.split_once('{') {
            // Values, which are one segment and not empty.
            Some((before, rest)) => {
                let after = rest.rsplit_once('}').map_or("", |(_, after)| after);
                given.len() > before.len() + after.len()
                    && given.starts_with(before)
                    && given.ends_with(after)
            }
            None => given == wanted,
        };
        if !matches {
            return false;
        }
    }
    given.next().is_none()
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::fits;

    /// Encodes a value as the generated calls do.
    fn encode(key: &str) -> String {
        progenitor_client::encode_path(key)
    }

    fn with(base: &str, key: &str) -> bool {
        let url = format!("{base}/cloud/v6/labels/{}/projects", encode(key));
        fits(&Url::parse(&url).expect("a URL"), base, "/cloud/v6/labels/{key}/projects")
    }

    #[test]
    fn value_stays_in_its_segment_or_is_rejected() {
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
    fn another_path_is_rejected() {
        let fits_path =
            |url: &str, path: &str| fits(&Url::parse(url).expect("a URL"), "https://h", path);
        assert!(fits_path("https://h/cloud/v6/test_runs/1/star", "/cloud/v6/test_runs/{id}/star"));
        assert!(!fits_path(
            "https://h/cloud/v6/test_runs/1/unstar",
            "/cloud/v6/test_runs/{id}/star"
        ));
        assert!(!fits_path("https://h/cloud/v6/test_runs/1", "/cloud/v6/test_runs/{id}/star"));
        assert!(!fits_path(
            "https://h/cloud/v6/test_runs/1/star/",
            "/cloud/v6/test_runs/{id}/star"
        ));
        assert!(!fits_path("https://h/v6/test_runs", "/cloud/v6/test_runs"));
        assert!(fits_path("https://h/a/x.json", "/a/{name}.json"));
        assert!(!fits_path("https://h/a/.json", "/a/{name}.json"));
    }
}
