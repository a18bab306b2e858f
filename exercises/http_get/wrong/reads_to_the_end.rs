// expect: no_longer_than_needed: wrong: observed None
// As `text().await` does: the server keeps the connection open.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

pub async fn first_chars(body: &mut (impl AsyncRead + Unpin), count: usize) -> io::Result<String> {
    let mut text = String::new();
    body.read_to_string(&mut text).await?;
    Ok(text.chars().take(count).collect())
}
