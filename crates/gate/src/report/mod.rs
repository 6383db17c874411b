//! What is known of a run, and the forms in which it is reported.
//!
//! [`Report`] is plain data. It is made without the network, and each writer takes a `&Report`.

mod convert;
mod files;
mod model;

pub use self::convert::points_of;
pub use self::files::ReportFiles;
pub use self::model::{
    ApiReason, BaselineRun, ChangeRow, CheckRow, ComparisonTable, Conclusion, DurationNumbers,
    LoadNumbers, NamedId, Report, ReportedRun, RequestNumbers, RequestRow, RuleRow, SeriesPoint,
    ThresholdRow, TimeSeries,
};
