// expect: waits_at_every_pause: blocked: has stood still
// belief: blocking_is_waiting
// A plain function that waits for a future holds the thread meanwhile.

use futures::executor::block_on;

pub async fn work(steps: &[&str], say: impl Fn(&str), pause: impl AsyncFn()) {
    for text in steps {
        step(text, &say, &pause);
    }
}

fn step(text: &str, say: impl Fn(&str), pause: impl AsyncFn()) {
    say(text);
    block_on(pause());
}
