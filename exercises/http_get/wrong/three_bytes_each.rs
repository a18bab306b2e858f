// expect: no_longer_than_needed: wrong: observed None
// Not every character has three bytes: a page in ASCII is waited for to its end.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

pub async fn first_chars(body: &mut (impl AsyncRead + Unpin), count: usize) -> io::Result<String> {
    let mut bytes = Vec::new();
    while bytes.len() < 3 * count {
        if body.read_buf(&mut bytes).await? == 0 {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&bytes).chars().take(count).collect())
}
