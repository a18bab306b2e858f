// expect: the_others_get_a_turn: wrong: observed ["1", "2", "3", "4"]
// An async fn that waits for nothing is ready at its first poll.

async fn pause() {}

pub async fn speak(lines: &[&str], say: impl Fn(&str)) {
    for line in lines {
        say(line);
        pause().await;
    }
}
