//! The form that creates a load test: `multipart/form-data` (RFC 7578).
//!
//! reqwest's forms are streams, which cannot be sent again, and depend on a table of all media
//! types.

use bytes::Bytes;

/// The bytes before and after the script, or the whole form if it has no script.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) content_type: String,
    pub(super) head: Bytes,
    pub(super) tail: Bytes,
}

/// Writes a form. `boundary` must not occur in the values.
pub(super) fn form(boundary: &str, values: &[(&str, &str)], file_name: Option<&str>) -> Form {
    let mut head = String::new();
    for (name, value) in values {
        head.push_str(&format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    let mut tail = format!("--{boundary}--\r\n");
    if let Some(file_name) = file_name {
        head.push_str(&format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"script\"; filename=\"{}\"\r\n\
             content-type: application/octet-stream\r\n\r\n",
            escaped(file_name)
        ));
        tail.insert_str(0, "\r\n");
    }
    let content_type = format!("multipart/form-data; boundary={boundary}");
    Form { content_type, head: head.into(), tail: tail.into() }
}

/// Escapes the characters that would end a quoted name, as browsers do. All others stay as they
/// are, in UTF-8.
fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '"' => escaped.push_str("%22"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::form;

    #[test]
    fn form_has_its_parts_and_an_end() {
        let form = form("b", &[("name", "a \"b\"\r\n\u{e9}"), ("k6_version", "3")], Some("x.js"));
        assert_eq!(form.content_type, "multipart/form-data; boundary=b");
        assert_eq!(
            form.head,
            "--b\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\na \"b\"\r\n\u{e9}\r\n\
             --b\r\ncontent-disposition: form-data; name=\"k6_version\"\r\n\r\n3\r\n\
             --b\r\ncontent-disposition: form-data; name=\"script\"; filename=\"x.js\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        assert_eq!(form.tail, "\r\n--b--\r\n");
    }

    #[test]
    fn form_without_a_script_ends_after_its_values() {
        let form = form("b", &[("name", "n")], None);
        let whole = [form.head, form.tail].concat();
        let expected = "--b\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\nn\r\n--b--\r\n";
        assert_eq!(whole, expected.as_bytes());
    }

    #[test]
    fn file_name_cannot_end_its_quotes_or_its_line() {
        for (name, expected) in [
            ("a\"; name=\"name", "a%22; name=%22name"),
            ("a\r\nx: y", "a%0D%0Ax: y"),
            ("\u{e9}t\u{e9}.js", "\u{e9}t\u{e9}.js"),
        ] {
            let form = form("b", &[], Some(name));
            let head = String::from_utf8(form.head.into()).expect("UTF-8");
            assert!(head.contains(&format!("filename=\"{expected}\"\r\n")), "{head}");
        }
    }
}
