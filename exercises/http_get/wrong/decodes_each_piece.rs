// expect: characters_not_bytes: wrong: observed Ok("你�
// A character that is cut by the end of a piece is lost.

use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

pub async fn first_chars(body: &mut (impl AsyncRead + Unpin), count: usize) -> io::Result<String> {
    let mut text = String::new();
    let mut piece = [0; 1024];
    while text.chars().count() < count {
        let size = body.read(&mut piece).await?;
        if size == 0 {
            break;
        }
        text.push_str(&String::from_utf8_lossy(&piece[..size]));
    }
    Ok(text.chars().take(count).collect())
}
