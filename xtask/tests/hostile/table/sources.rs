//! Files that are none, and servers that misbehave.

use std::io::Write as _;
use std::net::TcpStream;

use super::Input::{Prepared, Served};
use super::{GOOD, Row, accepted, put, refused};

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
        refused(
            "a file that is missing",
            Prepared(|_| "missing.yaml".into()),
            &["missing.yaml: No such file", "check the path"],
        ),
        refused("a folder", Prepared(|root| root.display().to_string()), &["x"]),
        refused("an empty name", Prepared(|_| String::new()), &["x"]),
        refused("a name with escapes", Prepared(|_| "a\u{1b}[31m\n::error::b".into()), &["x"]),
        refused(
            "a file below a file",
            Prepared(|root| format!("{}/below", put(root, "given.yaml", b"a"))),
            &["x"],
        ),
        refused("a name of 10,000 characters", Prepared(|_| "a".repeat(10_000)), &["x"]),
        refused(
            "a file of 1 GB with nothing in it",
            Prepared(|root| {
                let path = put(root, "given.yaml", b"");
                let file = std::fs::File::options().write(true).open(&path).expect("opens");
                file.set_len(1_000_000_000).expect("grows");
                path
            }),
            &["x"],
        ),
        refused(
            "an address with a password",
            Prepared(|_| "https://u:secret@127.0.0.1/".into()),
            &["x"],
        ),
        refused("plain HTTP elsewhere", Prepared(|_| "http://192.0.2.1/x".into()), &["x"]),
        refused("another scheme", Prepared(|_| "file:///etc/passwd".into()), &["x"]),
        refused("an address that is none", Prepared(|_| "https://[::1/".into()), &["x"]),
        refused("a port where nobody listens", Prepared(|_| "http://127.0.0.1:1/x".into()), &["x"]),
        accepted(
            "a good answer",
            Served(|stream| answer(stream, "", GOOD.as_bytes())),
            &["get_thing"],
            &[],
        ),
        refused("an answer that is empty", Served(|stream| answer(stream, "", b"")), &["x"]),
        refused(
            "an HTML page with status 200",
            Served(|stream| {
                answer(
                    stream,
                    "content-type: text/html\r\n",
                    b"<!doctype html><title>Log in</title>",
                )
            }),
            &["x"],
        ),
        refused(
            "status 404",
            Served(|stream| write!(stream, "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")),
            &["x"],
        ),
        refused(
            "status 204",
            Served(|stream| write!(stream, "HTTP/1.1 204 No Content\r\n\r\n")),
            &["x"],
        ),
        refused(
            "status 206",
            Served(|stream| {
                write!(stream, "HTTP/1.1 206 Partial Content\r\ncontent-length: 1\r\n\r\na")
            }),
            &["x"],
        ),
        refused(
            "what is no HTTP",
            Served(|stream| stream.write_all(b"SSH-2.0-OpenSSH_9.0\r\n")),
            &["x"],
        ),
        refused("a connection that closes", Served(|_| Ok(())), &["x"]),
        refused(
            "a header that never ends",
            Served(|stream| {
                write!(stream, "HTTP/1.1 200 OK\r\nx: ")?;
                loop {
                    stream.write_all(&[b'a'; 65_536])?;
                }
            }),
            &["x"],
        ),
        refused(
            "a body cut off",
            Served(|stream| answer(stream, "content-length: 100000\r\n", GOOD.as_bytes())),
            &["x"],
        ),
        refused(
            "a chunked body cut off",
            Served(|stream| {
                answer(stream, "transfer-encoding: chunked\r\n", b"10\r\nopenapi: 3.1.0\n\n\r\n")
            }),
            &["x"],
        ),
        refused(
            "a chunk that lies about its size",
            Served(|stream| {
                answer(stream, "transfer-encoding: chunked\r\n", b"FFFFFFFFFFFFFFFFF\r\nopenapi")
            }),
            &["x"],
        ),
        refused(
            "an announced body of 100 MB",
            Served(|stream| {
                answer(stream, "content-length: 100000000\r\n", &vec![b'a'; 100_000_000])
            }),
            &["x"],
        ),
        refused(
            "an announced body of 2^63 bytes",
            Served(|stream| answer(stream, "content-length: 9223372036854775807\r\n", b"a")),
            &["x"],
        ),
        refused(
            "chunks without end",
            Served(|stream| {
                answer(stream, "transfer-encoding: chunked\r\n", b"")?;
                loop {
                    stream.write_all(b"10000\r\n")?;
                    stream.write_all(&[b'a'; 65_536])?;
                    stream.write_all(b"\r\n")?;
                }
            }),
            &["x"],
        ),
        refused(
            "a body that is packed",
            Served(|stream| {
                answer(
                    stream,
                    "content-encoding: gzip\r\n",
                    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03abc",
                )
            }),
            &["x"],
        ),
        refused("a redirect to itself", Served(|stream| redirect(stream, "/openapi")), &["x"]),
        refused(
            "a redirect to another host",
            Served(|stream| redirect(stream, "https://x.example/")),
            &["x"],
        ),
        refused(
            "a redirect to another port",
            Served(|stream| redirect(stream, "http://127.0.0.1:1/")),
            &["x"],
        ),
        refused(
            "a redirect to a file",
            Served(|stream| redirect(stream, "file:///etc/passwd")),
            &["x"],
        ),
        refused(
            "a redirect without a place",
            Served(|stream| {
                write!(
                    stream,
                    "HTTP/1.1 302 Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                )
            }),
            &["x"],
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
        refused("a FIFO that nobody writes to", Prepared(fifo), &["x"]),
        refused("a device without end", Prepared(|_| "/dev/zero".into()), &["x"]),
        refused("the null device", Prepared(|_| "/dev/null".into()), &["x"]),
        refused("a link to a device without end", Prepared(|root| link(root, "/dev/zero")), &["x"]),
        refused("a link to itself", Prepared(|root| link(root, "link.yaml")), &["x"]),
        refused("a link to nothing", Prepared(|root| link(root, "gone.yaml")), &["x"]),
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
        refused("a file that cannot be read", Prepared(|_| "/proc/self/mem".into()), &["x"]),
    ]
}

#[cfg(not(unix))]
fn unix() -> Vec<Row> {
    Vec::new()
}
