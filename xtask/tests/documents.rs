//! README.md and the guides in docs/: their code is that of programs which are compiled and run, and
//! their links lead somewhere, on GitHub, on crates.io and on docs.rs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

const REPOSITORY: &str = "https://github.com/k6-cloud/k6-cloud";
/// The addresses of this version's documentation, once it is published.
const DOCS: &str = "https://docs.rs/";
const CLIENT_DOCS: &str = "https://docs.rs/k6-cloud/latest/k6_cloud/";
/// A comment before code that must be part of a file.
const FROM: &str = "<!-- from ";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &str) -> String {
    let text = std::fs::read_to_string(root().join(file));
    text.unwrap_or_else(|error| panic!("{file}: {error}")).replace("\r\n", "\n")
}

/// The guides: the Markdown files in docs/.
fn guides() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("docs")).expect("docs");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string());
    let mut names: Vec<String> =
        names.map(|name| format!("docs/{}", name.expect("a name"))).collect();
    names.retain(|name| name.ends_with(".md"));
    names.sort();
    names
}

/// What rustdoc shows of k6-cloud.
fn in_rustdoc() -> Vec<String> {
    [vec!["README.md".to_owned()], guides()].concat()
}

fn all_documents() -> Vec<String> {
    let mut all = in_rustdoc();
    let names = ["ARCHITECTURE", "CHANGELOG", "CODE_OF_CONDUCT", "CONTRIBUTING", "SECURITY"];
    all.extend(names.map(|name| format!("{name}.md")));
    for entry in std::fs::read_dir(root().join("crates")).expect("crates") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        all.push(format!("crates/{name}/README.md"));
    }
    all
}

/// A block of code.
#[derive(Debug)]
struct Block {
    language: String,
    code: String,
    /// The file whose code it must be.
    from: Option<String>,
}

/// What a document has.
#[derive(Default)]
struct Document {
    links: Vec<String>,
    anchors: BTreeSet<String>,
    blocks: Vec<Block>,
    /// Addresses by labels.
    definitions: BTreeMap<String, String>,
    undefined: Vec<String>,
}

impl Document {
    fn parse(text: &str) -> Self {
        let mut found = Self::default();
        let mut undefined = Vec::new();
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        let parser = Parser::new_with_broken_link_callback(
            text,
            options,
            Some(|link: pulldown_cmark::BrokenLink<'_>| {
                undefined.push(link.reference.to_string());
                None
            }),
        );
        let definitions = parser.reference_definitions().iter();
        let definitions = definitions.map(|(label, to)| (label.to_owned(), to.dest.to_string()));
        found.definitions = definitions.collect();
        let (mut heading, mut from) = (None, None);
        for event in parser {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    found.links.push(dest_url.to_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    found.anchors.extend(heading.take().map(|text| anchor(&text)));
                }
                Event::Html(text) => {
                    let file = text.trim().strip_prefix(FROM);
                    from = file.and_then(|file| file.strip_suffix(" -->")).map(str::to_owned);
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                    let (language, from) = (language.to_string(), from.take());
                    found.blocks.push(Block { language, code: String::new(), from });
                }
                Event::Text(text) | Event::Code(text) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    } else if let Some(block) = found.blocks.last_mut() {
                        block.code.push_str(&text);
                    }
                }
                Event::End(TagEnd::CodeBlock) => {
                    // What comes later is not code.
                    found.blocks.push(Block {
                        language: String::new(),
                        code: String::new(),
                        from: None,
                    });
                }
                _ => {}
            }
        }
        found.blocks.retain(|block| !block.language.is_empty());
        found.undefined = undefined;
        found
    }
}

/// The anchor of a heading, by the rules of GitHub, crates.io and rustdoc.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn document(file: &str) -> Document {
    Document::parse(&read(file))
}

/// The folder of rustdoc's output, made by `cargo doc --workspace --all-features --no-deps`.
fn rustdoc() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_xtask"));
    let target = program.ancestors().nth(2).expect("the target folder");
    let folder = target.join("doc");
    assert!(
        folder.join("k6_cloud/index.html").exists(),
        "{} has no documentation: run `cargo doc --workspace --all-features --no-deps`",
        folder.display()
    );
    folder
}

/// Says what is wrong with a link of a document; `None` if it leads somewhere.
fn wrong(file: &str, document: &Document, link: &str, rustdoc: &Path) -> Option<String> {
    if let Some(heading) = link.strip_prefix('#') {
        return (!document.anchors.contains(heading)).then(|| "no such heading".to_owned());
    }
    if let Some(path) =
        link.strip_prefix(REPOSITORY).and_then(|rest| rest.strip_prefix("/blob/main/"))
    {
        return missing(&root().join(path));
    }
    if let Some(rest) = link.strip_prefix(DOCS) {
        let (_, page) = rest.split_once("/latest/")?;
        let (path, anchor) = page.split_once('#').unwrap_or((page, ""));
        let Ok(html) = std::fs::read_to_string(rustdoc.join(path)) else {
            return Some("rustdoc has no such page".to_owned());
        };
        let there = anchor.is_empty() || html.contains(&format!("id=\"{anchor}\""));
        return (!there).then(|| "the page has no such anchor".to_owned());
    }
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    if in_rustdoc().iter().any(|shown| shown == file) {
        return Some(format!("docs.rs has no such page: link to {DOCS} or {REPOSITORY}"));
    }
    let path = link.split('#').next().unwrap_or(link);
    missing(&root().join(file).parent().expect("a folder").join(path))
}

fn missing(path: &Path) -> Option<String> {
    (!path.exists()).then(|| format!("{} does not exist", path.display()))
}

#[test]
#[ignore = "needs the output of `cargo doc --workspace --all-features --no-deps`"]
fn links_lead_somewhere() {
    let rustdoc = rustdoc();
    let mut found = Vec::new();
    let mut checked = 0;
    for file in all_documents() {
        let document = document(&file);
        for link in document.links.iter().chain(document.definitions.values()) {
            checked += 1;
            found.extend(
                wrong(&file, &document, link, &rustdoc).map(|why| format!("{file}: {link}: {why}")),
            );
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(checked > 100, "only {checked} links were found");
}

/// On docs.rs the links stay in the version that somebody reads.
#[test]
#[ignore = "needs the output of `cargo doc --workspace --all-features --no-deps`"]
fn documentation_links_to_itself() {
    let rustdoc = rustdoc();
    let mut pages = vec![("README.md".to_owned(), "k6_cloud/index.html".to_owned(), "")];
    for guide in guides() {
        let name = guide.trim_start_matches("docs/").trim_end_matches(".md");
        let page = format!("k6_cloud/guide/{name}/index.html");
        pages.push((guide, page, "../../"));
    }
    for (file, page, up) in pages {
        let html = std::fs::read_to_string(rustdoc.join(&page))
            .unwrap_or_else(|_| panic!("{page} is missing"));
        assert!(
            !html.contains(CLIENT_DOCS),
            "{page} has a link to {CLIENT_DOCS}: add it to src/links.md"
        );
        for address in document(&file).definitions.values() {
            if let Some(item) = address.strip_prefix(CLIENT_DOCS) {
                // A page of the same folder is linked by its name.
                let here = item.replace("guide/", "../");
                let there = [format!("{up}{item}"), here]
                    .iter()
                    .any(|to| html.contains(&format!("href=\"{to}\"")));
                assert!(there, "{page} has no link to {item}: src/links.md has another item");
            }
        }
    }
}

#[test]
fn links_of_the_documentation_are_those_of_the_documents() {
    let links: BTreeSet<String> = document("src/links.md")
        .definitions
        .into_keys()
        .map(|label| label.to_lowercase())
        .collect();
    let mut used = BTreeSet::new();
    for file in in_rustdoc() {
        let document = document(&file);
        assert_eq!(document.undefined, [""; 0], "{file} has links without an address");
        let own = document.definitions.into_iter().filter(|(_, to)| to.starts_with(CLIENT_DOCS));
        used.extend(own.map(|(label, _)| label.to_lowercase()));
    }
    assert_eq!(links, used, "src/links.md and the documents define different links");
}

#[test]
fn front_page_names_all_calls() {
    let lowered: serde_json::Value =
        serde_json::from_str(&read("openapi/lowered.json")).expect("JSON");
    let paths = lowered["paths"].as_object().expect("paths");
    let operations = paths.values().flat_map(|path| path.as_object().expect("a path").values());
    let lasting = operations.filter(|operation| operation["x-replacement"].is_null());
    let names: Vec<&str> =
        lasting.filter_map(|operation| operation["operationId"].as_str()).collect();
    assert!(names.len() > 40, "only {} operations were found", names.len());
    let readme = read("README.md");
    let items: Vec<&str> = readme.lines().filter(|line| line.starts_with("- ")).collect();
    for name in names {
        let link = format!("[`{name}`]");
        assert!(items.iter().any(|item| item.contains(&link)), "the lists have no {name}");
    }
}

/// Fails unless all code that names a file is part of that file, and returns the number of blocks.
fn compare_code(file: &str, document: &Document) -> usize {
    let named =
        document.blocks.iter().filter_map(|block| block.from.as_ref().map(|from| (from, block)));
    named
        .map(|(from, block)| {
            let source = read(from);
            assert!(
                source.contains(&block.code),
                "{file} shows other code than {from}:\n{}",
                block.code
            );
        })
        .count()
}

#[test]
fn code_is_that_of_programs() {
    let count = compare_code("docs/cookbook.md", &document("docs/cookbook.md"));
    assert!(count >= 5, "the cookbook has only {count} programs");
    assert_eq!(compare_code("README.md", &document("README.md")), 1);
}

/// rustdoc compiles the rest.
#[test]
fn code_that_is_not_compiled_is_that_of_a_program() {
    for file in in_rustdoc() {
        for block in document(&file).blocks {
            let ignored = block.language.contains("ignore") || block.language.contains("text");
            assert!(!ignored || block.from.is_some(), "{file}: nothing compiles\n{}", block.code);
            let hidden = block.language.starts_with("rust")
                && block.code.lines().any(|line| line == "#" || line.starts_with("# "));
            assert!(
                !hidden,
                "{file}: only rustdoc hides lines that begin with `# `\n{}",
                block.code
            );
        }
    }
}

#[test]
#[should_panic(expected = "shows other code than examples/quickstart.rs")]
fn code_that_differs_is_found() {
    let text = "<!-- from examples/quickstart.rs -->\n```rust\nfn none() {}\n```\n";
    compare_code("x.md", &Document::parse(text));
}

#[test]
fn wrong_links_are_found() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("k6_cloud")).expect("a folder");
    let page = folder.path().join("k6_cloud/struct.Client.html");
    std::fs::write(page, "<section id=\"method.get\">").expect("a page");
    let document = Document::parse("# A `heading`, or two\n");
    let of = |link: &str| wrong("README.md", &document, link, folder.path());
    for link in [
        "#a-heading-or-two",
        "https://docs.rs/k6-cloud/latest/k6_cloud/struct.Client.html#method.get",
        "https://github.com/k6-cloud/k6-cloud/blob/main/Cargo.toml",
        "https://docs.rs/k6-cloud",
        "https://example.com/",
    ] {
        assert_eq!(of(link), None, "{link}");
    }
    for (link, why) in [
        ("#none", "no such heading"),
        ("https://docs.rs/k6-cloud/latest/k6_cloud/struct.Klient.html", "no such page"),
        (
            "https://docs.rs/k6-cloud/latest/k6_cloud/struct.Client.html#method.put",
            "no such anchor",
        ),
        ("https://github.com/k6-cloud/k6-cloud/blob/main/Cargo.tml", "does not exist"),
        ("docs/cookbook.md", "docs.rs has no such page"),
    ] {
        assert!(of(link).is_some_and(|found| found.contains(why)), "{link}");
    }
}
