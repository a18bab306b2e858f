// expect: -: does_not_compile: [E0728]
// belief: await_in_a_closure

/// Says one line after another, and lets every other task run in between.
pub async fn speak(lines: &[&str], say: impl Fn(&str)) {
    lines.iter().for_each(|line| {
        say(line);
        tokio::task::yield_now().await;
    });
}
