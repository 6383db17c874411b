//! Interrupts by a user or by the system that runs the pipeline.

use std::io;

use tokio::sync::watch;

/// Counts the signals that ask the program to end: Ctrl-C, and on Unix SIGTERM and SIGHUP.
#[derive(Clone, Debug)]
pub(crate) struct Interrupts {
    count: watch::Receiver<u32>,
}

impl Interrupts {
    /// Catches the signals from now on.
    pub(crate) fn listen() -> io::Result<Self> {
        let (sender, count) = watch::channel(0);
        let mut signals = Signals::new()?;
        tokio::spawn(async move {
            loop {
                signals.next().await;
                sender.send_modify(|count| *count += 1);
            }
        });
        Ok(Self { count })
    }

    /// Returns how many signals there were.
    pub(crate) fn count(&self) -> u32 {
        *self.count.borrow()
    }

    /// Waits until there were this many signals.
    pub(crate) async fn reached(&self, number: u32) {
        let mut count = self.count.clone();
        if count.wait_for(|count| *count >= number).await.is_err() {
            // Nobody counts any more, while the runtime shuts down.
            std::future::pending().await
        }
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    terminate: tokio::signal::windows::CtrlBreak,
}

#[cfg(windows)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c};
        Ok(Self { interrupt: ctrl_c()?, terminate: ctrl_break()? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
