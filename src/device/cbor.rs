//! One way to write and read the app's own records and messages: CBOR with
//! numbered fields, which a later version can add to.

use minicbor::{Decode, Encode};

/// The value as bytes.
pub fn encode(value: &impl Encode<()>) -> Vec<u8> {
    minicbor::to_vec(value).expect("writing CBOR to memory does not fail")
}

/// The value, or nothing if the bytes are none.
pub fn decode<T: for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Option<T> {
    minicbor::decode(bytes).ok()
}
