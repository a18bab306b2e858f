// 改好 first_chars：返回答复的前 count 个字符，一凑够就返回。
// Mend first_chars: answer with the first `count` characters, as soon as they are there.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// The first `count` characters of the UTF-8 text that comes out of `body`, or
/// all of it if it is shorter.
pub async fn first_chars(body: &mut (impl AsyncRead + Unpin), count: usize) -> io::Result<String> {
    let mut bytes = vec![0; count];
    let size = body.read(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes[..size]).into_owned())
}
