//! Lists the books of a server that is described with OpenAPI 3.1.

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

/// The client that `build.rs` generated.
#[allow(
    missing_docs,
    unreachable_pub,
    unused_imports,
    clippy::all,
    clippy::unwrap_used,
    reason = "generated code"
)]
mod library {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

/// What the server responds: one book is borrowed, and has no subtitle.
const BOOKS: &str = r#"{
    "books": [
        {"id": 1, "kind": "book", "title": "Middlemarch", "subtitle": null, "pages": 880,
         "borrowed_by": {"name": "Dorothea"}},
        {"id": 2, "kind": "book", "title": "Kubla Khan", "genre": "poetry", "borrowed_by": null}
    ],
    "next": null
}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let address = serve_once()?;
    let client = library::Client::new(&address);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let page = runtime.block_on(client.list_books(None, None))?.into_inner();
    for book in page.books {
        let reader = book.borrowed_by.map_or("nobody".to_owned(), |reader| reader.name);
        println!("{}, borrowed by {reader}", book.title.as_str());
    }
    Ok(())
}

/// Serves one response on a free port, and returns the address.
fn serve_once() -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || -> std::io::Result<()> {
        let (mut stream, _) = listener.accept()?;
        let _ = stream.read(&mut [0; 4096])?;
        let length = BOOKS.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{BOOKS}"
        )
    });
    Ok(address)
}
