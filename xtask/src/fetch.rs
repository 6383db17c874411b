//! The fetch stage: the only one that touches the network, and only for an address.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{Url, header, redirect};

use crate::update_spec::Limits;
use openapi_lowering::problem::Problem;

/// Where the owner publishes the description.
pub(crate) const PUBLISHED: &str = "https://api.k6.io/cloud/v6/openapi";

const DEADLINE: Duration = Duration::from_secs(60);
const CONNECT_DEADLINE: Duration = Duration::from_secs(10);
const MOST_REDIRECTS: usize = 5;
const MOST_HEADER: usize = 200;

/// Where a description comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Address(Url),
    File(PathBuf),
}

impl Source {
    /// Reads the argument of `--from`.
    pub(crate) fn new(from: &str) -> Result<Self, Problem> {
        if from.is_empty() {
            let fix = "give an https address or a file";
            return Err(Problem::new("--from", "the argument is empty", fix));
        }
        let Some((scheme, _)) = from.split_once("://") else {
            return Ok(Self::File(from.into()));
        };
        let reject =
            |what: String| Err(Problem::new(from, what, "give an https address or a file"));
        let url = match Url::parse(from) {
            Ok(url) => url,
            Err(error) => return reject(error.to_string()),
        };
        if !url.username().is_empty() || url.password().is_some() {
            // Neither is repeated, nor written to the provenance.
            let what = "the address holds a user name or password";
            return Err(Problem::new("--from", what, "give an https address or a file"));
        }
        match scheme {
            "https" => Ok(Self::Address(url)),
            "http" if is_loopback(&url) => Ok(Self::Address(url)),
            "http" => reject("plain http is only read from this machine".to_owned()),
            other => reject(format!("the scheme {other:?} is not known")),
        }
    }

    /// How the provenance names it: a path of the machine is nobody else's business.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Address(url) => {
                // A query may hold a secret, and the name is committed.
                let mut url = url.clone();
                url.set_query(None);
                url.set_fragment(None);
                url.to_string()
            }
            Self::File(path) => path
                .file_name()
                .map_or_else(|| "file".to_owned(), |name| name.to_string_lossy().into_owned()),
        }
    }

    /// Reads the description's bytes. An address that has the `known` ones still need not send them.
    pub(crate) fn fetch(&self, limits: &Limits, known: Option<Known>) -> Result<Fetched, Problem> {
        match self {
            Self::File(path) => Ok(Fetched { bytes: read(path, limits)?, ..Fetched::default() }),
            Self::Address(url) => {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .map_err(|error| {
                        Problem::new("fetch", error.to_string(), "free some resources and repeat")
                    })?;
                runtime.block_on(download(url, DEADLINE, limits, known))
            }
        }
    }
}

/// Reads a file, up to the limit.
pub(crate) fn read(path: &Path, limits: &Limits) -> Result<Vec<u8>, Problem> {
    use std::io::Read as _;

    let name = path.display().to_string();
    let failed = |error: std::io::Error| Problem::new(&*name, error.to_string(), "check the path");
    // Opening a FIFO waits for who writes to it, which may be nobody.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(Problem::new(&*name, "this is not a regular file", "save it to a file first"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| {
            file.take((limits.bytes() as u64).saturating_add(1)).read_to_end(&mut bytes)
        })
        .map_err(failed)?;
    if bytes.len() > limits.bytes() {
        return Err(limits.too_large(&name));
    }
    Ok(bytes)
}

/// A description that was fetched.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Fetched {
    pub(crate) bytes: Vec<u8>,
    /// The server's name for these bytes.
    pub(crate) etag: Option<String>,
    /// Whether the server said that nothing has changed.
    pub(crate) is_unchanged: bool,
}

/// The bytes that an address sent the last time, and its name for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) bytes: Vec<u8>,
    pub(crate) etag: String,
}

/// Reads a compressed body, up to the limit.
fn decompress(bytes: &[u8], limits: &Limits) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;

    let mut read = Vec::new();
    let limit = (limits.bytes() as u64).saturating_add(1);
    flate2::read::MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut read)?;
    Ok(read)
}

/// Returns a header that is short and visible ASCII.
fn short_header(response: &reqwest::Response, name: header::HeaderName) -> Option<String> {
    let value = response.headers().get(name)?.to_str().ok()?;
    (value.len() <= MOST_HEADER).then(|| value.to_owned())
}

/// Whether a body is a page for people: a proxy's, or one to sign in.
fn is_page(content_type: Option<&str>, bytes: &[u8]) -> bool {
    let is_html = content_type.is_some_and(|name| name.to_ascii_lowercase().contains("html"));
    is_html || bytes.trim_ascii_start().starts_with(b"<")
}

async fn download(
    url: &Url,
    deadline: Duration,
    limits: &Limits,
    known: Option<Known>,
) -> Result<Fetched, Problem> {
    let name = Source::Address(url.clone()).name();
    let fix = "check the address and the network, or give a file with --from";
    let failed = |error: reqwest::Error| {
        let error = error.without_url();
        let mut what = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(inner) = source {
            what = format!("{what}: {inner}");
            source = inner.source();
        }
        Problem::new(&*name, what, fix)
    };
    let own = (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port());
    let policy = redirect::Policy::custom(move |attempt| {
        let next = attempt.url();
        if (next.scheme().to_owned(), next.host_str().map(str::to_owned), next.port()) != own {
            attempt.error("it redirects to another host, which is not followed")
        } else if attempt.previous().len() > MOST_REDIRECTS {
            attempt.error("it redirects too often")
        } else {
            attempt.follow()
        }
    });
    // It fails if there is a provider already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut client = reqwest::Client::builder()
        .redirect(policy)
        .connect_timeout(CONNECT_DEADLINE)
        .timeout(deadline)
        .user_agent("k6-cloud xtask");
    if is_loopback(url) {
        client = client.no_proxy();
    }
    let client = client.build().map_err(failed)?;
    let mut request = client.get(url.clone()).header(header::ACCEPT_ENCODING, "gzip");
    if let Some(known) = &known {
        request = request.header(header::IF_NONE_MATCH, &known.etag);
    }
    let mut response = request.send().await.map_err(failed)?;
    if let Some(Known { bytes, etag }) = known
        && response.status() == reqwest::StatusCode::NOT_MODIFIED
    {
        return Ok(Fetched { bytes, etag: Some(etag), is_unchanged: true });
    }
    if response.status() != reqwest::StatusCode::OK {
        let what = format!("the server responded with {}", response.status());
        return Err(Problem::new(&*name, what, fix));
    }
    let content_type = short_header(&response, header::CONTENT_TYPE);
    let encoding = short_header(&response, header::CONTENT_ENCODING).unwrap_or_default();
    let etag = short_header(&response, header::ETAG);
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if bytes.len() + chunk.len() > limits.bytes() {
            return Err(limits.too_large(&name));
        }
        bytes.extend_from_slice(&chunk);
    }
    match encoding.to_ascii_lowercase().as_str() {
        "" | "identity" => {}
        "gzip" | "x-gzip" => {
            bytes = decompress(&bytes, limits).map_err(|error| {
                Problem::new(&*name, format!("its gzip is broken: {error}"), fix)
            })?;
            if bytes.len() > limits.bytes() {
                return Err(limits.too_large(&name));
            }
        }
        _ => {
            let what = "the server responded in an encoding that was not asked for";
            return Err(Problem::new(&*name, what, fix));
        }
    }
    if is_page(content_type.as_deref(), &bytes) {
        let what = "the server responded with HTML, which is not a description: a proxy may ask to sign in";
        return Err(Problem::new(&*name, what, fix));
    }
    Ok(Fetched { bytes, etag, is_unchanged: false })
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::time::{Duration, Instant};

    use super::{Limits, Source, download};

    #[test]
    fn addresses_other_than_https_are_refused() {
        for from in ["http://api.k6.io/x", "ftp://api.k6.io/x", "http://localhost.example.org/"] {
            let message = Source::new(from).expect_err(from).to_string();
            assert!(message.contains("give an https address or a file"), "{message}");
        }
        assert!(Source::new("https://api.k6.io/x").is_ok());
        assert!(Source::new("http://127.0.0.1:8080/x").is_ok());
    }

    #[test]
    fn password_is_refused_and_not_repeated() {
        let message = Source::new("https://u:canary@k6.io").expect_err("rejected").to_string();
        assert!(!message.contains("canary"), "{message}");
    }

    #[test]
    fn body_that_drips_ends_with_the_deadline() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("binds");
        let address = listener.local_addr().expect("an address");
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("accepts");
            // Waits for the request, so that the response comes after it.
            stream.read_exact(&mut [0; 16]).expect("reads");
            let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n";
            let mut sent = stream.write_all(head.as_bytes());
            while sent.is_ok() {
                std::thread::sleep(Duration::from_millis(10));
                sent = stream.write_all(b"a");
            }
        });
        let url = format!("http://{address}/").parse().expect("an address");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let started = Instant::now();
        let fetched = runtime.expect("a runtime").block_on(download(
            &url,
            Duration::from_millis(200),
            &Limits::default(),
            None,
        ));
        let message = fetched.expect_err("it never ends").to_string();
        assert!(message.contains("timed out"), "{message}");
        assert!(started.elapsed() < Duration::from_secs(20), "the deadline does not hold");
    }

    #[test]
    fn file_is_named_without_its_folder() {
        let source = Source::new("/home/someone/spec.yaml").expect("a file");
        assert_eq!(source.name(), "spec.yaml");
    }
}
