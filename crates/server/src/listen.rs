//! The server's address: 127.0.0.1 and `[::1]`, on one port.

use std::io::{Error, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr};

use anyhow::{Result, anyhow, bail};
use project::locale::t;
use tokio::net::TcpListener;

/// The port without `--port`: this one, or the next free one after it.
pub const DEFAULT_PORT: u16 = 3000;

/// How many ports are tried from [`DEFAULT_PORT`] on.
const TRIES: u16 = 100;

/// Listens on the wanted port, or on the first free one from the default on.
pub async fn bind(port: Option<u16>) -> Result<Vec<TcpListener>> {
    if let Some(port) = port {
        return both(port).await.map_err(|error| {
            anyhow!(t(
                format!("端口 {port} 用不了（{error}）；请换一个 --port，或去掉它。"),
                format!(
                    "Port {port} cannot be used ({error}); choose another --port, or leave it out."
                ),
            ))
        });
    }
    for port in DEFAULT_PORT..DEFAULT_PORT + TRIES {
        if let Ok(listeners) = both(port).await {
            if port != DEFAULT_PORT {
                eprintln!(
                    "{}",
                    t(
                        format!("端口 {DEFAULT_PORT} 已被占用，改用 {port}。"),
                        format!("Port {DEFAULT_PORT} is taken; using {port}."),
                    )
                );
            }
            return Ok(listeners);
        }
    }
    bail!(t(
        format!("从 {DEFAULT_PORT} 起的 {TRIES} 个端口都被占用；请用 --port 指定一个。"),
        format!("The {TRIES} ports from {DEFAULT_PORT} on are all taken; name one with --port."),
    ))
}

/// Listens at both loopback addresses; at the first alone on a machine without
/// IPv6. A browser takes `localhost` for either.
async fn both(port: u16) -> Result<Vec<TcpListener>, Error> {
    loop {
        let four = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let same = four.local_addr()?.port();
        match TcpListener::bind((Ipv6Addr::LOCALHOST, same)).await {
            Ok(six) => return Ok(vec![four, six]),
            // Any port was wanted, and this one is another's.
            Err(error) if error.kind() == ErrorKind::AddrInUse && port == 0 => {}
            Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(error),
            Err(_) => return Ok(vec![four]),
        }
    }
}
