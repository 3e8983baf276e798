//! Keys, sealing, frames and the session of one device.
#![warn(missing_docs)]

pub mod admit;
mod cbor;
pub mod content;
pub mod entropy;
pub mod envelope;
pub mod frame;
pub mod ids;
pub mod keys;
mod label;
pub mod link;
pub mod relay_url;
pub mod seal;
pub mod session;
pub mod vouch;
