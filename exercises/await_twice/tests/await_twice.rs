//! Grades `await_twice`.

use await_twice::move_letter;
use grading::{Gauge, Journal, elapsed, expect, run, secs};
use tokio::time::{sleep, timeout};

#[test]
fn the_copy_first() {
    run("the_copy_first", async {
        let journal = Journal::new();
        let moved = move_letter(
            "a letter",
            async |_: &str| {
                journal.note("copying");
                sleep(secs(2)).await;
                journal.note("copied");
                Ok(())
            },
            async |_: &str| {
                journal.note("deleting");
                sleep(secs(1)).await;
                journal.note("deleted");
                Ok(())
            },
        )
        .await;
        expect(
            ("what happened, in this order", "先后发生的事"),
            journal.lines(),
            ["copying", "copied", "deleting", "deleted"].map(String::from).to_vec(),
            (
                "`join!` polls both, so the letter is being deleted while the copy is half done. \
                 A call that nobody polls has not begun either, wherever it stands. \
                 What must be over before the next thing begins is awaited before it.",
                "`join!` 两个都轮询，抄到一半，信就在删了。\
                 写在前面的调用，没有人轮询也没有开始。前一件事必须做完才能做后一件，就先 await 前一件。",
            ),
        );
        expect(
            ("the answer, and the time taken", "返回值和用时"),
            (moved, elapsed()),
            (Ok(()), secs(3)),
            (
                "Two seconds for the copy and then one for the delete: here three is right.",
                "抄两秒，再删一秒：在这里，三秒才是对的。",
            ),
        );
    });
}

#[test]
fn no_copy_no_delete() {
    run("no_copy_no_delete", async {
        let deletes = Gauge::new();
        let moved = move_letter(
            "a letter",
            async |_: &str| {
                sleep(secs(2)).await;
                Err("the disk is full".to_owned())
            },
            async |_: &str| {
                let _inside = deletes.enter();
                Ok(())
            },
        )
        .await;
        expect(
            ("the answer, and how often a letter was deleted", "返回值，以及删了几次信"),
            (moved, deletes.entered()),
            (Err("the disk is full".to_owned()), 0),
            (
                "The copy failed, so the letter must stay. `?` after `.await` ends the function with the error.",
                "没有抄成，信就得留着。`.await` 后面的 `?` 遇到错误就结束函数，把错误交回去。",
            ),
        );
    });
}

#[test]
fn a_failed_delete() {
    run("a_failed_delete", async {
        let moved = move_letter(
            "a letter",
            async |_: &str| Ok(()),
            async |_: &str| {
                sleep(secs(1)).await;
                Err("no permission".to_owned())
            },
        )
        .await;
        expect(
            ("the answer", "返回值"),
            moved,
            Err("no permission".to_owned()),
            (
                "If the letter cannot be deleted, the caller has to know.",
                "信删不掉，要让调用者知道。",
            ),
        );
    });
}

#[test]
fn given_up() {
    run("given_up", async {
        let journal = Journal::new();
        let step = async |name: &str| {
            journal.note(name);
            sleep(secs(2)).await;
            Ok(())
        };
        let moving = move_letter(
            "a letter",
            async |_: &str| step("copying").await,
            async |_: &str| step("deleting").await,
        );
        let _ = timeout(secs(1), moving).await;
        expect(
            ("what had begun after one second", "一秒时已经开始的事"),
            journal.lines(),
            vec!["copying".to_owned()],
            (
                "Someone gives up on the move while the copy is being made. Nothing may have been deleted by then.",
                "抄到一半，有人放弃了。这时什么也不该删过。",
            ),
        );
    });
}
