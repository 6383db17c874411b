//! The stages between reading a description and writing what is made of it.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Once;

use serde_json::Value;

use crate::client;
use crate::surface::{self, Surface};
use crate::write::canonical;
use k6_cloud_codegen::syntax;
use openapi_lowering::lower::{Lowered, component_names, lower};
use openapi_lowering::overlay::{self, Applied};
use openapi_lowering::parse::parse;
use openapi_lowering::preflight::{self, Summary};
use openapi_lowering::problem::Problem;

/// A description with the overlay applied.
pub(super) struct Overlaid {
    pub(super) document: Value,
    pub(super) applied: Applied,
}

/// Applies the overlay in `bytes`, read from `file`, to a parsed description.
pub(super) fn overlaid(
    mut document: Value,
    bytes: &[u8],
    file: &Path,
) -> Result<Overlaid, Problem> {
    let applied = overlay::apply(bytes, file, &mut document)?;
    Ok(Overlaid { document, applied })
}

/// What is generated from.
pub(super) struct Ready {
    pub(super) lowered: Lowered,
    pub(super) summary: Summary,
    /// `lowered.json`.
    pub(super) client: Vec<u8>,
    /// The lowered name of each published component.
    pub(super) names: BTreeMap<String, String>,
}

/// Lowers an overlaid description and checks what the generator can only assert.
pub(super) fn ready(document: &Value) -> Result<Ready, Problem> {
    let options = client::options(document)?;
    let lowered = lower(document, &options)?;
    let mut summary = preflight::check(&lowered.document, &options.reserved)?;
    // As the owner counts them: the lowering makes components of types written in place.
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    summary.schemas = schemas.map_or(0, serde_json::Map::len);
    let client = canonical(&lowered.document);
    Ok(Ready { client, lowered, summary, names: component_names(document, &options)? })
}

/// All stages for a description that is only compared with: as far as they go.
pub(super) fn as_far_as_it_goes(
    name: &str,
    published: &[u8],
    overlay: &[u8],
) -> (Option<Value>, Result<Ready, Problem>) {
    let file = Path::new("overlay.yaml");
    let overlaid = parse(published, name).and_then(|parsed| overlaid(parsed, overlay, file));
    match overlaid {
        Ok(Overlaid { document, .. }) => {
            let ready = ready(&document);
            (Some(document), ready)
        }
        Err(problem) => (None, Err(problem)),
    }
}

thread_local! {
    /// Whether this thread is in the generator, whose panics are caught and said in one line.
    static GENERATING: Cell<bool> = const { Cell::new(false) };
}

/// Generates the client as build.rs will, and reads its surface; a panic of the generator is an
/// error like any other.
pub(super) fn generated(client: &[u8]) -> Result<Surface, Problem> {
    // The hook is the whole program's, and threads may generate at the same time.
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !GENERATING.get() {
                usual(panic);
            }
        }));
    });

    let mend = "correct the description with an overlay action, or add a rule to xtask/src/lower";
    let text = String::from_utf8_lossy(client);
    GENERATING.set(true);
    let result = catch_unwind(AssertUnwindSafe(|| syntax(&text)));
    GENERATING.set(false);
    match result {
        Ok(Ok(file)) => surface::read(&file),
        Ok(Err(error)) => Err(Problem::new("generate", error, mend)),
        Err(panic) => {
            let message = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("it panicked");
            Err(Problem::new("generate", format!("the generator gave up: {message}"), mend))
        }
    }
}

/// Runs `beside` in a thread of its own while `here` runs in this one.
pub(super) fn both<A, B: Send>(
    here: impl FnOnce() -> A,
    beside: impl FnOnce() -> B + Send,
) -> Result<(A, B), Problem> {
    let failed = |what: &str| Problem::new("threads", what, "free some memory and repeat");
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(crate::STACK_BYTES)
            .spawn_scoped(scope, beside)
            .map_err(|error| failed(&error.to_string()))?;
        let here = here();
        let beside = thread.join().map_err(|_| failed("a stage panicked on the base"))?;
        Ok((here, beside))
    })
}
