// 改好这个文件：说完一行就停一停，停的地方在里层的 step 里。
// Mend this file: pause after each line, from inside the inner function step.

/// Does the steps one by one. After each of them others may go first.
pub async fn work(steps: &[&str], say: impl Fn(&str), pause: impl AsyncFn()) {
    for text in steps {
        step(text, &say, &pause);
    }
}

/// With greenlet, a plain function could switch from here.
fn step(text: &str, say: impl Fn(&str), pause: impl AsyncFn()) {
    say(text);
    drop(pause());
}
