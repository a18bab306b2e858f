// expect: -: does_not_compile: [E0308]
// belief: sleep_zero_gives_way

/// Says one line after another, and lets every other task run in between.
pub async fn speak(lines: &[&str], say: impl Fn(&str)) {
    for line in lines {
        say(line);
        tokio::time::sleep(0).await;
    }
}
