//! `cargo xtask dev`: rebuild and reload on save.
//!
//! Vite serves the page and reloads it when a file it uses changes: styles and
//! TypeScript by itself, Rust when this task has built the wasm anew. It passes
//! the socket on to a relay with the data of `cargo xtask run`.

use std::{
    net::{Ipv4Addr, SocketAddr},
    process::Child,
    sync::mpsc,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use notify::{EventKind, RecursiveMode, Watcher};

use crate::{
    npm::Tool,
    relay,
    setup::{self, Toolchain},
    web::{self, Profile},
    workspace::root,
};

/// An editor writes several files in one save; the build waits until it is quiet.
const QUIET: Duration = Duration::from_millis(150);

/// Serves the page on `port` and the relay on the port after it.
pub fn dev(port: u16) -> Result<()> {
    let toolchain = setup::web()?;
    rebuild(toolchain);
    let beside = port
        .checked_add(1)
        .context("the relay takes the port after the page's")?;
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, beside));
    let _relay = Running(relay::command_for(relay::build()?, listen).spawn()?);
    let mut page = Running(
        Tool::Vite
            .command()
            .args(["--strictPort", "--port", &port.to_string()])
            .env("SAMSKRIV_RELAY", format!("http://{listen}"))
            .spawn()?,
    );
    rebuild_on_save(toolchain, &mut page)
}

/// Builds after each save, until the page's server ends.
fn rebuild_on_save(toolchain: Toolchain, page: &mut Running) -> Result<()> {
    let (saved, saves) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // A build reads its sources; only what changes them starts another.
        if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
            // The receiver is gone only when the task is about to end.
            let _ = saved.send(());
        }
    })?;
    for folder in ["src", "crates"] {
        watcher.watch(&root().join(folder), RecursiveMode::Recursive)?;
    }
    loop {
        if let Some(status) = page.0.try_wait()? {
            bail!("the page's server ended ({status})");
        }
        if saves.recv_timeout(Duration::from_secs(1)).is_err() {
            continue;
        }
        while saves.recv_timeout(QUIET).is_ok() {}
        rebuild(toolchain);
    }
}

/// Builds the wasm; Vite sees the new file. What does not compile is no reason
/// to stop: the compiler has said why, and the next save tries again.
fn rebuild(toolchain: Toolchain) {
    if let Err(error) = web::wasm(toolchain, Profile::Dev) {
        eprintln!("{error:#}");
    }
}

/// A server that ends with the task.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
