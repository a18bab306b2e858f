//! Grades `await_twice`.

use await_twice::dashboard;
use grading::{Gauge, Journal, elapsed, expect, run, secs};
use tokio::time::sleep;

/// The user takes a second, the orders take two, the news three.
async fn answer(question: &str) -> String {
    let (seconds, answer) = match question {
        "user" => (1, "Ann"),
        "orders of Ann" => (2, "two books"),
        "news" => (3, "rain"),
        _ => (1, "no such thing"),
    };
    sleep(secs(seconds)).await;
    answer.to_owned()
}

#[test]
fn the_waits_overlap() {
    run("the_waits_overlap", async {
        let gauge = Gauge::new();
        dashboard(async |question: &str| {
            let _inside = gauge.enter();
            answer(question).await
        })
        .await;
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(3),
            (
                "Two awaits in a row overlap nothing, also if both calls stand before the first `.await`: \
                 a future that nobody polls has not begun to wait. \
                 (asyncio's trick, create_task first and await later, works because create_task makes a task. \
                 A call makes none.) \
                 The orders need the user, 1 + 2 s. The news takes 3 s and needs neither of them: ask for it at the start.",
                "连着两个 await，什么也不会重叠，把两个调用都写在第一个 `.await` 之前也一样：\
                 没有被轮询的 Future，还没开始等。\
                 （asyncio 里先 create_task、以后再 await 之所以行，是因为 create_task 创建了任务。调用不创建任务。）\
                 订单要先知道用户，1 + 2 秒；新闻要 3 秒，谁也不用等，一开始就要问。",
            ),
        );
        expect(
            ("most questions in flight", "同时在等的问题数"),
            gauge.most(),
            2,
            (
                "Two chains: user, then orders; and beside them the news.",
                "两条线：先用户，后订单；旁边是新闻。",
            ),
        );
    });
}

#[test]
fn the_answers() {
    run("the_answers", async {
        let answers = dashboard(async |question: &str| answer(question).await).await;
        expect(
            ("the orders and the news", "订单和新闻"),
            answers,
            ("two books".to_owned(), "rain".to_owned()),
            (
                "What needs a value has to wait for it: the orders are asked for with the name of the user. \
                 `join!` answers in the order in which its futures are written.",
                "要用到一个值，就得先等到它：问订单时要带上用户的名字。`join!` 按书写的顺序给出结果。",
            ),
        );
    });
}

#[test]
fn each_question_once() {
    run("each_question_once", async {
        let journal = Journal::new();
        dashboard(async |question: &str| {
            journal.note(question);
            answer(question).await
        })
        .await;
        let mut questions = journal.lines();
        questions.sort();
        expect(
            ("the questions, sorted", "问过的问题（已排序）"),
            questions,
            ["news", "orders of Ann", "user"].map(String::from).to_vec(),
            (
                "Each question is asked once: put an await and what needs its value into one `async` block.",
                "每个问题只问一次：把一个 await 和用到它的值的代码，放进同一个 `async` 块。",
            ),
        );
    });
}
