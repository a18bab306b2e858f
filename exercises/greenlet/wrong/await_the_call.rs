// expect: -: does_not_compile: [E0277]
// belief: await_makes_it_pause

/// Does the steps one by one. After each of them others may go first.
pub async fn work(steps: &[&str], say: impl Fn(&str), pause: impl AsyncFn()) {
    for text in steps {
        step(text, &say, &pause).await;
    }
}

/// With greenlet, a plain function could switch from here.
fn step(text: &str, say: impl Fn(&str), pause: impl AsyncFn()) {
    say(text);
    drop(pause());
}
