//! `fake`: serves the fake to programs in any language.

use k6_cloud_fake::{FakeProgram, FakeProgramError};

use super::{Session, say};
use crate::args::FakeArgs;
use crate::exit::{Ending, Exit, with_causes};
use crate::report::Conclusion;

pub(super) async fn execute(session: Session<'_>, args: FakeArgs) -> Result<Exit, Ending> {
    if args.flags.iter().any(|flag| flag == "--help" || flag == "-h") {
        say(FakeProgram::USAGE)?;
        return Ok(Exit::Success);
    }
    let program = FakeProgram::start(args.flags).await.map_err(|error| {
        let exit = match &error {
            FakeProgramError::Argument(_) => Exit::Settings,
            _ => Exit::ApiError,
        };
        Ending::new(Conclusion::NotStarted, exit, with_causes(&error))
    })?;
    say(&program.greeting())?;
    session.interrupts.reached(1).await;
    Ok(Exit::Success)
}
