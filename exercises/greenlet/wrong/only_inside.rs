// expect: takes_turns: wrong: observed []
// The inner function is async now, and no one awaits it.

pub async fn work(steps: &[&str], say: impl Fn(&str), pause: impl AsyncFn()) {
    for text in steps {
        drop(step(text, &say, &pause));
    }
}

async fn step(text: &str, say: impl Fn(&str), pause: impl AsyncFn()) {
    say(text);
    pause().await;
}
