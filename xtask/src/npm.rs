//! npm, and the tools it has installed.

use std::process::Command;

use crate::workspace;

/// npm itself; on Windows it is a batch file that must be named in full.
pub fn command() -> Command {
    workspace::command(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// A tool from `node_modules`, run by Node itself: with npm in between, a
/// signal would stop npm and leave the tool running.
#[derive(Clone, Copy)]
pub enum Tool {
    /// Bundles the page, and serves it while it is being written.
    Vite,
    /// Checks the types of everything in TypeScript.
    TypeScript,
    /// Drives the browser tests.
    Playwright,
}

impl Tool {
    /// The tool, ready for its arguments.
    pub fn command(self) -> Command {
        let mut node = workspace::command("node");
        node.arg(match self {
            Self::Vite => "node_modules/vite/bin/vite.js",
            Self::TypeScript => "node_modules/typescript/bin/tsc",
            Self::Playwright => "node_modules/@playwright/test/cli.js",
        });
        node
    }
}
