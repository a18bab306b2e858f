//! A web site on this machine, for programs that fetch: real pages and pictures
//! over real HTTP, and nothing to install.
//!
//! It runs on a thread and a runtime of its own, as another computer would, and
//! ends with the program.

use std::{
    net::{Ipv4Addr, SocketAddr},
    thread,
};

use axum::{Router, response::Html, routing::get};
use tokio::{net::TcpListener, runtime};

/// The name under which programs ask for it. No DNS server knows it: `.test` is
/// reserved for this (RFC 6761).
pub const HOST: &str = "workbook.test";

/// Starts the site and returns its address.
///
/// # Errors
///
/// The system gives no socket on 127.0.0.1 or no thread.
pub fn start() -> std::io::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    thread::Builder::new().name("site".into()).spawn(move || {
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener).expect("a runtime with I/O");
            axum::serve(listener, router()).await
        })
    })?;
    Ok(address)
}

fn router() -> Router {
    Router::new().route("/", get(async || Html(PAGE)))
}

const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<title>The workbook's test site</title>\n";
