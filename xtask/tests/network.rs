//! The network of `update-spec`: what servers, proxies and caches between may do.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

/// Files that a refresh reads or writes.
const FILES: &[&str] = &[
    "Cargo.toml",
    "CHANGELOG.md",
    "openapi/overlay.yaml",
    "openapi/removals.toml",
    "tests/golden/surface.txt",
];

fn source() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn published() -> Vec<u8> {
    std::fs::read(source().join("openapi/published.yaml")).expect("reads")
}

/// A workspace that has no description yet.
fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for file in FILES {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("creates");
        std::fs::copy(source().join(file), path).expect(file);
    }
    for made in ["crates/fake/openapi", "src"] {
        std::fs::create_dir_all(folder.path().join(made)).expect("creates");
    }
    folder
}

/// A server that gives the same response to each request, unless `respond` gives another.
struct Server {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(respond: impl Fn(&str, &mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("binds");
        let address = listener.local_addr().expect("an address").to_string();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut request = Vec::new();
                let mut byte = [0];
                while !request.ends_with(b"\r\n\r\n")
                    && stream.read(&mut byte).is_ok_and(|read| read > 0)
                {
                    request.push(byte[0]);
                }
                let request = String::from_utf8_lossy(&request).into_owned();
                seen.lock().expect("unpoisoned").push(request.clone());
                respond(&request, &mut stream);
            }
        });
        Self { address, requests }
    }

    fn url(&self) -> String {
        format!("http://{}/openapi", self.address)
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("unpoisoned").clone()
    }
}

/// Writes a response, and closes the connection.
fn send(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(body);
}

fn update_spec(root: &Path, from: &str, proxy: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("update-spec").arg("--root").arg(root).args(["--from", from]);
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"] {
        command.env_remove(name);
    }
    command.envs(proxy.map(|proxy| ("HTTPS_PROXY", proxy)));
    command.output().expect("xtask runs")
}

fn error(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn read(root: &Path, file: &str) -> Vec<u8> {
    std::fs::read(root.join(file)).expect(file)
}

#[test]
fn responses_that_are_not_a_description_are_errors_and_nothing_is_written() {
    type Respond = fn(&str, &mut TcpStream);
    let cases: [(&str, Respond, &str); 9] = [
        (
            "a page",
            |_, stream| send(stream, "200 OK", "content-type: text/html\r\n", b"hello: a"),
            "HTML",
        ),
        (
            "a page that is called YAML",
            |_, stream| {
                send(
                    stream,
                    "200 OK",
                    "content-type: application/yaml\r\n",
                    b"\n <!doctype html><html></html>",
                );
            },
            "HTML",
        ),
        ("a server error", |_, stream| send(stream, "503 Service Unavailable", "", b""), "503"),
        (
            "a 304 that was not asked for",
            |_, stream| send(stream, "304 Not Modified", "", b""),
            "304",
        ),
        (
            "another host",
            |_, stream| {
                send(stream, "302 Found", "location: http://example.org/openapi\r\n", b"");
            },
            "redirects to another host",
        ),
        (
            "another scheme",
            |request, stream| {
                let host = request
                    .lines()
                    .find_map(|line| line.strip_prefix("host: "))
                    .unwrap_or_default();
                send(stream, "302 Found", &format!("location: https://{host}/openapi\r\n"), b"");
            },
            "redirects to another host",
        ),
        (
            "a circle",
            |_, stream| send(stream, "302 Found", "location: /openapi\r\n", b""),
            "redirects too often",
        ),
        (
            "broken gzip",
            |_, stream| send(stream, "200 OK", "content-encoding: gzip\r\n", b"no gzip"),
            "gzip is broken",
        ),
        (
            "an unknown encoding",
            |_, stream| send(stream, "200 OK", "content-encoding: br\r\n", b"x"),
            "encoding",
        ),
    ];
    for (name, respond, part) in cases {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server::start(respond);
        let message = error(&update_spec(folder.path(), &server.url(), None));
        assert!(message.contains(part), "{name}: {message}");
        assert!(message.contains("check the address and the network"), "{name}: {message}");
        assert_eq!(std::fs::read_dir(folder.path()).expect("lists").count(), 0, "{name}");
    }
}

#[test]
fn compressed_description_that_grows_too_large_is_an_error() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..200 {
        encoder.write_all(&[b'a'; 1_000_000]).expect("compresses");
    }
    let bomb = encoder.finish().expect("compresses");
    let server =
        Server::start(move |_, stream| send(stream, "200 OK", "content-encoding: gzip\r\n", &bomb));
    let folder = tempfile::tempdir().expect("a folder");
    let message = error(&update_spec(folder.path(), &server.url(), None));
    assert!(message.contains("--max-bytes") || message.contains("larger"), "{message}");
}

#[test]
fn body_that_stops_is_cut_off() {
    let server = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nopenapi: ");
        // The connection ends before the body does.
        let _ = stream.shutdown(std::net::Shutdown::Both);
    });
    let folder = tempfile::tempdir().expect("a folder");
    let started = Instant::now();
    let message = error(&update_spec(folder.path(), &server.url(), None));
    assert!(message.contains("end of file") || message.contains("body"), "{message}");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn proxy_of_the_environment_is_used_for_other_hosts_only() {
    let proxy =
        Server::start(|_, stream| send(stream, "407 Proxy Authentication Required", "", b""));
    let folder = tempfile::tempdir().expect("a folder");
    let address = format!("http://{}", proxy.address);
    let message =
        error(&update_spec(folder.path(), "https://description.invalid/openapi", Some(&address)));
    assert!(message.contains("https://description.invalid/openapi"), "{message}");
    let requests = proxy.requests();
    assert!(requests[0].starts_with("CONNECT description.invalid:443 "), "{requests:?}");

    let server = Server::start(|_, stream| send(stream, "503 Service Unavailable", "", b""));
    error(&update_spec(folder.path(), &server.url(), Some(&address)));
    assert_eq!(server.requests().len(), 1);
    assert_eq!(proxy.requests().len(), requests.len(), "this machine needs no proxy");
}

/// Serves the description compressed and with an ETag, as the cache of an owner does.
fn caching(published: Vec<u8>, etags: &'static [&'static str]) -> Server {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&published).expect("compresses");
    let compressed = encoder.finish().expect("compresses");
    let number = std::sync::atomic::AtomicUsize::new(0);
    Server::start(move |request, stream| {
        let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let etag = etags[number.min(etags.len() - 1)];
        if request.contains(&format!("if-none-match: {etag}\r\n")) {
            return send(stream, "304 Not Modified", &format!("etag: {etag}\r\n"), b"");
        }
        assert!(request.contains("accept-encoding: gzip\r\n"), "{request}");
        let headers =
            format!("etag: {etag}\r\ncontent-encoding: gzip\r\ncontent-type: application/yaml\r\n");
        send(stream, "200 OK", &headers, &compressed);
    })
}

#[test]
fn unchanged_description_costs_one_small_request() {
    let folder = workspace();
    let root = folder.path();
    let server = caching(published(), &["\"one\""]);
    let first = update_spec(root, &server.url(), None);
    assert_eq!(first.status.code(), Some(0), "{first:?}");
    assert_eq!(read(root, "openapi/published.yaml"), published(), "decompressed");
    let provenance = String::from_utf8(read(root, "openapi/provenance.toml")).expect("UTF-8");
    assert!(provenance.contains("etag = '\"one\"'"), "{provenance}");

    let second = update_spec(root, &server.url(), None);
    assert_eq!(second.status.code(), Some(0), "{second:?}");
    let log = String::from_utf8_lossy(&second.stderr);
    assert!(log.contains("not changed since the last time"), "{log}");
    assert!(log.contains("nothing changed"), "{log}");
    let requests = server.requests();
    assert_eq!(requests.len(), 2, "{requests:?}");
    assert!(requests[1].contains("if-none-match: \"one\"\r\n"), "{requests:?}");

    // Without the bytes that it had, nothing may be taken for unchanged.
    let edited = [published(), b"# edited\n".to_vec()].concat();
    std::fs::write(root.join("openapi/published.yaml"), edited).expect("writes");
    let third = update_spec(root, &server.url(), None);
    assert_eq!(third.status.code(), Some(0), "{third:?}");
    assert!(!server.requests()[2].contains("if-none-match"), "{:?}", server.requests());
    assert_eq!(read(root, "openapi/published.yaml"), published());
}

#[test]
fn other_name_for_the_same_bytes_changes_no_file() {
    let folder = workspace();
    let root = folder.path();
    let server = caching(published(), &["\"one\"", "\"two\""]);
    update_spec(root, &server.url(), None);
    let provenance = read(root, "openapi/provenance.toml");
    let second = update_spec(root, &server.url(), None);
    assert_eq!(second.status.code(), Some(0), "{second:?}");
    assert_eq!(read(root, "openapi/provenance.toml"), provenance);
}

/// Writes down what it is asked.
#[cfg(unix)]
const GH: &str = "#!/bin/sh\nprintf '%s\\n' \"$*\" >> \"$STAND_IN/asked\"\n";

#[cfg(unix)]
fn git(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env_remove("GIT_DIR")
        .output()
        .expect("git");
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
    output.stdout
}

/// The workflow's two steps: a change is proposed once, and the next week nothing is.
#[cfg(unix)]
#[test]
fn workflow_proposes_what_an_address_changed_and_nothing_more() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = workspace();
    let root = folder.path();
    let outside = tempfile::tempdir().expect("a folder");
    let gh = outside.path().join("gh");
    std::fs::write(&gh, GH).expect("writes");
    std::fs::set_permissions(&gh, std::fs::Permissions::from_mode(0o755)).expect("sets");
    git(outside.path(), &["init", "--quiet", "--bare", "--initial-branch=main", "origin"]);
    std::fs::create_dir(root.join(".github")).expect("creates");
    std::fs::copy(source().join(".github/propose"), root.join(".github/propose")).expect("copies");
    git(root, &["init", "--quiet", "--initial-branch=main"]);
    let origin = outside.path().join("origin");
    git(root, &["remote", "add", "origin", &origin.display().to_string()]);
    let propose = || {
        let asked = outside.path().join("asked");
        let _ = std::fs::remove_file(&asked);
        let report = outside.path().join("report.md");
        std::fs::write(&report, "report").expect("writes");
        // The change comes from another job, as a patch.
        git(root, &["add", "--all"]);
        let patch = outside.path().join("change.patch");
        std::fs::write(&patch, git(root, &["diff", "--cached", "--binary"])).expect("writes");
        git(root, &["reset", "--quiet", "--hard"]);
        let path = std::env::var("PATH").unwrap_or_default();
        let output = Command::new(root.join(".github/propose"))
            .arg("changed")
            .args([report, patch])
            .env("PATH", format!("{}:{path}", outside.path().display()))
            .env("STAND_IN", outside.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GITHUB_REF_NAME", "main")
            .env_remove("GIT_DIR")
            .output()
            .expect("runs");
        assert!(output.status.success(), "{output:?}");
        std::fs::read_to_string(asked).unwrap_or_default()
    };
    let server = caching(published(), &["\"one\""]);
    update_spec(root, &server.url(), None);
    git(root, &["add", "--all"]);
    git(root, &["commit", "--quiet", "--message", "Begin"]);
    git(root, &["push", "--quiet", "origin", "HEAD:main"]);

    // The same address has another description: one pull request.
    let changed = String::from_utf8(published())
        .expect("UTF-8")
        .replace("version: 1.12.0", "version: 1.12.1");
    let later = caching(changed.into_bytes(), &["\"later\""]);
    let output = update_spec(root, &later.url(), None);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let asked = propose();
    assert!(asked.contains("pr create --head update-spec"), "{asked}");

    // The week after, it is merged, and a 304 changes nothing.
    let output = update_spec(root, &later.url(), None);
    assert!(String::from_utf8_lossy(&output.stderr).contains("not changed since"), "{output:?}");
    let asked = propose();
    assert!(!asked.contains("pr "), "{asked}");
}
