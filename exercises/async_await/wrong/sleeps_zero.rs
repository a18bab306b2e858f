// expect: the_others_get_a_turn: wrong: observed ["1", "2", "3", "4"]
// asyncio's sleep(0) gives a turn. tokio's asks the clock, and a paused one says at once that it is time.

use std::time::Duration;

use tokio::time::sleep;

pub async fn speak(lines: &[&str], say: impl Fn(&str)) {
    for line in lines {
        say(line);
        sleep(Duration::ZERO).await;
    }
}
