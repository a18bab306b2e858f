// 改好 first_chars：返回答复的前 count 个字符，一凑够就返回。
// Mend first_chars: answer with the first `count` characters, as soon as they are there.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// The first `count` characters of the UTF-8 text that comes out of `body`, or
/// all of it if it is shorter.
pub async fn first_chars(body: &mut (impl AsyncRead + Unpin), count: usize) -> io::Result<String> {
    let mut bytes = Vec::new();
    loop {
        // The last character may have come in part.
        let whole = match std::str::from_utf8(&bytes) {
            Ok(text) => text.len(),
            Err(error) => error.valid_up_to(),
        };
        let text = String::from_utf8_lossy(&bytes[..whole]);
        let start: String = text.chars().take(count).collect();
        if start.chars().count() == count || body.read_buf(&mut bytes).await? == 0 {
            return Ok(start);
        }
    }
}
