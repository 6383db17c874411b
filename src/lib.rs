#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod clock;
mod config;
mod error;
#[cfg(feature = "fake")]
pub mod fake;
mod generated;
mod secret;
mod transport;
pub mod wire;

pub use clock::{Clock, Sleep, SystemClock};
pub use config::{
    BASE_URL_VARIABLE, CONFIG_FILE_VARIABLE, ClientBuilder, DEFAULT_BASE_URL, STACK_ID_VARIABLE,
    Settings, Source, TOKEN_VARIABLE,
};
pub use error::{Error, ErrorKind};
pub use generated::{ByteStream, Client, ResponseValue, builder, types};
#[doc(hidden)]
pub use transport::Inner;

/// What a builder's `send` returns when it fails: the outcome as it came, undecoded.
pub type SendError = generated::Error<()>;

/// What most programs need: `use k6_cloud::prelude::*;`.
pub mod prelude {
    pub use crate::wire::{Timestamp, Vuh};
    pub use crate::{Client, Error, ErrorKind, SendError, types};
}
