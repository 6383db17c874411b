//! The progress of a run, on standard error.

use std::fmt;
use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use k6_cloud::RunUpdate;
use k6_cloud::metrics::text::seconds;
use tokio::time::{Instant, Interval, MissedTickBehavior};

use crate::log_text::log_line;
use crate::output::{is_quiet, note_aligned};

const STEPS: f64 = 1_000.0;
const HEARTBEAT: Duration = Duration::from_secs(60);

/// Shows a bar on a terminal. A log gets a line for each status, and one each minute.
pub(crate) struct RunProgress {
    display: Display,
    started: Instant,
    heartbeat: Interval,
    /// The last status and progress, as a text.
    last: String,
    /// That the API cannot be reached, as a text.
    silence: Option<Silence>,
}

/// The time since the API was last heard of, and why.
#[derive(Clone, Debug)]
pub(crate) struct Silence {
    since: Instant,
    cause: String,
}

impl Silence {
    pub(crate) fn new(since: Instant, cause: String) -> Self {
        Self { since, cause }
    }

    pub(crate) fn lasts(&self) -> Duration {
        self.since.elapsed()
    }
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no contact for {} ({})", seconds(self.lasts().as_secs_f64()), self.cause)
    }
}

enum Display {
    Bar(ProgressBar),
    Lines,
    Nothing,
}

impl RunProgress {
    pub(crate) fn new(heartbeat: Option<Duration>) -> Self {
        let display = match () {
            () if is_quiet() => Display::Nothing,
            () if is_log() => Display::Lines,
            () => Display::Bar(bar()),
        };
        let period = heartbeat.unwrap_or(HEARTBEAT);
        let mut heartbeat = tokio::time::interval_at(Instant::now() + period, period);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            display,
            started: Instant::now(),
            heartbeat,
            last: "waiting".to_owned(),
            silence: None,
        }
    }

    /// Says from the next line on that the API cannot be reached.
    pub(crate) fn lose_contact(&mut self, silence: &Silence) {
        if let Display::Bar(bar) = &self.display {
            bar.set_message(log_line(&format!("{}, {silence}", self.last)));
        }
        self.silence = Some(silence.clone());
    }

    /// Shows an update. A new status gets a line.
    pub(crate) fn update(&mut self, update: &RunUpdate, is_new: bool) {
        self.silence = None;
        self.last = update.status.to_string();
        // Before the load begins, there is nothing to measure.
        if update.progress > 0.0 && update.progress < 1.0 {
            self.last = format!("{}, {:.0} %", self.last, update.progress * 100.0);
        }
        match &self.display {
            Display::Bar(bar) => {
                bar.set_position((update.progress * STEPS) as u64);
                bar.set_message(log_line(update.status.as_str()));
            }
            Display::Lines if is_new => self.line(),
            Display::Lines | Display::Nothing => {}
        }
    }

    /// Waits until it is time for a line that shows that the gate is alive, and writes it.
    pub(crate) async fn beat(&mut self) {
        self.heartbeat.tick().await;
        if matches!(self.display, Display::Lines) {
            self.line();
        }
    }

    /// Shows a line of the logs.
    pub(crate) fn log(&self, line: &str) {
        match &self.display {
            Display::Bar(bar) => bar.println(line),
            Display::Lines => note_aligned(line),
            Display::Nothing => {}
        }
    }

    fn line(&mut self) {
        self.heartbeat.reset();
        let seconds = self.started.elapsed().as_secs();
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        let silence = self.silence.as_ref().map(|silence| format!("; {silence}"));
        let line = log_line(&format!("{}{}", self.last, silence.unwrap_or_default()));
        note_aligned(&format!("{minutes:>3}:{seconds:02}  {line}"));
    }
}

impl Drop for RunProgress {
    fn drop(&mut self) {
        if let Display::Bar(bar) = &self.display {
            bar.finish_and_clear();
        }
    }
}

/// Returns whether standard error goes to a log, or to a terminal that cannot move its cursor.
pub(crate) fn is_log() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    is_set("CI") || is_dumb || !std::io::stderr().is_terminal()
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(STEPS as u64);
    let template = "[{bar:30}] {percent:>3} %  {elapsed}  {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        // ASCII, because not every terminal has a font for blocks.
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message("waiting");
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
