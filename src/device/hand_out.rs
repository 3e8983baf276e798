//! What leaves the page and comes to it by the reader's own hand: the clipboard,
//! files.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlInputElement, Url};

/// Puts text on the clipboard. Whether it is there: a browser may refuse.
pub async fn copy_text(text: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    JsFuture::from(window.navigator().clipboard().write_text(text))
        .await
        .is_ok()
}

/// Offers bytes as a file to keep.
pub fn download(name: &str, bytes: &[u8]) {
    // None of these steps fails in a page; a browser that did would download
    // nothing, which the reader sees.
    let _ = try_download(name, bytes);
}

fn try_download(name: &str, bytes: &[u8]) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let kind = BlobPropertyBag::new();
    kind.set_type("application/octet-stream");
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &kind).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let anchor: HtmlAnchorElement = document.create_element("a").ok()?.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&url).ok()
}

/// The content of the file that the reader has chosen, of which no more than
/// `most` bytes are read; nothing where none is chosen or it can't be read.
pub async fn chosen_file(input: &HtmlInputElement, most: usize) -> Option<Vec<u8>> {
    let file: Blob = input.files()?.get(0)?.into();
    // The same file chosen again is to be told again.
    input.set_value("");
    // One byte more shows that it is too large.
    let beginning = file
        .slice_with_i32_and_i32(0, i32::try_from(most + 1).ok()?)
        .ok()?;
    let bytes = JsFuture::from(beginning.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&bytes).to_vec())
}
