// expect: waits_at_every_pause: wrong: time taken: observed 1s, expected 3s
// It says everything and pauses once.

pub async fn work(steps: &[&str], say: impl Fn(&str), pause: impl AsyncFn()) {
    for text in steps {
        say(text);
    }
    pause().await;
}
