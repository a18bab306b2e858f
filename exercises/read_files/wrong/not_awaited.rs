// expect: -: does_not_compile: [E0308]
// belief: a_call_has_read

use std::io;

/// Reads all the files at once. The answer holds one entry for each name, in
/// their order: the text, or a line `NAME: WHY` that says why there is none.
pub async fn read_all<F>(names: &[&str], read: F) -> Vec<Result<String, String>>
where
    F: AsyncFn(&str) -> io::Result<String>,
{
    let mut texts = Vec::new();
    for name in names {
        match read(name) {
            Ok(text) => texts.push(Ok(text)),
            Err(error) => texts.push(Err(format!("{name}: {error}"))),
        }
    }
    texts
}
