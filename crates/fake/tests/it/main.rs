//! The fake over HTTP, as clients in any language see it.

mod access;
mod clocks;
mod faults;
mod limits;
mod load_tests;
mod modes;
mod options;
mod projects;
mod schedules;
mod seeds;
mod support;
