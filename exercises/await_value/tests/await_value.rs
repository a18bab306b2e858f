//! Grades `await_value`.

use await_value::{Job, run_job};
use grading::{Journal, elapsed, expect, run, secs};
use tokio::time::sleep;

/// Hands out a job of two seconds, after one second.
async fn take(journal: Journal) -> Job {
    sleep(secs(1)).await;
    journal.note("taken");
    Box::pin(async move {
        sleep(secs(2)).await;
        journal.note("run");
        "返回值".to_owned()
    })
}

fn queue(journal: &Journal) -> impl AsyncFn() -> Job {
    let journal = journal.clone();
    move || take(journal.clone())
}

#[test]
fn the_text_is_saved() {
    run("the_text_is_saved", async {
        let journal = Journal::new();
        let _ = run_job(queue(&journal), async |text: &str| {
            sleep(secs(1)).await;
            journal.note(format!("saved: {text}"));
            Ok(7)
        })
        .await;
        expect(
            ("what happened", "发生的事"),
            journal.lines(),
            ["taken", "run", "saved: 返回值"].map(String::from).to_vec(),
            (
                "A call gives you a future, and a future has no value yet: `.await` runs it and gives you the value. \
                 If that value is a future again, it wants an `.await` of its own. \
                 (Python would go on with a coroutine object in its hand and save `<coroutine object …>`.)",
                "调用得到的是 Future，Future 还没有值：`.await` 运行它，才得到值。\
                 如果这个值又是一个 Future，就还要再 `.await` 一次。\
                 （换成 Python，程序会拿着协程对象继续走，保存下来的是 `<coroutine object …>`。）",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(4),
            (
                "Each step needs the value of the one before: 1 + 2 + 1 s.",
                "每一步都要用上一步的值：1 + 2 + 1 秒。",
            ),
        );
    });
}

#[test]
fn the_answer_of_saving() {
    run("the_answer_of_saving", async {
        let answer = run_job(queue(&Journal::new()), async |_: &str| Ok(7)).await;
        expect(
            ("the answer", "返回值"),
            answer,
            Ok(7),
            (
                "The value of `save(…).await` is what `save` returns. It is the answer of `run_job`, too.",
                "`save(…).await` 的值就是 `save` 返回的值，也应当是 `run_job` 的返回值。",
            ),
        );
    });
}

#[test]
fn an_error_comes_through() {
    run("an_error_comes_through", async {
        let disk_full = async |_: &str| {
            sleep(secs(1)).await;
            Err("disk full".to_owned())
        };
        let answer = run_job(queue(&Journal::new()), disk_full).await;
        expect(
            ("the answer when saving fails", "保存失败时的返回值"),
            answer,
            Err("disk full".to_owned()),
            (
                "In Python an exception passes through every `await` by itself. \
                 Here the error is part of the value: whoever throws the value away loses the error with it.",
                "在 Python 里，异常会自己穿过每一个 `await`。\
                 在这里，错误是值的一部分：扔掉这个值，就连错误也扔掉了。",
            ),
        );
    });
}
