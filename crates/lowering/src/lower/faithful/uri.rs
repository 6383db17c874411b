//! References between schemas: the parts of RFC 3986 that resolve one against another.

/// The base of a document that does not say where it is.
pub(super) const DOCUMENT: &str = "https://document.invalid/openapi";

/// Splits a reference into the part before `#` and its fragment.
pub(super) fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// Resolves a reference without its fragment against an absolute base.
pub(super) fn resolve(base: &str, reference: &str) -> String {
    if reference.is_empty() {
        return base.to_owned();
    }
    if scheme(reference).is_some() {
        return normal(reference);
    }
    let scheme_end = scheme(base).map_or(0, |scheme| scheme.len() + 1);
    if let Some(rest) = reference.strip_prefix("//") {
        return normal(&format!("{}//{rest}", &base[..scheme_end]));
    }
    let authority_end = match base[scheme_end..].strip_prefix("//") {
        Some(rest) => scheme_end + 2 + rest.find(['/', '?']).unwrap_or(rest.len()),
        None => scheme_end,
    };
    if reference.starts_with('/') {
        return normal(&format!("{}{reference}", &base[..authority_end]));
    }
    let path_end = base.find('?').unwrap_or(base.len());
    if reference.starts_with('?') {
        return format!("{}{reference}", &base[..path_end]);
    }
    let folder = base[authority_end..path_end].rfind('/').map(|at| authority_end + at + 1);
    match folder {
        Some(end) => normal(&format!("{}{reference}", &base[..end])),
        None if authority_end > scheme_end => {
            normal(&format!("{}/{reference}", &base[..authority_end]))
        }
        None => format!("{}{reference}", &base[..scheme_end]),
    }
}

fn scheme(reference: &str) -> Option<&str> {
    let (scheme, _) = reference.split_once(':')?;
    let legal = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    legal.then_some(scheme)
}

/// Removes `.` and `..` from the path of an address.
fn normal(address: &str) -> String {
    let (path, query) = match address.find('?') {
        Some(at) => address.split_at(at),
        None => (address, ""),
    };
    let Some(start) = path.find("://").map(|at| at + 3) else { return address.to_owned() };
    let Some(root) = path[start..].find('/').map(|at| start + at) else {
        return address.to_owned();
    };
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path[root + 1..].split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            segment => kept.push(segment),
        }
    }
    format!("{}/{}{query}", &path[..root], kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{resolve, split};

    #[test]
    fn references_resolve_as_rfc_3986_has_it() {
        let base = "http://a/b/c/d;p?q";
        let table = [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../../g", "http://a/g"),
            ("urn:uuid:1", "urn:uuid:1"),
        ];
        for (reference, expected) in table {
            assert_eq!(resolve(base, reference), expected, "{reference}");
        }
        assert_eq!(resolve("http://a", "g"), "http://a/g");
        assert_eq!(resolve("urn:a:b", "c"), "urn:c");
        assert_eq!(split("a#b"), ("a", "b"));
        assert_eq!(split("#"), ("", ""));
    }
}
