//! What `--check` finds: files that are stale, and files that were edited by hand.

use std::path::Path;

use super::relative;
use crate::write::{Output, Provenance, sha256};

/// Returns a line for each file that is not up to date, with the command that fixes it.
pub(super) fn findings(outputs: &[Output], root: &Path, fix: &str) -> Vec<String> {
    let run = |arguments: &str| format!("run `cargo xtask update-spec{arguments}`");
    let openapi = root.join("openapi");
    let known = Provenance::read(&openapi.join("provenance.toml"));
    // Bytes whose digest is not that of the last run.
    let foreign = |name: &str, digest: fn(&Provenance) -> &String| {
        let bytes = std::fs::read(openapi.join(name)).ok();
        known.as_ref().zip(bytes).is_some_and(|(known, bytes)| sha256(&bytes) != *digest(known))
    };
    let vendored = " --from openapi/published.yaml";
    let mut lines = Vec::new();
    let published_by_hand = foreign("published.yaml", |known| &known.sha256.published);
    if published_by_hand {
        lines.push(format!(
            "openapi/published.yaml was edited by hand: restore it and correct the description in \
             openapi/overlay.yaml, or, to keep it as it is, {}",
            run(vendored)
        ));
    }
    if foreign("overlay.yaml", |known| &known.sha256.overlay) {
        lines.push(format!(
            "openapi/overlay.yaml has changed since openapi/lowered.json was made with it: {}",
            run(vendored)
        ));
    }
    for output in outputs.iter().filter(|output| output.is_stale()) {
        let name = relative(&output.path, root);
        let line = match name.as_str() {
            _ if !output.path.exists() => format!("{name} is missing: {}", run(fix)),
            "openapi/published.yaml" if published_by_hand => continue,
            "openapi/lowered.json" if foreign("lowered.json", |known| &known.sha256.lowered) => {
                format!("{name} was edited by hand: to have it made again, {}", run(fix))
            }
            "openapi/provenance.toml" if known.is_none() => {
                format!("{name} cannot be read: {}", run(fix))
            }
            "src/prebuilt.rs" | "tests/golden/surface.txt" => {
                format!("{name} is out of date with the generated client: {}", run(fix))
            }
            _ => format!("{name} is stale: {}", run(fix)),
        };
        lines.push(line);
    }
    lines
}
