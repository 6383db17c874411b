//! The real k6 command-line tool beside the gate, the client and the fake.
//!
//! The tests need the variable `K6_TOOL`, with the path of the tool. `.ci/run` sets it to version 1.1.0, which
//! PyPI has. That version asks the cloud by version 1 of its API, which the fake does not have.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use k6_cloud::{Client, TestRunId};
use k6_cloud_fake::{FakeCloudBuilder, RunSeed};
use tempfile::TempDir;

use crate::support::{Ended, Gate, bare};

fn tool() -> Option<PathBuf> {
    std::env::var_os("K6_TOOL").map(PathBuf::from)
}

fn k6(tool: &PathBuf, gate: &Gate, line: &str) -> Command {
    let mut command = Command::new(tool);
    command.env_clear().env("HOME", gate.path("home")).current_dir(gate.path("."));
    command
        .env("K6_CLOUD_HOST", gate.fake.base_url())
        .env("K6_CLOUD_HOST_V6", gate.fake.base_url());
    command.args(line.split_whitespace());
    command
}

/// A script with a local module, in a folder of its own.
fn write_script(gate: &Gate) {
    std::fs::create_dir_all(gate.path("lib")).expect("a folder");
    gate.write("lib/shop.js", "export const shop = () => 'Shop';\n");
    gate.write(
        "checkout.js",
        "import { shop } from './lib/shop.js';\n\
         export const options = { vus: 2, duration: '30s', thresholds: { http_req_duration: ['p(95)<500'] } };\n\
         export default function () { shop(); }\n",
    );
}

#[test]
fn archive_of_the_tool_is_uploaded_and_read_back() {
    let Some(tool) = tool() else { return };
    let gate = Gate::new();
    write_script(&gate);
    let made: Ended =
        k6(&tool, &gate, "archive -O checkout.tar checkout.js").output().expect("k6").into();
    assert_eq!(made.code, 0, "{made:?}");
    let ended = gate.run(
        "run --create --project Shop --name Checkout checkout.tar --max-vuh 1 --json report.json",
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    // The options of the tool's metadata are what the estimate was asked for.
    let requests = gate.fake.requests();
    let validated =
        requests.iter().find(|request| request.operation.as_deref() == Some("validate_options"));
    let options = validated.and_then(|request| request.json()).expect("a request");
    assert_eq!(
        (&options["options"]["vus"], &options["options"]["duration"]),
        (&2.into(), &"30s".into())
    );
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let read = runtime.block_on(async {
        let client = gate.fake.client().build().expect("a client");
        let found =
            client.list_load_tests().name("Checkout").collect_all(2).await.expect("load tests");
        client.get_load_test_script(found[0].id).send().await.expect("a script")
    });
    assert_eq!(read.as_bytes(), std::fs::read(gate.path("checkout.tar")).expect("the archive"));
    // The tool takes its own archive back from the service.
    std::fs::write(gate.path("back.tar"), read.as_bytes()).expect("written");
    let inspected: Ended = k6(&tool, &gate, "inspect back.tar").output().expect("k6").into();
    assert_eq!(inspected.code, 0, "{inspected:?}");
    let inspected: serde_json::Value = serde_json::from_str(&inspected.stdout).expect("JSON");
    assert_eq!(inspected["vus"], 2);
}

#[test]
fn commands_of_the_tool_need_version_1_of_the_api() {
    let Some(tool) = tool() else { return };
    let gate = Gate::new();
    write_script(&gate);
    for (line, path) in [
        ("cloud login --token 0f9c36d2e1", "/v1/validate-token"),
        ("cloud upload checkout.js", "/v1/validate-options"),
        ("cloud run checkout.js", "/v1/validate-options"),
    ] {
        gate.fake.clear_requests();
        let mut command = k6(&tool, &gate, line);
        command.env("K6_CLOUD_TOKEN", gate.fake.token());
        let ended: Ended = command.output().expect("k6").into();
        assert_eq!(ended.code, 255, "{line}: {ended:?}");
        let asked: Vec<_> =
            gate.fake.requests().iter().map(|request| request.path.clone()).collect();
        assert!(asked.iter().all(|asked| asked == path) && !asked.is_empty(), "{line}: {asked:?}");
    }
}

/// Reads a request to its end, and returns its first line.
fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink()).ok()?;
    Some(first)
}

/// Starts a run and reports its progress, as version 1 of the API does. The run ends when the test says so.
fn version_1(run: TestRunId, ended: Arc<AtomicBool>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let Some(first) = read_request(&mut stream) else { continue };
            let body = if first.contains("/archive-upload") {
                format!(r#"{{"reference_id":"{run}"}}"#)
            } else if first.contains("/test-progress/") {
                let status = if ended.load(Ordering::Relaxed) { 3 } else { 2 };
                format!(
                    r#"{{"run_status":{status},"run_status_text":"","result_status":0,"progress":0.5}}"#
                )
            } else {
                "{}".to_owned()
            };
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    address
}

#[test]
fn tool_shows_the_logs_of_the_fake() {
    let Some(tool) = tool() else { return };
    let gate = Gate::with(FakeCloudBuilder::lenient);
    write_script(&gate);
    let run = gate.fake.add_run(RunSeed::running());
    let ended = Arc::new(AtomicBool::new(false));
    let mut command = k6(&tool, &gate, "cloud run checkout.js");
    command.env("K6_CLOUD_TOKEN", gate.fake.token());
    command.env("K6_CLOUD_HOST", version_1(run, Arc::clone(&ended)));
    command.env("K6_CLOUD_LOGS_TAIL_URL", gate.fake.logs_url());
    let tool = std::thread::spawn(move || Ended::from(command.output().expect("k6")));
    let until = Instant::now() + Duration::from_secs(30);
    while gate.count("tail_logs") == 0 && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
    }
    // The tool asks for lines from the present on, by a clock of its own.
    gate.fake.clock().advance(Duration::from_secs(30 * 365 * 86_400));
    assert!(gate.fake.log(run, "error", "TypeError: no such shop"));
    std::thread::sleep(Duration::from_millis(500));
    ended.store(true, Ordering::Relaxed);
    let ended = tool.join().expect("k6 ends");
    let all = format!("{}{}", ended.stdout, ended.stderr);
    assert!(all.contains("TypeError: no such shop") && all.contains("level=error"), "{ended:?}");
    let requests = gate.fake.requests();
    let tail = requests.iter().find(|request| request.operation.as_deref() == Some("tail_logs"));
    let query = tail.and_then(|tail| tail.query.clone()).expect("a query");
    assert!(query.starts_with(&format!("query={{test_run_id=\"{run}\"}}&start=")), "{query}");
}

/// Accepts any token, as version 1 of the API does.
fn accepting() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let requests = Arc::clone(&seen);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = vec![0; 4096];
            let read = stream.read(&mut request).unwrap_or_default();
            requests
                .lock()
                .expect("unpoisoned")
                .push(String::from_utf8_lossy(&request[..read]).into_owned());
            let body = r#"{"is_valid":true,"message":""}"#;
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    (address, seen)
}

#[test]
fn file_that_the_tool_writes_is_read() {
    let Some(tool) = tool() else { return };
    let gate = Gate::new();
    let (address, requests) = accepting();
    let mut command = k6(&tool, &gate, "cloud login --token");
    command.arg(gate.fake.token()).env("K6_CLOUD_HOST", address);
    let ended: Ended = command.output().expect("k6").into();
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(requests.lock().expect("unpoisoned")[0].starts_with("POST /v1/validate-token "));
    // This version of the tool knows nothing of stacks, so that the id is in the environment.
    let file = gate.path("home/.config/k6/config.json");
    let client = Client::builder()
        .base_url(gate.fake.base_url())
        .stack_id(gate.fake.stack_id())
        .config_file_at(&file)
        .build()
        .expect("a client");
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async { client.list_projects().send().await }).expect("the token is right");
    // And by the gate.
    let folder = TempDir::new().expect("a folder");
    let mut command = bare(&folder);
    command.env("K6_CLOUD_HOST_V6", gate.fake.base_url()).env("K6_CONFIG", &file);
    command.env("K6_CLOUD_STACK_ID", gate.fake.stack_id().to_string());
    let ended: Ended = command.args(["doctor", "--json"]).output().expect("it runs").into();
    let found: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let token = found["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .find(|check| check["name"] == "token and stack");
    assert_eq!(token.expect("a check")["state"], "right", "{ended:?}");
}
