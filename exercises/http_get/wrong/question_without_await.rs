// expect: -: does_not_compile: [E0277]
// belief: a_call_has_read

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// The first `count` characters of the UTF-8 text that comes out of `body`, or
/// all of it if it is shorter.
pub async fn first_chars(body: &mut (impl AsyncRead + Unpin), count: usize) -> io::Result<String> {
    let mut bytes = vec![0; count];
    let size = body.read(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes[..size]).into_owned())
}
