// expect: a_short_page: wrong: observed Err(UnexpectedEof)
// `read_exact` wants all of them.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

pub async fn first_chars(body: &mut (impl AsyncRead + Unpin), count: usize) -> io::Result<String> {
    let mut bytes = Vec::new();
    loop {
        let whole = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
        let text = String::from_utf8_lossy(&bytes[..whole]);
        if text.chars().count() == count {
            return Ok(text.into_owned());
        }
        let mut byte = [0];
        body.read_exact(&mut byte).await?;
        bytes.extend(byte);
    }
}
