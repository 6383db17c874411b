//! Random small descriptions: what the preflight lets through compiles, and its types read and write
//! what the schemas allow.
//!
//! `XTASK_DOCUMENTS` is the number of descriptions, `XTASK_SEED` the seed of the first one.

mod breaking;
mod draw;
mod instance;
mod program;
mod request;
mod usage;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use boon::{Compiler, Draft, Schemas};
use fastrand::Rng;
use heck::ToUpperCamelCase as _;
use openapi_lowering::lower::{Lowered, RuleId};
use openapi_lowering::preflight;
use quote::ToTokens as _;
use serde_json::Value;
use syn::Item;

use crate::client;
use draw::Draw;
use instance::Instances;
use program::Module;
use request::Requests;

/// The address of a description for the validator.
const ADDRESS: &str = "https://corpus.invalid/d";

/// How many clients are compiled at once.
const BATCH: usize = 100;

/// The rules after which a type may write less than it has read.
const READS_MORE: &[RuleId] = &[
    RuleId::EnumAlone,
    RuleId::ExtraKeys,
    RuleId::FirstArm,
    RuleId::JoinArms,
    RuleId::MixedEnum,
    RuleId::NumberOrString,
    RuleId::OpenEnum,
    RuleId::TypeList,
];

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// What became of the descriptions.
#[derive(Default)]
struct Tally {
    accepted: usize,
    instances: usize,
    /// The number of requests and responses.
    calls: usize,
    rejected: usize,
}

/// Generates the client of a description that the stages before let through.
fn generated(document: &Value) -> Result<(Lowered, syn::File, String), String> {
    let options = client::options(document).map_err(|problem| problem.to_string())?;
    let lowered = client::lower(document).map_err(|problems| problems.first().what().to_owned())?;
    preflight::check(&lowered, &options).map_err(|problems| problems.first().what().to_owned())?;
    let text = lowered.document.to_string();
    let code = catch_unwind(AssertUnwindSafe(|| {
        let file = k6_cloud_codegen::syntax(&text)?;
        crate::surface::read(&file).map_err(|problem| problem.what().to_owned())?;
        let code = k6_cloud_codegen::print(&file);
        Ok((file, code))
    }));
    let (file, code) = code.unwrap_or_else(|_| Err("the generator panicked".to_owned()))?;
    Ok((lowered, file, code))
}

/// The components that a part of a document refers to, also through others.
fn reached<'v>(part: &'v Value, document: &'v Value, into: &mut BTreeSet<&'v str>) {
    match part {
        Value::Object(members) => {
            let target = members.get("$ref").and_then(Value::as_str);
            if let Some(name) = target.and_then(|name| name.strip_prefix("#/components/schemas/"))
                && into.insert(name)
            {
                reached(&document["components"]["schemas"][name], document, into);
            }
            members.values().for_each(|value| reached(value, document, into));
        }
        Value::Array(items) => items.iter().for_each(|item| reached(item, document, into)),
        _ => {}
    }
}

/// Whether the description has a result whose lists and maps are required, as evidence of a success.
fn needs_lists(file: &syn::File) -> bool {
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    let structs = modules.flat_map(|(_, items)| items).filter_map(|item| match item {
        Item::Struct(found) => Some(&found.fields),
        _ => None,
    });
    structs.flatten().any(|field| {
        let of_serde = field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde"));
        let read = of_serde.map(|attribute| attribute.meta.to_token_stream().to_string());
        let read = read.collect::<String>().replace(' ', "");
        let has_default = ["(default", ",default"].iter().any(|text| read.contains(text));
        read.contains("null_as_default") && !has_default
    })
}

/// The checks of a client: each type reads instances of its schema, and one that is only sent writes
/// the same again.
fn checks(
    seed: u64,
    document: &Value,
    (lowered, file): (&Lowered, &syn::File),
    tally: &mut Tally,
) -> (Vec<String>, String) {
    let (mut sent, mut read) = (BTreeSet::new(), BTreeSet::new());
    for item in lowered.document["paths"].as_object().into_iter().flatten().map(|(_, item)| item) {
        for operation in item.as_object().into_iter().flatten().map(|(_, operation)| operation) {
            reached(&operation["requestBody"], &lowered.document, &mut sent);
            reached(&operation["responses"], &lowered.document, &mut read);
        }
    }
    let lossy = lowered.notes.iter().any(|note| READS_MORE.contains(&note.rule));
    let random = Rng::with_seed(seed);
    let decimals = lowered.notes.iter().any(|note| note.rule == RuleId::NumberOrString);
    let whole = needs_lists(file);
    let mut instances = Instances { random, document, undeclared: false, decimals, whole };
    let mut compiler = Compiler::new();
    compiler.set_default_draft(Draft::V2020_12);
    compiler.add_resource(ADDRESS, document.clone()).expect("an address");
    let mut schemas = Schemas::new();
    let mut checks = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let lowered_name = lowered.names[name].as_str();
        if !sent.contains(lowered_name) && !read.contains(lowered_name) {
            continue;
        }
        let address = format!("{ADDRESS}#/components/schemas/{name}");
        let Ok(index) = compiler.compile(&address, &mut schemas) else { continue };
        let kind = format!("types::{}", lowered_name.to_upper_camel_case());
        for _ in 0..6 {
            instances.undeclared = false;
            let instance = instances.of(schema, 4);
            // A component may be null; its type has no null, which is for what refers to it.
            if instance.is_null() || schemas.validate(&instance, index).is_err() {
                continue;
            }
            let exact = !lossy && !instances.undeclared && !read.contains(lowered_name);
            let text = instance.to_string();
            checks.push(format!("check::<{kind}>(\"{seed}\", {name:?}, {text:?}, {exact});"));
            tally.instances += 1;
        }
    }
    let lowered = &lowered.document;
    let mut requests =
        Requests { seed, document, lowered, instances, compiler, schemas, read, lossy, count: 0 };
    let module = requests.module(file);
    tally.calls += requests.count;
    (checks, module)
}

#[test]
fn random_descriptions_compile_and_round_trip() {
    let (first, count) = (number("XTASK_SEED", 0), number("XTASK_DOCUMENTS", 100));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut tally = Tally::default();
    let mut wrong = BTreeMap::new();
    let mut modules = BTreeMap::new();
    for seed in first..first + count {
        let document = Draw::new(seed).document();
        match generated(&document) {
            Ok((lowered, file, client)) => {
                tally.accepted += 1;
                let (checks, requests) = checks(seed, &document, (&lowered, &file), &mut tally);
                modules.insert(seed, Module { client, requests, checks });
            }
            Err(what) => {
                println!("seed {seed} is rejected: {what}");
                tally.rejected += 1;
            }
        }
        if modules.len() == BATCH || seed + 1 == first + count {
            let found = program::run(&root, &std::mem::take(&mut modules));
            found.iter().for_each(|(seed, what)| println!("seed {seed} is wrong: {what}"));
            wrong.extend(found);
            let Tally { accepted, rejected, instances, calls } = &tally;
            println!(
                "up to seed {seed}: {accepted} accepted, {rejected} rejected, {instances} instances, \
                 {calls} calls, {} wrong",
                wrong.len()
            );
        }
    }
    let shown = |(seed, what): (&u64, &String)| format!("seed {seed}: {what}");
    let wrong: Vec<_> = wrong.iter().map(shown).collect();
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Without compiling, so that more seeds can be tried in a moment.
#[test]
fn next_to_no_description_is_rejected() {
    let (first, count) = (number("XTASK_SEED", 0), number("XTASK_DOCUMENTS", 100));
    let rejected = (first..first + count).filter_map(|seed| {
        let what = generated(&Draw::new(seed).document()).err()?;
        Some(format!("seed {seed}: {what}"))
    });
    let rejected: Vec<_> = rejected.collect();
    let most = usize::try_from(count / 200).expect("a small number");
    assert!(rejected.len() <= most, "{} of {count}:\n{}", rejected.len(), rejected.join("\n"));
}

/// Writes the description of a seed to look at: `XTASK_SHOW=17`.
#[test]
fn description_of_a_seed_repeats() {
    let seed = number("XTASK_SHOW", 0);
    let document = Draw::new(seed).document();
    assert_eq!(document, Draw::new(seed).document());
    println!("{document:#}");
}
