//! What is known of a run, and the forms in which it is reported.
//!
//! [`Report`] is plain data. It is made without the network, and each writer takes a `&Report`.
//! [`ReportFiles`] are the options of a command, and write all that are asked for.

pub mod ci;
mod convert;
mod files;
pub mod html;
pub mod json;
pub mod junit;
mod location;
pub mod markdown;
mod model;
mod shown;
mod tables;
pub mod terminal;

pub use self::convert::points_of;
pub use self::files::{CiFiles, ReportFiles, WriteFailure};
pub(crate) use self::location::locate;
pub use self::model::{
    ApiReason, BaselineRun, ChangeRow, CheckRow, ComparisonTable, Conclusion, CostEstimate,
    CreatedResource, DurationNumbers, LoadNumbers, NamedId, Report, ReportedRun, RequestNumbers,
    RequestRow, RuleRow, ScriptError, ScriptLocation, SeriesPoint, ThresholdRow, TimeSeries,
};
pub use self::terminal::TerminalStyle;
