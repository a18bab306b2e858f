// expect: the_others_get_a_turn: deadlock: nothing will wake
// Pending, and for good.

pub async fn speak(lines: &[&str], say: impl Fn(&str)) {
    for line in lines {
        say(line);
        std::future::pending::<()>().await;
    }
}
