//! Checks that a request goes to the path of its operation.

use reqwest::Url;

/// Returns whether the URL is that of `path` below the base URL, with each value of the path in its
/// own segment.
///
/// Parsing a URL resolves `.` and `..`, and turns a backslash into a slash. A value with them would
/// lead to another path: a label with the key `..` would address the project itself.
pub(super) fn fits(url: &Url, base: &str, path: &str) -> bool {
    // The path of the base URL, which was normalised when the client was built.
    let base = base.as_bytes();
    let host = position(base, b':').map_or(0, |colon| colon + "://".len());
    let prefix = base.get(host..).unwrap_or_default();
    let prefix = position(prefix, b'/').map_or(&[][..], |slash| &prefix[slash..]);
    let given = url.path().as_bytes().strip_prefix(prefix);
    given.is_some_and(|given| fits_template(given, path.as_bytes()))
}

/// Returns whether `given` is `path` with a value instead of each parameter in braces.
fn fits_template(mut given: &[u8], mut path: &[u8]) -> bool {
    while let Some(brace) = position(path, b'{') {
        let Some(from_value) = given.strip_prefix(&path[..brace]) else { return false };
        let Some(brace) = position(path, b'}') else { return false };
        let (segment, given_rest) = split_segment(from_value);
        let (after, path_rest) = split_segment(&path[brace + 1..]);
        if segment.strip_suffix(after).is_none_or(<[u8]>::is_empty) {
            return false;
        }
        (given, path) = (given_rest, path_rest);
    }
    given == path
}

/// Returns the bytes before the next slash, and the rest.
fn split_segment(path: &[u8]) -> (&[u8], &[u8]) {
    path.split_at(position(path, b'/').unwrap_or(path.len()))
}

/// Returns where a byte is. Every call needs it, for a few bytes: searching in a string takes longer.
fn position(bytes: &[u8], wanted: u8) -> Option<usize> {
    bytes.iter().position(|&byte| byte == wanted)
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::fits;
    use crate::wire::PathValue;

    /// Encodes a value as the generated calls do.
    fn encode(key: &str) -> String {
        PathValue(&key).to_string()
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
        assert!(!fits_path("https://h/a/x/b.json", "/a/{name}.json"));
        let fits_base = |url: &str, base: &str| fits(&Url::parse(url).expect("a URL"), base, "/a");
        assert!(fits_base("https://h/base/a", "https://h/base"));
        for url in ["https://h/a", "https://h/basement/a", "https://h/base", "https://h/base/a/a"] {
            assert!(!fits_base(url, "https://h/base"), "{url}");
        }
    }
}
