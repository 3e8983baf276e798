//! Compresses the finished app once, so that the relay only has to send it.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

/// Formats that shrink; fonts and images are compressed already.
const EXTENSIONS: [&str; 7] = ["css", "html", "js", "json", "svg", "wasm", "webmanifest"];

/// Puts a `.br` and a `.gz` beside each file in `folder` that they make smaller.
pub fn folder(folder: &Path) -> Result<()> {
    let mut total = 0;
    for path in compressible(folder)? {
        let plain = fs::read(&path).with_context(|| path.display().to_string())?;
        let brotli = brotli(&plain)?;
        total += brotli.len();
        write_smaller(&path, "br", &plain, &brotli)?;
        write_smaller(&path, "gz", &plain, &gzip(&plain)?)?;
    }
    println!(
        "compressed the app: {} KB of text and wasm with brotli",
        total / 1000
    );
    Ok(())
}

fn compressible(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(compressible(&path)?);
        } else if path
            .extension()
            .is_some_and(|ending| EXTENSIONS.iter().any(|e| ending == *e))
        {
            found.push(path);
        }
    }
    Ok(found)
}

fn brotli(plain: &[u8]) -> Result<Vec<u8>> {
    let best = BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: plain.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*plain, &mut packed, &best)?;
    Ok(packed)
}

fn gzip(plain: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain)?;
    Ok(encoder.finish()?)
}

/// A sibling larger than the file itself would only cost the reader.
fn write_smaller(path: &Path, ending: &str, plain: &[u8], packed: &[u8]) -> Result<()> {
    if packed.len() >= plain.len() {
        return Ok(());
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    File::create(&name)?.write_all(packed)?;
    Ok(())
}
