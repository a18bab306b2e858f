// expect: -: does_not_compile: [E0728]
// belief: a_plain_function_can_pause

/// Does the steps one by one. After each of them others may go first.
pub async fn work(steps: &[&str], say: impl Fn(&str), pause: impl AsyncFn()) {
    for text in steps {
        step(text, &say, &pause);
    }
}

/// With greenlet, a plain function could switch from here.
fn step(text: &str, say: impl Fn(&str), pause: impl AsyncFn()) {
    say(text);
    pause().await;
}
