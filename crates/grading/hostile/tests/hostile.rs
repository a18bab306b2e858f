//! Every hostile submission, called as an exercise's test calls it. Run on
//! their own, most of these fail: that is what they are for.

use std::time::Duration;

use grading::{Limits, elapsed, expect, secs};

fn grade(name: &'static str, answer: impl Future<Output = ()>) {
    let limits =
        Limits { wall: Duration::from_millis(1500), memory: 128 << 20, ..Limits::default() };
    grading::test(name).limits(limits).points(2).run(answer);
}

macro_rules! submissions {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                grade(stringify!($name), hostile::$name());
            }
        )*
    };
}

submissions! {
    good forged_ok forged_frame forged_ending exit_like_done abort spin std_deadlock tokio_deadlock
    yield_loop endless_timer recursion memory_hog memory_gulp output_flood thread_bomb
    process_bomb fork_bomb child_left child_killed grandchild_detached grandchild_of_a_hang closed_stdout
    plain_panic silent_panic long_blocking_sleep leaked_task kills_guard file_flood
}

#[test]
fn blocking_sleep() {
    grade("blocking_sleep", async {
        hostile::blocking_sleep().await;
        expect(("time taken", "用时"), elapsed(), secs(1), ("", ""));
    });
}

#[test]
fn failed_assertion() {
    grade("failed_assertion", async { assert_eq!(1 + 1, 3) });
}

#[test]
fn another_name() {
    grade("no_such_name", hostile::good());
}
