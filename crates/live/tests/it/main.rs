//! The program against servers: the fake, and servers in front of it that change its responses.

mod deviations;
mod fake;
mod overlay;
mod prism;
mod records;
mod secrets;
mod support;
mod writes;
