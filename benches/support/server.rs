//! The server, in its own process, so that it shares neither heap nor scheduler with the client.
//!
//! A response costs it little: every row is a copy of one run with another id. It has one thread.
//! With a thread for each connection, the operating system could favour one of the clients.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::Ipv4Addr;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use k6_cloud_fake::{FakeCloud, RunSeed};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The first argument of the server's process.
const ROLE: &str = "serve";
/// The first id. All ids after it have the same number of digits.
pub(crate) const FIRST_ID: usize = 1_000_000_000;

/// A server that runs until this is dropped.
pub(crate) struct Server {
    process: Child,
    /// The server exits when this pipe is closed, however this process ends.
    _alive: Option<ChildStdin>,
    pub(crate) base_url: String,
}

impl Server {
    /// Starts a server with `rows` runs that waits for `latency` before each response.
    pub(crate) fn start(rows: usize, latency: Duration) -> Self {
        let own = std::env::current_exe().expect("the path of this program");
        let mut process = Command::new(own)
            .args([ROLE, &rows.to_string(), &latency.as_millis().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a second process");
        let mut port = String::new();
        let output = process.stdout.take().expect("its output is piped");
        BufReader::new(output).read_line(&mut port).expect("the server's port");
        let _alive = process.stdin.take();
        Self { process, _alive, base_url: format!("http://127.0.0.1:{}", port.trim()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves until the process ends, if the process was started as the server.
pub(crate) fn serve_if_asked() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [role, rows, latency] = &arguments[..] else { return };
    if role != ROLE {
        return;
    }
    let rows = rows.parse().expect("a number of runs");
    let latency = Duration::from_millis(latency.parse().expect("milliseconds"));
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    super::runtime().block_on(async {
        let template = Template::new().await;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let rows = Arc::new(Rows { template, rows, port });
        println!("{port}");
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            let rows = Arc::clone(&rows);
            // A client may disconnect at any time.
            tokio::spawn(async move { rows.respond(stream, latency).await.unwrap_or_default() });
        }
    });
}

/// A run as JSON, and the location of its id.
struct Template {
    json: Vec<u8>,
    id: usize,
}

impl Template {
    async fn new() -> Self {
        let id = FIRST_ID as i64;
        let fake = FakeCloud::builder().runs(0).start().await.expect("a fake");
        fake.add_run(RunSeed::passed().id(id).note("a note as people write them"));
        let json = fake.run_json(id).expect("the run that was put in").to_string();
        let key = "\"id\":";
        let at = json.find(&format!("{key}{id}")).expect("a run has its id") + key.len();
        Self { json: json.into_bytes(), id: at }
    }

    /// Appends the run with the id `id`.
    fn write(&self, response: &mut Vec<u8>, id: usize) {
        let start = response.len() + self.id;
        response.extend_from_slice(&self.json);
        let mut rest = id;
        for digit in response[start..start + 10].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
    }
}

struct Rows {
    template: Template,
    rows: usize,
    port: u16,
}

impl Rows {
    async fn respond(&self, mut stream: TcpStream, latency: Duration) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut request = vec![0; 16 * 1024];
        let (mut response, mut body) = (Vec::new(), Vec::new());
        let mut length = 0;
        loop {
            // The clients wait for each response before their next request, so that one read gets
            // one request.
            match stream.read(&mut request[length..]).await? {
                0 => return Ok(()),
                read => length += read,
            }
            if !request[..length].ends_with(b"\r\n\r\n") {
                continue;
            }
            let target = std::str::from_utf8(&request[..length]).unwrap_or_default();
            let target = target.split(' ').nth(1).unwrap_or_default();
            body.clear();
            self.write_body(target, &mut body);
            length = 0;
            if !latency.is_zero() {
                tokio::time::sleep(latency).await;
            }
            response.clear();
            write!(
                response,
                "HTTP/1.1 200 OK\r\n\
                 content-type: application/json\r\n\
                 content-length: {}\r\n\
                 date: Tue, 30 Jun 2026 12:00:00 GMT\r\n\
                 vary: Accept, Origin\r\n\
                 x-request-id: 0f8fad5bd9cb469fa16570867728950e\r\n\r\n",
                body.len()
            )?;
            // Written at once, so that a short response is one TCP segment.
            response.extend_from_slice(&body);
            stream.write_all(&response).await?;
        }
    }

    fn write_body(&self, target: &str, body: &mut Vec<u8>) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if let Some(id) = path.strip_prefix("/cloud/v6/test_runs/") {
            return self.template.write(body, id.parse().unwrap_or(FIRST_ID));
        }
        let (mut skip, mut top) = (0, 1000);
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let value = value.parse();
            match name {
                "$skip" | "%24skip" => skip = value.unwrap_or(skip),
                "$top" | "%24top" => top = value.unwrap_or(top),
                _ => {}
            }
        }
        let end = (skip + top).min(self.rows);
        body.extend_from_slice(b"{\"value\":[");
        for row in skip..end {
            if row > skip {
                body.push(b',');
            }
            self.template.write(body, FIRST_ID + row);
        }
        body.extend_from_slice(format!("],\"@count\":{}", self.rows).as_bytes());
        if end < self.rows {
            let Self { port, .. } = self;
            let link = format!(
                ",\"@nextLink\":\"http://127.0.0.1:{port}{path}?%24count=true&%24skip={end}&%24top={top}\""
            );
            body.extend_from_slice(link.as_bytes());
        }
        body.push(b'}');
    }
}
