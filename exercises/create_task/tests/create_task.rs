//! Grades `create_task`.

use create_task::{PREDICTION, program};
use grading::{Journal, check, run};

/// What the program prints, main's end included and no more.
async fn printed() -> Vec<String> {
    let journal = Journal::new();
    let print = journal.clone();
    program(move |line| print.note(line)).await;
    journal.lines()
}

fn position(line: &str) -> Option<usize> {
    PREDICTION.iter().position(|predicted| *predicted == line)
}

#[test]
fn the_program_is_unchanged() {
    run("the_program_is_unchanged", async {
        let lines = printed().await;
        check(
            lines.len() == 7 && lines[0].starts_with("main") && lines[6].starts_with("main"),
            (
                "The program in src/lib.rs is no longer the one to predict. \
                 Try things out as you like, then restore it.",
                "src/lib.rs 里的程序已经不是要预测的那个了。可以随意试验，之后请恢复原样。",
            ),
        );
    });
}

#[test]
fn spawn_runs_nothing_yet() {
    run("spawn_runs_nothing_yet", async {
        let main = position("main: both spawned");
        let early = ["slow: start", "quick: start"].into_iter().find(|start| {
            position(start).is_some_and(|start| main.is_none_or(|main| start < main))
        });
        let first = early.unwrap_or_default();
        check(
            early.is_none(),
            (
                format!(
                    "You predict {first:?} before \"main: both spawned\".\n\
                     spawn only puts the task into the runtime's queue, like create_task. \
                     The task first runs when main gives up the thread, and that is at its first await."
                ),
                format!(
                    "你预测 {first:?} 出现在 \"main: both spawned\" 之前。\n\
                     spawn 只是把任务放进运行时的队列，和 create_task 一样。\
                     要等 main 让出线程，任务才第一次运行，也就是在 main 的第一个 await 处。"
                ),
            ),
        );
    });
}

#[test]
fn a_dropped_handle_cancels_nothing() {
    run("a_dropped_handle_cancels_nothing", async {
        check(
            position("slow: end").is_some(),
            (
                "You predict that \"slow: end\" is never printed.\n\
                 Dropping a JoinHandle detaches the task, it does not cancel it: the runtime owns the task, and runs it on.",
                "你预测 \"slow: end\" 不会打印。\n\
                 丢掉 JoinHandle 只是让任务脱离，并不会取消它：任务归运行时所有，会继续运行。",
            ),
        );
    });
}

#[test]
fn main_waits_for_nobody() {
    run("main_waits_for_nobody", async {
        check(
            position("late: start").is_none(),
            (
                "You predict that \"late: start\" is printed.\n\
                 That task is only queued when main ends, and the runtime ends with main: what nobody awaited is dropped.",
                "你预测会打印 \"late: start\"。\n\
                 main 结束时那个任务还在排队，而运行时随 main 一起结束：没有人等待的任务会被丢弃。",
            ),
        );
    });
}

#[test]
fn the_whole_order() {
    run("the_whole_order", async {
        let lines = printed().await;
        let pairs = lines.iter().zip(PREDICTION);
        let right = pairs.take_while(|(line, predicted)| line == predicted).count();
        let all = right == lines.len() && right == PREDICTION.len();
        let number = right + 1;
        let (fault, fault_zh) = match PREDICTION.get(right) {
            Some(line) => (
                format!("Line {number} is not \"{line}\"."),
                format!("第 {number} 行不是 \"{line}\"。"),
            ),
            None => (format!("Line {number} is missing."), format!("缺了第 {number} 行。")),
        };
        check(
            all,
            (
                format!(
                    "Lines right from the top: {right}. {fault}\n\
                     Between two awaits nobody else runs. At an await the queue moves on, first in, first out, \
                     and a timer puts its task back when it is due. Say for each line at which second it is printed."
                ),
                format!(
                    "从头数起，对了 {right} 行。{fault_zh}\n\
                     两个 await 之间没有别人能运行。到了 await，队列按先进先出继续；定时器到点，才把任务放回队列。\
                     试着说出每一行是在第几秒打印的。"
                ),
            ),
        );
    });
}
