// expect: the_others_get_a_turn: wrong: observed ["1", "2", "3", "4"]
// belief: a_call_gives_way

/// Says one line after another, and lets every other task run in between.
pub async fn speak(lines: &[&str], say: impl Fn(&str)) {
    for line in lines {
        say(line);
        tokio::task::yield_now();
    }
}
