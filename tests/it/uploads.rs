//! Uploads of scripts, from forms, bytes, files and readers, and downloads of load tests' scripts.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use k6_cloud::prelude::*;
use k6_cloud::{LoadTestId, ProjectId, Script, ScriptKind, ScriptSource};
use k6_cloud_fake::{FIRST_LOAD_TEST_ID, FakeCloud, Fault, RecordedRequest};
use tokio::io::{AsyncRead, ReadBuf};

use crate::scripted::{Reply, Scripted, builder, nobody};

const PROJECT: ProjectId = ProjectId::new(5001);
const JS: &str = "export default function () {}\n";
const FORM: &str = "/cloud/v6/projects/5001/load_tests";

async fn fake() -> (FakeCloud, Client) {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = fake.client().build().expect("complete");
    (fake, client)
}

/// A file that is removed when it is dropped.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, content: &[u8]) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = format!("k6-cloud-uploads-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join(name);
        std::fs::write(&path, content).expect("written");
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.0.parent().expect("a folder"));
    }
}

/// Gives bytes a few at a time, and then fails or ends.
struct Reader {
    left: usize,
    fails: bool,
    pause: bool,
}

impl AsyncRead for Reader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.pause = !self.pause;
        if !self.pause {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.left == 0 && self.fails {
            return Poll::Ready(Err(io::Error::other("the disk is gone")));
        }
        let given = self.left.min(buffer.remaining()).min(9_999);
        buffer.put_slice(&vec![b'x'; given]);
        self.left -= given;
        Poll::Ready(Ok(()))
    }
}

fn reader(left: usize, fails: bool) -> ScriptSource {
    ScriptSource::reader(Reader { left, fails, pause: false })
}

async fn stored(client: &Client, id: LoadTestId) -> Vec<u8> {
    let mut written = Vec::new();
    client.get_load_test_script(id).write_to(&mut written).await.expect("the script");
    written
}

fn last(fake: &FakeCloud) -> RecordedRequest {
    fake.requests().pop().expect("a request")
}

fn tar() -> Vec<u8> {
    let mut tar = vec![b'x'; 600];
    tar[257..262].copy_from_slice(b"ustar");
    tar
}

#[tokio::test]
async fn create_load_test_sends_a_form() {
    let (fake, client) = fake().await;
    let script = ScriptSource::bytes(JS).file_name("checkout.js");
    let made = client.create_load_test(PROJECT, "Checkout").script(script).k6_version(2).await;
    let made = made.expect("created");
    assert_eq!(
        (made.name.as_str(), made.project_id, made.k6_version),
        ("Checkout", PROJECT, Some(2))
    );
    let request = last(&fake);
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", FORM));
    assert_eq!((&request.query, request.header("accept")), (&None, Some("application/json")));
    let types: Vec<_> = request.headers.iter().filter(|(name, _)| name == "content-type").collect();
    assert_eq!(types.len(), 1, "{types:?}");
    let boundary = types[0].1.strip_prefix("multipart/form-data; boundary=").expect("a boundary");
    let expected = format!(
        "--{boundary}\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\nCheckout\r\n\
         --{boundary}\r\ncontent-disposition: form-data; name=\"k6_version\"\r\n\r\n2\r\n\
         --{boundary}\r\ncontent-disposition: form-data; name=\"script\"; \
         filename=\"checkout.js\"\r\ncontent-type: application/octet-stream\r\n\r\n{JS}\r\n\
         --{boundary}--\r\n"
    );
    assert_eq!(String::from_utf8_lossy(&request.body), expected);
    let length = request.body.len().to_string();
    assert_eq!(request.header("content-length"), Some(length.as_str()), "not in chunks");
    // It is there, with its script.
    let listed = client.list_load_tests().name("Checkout").send().await.expect("a page");
    assert_eq!(listed.value, std::slice::from_ref(&made));
    assert_eq!(stored(&client, made.id).await, JS.as_bytes());
}

#[tokio::test]
async fn form_carries_names_and_scripts_unchanged() {
    let (fake, client) = fake().await;
    let names =
        ["a \"quoted\" name", "two\r\nlines\nand three", "Fl\u{e4}che \u{1f680}; a=b", "--"];
    for name in names {
        let script = ScriptSource::bytes(tar()).file_name(format!("{name}.tar"));
        let made = client.create_load_test(PROJECT, name).script(script).await.expect("created");
        assert_eq!(made.name, name);
        let body = last(&fake).body;
        let body = String::from_utf8(body).expect("UTF-8");
        let escaped = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        assert!(body.contains(&format!("filename=\"{escaped}.tar\"\r\n")), "{body}");
        let script = client.get_load_test_script(made.id).accept(ScriptKind::Archive).await;
        assert_eq!(script.expect("an archive").as_bytes(), tar());
    }
    // Without a file name, the client sets one that fits the script.
    for (script, name) in [(tar(), "archive.tar"), (JS.into(), "script.js")] {
        client.create_load_test(PROJECT, name).script(script).await.expect("created");
        let body = String::from_utf8(last(&fake).body).expect("UTF-8");
        assert!(body.contains(&format!("filename=\"{name}\"")), "{body}");
    }
}

#[tokio::test]
async fn load_test_without_a_script_has_none() {
    let (_fake, client) = fake().await;
    let made = client.create_load_test(PROJECT, "Bare").await.expect("created");
    assert_eq!(made.k6_version, Some(2));
    let error = client.get_load_test_script(made.id).await.expect_err("no script");
    assert!(error.is_not_found(), "{error}");
    client.upload_load_test_script(made.id, JS.as_bytes().to_vec()).await.expect("uploaded");
    assert_eq!(stored(&client, made.id).await, JS.as_bytes());
}

#[tokio::test]
async fn scripts_of_every_size_arrive_from_every_source() {
    let (fake, client) = fake().await;
    let mut number = 0;
    for size in [0, 1, 65_536, 65_537, 20 << 20] {
        let content = vec![b'x'; size];
        let file = Temporary::new("script.js", &content);
        let sources = || {
            [ScriptSource::bytes(content.clone()), ScriptSource::path(&file.0), reader(size, false)]
        };
        for (place, source) in sources().into_iter().enumerate() {
            number += 1;
            let name = format!("form {number}");
            let made = client.create_load_test(PROJECT, name).script(source).await;
            let request = last(&fake);
            assert_eq!(request.header("content-length").is_some(), place < 2, "{size} {place}");
            if size == 0 {
                assert!(made.expect_err("the fake takes no empty script").is_invalid_request());
                continue;
            }
            let made = made.unwrap_or_else(|error| panic!("{size} {place}: {error}"));
            assert!(stored(&client, made.id).await == content, "{size} {place}");
        }
        for (place, source) in sources().into_iter().enumerate() {
            let sent = client.upload_load_test_script(FIRST_LOAD_TEST_ID, source).await;
            let request = last(&fake);
            let expected = ("PUT", "/cloud/v6/load_tests/101/script", "application/octet-stream");
            let content_type = request.header("content-type").unwrap_or_default();
            assert_eq!((&*request.method, &*request.path, content_type), expected);
            assert!(request.body == content, "{size} {place}: {} bytes", request.body.len());
            assert_eq!(request.header("content-length").is_some(), place < 2, "{size} {place}");
            if size == 0 {
                assert!(sent.expect_err("the fake takes no empty script").is_invalid_request());
            } else {
                sent.unwrap_or_else(|error| panic!("{size} {place}: {error}"));
                assert!(stored(&client, FIRST_LOAD_TEST_ID).await == content, "{size} {place}");
            }
        }
        fake.clear_requests();
    }
}

#[tokio::test]
async fn script_that_was_downloaded_can_be_uploaded() {
    let (_fake, client) = fake().await;
    let script = client.get_load_test_script(FIRST_LOAD_TEST_ID).await.expect("the script");
    assert_eq!(script.kind(), ScriptKind::JavaScript);
    client.upload_load_test_script(102, script.clone()).await.expect("uploaded");
    assert_eq!(stored(&client, 102.into()).await, script.as_bytes());
    let archive = Script::Archive(tar().into());
    client.upload_load_test_script(102, archive.clone()).await.expect("uploaded");
    assert_eq!(client.get_load_test_script(102).await.expect("the script"), archive);
}

#[tokio::test]
async fn get_load_test_script_requests_a_kind() {
    let (fake, client) = fake().await;
    client.upload_load_test_script(102, tar()).await.expect("uploaded");
    fake.clear_requests();
    for (id, accept, header, fits) in [
        (101, None, "text/javascript, application/x-tar", true),
        (101, Some(ScriptKind::JavaScript), "text/javascript", true),
        (101, Some(ScriptKind::Archive), "application/x-tar", false),
        (102, Some(ScriptKind::JavaScript), "text/javascript", false),
        (102, Some(ScriptKind::Archive), "application/x-tar", true),
    ] {
        let download = || match accept {
            Some(kind) => client.get_load_test_script(id).accept(kind),
            None => client.get_load_test_script(id),
        };
        let (read, mut written) = (download().await, Vec::new());
        let wrote = download().write_to(&mut written).await;
        if fits {
            assert_eq!(read.expect("the script").as_bytes(), written, "{id} {accept:?}");
            assert_eq!(wrote.expect("the script").bytes, written.len() as u64);
        } else {
            for error in [read.expect_err("406"), wrote.expect_err("406")] {
                assert_eq!(error.kind(), ErrorKind::NotAcceptable, "{error}");
                assert!(
                    error.kind() == ErrorKind::NotAcceptable
                        && error.to_string().contains("the other kind")
                );
                assert_eq!(error.operation(), Some("get_load_test_script"));
            }
            assert!(written.is_empty());
        }
        for request in fake.requests() {
            let path = format!("/cloud/v6/load_tests/{id}/script");
            assert_eq!((&*request.method, &*request.path), ("GET", &*path));
            assert_eq!(request.header("accept"), Some(header));
        }
        assert_eq!(fake.requests().len(), 2, "a 406 is not retried");
        fake.clear_requests();
    }
    let error = client.get_load_test_script(101).max_bytes(3).await.expect_err("larger");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
    let mut seen = 0;
    let mut sink = tokio::io::sink();
    let (tell, told) = std::sync::mpsc::channel();
    let download = client.get_load_test_script(102).on_progress(move |bytes, _| {
        let _ = tell.send(bytes);
    });
    download.write_to(&mut sink).await.expect("the script");
    while let Ok(bytes) = told.recv() {
        seen = bytes;
    }
    assert_eq!(seen, 600);
}

#[tokio::test]
async fn refusals_are_typed() {
    let (_fake, client) = fake().await;
    client.create_load_test(PROJECT, "Taken").await.expect("created");
    let error = client.create_load_test(PROJECT, "Taken").await.expect_err("taken");
    assert!(error.is_conflict() && error.operation() == Some("create_load_test"), "{error}");
    let error = client.create_load_test(1, "New").await.expect_err("no project");
    assert!(error.is_not_found(), "{error}");
    let error = client.create_load_test(PROJECT, "").await.expect_err("no name");
    assert!(error.is_invalid_request() && error.target() == Some("name"), "{error}");
    let error = client.upload_load_test_script(1, tar()).await.expect_err("no load test");
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn reader_that_fails_ends_the_upload_and_changes_nothing() {
    let (fake, client) = fake().await;
    let before = stored(&client, FIRST_LOAD_TEST_ID).await;
    for given in [0, 10, 200_000] {
        let create = client.create_load_test(PROJECT, "Half").script(reader(given, true)).await;
        let upload = client.upload_load_test_script(FIRST_LOAD_TEST_ID, reader(given, true)).await;
        for error in [create.expect_err("it fails"), upload.expect_err("it fails")] {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Read, 1), "{error:?}");
            assert!(!error.is_transient());
            let told = format!("reading the script failed after {given} bytes");
            assert!(error.to_string().contains(&told), "{error}");
            assert!(
                error.to_string().ends_with(&format!("{given} bytes: the disk is gone")),
                "{error}"
            );
        }
    }
    let listed = client.list_load_tests().name("Half").send().await.expect("a page");
    assert!(listed.value.is_empty());
    assert_eq!(stored(&client, FIRST_LOAD_TEST_ID).await, before);
    drop(fake);
}

#[tokio::test]
async fn path_that_cannot_be_opened_sends_nothing() {
    let (fake, client) = fake().await;
    let folder = std::env::temp_dir();
    for path in [folder.join("k6-cloud-no-such-file.js"), folder] {
        let name = path.display().to_string();
        let create = client.create_load_test(PROJECT, "x").script(path.clone()).await;
        let upload = client.upload_load_test_script(101, path.as_path()).await;
        for error in [create.expect_err("no file"), upload.expect_err("no file")] {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Read, 0), "{error}");
            assert!(error.to_string().contains(&name), "{error}");
            assert!(error.get_ref().is_some());
        }
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn creation_is_retried_only_if_it_was_not_carried_out() {
    let file = Temporary::new("script.js", JS.as_bytes());
    let sources = || [ScriptSource::bytes(JS), ScriptSource::path(&file.0)];
    for source in sources() {
        let (fake, client) = fake().await;
        fake.inject(Fault::reset_after_headers().on("create_load_test"));
        let error = client.create_load_test(PROJECT, "Once").script(source).await.expect_err("it");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::OutcomeUnknown, 1), "{error}");
        let listed = client.list_load_tests().name("Once").send().await.expect("a page");
        assert_eq!(listed.value.len(), 1);
    }
    for source in sources() {
        let (fake, client) = fake().await;
        fake.inject(Fault::rate_limited(None).on("create_load_test").first(2));
        let made = client.create_load_test(PROJECT, "Thrice").script(source).await;
        let made = made.expect("the third attempt");
        let bodies: Vec<_> = fake.requests().into_iter().map(|request| request.body).collect();
        assert_eq!(bodies.len(), 3);
        assert!(bodies.iter().all(|body| *body == bodies[0] && body.len() > JS.len()));
        assert_eq!(stored(&client, made.id).await, JS.as_bytes());
    }
    // A reader cannot be read a second time.
    let (fake, client) = fake().await;
    fake.inject(Fault::rate_limited(None).on("create_load_test"));
    let create = client.create_load_test(PROJECT, "Gone").script(reader(9, false));
    let error = create.await.expect_err("429");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 1), "{error}");
    let client = builder(&nobody().await).build().expect("complete");
    for (source, attempts) in sources().into_iter().chain([reader(9, false)]).zip([4, 4, 1]) {
        let create = client.create_load_test(PROJECT, "Nobody").script(source);
        let error = create.await.expect_err("nobody listens");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, attempts), "{error}");
    }
}

#[tokio::test]
async fn upload_is_retried_from_the_start_of_the_script() {
    let content: String = (0..200_000_u32).map(|number| format!("// {number}\n")).collect();
    let content = content.into_bytes();
    let file = Temporary::new("script.js", &content);
    for (source, retried) in [
        (ScriptSource::bytes(content.clone()), true),
        (ScriptSource::path(&file.0), true),
        (reader(100, false), false),
    ] {
        let (fake, client) = fake().await;
        fake.inject(Fault::status(503).on("upload_load_test_script").first(1));
        fake.inject(Fault::reset().on("upload_load_test_script").nth(1));
        let sent = client.upload_load_test_script(101, source).await;
        if retried {
            sent.expect("the third attempt");
            assert_eq!(fake.requests().len(), 3);
            assert!(fake.requests().iter().all(|request| request.body == content));
            assert!(stored(&client, 101.into()).await == content);
        } else {
            let error = sent.expect_err("503");
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1), "{error}");
        }
    }
}

#[tokio::test]
async fn deleted_file_ends_the_retries() {
    let file = Temporary::new("script.js", JS.as_bytes());
    let path = file.0.clone();
    let gone = path.clone();
    let server = Scripted::by(move |_| {
        let _ = std::fs::remove_file(&gone);
        Reply::status(503)
    })
    .await;
    let client = server.client();
    let error = client.upload_load_test_script(101, path).await.expect_err("it is gone");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Read, 1), "{error}");
    assert!(error.to_string().contains("opening the script"), "{error}");
}

#[tokio::test]
async fn nothing_is_sent_before_it_is_awaited() {
    let (fake, client) = fake().await;
    drop(client.create_load_test(PROJECT, "x").script(ScriptSource::bytes(JS)).into_future());
    drop(client.upload_load_test_script(101, tar()).into_future());
    drop(client.get_load_test_script(101).into_future());
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(fake.requests().is_empty());
}
