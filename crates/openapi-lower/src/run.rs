//! From the arguments to the result: parse, overlay, lower, check, write.

use std::io::Read as _;
use std::path::Path;

use openapi_lowering::parse::{Limits, parse_within};
use openapi_lowering::problem::{Limit, Problem, Problems};
use openapi_lowering::{KeyOrder, Lowered, Options, Profile, lower, overlay, preflight};
use serde_json::Value;

use crate::arguments::{Arguments, Format, KeyOrderName, has_extension, is_standard};
use crate::bundle::bundle;
use crate::{output, report};

/// How a run ended.
pub(crate) enum Done {
    Fresh,
    Stale,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Done, Problems> {
    let options = options(arguments)?;
    let (document, warnings) = read(arguments)?;
    let lowered = lower(&document, &options)?;
    if options.profile() != Profile::Faithful {
        preflight::check(&lowered, &options).map_err(|problems| problems.map(with_option))?;
    }
    for warning in warnings {
        eprintln!("warning: {warning}");
    }
    if arguments.report {
        eprint!("{}", report::text(&lowered.notes));
    }
    write(arguments, &lowered)
}

/// Finds arguments that do not fit together, which clap cannot say.
pub(crate) fn check(arguments: &Arguments) -> Result<(), Problem> {
    let wrong = |option: &str, what: &str, fix: &str| Err(Problem::new(option, what, fix));
    if arguments.check && is_standard(&arguments.output) {
        return wrong("--check", "there is no file to compare", "name it with --output");
    }
    let reports_to_output = arguments
        .report_file
        .as_ref()
        .is_some_and(|file| is_standard(file) && is_standard(&arguments.output));
    if reports_to_output {
        let what = "the result goes to standard output as well";
        return wrong("--report-file", what, "name a file, or use --report");
    }
    let standard =
        arguments.overlay.iter().chain([&arguments.input]).filter(|file| is_standard(file));
    if standard.count() > 1 {
        let what = "standard input can be read only once";
        return wrong("--overlay", what, "name a file");
    }
    let keeps_order = cfg!(feature = "preserve-order");
    if arguments.lowering.key_order == KeyOrderName::Source && !keeps_order {
        let fix = "run `cargo install openapi-lower --features preserve-order`";
        return wrong("--key-order", "this build of the command sorts keys", fix);
    }
    Ok(())
}

fn options(arguments: &Arguments) -> Result<Options, Problem> {
    let mut options = Options::new(arguments.lowering.profile.into());
    options.most_parts = arguments.limits.max_parts;
    options.key_order = KeyOrder::from(arguments.lowering.key_order);
    for (rule, choice) in &arguments.lowering.rule {
        options.set(*rule, *choice)?;
    }
    Ok(options)
}

/// Returns the description with the overlays applied, and warnings about the overlays.
fn read(arguments: &Arguments) -> Result<(Value, Vec<String>), Problems> {
    let mut limits = Limits::default();
    let given = &arguments.limits;
    limits.bytes = given.max_bytes;
    limits.text = given.max_bytes.saturating_mul(4);
    limits.nodes = given.max_values;
    limits.depth = given.max_depth;
    let bytes = bytes(&arguments.input, limits.bytes)?;
    let parsed = parse_within(&bytes, &name(&arguments.input), &limits);
    let mut document = parsed.map_err(with_option)?;
    if !is_standard(&arguments.input) {
        limits.bytes = limits.bytes.saturating_sub(bytes.len());
        bundle(&mut document, &arguments.input, &limits)?;
        limits.bytes = given.max_bytes;
    }
    let mut warnings = Vec::new();
    for file in &arguments.overlay {
        let bytes = self::bytes(file, limits.bytes)?;
        let applied = overlay::apply(&bytes, Path::new(&name(file)), &mut document)?;
        let within = |message: String| format!("{}: {message}", name(file));
        warnings.extend(applied.unmatched.into_iter().map(within));
    }
    Ok((document, warnings))
}

/// Names the option that raises the limit that was passed.
pub(crate) fn with_option(problem: Problem) -> Problem {
    let option = match problem.limit() {
        Some(Limit::Bytes) => "--max-bytes",
        Some(Limit::Depth) => "--max-depth",
        Some(Limit::Parts) => "--max-parts",
        Some(Limit::Values) => "--max-values",
        _ => return problem,
    };
    let fix = format!("raise the limit with {option}, or {}", problem.fix());
    problem.with_fix(fix)
}

/// What messages call a file.
fn name(file: &Path) -> String {
    if is_standard(file) { "standard input".to_owned() } else { file.display().to_string() }
}

/// Reads a file or standard input up to the limit.
pub(crate) fn bytes(file: &Path, most: usize) -> Result<Vec<u8>, Problem> {
    let failed = |error: std::io::Error| {
        Problem::new(name(file), error.to_string(), "name a file that can be read")
    };
    let limit = most;
    let most = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if is_standard(file) {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        let opened = std::fs::File::open(file).map_err(failed)?;
        opened.take(most).read_to_end(&mut bytes).map_err(failed)?;
    }
    if bytes.len() > limit {
        let what = format!("it has more than {limit} bytes");
        return Err(Problem::new(name(file), what, "raise the limit with --max-bytes"));
    }
    Ok(bytes)
}

fn write(arguments: &Arguments, lowered: &Lowered) -> Result<Done, Problems> {
    let bytes = output::render(&lowered.document, format(arguments))?;
    if arguments.check {
        if whole_file::has_bytes(&arguments.output, &bytes) {
            return Ok(Done::Fresh);
        }
        let file = arguments.output.display();
        eprintln!("{file} is not up to date: run the same command without --check");
        return Ok(Done::Stale);
    }
    if let Some(file) = &arguments.report_file {
        let is_json = has_extension(file, &["json"]);
        let render = if is_json { report::json } else { report::text };
        output::write(file, render(&lowered.notes).as_bytes())?;
    }
    output::write(&arguments.output, &bytes)?;
    Ok(Done::Fresh)
}

fn format(arguments: &Arguments) -> Format {
    let by_name = || match &arguments.output {
        file if has_extension(file, &["yaml", "yml"]) => Format::Yaml,
        _ => Format::Json,
    };
    arguments.format.unwrap_or_else(by_name)
}
