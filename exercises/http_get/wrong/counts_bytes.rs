// expect: characters_not_bytes: wrong: observed Ok("你�"
// `take` takes bytes.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

pub async fn first_chars(body: &mut (impl AsyncRead + Unpin), count: usize) -> io::Result<String> {
    let mut bytes = Vec::new();
    body.take(count as u64).read_to_end(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
