//! The logs of runs: what scripts print, and what k6 says of their errors.
//!
//! Needs the feature `logs`. **Experimental:** the service of logs is not part of the API's description.
//! What is known of it is what the k6 command-line tool does, so it may change without notice.
//!
//! ```no_run
//! # use k6_cloud::prelude::*;
//! use k6_cloud::logs::{LogEvent, LogLevel};
//!
//! # async fn example(client: Client) -> Result<(), Error> {
//! let mut logs = client.tail_logs(42).levels(LogLevel::Warning..);
//! while let Some(event) = logs.try_next().await? {
//!     match event {
//!         LogEvent::Line(line) => println!("{line}"),
//!         LogEvent::Dropped(dropped) => println!("({dropped})"),
//!         _ => {}
//!     }
//! }
//! # Ok(()) }
//! ```

mod connect;
mod end;
mod event;
mod level;
mod message;
mod queue;
mod recent;
mod tail;
mod task;

pub use self::event::{DropReason, DroppedLines, LogEvent, LogLine};
pub use self::level::LogLevel;
pub use self::tail::TailLogs;
