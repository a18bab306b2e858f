//! This command and the one it calls most.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};

/// Where this executable is. Asked once: when cargo puts a new one in its place,
/// that will do as well, but the system calls the running one "(deleted)".
///
/// # Errors
///
/// The system does not tell.
pub fn own_path() -> Result<&'static Path> {
    static OWN: OnceLock<PathBuf> = OnceLock::new();
    if let Some(own) = OWN.get() {
        return Ok(own);
    }
    let own = std::env::current_exe().context("cannot tell the path of this executable")?;
    Ok(OWN.get_or_init(|| own))
}

/// The cargo that started us, or whichever the system finds.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// How a command of ours is typed: `cargo run -- hint gather`.
pub fn typed(command: &str, name: &str) -> String {
    format!("cargo run -- {command} {name}")
}
