//! Guides, as in the folder `docs` of the repository. Only the documentation has this module.

#[doc = include_str!("links.md")]
#[doc = include_str!("../docs/cookbook.md")]
pub mod cookbook {}

#[doc = include_str!("links.md")]
#[doc = include_str!("../docs/settings.md")]
pub mod settings {}

#[doc = include_str!("links.md")]
#[doc = include_str!("../docs/reliability.md")]
pub mod reliability {}

#[doc = include_str!("links.md")]
#[doc = include_str!("../docs/ci.md")]
pub mod ci {}

#[doc = include_str!("links.md")]
#[doc = include_str!("../docs/by_hand.md")]
pub mod by_hand {}

#[doc = include_str!("links.md")]
#[doc = include_str!("../docs/tls.md")]
pub mod tls {}
