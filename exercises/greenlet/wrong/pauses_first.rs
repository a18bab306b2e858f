// expect: waits_at_every_pause: wrong: when `1` was said: observed Some(1s), expected Some(0ns)
// The pause comes after the line.

pub async fn work(steps: &[&str], say: impl Fn(&str), pause: impl AsyncFn()) {
    for text in steps {
        pause().await;
        say(text);
    }
}
