//! Files that are none, and servers that misbehave.

use std::io::Write as _;
use std::net::TcpStream;

use super::Input::{Prepared, Served};
use super::{GOOD, Row, accepted, put, rejected};

/// Answers 200 with these headers, and then `body`.
fn answer(stream: &mut TcpStream, headers: &str, body: &[u8]) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 200 OK\r\n{headers}connection: close\r\n\r\n")?;
    stream.write_all(body)
}

fn redirect(stream: &mut TcpStream, to: &str) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![
        rejected(
            "a file that is missing",
            Prepared(|_| "missing.yaml".into()),
            &["missing.yaml: ", "check the path"],
        ),
        rejected(
            "a folder",
            Prepared(|root| root.display().to_string()),
            &["this is not a regular file: save it to a file first"],
        ),
        rejected(
            "an empty name",
            Prepared(|_| String::new()),
            &["--from: the argument is empty: give an https address or a file"],
        ),
        rejected(
            "a name with escapes",
            Prepared(|_| "a\u{1b}[31m\n::error::b".into()),
            &["check the path"],
        ),
        rejected(
            "a file below a file",
            Prepared(|root| format!("{}/below", put(root, "given.yaml", b"a"))),
            &["check the path"],
        ),
        rejected(
            "a name of 10,000 characters",
            Prepared(|_| "a".repeat(10_000)),
            &[
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                ": File name too long (os error 36): check the path",
            ],
        ),
        rejected(
            "a file of 1 GB with nothing in it",
            Prepared(|root| {
                let path = put(root, "given.yaml", b"");
                let file = std::fs::File::options().write(true).open(&path).expect("opens");
                file.set_len(1_000_000_000).expect("grows");
                path
            }),
            &[
                "there are more than the 2097152 bytes allowed: check that the source is the API's description",
            ],
        ),
        rejected(
            "an address with a password",
            Prepared(|_| "https://u:secret@127.0.0.1/".into()),
            &["--from: the address holds a user name or password: give an https address or a file"],
        ),
        rejected(
            "plain HTTP elsewhere",
            Prepared(|_| "http://192.0.2.1/x".into()),
            &[
                "http://192.0.2.1/x: plain http is only read from this machine: give an https address or a file",
            ],
        ),
        rejected(
            "another scheme",
            Prepared(|_| "file:///etc/passwd".into()),
            &[
                "file:///etc/passwd: the scheme \"file\" is not known: give an https address or a file",
            ],
        ),
        rejected(
            "an address that is none",
            Prepared(|_| "https://[::1/".into()),
            &["https://[::1/: invalid IPv6 address: give an https address or a file"],
        ),
        rejected(
            "a port where nobody listens",
            Prepared(|_| "http://127.0.0.1:1/x".into()),
            &[
                "error sending request",
                "check the address and the network, or give a file with --from",
            ],
        ),
        accepted(
            "a good answer",
            Served(|stream| answer(stream, "", GOOD.as_bytes())),
            &["get_thing"],
            &[],
        ),
        rejected(
            "an answer that is empty",
            Served(|stream| answer(stream, "", b"")),
            &["the document is empty: check the source"],
        ),
        rejected(
            "an HTML page with status 200",
            Served(|stream| {
                answer(
                    stream,
                    "content-type: text/html\r\n",
                    b"<!doctype html><title>Log in</title>",
                )
            }),
            &[
                "the server responded with HTML, which is not a description: a proxy may ask to sign in",
            ],
        ),
        rejected(
            "status 404",
            Served(|stream| write!(stream, "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")),
            &[
                "the server responded with 404 Not Found: check the address and the network, or give a file with --from",
            ],
        ),
        rejected(
            "status 204",
            Served(|stream| write!(stream, "HTTP/1.1 204 No Content\r\n\r\n")),
            &[
                "the server responded with 204 No Content: check the address and the network, or give a file with --from",
            ],
        ),
        rejected(
            "status 206",
            Served(|stream| {
                write!(stream, "HTTP/1.1 206 Partial Content\r\ncontent-length: 1\r\n\r\na")
            }),
            &[
                "the server responded with 206 Partial Content: check the address and the network, or give a file with --from",
            ],
        ),
        rejected(
            "what is no HTTP",
            Served(|stream| stream.write_all(b"SSH-2.0-OpenSSH_9.0\r\n")),
            &[
                "error sending request: client error (SendRequest): invalid HTTP version parsed: check the address and the network, or give a file with --from",
            ],
        ),
        rejected(
            "a connection that closes",
            Served(|_| Ok(())),
            &[
                "error sending request: client error (SendRequest): connection closed before message completed: check the address and the network, or give a file with --from",
            ],
        ),
        rejected(
            "a header that never ends",
            Served(|stream| {
                write!(stream, "HTTP/1.1 200 OK\r\nx: ")?;
                loop {
                    stream.write_all(&[b'a'; 65_536])?;
                }
            }),
            &[
                "error sending request: client error (SendRequest): message head is too large: check the address and the network, or give a file with --from",
            ],
        ),
        rejected(
            "a body cut off",
            Served(|stream| answer(stream, "content-length: 100000\r\n", GOOD.as_bytes())),
            &[
                "error decoding response body: request or response body error: error reading a body from connection: end of file before message length reached: check the address and the network, or give a file with --from",
            ],
        ),
        rejected(
            "a chunked body cut off",
            Served(|stream| {
                answer(stream, "transfer-encoding: chunked\r\n", b"10\r\nopenapi: 3.1.0\n\n\r\n")
            }),
            &[
                "error decoding response body: request or response body error: error reading a body from connection: unexpected EOF during chunk size line: check the address and the network, or give a file with --from",
            ],
        ),
        rejected(
            "a chunk that lies about its size",
            Served(|stream| {
                answer(stream, "transfer-encoding: chunked\r\n", b"FFFFFFFFFFFFFFFFF\r\nopenapi")
            }),
            &[
                "error decoding response body: request or response body error: error reading a body from connection: invalid chunk size: overflow: check the address and the network, or give a file with --from",
            ],
        ),
        rejected(
            "an announced body of 100 MB",
            Served(|stream| {
                answer(stream, "content-length: 100000000\r\n", &vec![b'a'; 100_000_000])
            }),
            &[
                "there are more than the 2097152 bytes allowed: check that the source is the API's description",
            ],
        ),
        rejected(
            "an announced body of 2^63 bytes",
            Served(|stream| answer(stream, "content-length: 9223372036854775807\r\n", b"a")),
            &[
                "error decoding response body: request or response body error: error reading a body from connection: end of file before message length reached: check the address and the network, or give a file with --from",
            ],
        ),
        rejected(
            "chunks without end",
            Served(|stream| {
                answer(stream, "transfer-encoding: chunked\r\n", b"")?;
                loop {
                    stream.write_all(b"10000\r\n")?;
                    stream.write_all(&[b'a'; 65_536])?;
                    stream.write_all(b"\r\n")?;
                }
            }),
            &[
                "there are more than the 2097152 bytes allowed: check that the source is the API's description",
            ],
        ),
        rejected(
            "a body that is packed",
            Served(|stream| {
                answer(
                    stream,
                    "content-encoding: gzip\r\n",
                    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03abc",
                )
            }),
            &["its gzip is broken: incomplete deflate stream"],
        ),
        rejected(
            "a redirect to itself",
            Served(|stream| redirect(stream, "/openapi")),
            &[
                "error following redirect: it redirects too often: check the address and the network, or give a file with --from",
            ],
        ),
        rejected(
            "a redirect to another host",
            Served(|stream| redirect(stream, "https://x.example/")),
            &[
                "error following redirect: it redirects to another host, which is not followed: check the address and the network, or give a file with --from",
            ],
        ),
        rejected(
            "a redirect to another port",
            Served(|stream| redirect(stream, "http://127.0.0.1:1/")),
            &[
                "error following redirect: it redirects to another host, which is not followed: check the address and the network, or give a file with --from",
            ],
        ),
        rejected(
            "a redirect to a file",
            Served(|stream| redirect(stream, "file:///etc/passwd")),
            &[
                "the server responded with 302 Found: check the address and the network, or give a file with --from",
            ],
        ),
        rejected(
            "a redirect without a place",
            Served(|stream| {
                write!(
                    stream,
                    "HTTP/1.1 302 Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                )
            }),
            &[
                "the server responded with 302 Found: check the address and the network, or give a file with --from",
            ],
        ),
    ];
    if cfg!(unix) {
        rows.extend(unix());
    }
    rows
}

/// What only Unix has.
#[cfg(unix)]
fn unix() -> Vec<Row> {
    fn fifo(root: &std::path::Path) -> String {
        let path = root.join("given.yaml");
        let made = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo runs");
        assert!(made.success(), "a FIFO is made");
        path.display().to_string()
    }
    fn link(root: &std::path::Path, target: &str) -> String {
        let path = root.join("link.yaml");
        std::os::unix::fs::symlink(target, &path).expect("links");
        path.display().to_string()
    }
    vec![
        rejected(
            "a FIFO that nobody writes to",
            Prepared(fifo),
            &["this is not a regular file: save it to a file first"],
        ),
        rejected(
            "a device without end",
            Prepared(|_| "/dev/zero".into()),
            &["/dev/zero: this is not a regular file: save it to a file first"],
        ),
        rejected(
            "the null device",
            Prepared(|_| "/dev/null".into()),
            &["/dev/null: this is not a regular file: save it to a file first"],
        ),
        rejected(
            "a link to a device without end",
            Prepared(|root| link(root, "/dev/zero")),
            &["this is not a regular file: save it to a file first"],
        ),
        rejected("a link to itself", Prepared(|root| link(root, "link.yaml")), &["check the path"]),
        rejected(
            "a link to nothing",
            Prepared(|root| link(root, "gone.yaml")),
            &["check the path"],
        ),
        accepted(
            "a link to a file",
            Prepared(|root| {
                put(root, "given.yaml", GOOD.as_bytes());
                link(root, "given.yaml")
            }),
            &["get_thing"],
            &[],
        ),
        #[cfg(target_os = "linux")]
        rejected(
            "a file that cannot be read",
            Prepared(|_| "/proc/self/mem".into()),
            &["check the path"],
        ),
    ]
}

#[cfg(not(unix))]
fn unix() -> Vec<Row> {
    Vec::new()
}
