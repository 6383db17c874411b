//! The stages together, as a program that uses the crate runs them.

mod fixes;
