//! Grades `hello_world`.

use std::time::Duration;

use futures::join;
use grading::{Journal, elapsed, expect, run, secs};
use hello_world::{program, say_hello};
use tokio::time::sleep;

#[test]
fn world_comes_a_second_later() {
    run("world_comes_a_second_later", async {
        let journal = Journal::new();
        say_hello(|line| journal.note(line)).await;
        expect(
            ("when `Hello` was printed", "打印 `Hello` 的时刻"),
            journal.time_of("Hello"),
            Some(secs(0)),
            (
                "`Hello` waits for nothing: the second passes after it.",
                "`Hello` 不用等：那一秒在它之后。",
            ),
        );
        expect(
            ("when `World` was printed", "打印 `World` 的时刻"),
            journal.time_of("World"),
            Some(secs(1)),
            (
                "A future does nothing until it is awaited, and `sleep` is a future, too. \
                 std::thread::sleep is none: it stops the thread, and the runtime's clock knows nothing of it.",
                "Future 不被等待就什么也不做，`sleep` 也是 Future。\
                 std::thread::sleep 则不是：它停住整个线程，运行时的时钟对此一无所知。",
            ),
        );
    });
}

#[test]
fn bye_comes_last() {
    run("bye_comes_last", async {
        let journal = Journal::new();
        program(|line| journal.note(line)).await;
        expect(
            ("the printed lines", "打印的各行"),
            journal.lines(),
            ["Hello", "World", "Bye"].map(String::from).to_vec(),
            (
                "Calling an async fn runs nothing, as in asyncio: its body starts where the future is awaited, \
                 and what stands after that `.await` runs when the body has ended.",
                "调用 async fn 什么也不会运行，这一点和 asyncio 相同：函数体从 `.await` 处开始运行，\
                 `.await` 后面的代码要等函数体结束才执行。",
            ),
        );
    });
}

#[test]
fn others_run_meanwhile() {
    run("others_run_meanwhile", async {
        let journal = Journal::new();
        let other = async {
            sleep(Duration::from_millis(500)).await;
            journal.note("tick");
        };
        join!(say_hello(|line| journal.note(line)), other);
        expect(
            (
                "the lines with another task's `tick` after 0.5 s",
                "另一个任务在 0.5 秒后打印 `tick` 时的各行",
            ),
            journal.lines(),
            ["Hello", "tick", "World"].map(String::from).to_vec(),
            (
                "A blocking sleep does not stop only its own task: all tasks share the thread. \
                 An `.await` is where the others get their turn.",
                "阻塞式的 sleep 停住的不只是自己这个任务：所有任务共用这个线程。\
                 只有在 `.await` 处，别的任务才能轮到。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(1),
            (
                "Both wait at the same time: the longer wait is all that counts.",
                "两边同时在等，总用时等于较长的那一段。",
            ),
        );
    });
}
