// expect: piece_by_piece: wrong: observed Ok("Hello, ")
// Two reads are not enough either.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

pub async fn first_chars(body: &mut (impl AsyncRead + Unpin), count: usize) -> io::Result<String> {
    let mut bytes = Vec::new();
    body.read_buf(&mut bytes).await?;
    body.read_buf(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).chars().take(count).collect())
}
