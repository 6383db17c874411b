//! The stages between reading a description and writing what is made of it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::generate::{generated, surface, surface_and_code};
use super::limits::with_option;
use super::progress::Progress;
use super::{Input, Limits, base, obstacles};
use crate::client;
use crate::ids;
use crate::surface::{Surface, handwritten};
use crate::write::canonical;
use openapi_lowering::lower::{Lowered, lower};
use openapi_lowering::overlay::{self, Applied};
use openapi_lowering::preflight::{self, Summary};
use openapi_lowering::problem::{Place, Problem, Problems};

/// The new description after all stages.
pub(super) struct New {
    /// The overlaid document.
    pub(super) document: Value,
    pub(super) applied: Applied,
    /// The operations that the overlay does not name, each with its location.
    pub(super) unnamed: Vec<String>,
    pub(super) ready: Ready,
    pub(super) surface: Surface,
    /// `prebuilt.rs`.
    pub(super) code: String,
}

/// What the client is generated from.
pub(super) struct Ready {
    pub(super) lowered: Lowered,
    pub(super) summary: Summary,
    /// `lowered.json`.
    pub(super) client: Vec<u8>,
    /// The lowered name of each published component.
    pub(super) names: BTreeMap<String, String>,
}

pub(super) use super::compared::OldSide;

/// Takes the new description through the stages, and a different base beside it.
pub(super) fn run_stages(
    input: &Input,
    progress: &mut Progress<'_>,
) -> Result<(New, Option<OldSide>), Problems> {
    let other = input.different_base();
    let (lowered, old) = both(
        || lowered(input, progress),
        || other.map(|base| as_far_as_it_goes(base, &input.limits)),
    )?;
    let (document, applied, unnamed, ready) = lowered?;
    let (operations, schemas) = (ready.summary.operations, ready.summary.schemas);
    progress.stage("preflight", &format!("{operations} operations, {schemas} schemas"));

    let old_client = old.as_ref().and_then(|(_, ready)| ready.as_ref().ok());
    // Of equal bytes the surface is equal.
    let to_generate = old_client.filter(|old| old.client != ready.client);
    let (new, old_surface) = both(
        || generated(&ready.lowered, surface_and_code),
        || to_generate.map(|old| generated(&old.lowered, surface)),
    )?;
    let (mut surface, code) = new?;
    // Written by hand for both sides alike.
    let handwritten = handwritten::read(&input.root)?;
    let old_surface = old_surface.map(|surface| {
        let mut surface = surface?;
        surface.extend(handwritten.clone());
        Ok::<_, Problems>(surface)
    });
    surface.extend(handwritten);
    let count = surface.listing().lines().count() - 1;
    progress.stage("generate", &format!("{count} public items"));
    let old = old.map(|(document, ready)| {
        (document, Some(ready), old_surface.map(|surface| surface.map_err(first)))
    });
    Ok((New { document, applied, unnamed, ready, surface, code }, old))
}

/// The problem of a base: one is enough to tell why it is compared only in part.
fn first(problems: Problems) -> Problem {
    problems.first().clone()
}

type LoweredStages = (Value, Applied, Vec<String>, Ready);

fn lowered(input: &Input, progress: &mut Progress<'_>) -> Result<LoweredStages, Problems> {
    let mut document = input.limits.parse(&input.published, &input.source.name())?;
    progress.stage("parse", &versions(&document));
    let published_ids = operation_ids(&document);
    let applied = overlay::apply(&input.overlay, &input.overlay_file, &mut document)?;
    let unmatched = applied.unmatched.len();
    progress.stage("overlay", &format!("{} actions, {unmatched} match nothing", applied.actions));
    let ready = ready(&document, &input.limits)
        .map_err(|problems| obstacles::all(&document, problems, &input.limits))?;
    progress.stage("lower", &format!("{} lossy steps", ready.lowered.notes.len()));
    let unnamed = unnamed(&published_ids, &operation_ids(&document));
    Ok((document, applied, unnamed, ready))
}

/// Lowers an overlaid description and checks what would make the generator fail.
pub(super) fn ready(document: &Value, limits: &Limits) -> Result<Ready, Problems> {
    let mut options = client::options(document)?;
    limits.apply(&mut options);
    let typed = ids::typed(document)?;
    let mut lowered = lower(&typed, &options)?;
    ids::mark_items(&typed, &mut lowered.document);
    lowered.notes.retain(client::is_loss);
    let checked = preflight::check(&lowered, &options);
    let mut summary = checked.map_err(|problems| problems.map(with_option))?;
    // As the owner counts them: the lowering makes components of types written in place.
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    summary.schemas = schemas.map_or(0, serde_json::Map::len);
    let client = canonical(&lowered.document);
    let names = lowered.names.clone();
    Ok(Ready { client, lowered, summary, names })
}

/// Takes a description that is only compared with through the stages, as far as it goes.
fn as_far_as_it_goes(
    base: &base::Files,
    limits: &Limits,
) -> (Option<Value>, Result<Ready, Problem>) {
    let file = Path::new("overlay.yaml");
    let parsed = limits.parse(&base.published, &base.name).map_err(Problems::from);
    let overlaid = parsed.and_then(|mut document| {
        overlay::apply(&base.overlay, file, &mut document)?;
        Ok(document)
    });
    match overlaid {
        Ok(document) => {
            let ready = ready(&document, limits).map_err(first);
            (Some(document), ready)
        }
        Err(problems) => (None, Err(first(problems))),
    }
}

fn versions(document: &Value) -> String {
    let openapi = document.get("openapi").and_then(Value::as_str).unwrap_or("none");
    format!("OpenAPI {openapi}, version {}", base::version(document))
}

/// The operationIds by the location of their operation.
fn operation_ids(document: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let Some(paths) = document.get("paths").and_then(Value::as_object) else {
        return found;
    };
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                let place = Place::root().at("paths").at(path).at(method);
                found.insert(place.to_string(), id.to_owned());
            }
        }
    }
    found
}

fn unnamed(
    published: &BTreeMap<String, String>,
    overlaid: &BTreeMap<String, String>,
) -> Vec<String> {
    let kept = published.iter().filter(|(place, id)| overlaid.get(*place) == Some(*id));
    kept.map(|(place, id)| format!("{id} at {place}")).collect()
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
