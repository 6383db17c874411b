//! The crate `drift` as an oracle.
