// expect: -: does_not_compile: [E0308]
// belief: read_answers_with_bytes

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// The first `count` characters of the UTF-8 text that comes out of `body`, or
/// all of it if it is shorter.
pub async fn first_chars(body: &mut (impl AsyncRead + Unpin), count: usize) -> io::Result<String> {
    let bytes = body.read(count).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
