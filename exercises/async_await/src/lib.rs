// 改好 speak：每说完一行，都让别人先说一句。
// Mend speak: after each of its lines, the others get a turn.

/// Says one line after another, and lets every other task run in between.
pub async fn speak(lines: &[&str], say: impl Fn(&str)) {
    for line in lines {
        say(line);
        async {}.await;
    }
}
