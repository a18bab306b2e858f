// expect: characters_not_bytes: panic: not a char boundary
// belief: a_slice_counts_characters

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// The first `count` characters of the UTF-8 text that comes out of `body`, or
/// all of it if it is shorter.
pub async fn first_chars(body: &mut (impl AsyncRead + Unpin), count: usize) -> io::Result<String> {
    let mut text = String::new();
    body.read_to_string(&mut text).await?;
    Ok(text[..count].to_owned())
}
