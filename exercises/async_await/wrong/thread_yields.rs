// expect: the_others_get_a_turn: wrong: observed ["1", "2", "3", "4"]
// This gives way to other threads. The tasks all share this one.

pub async fn speak(lines: &[&str], say: impl Fn(&str)) {
    for line in lines {
        say(line);
        std::thread::yield_now();
    }
}
