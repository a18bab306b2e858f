// expect: after_every_line: wrong: observed ["1", "2", "3", "5", "4", "6"]
// One turn given for all the lines together.

use tokio::task::yield_now;

pub async fn speak(lines: &[&str], say: impl Fn(&str)) {
    if let Some((first, rest)) = lines.split_first() {
        say(first);
        yield_now().await;
        for line in rest {
            say(line);
        }
    }
}
