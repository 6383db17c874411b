//! The limits of what is read, which options raise.

use clap::Args;
use openapi_lowering::lower::Options;
use openapi_lowering::parse;
use openapi_lowering::problem::{Limit, Problem};
use serde_json::Value;

/// Limits on an input document. Without an option the default of the lowering holds.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Limits {
    /// The most bytes of the description and of the overlay.
    #[arg(long, value_name = "NUMBER")]
    max_bytes: Option<usize>,
    /// The most keys and values of the description.
    #[arg(long, value_name = "NUMBER")]
    max_values: Option<usize>,
    /// The most operations, parameters, schemas and required keys of the lowered description.
    #[arg(long, value_name = "NUMBER")]
    max_parts: Option<usize>,
}

impl Limits {
    pub(crate) fn bytes(&self) -> usize {
        self.max_bytes.unwrap_or(parse::MOST_BYTES)
    }

    /// The problem of an input with too many bytes.
    pub(crate) fn too_large(&self, name: &str) -> Problem {
        let what = format!("there are more than the {} bytes allowed", self.bytes());
        let fix =
            "check that the source is the API's description, or raise the limit with --max-bytes";
        Problem::new(name, what, fix)
    }

    /// Parses a description within the limits.
    pub(super) fn parse(&self, bytes: &[u8], name: &str) -> Result<Value, Problem> {
        let mut limits = parse::Limits::default();
        limits.bytes = self.bytes();
        limits.text = limits.text.max(self.bytes().saturating_mul(4));
        limits.nodes = self.max_values.unwrap_or(limits.nodes);
        parse::parse_within(bytes, name, &limits).map_err(with_option)
    }

    pub(super) fn apply(&self, options: &mut Options) {
        options.most_parts = self.max_parts.unwrap_or(options.most_parts);
    }
}

/// Names the option that raises the limit that was passed.
pub(super) fn with_option(problem: Problem) -> Problem {
    let (first, option) = match problem.limit() {
        Some(Limit::Bytes) => ("check the source", "--max-bytes"),
        Some(Limit::Values) => ("check the source", "--max-values"),
        Some(Limit::Parts) => (problem.fix(), "--max-parts"),
        _ => return problem,
    };
    let fix = format!("{first}, or raise the limit with {option}");
    problem.with_fix(fix)
}
