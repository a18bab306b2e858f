//! Grades `subroutines`.

use grading::{Journal, expect, run};
use subroutines::{Job, Step, take_turns};

/// A job that notes one line at each step.
fn job<'a>(journal: &'a Journal, lines: &[&'static str]) -> Job<'a> {
    lines.iter().map(|&line| Box::new(move || journal.note(line)) as Step<'a>).collect()
}

fn lines(of: &[&str]) -> Vec<String> {
    of.iter().map(|line| line.to_string()).collect()
}

#[test]
fn one_step_each() {
    run("one_step_each", async {
        let journal = Journal::new();
        take_turns(vec![job(&journal, &["1", "2"]), job(&journal, &["3", "4"])]);
        expect(
            ("the steps of two jobs", "两份工作的各步"),
            journal.lines(),
            lines(&["1", "3", "2", "4"]),
            (
                "Two functions side by side do not take turns by themselves: a call runs to its end. \
                 Whoever calls the steps has to go round, as an event loop does.",
                "两个函数放在一起，不会自己轮流：一次调用总是执行到底。\
                 要轮流，就得由调用各步的人一圈圈地转，事件循环就是这样做的。",
            ),
        );
    });
}

#[test]
fn to_their_ends() {
    run("to_their_ends", async {
        let journal = Journal::new();
        take_turns(vec![
            job(&journal, &["a1", "a2", "a3"]),
            job(&journal, &["b1", "b2"]),
            job(&journal, &["c1"]),
            job(&journal, &[]),
        ]);
        expect(
            ("the steps of jobs with 3, 2, 1 and 0 steps", "分别有 3、2、1、0 步的工作的各步"),
            journal.lines(),
            lines(&["a1", "b1", "c1", "a2", "b2", "a3"]),
            (
                "A job that is done leaves the circle; the others go round until they are done, too.",
                "做完的工作退出，其余的接着转，直到全部做完。",
            ),
        );
    });
}
