// expect: takes_turns: wrong: observed ["1", "2", "3", "4"]
// All the steps at once: their pauses overlap.

use futures::future::join_all;

pub async fn work(steps: &[&str], say: impl Fn(&str), pause: impl AsyncFn()) {
    join_all(steps.iter().map(|text| step(text, &say, &pause))).await;
}

async fn step(text: &str, say: impl Fn(&str), pause: impl AsyncFn()) {
    say(text);
    pause().await;
}
