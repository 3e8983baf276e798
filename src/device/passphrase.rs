//! A key from a passphrase.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "samskriv:passphrase")]
extern "C" {
    #[wasm_bindgen(js_name = deriveKey, catch)]
    async fn derive(passphrase: &str, salt: &Uint8Array, rounds: u32) -> Result<JsValue, JsValue>;
}

/// PBKDF2-HMAC-SHA256 (RFC 8018) by the browser's own cryptography; nothing
/// where it has none.
pub async fn derive_key(passphrase: &str, salt: &[u8], rounds: u32) -> Option<[u8; 32]> {
    let derived = derive(passphrase, &Uint8Array::from(salt), rounds)
        .await
        .ok()?;
    let derived: Uint8Array = derived.dyn_into().ok()?;
    derived.to_vec().try_into().ok()
}
