//! Grades `yield_from`.

use grading::{Journal, expect, run};
use yield_from::rows;

/// Three pages; the second is empty.
fn page(number: u32) -> Vec<String> {
    let rows: &[&str] = match number {
        1 => &["1a", "1b"],
        3 => &["3a"],
        _ => &[],
    };
    rows.iter().map(|row| row.to_string()).collect()
}

fn lines(of: &[&str]) -> Vec<String> {
    of.iter().map(|line| line.to_string()).collect()
}

#[test]
fn every_row_once() {
    run("every_row_once", async {
        let all: Vec<String> = rows(3, page).collect();
        expect(
            ("the rows of three pages, the second of them empty", "三页的各行，其中第二页是空的"),
            all,
            lines(&["1a", "1b", "3a"]),
            (
                "`yield from` hands out every row of the inner iterator and then goes on with the outer loop, \
                 also if there was none.",
                "`yield from` 把里面的迭代器一行行交完，再回到外面的循环；里面一行也没有，也照样往下走。",
            ),
        );
    });
}

#[test]
fn the_call_fetches_nothing() {
    run("the_call_fetches_nothing", async {
        let journal = Journal::new();
        let fetch = |number| {
            journal.note(format!("page {number}"));
            page(number)
        };
        let unused = rows(3, fetch);
        expect(
            ("what was fetched before anyone asked for a row", "还没有人要过一行时，取过的页"),
            journal.lines(),
            lines(&[]),
            (
                "Calling a Python generator runs none of its body. A Rust function runs at once, to its end; \
                 only what stands in a closure, given to an iterator, waits until someone asks.",
                "调用 Python 的生成器，函数体一行也不执行。Rust 的函数一调用就执行到底；\
                 只有写进闭包、交给迭代器的，才会等到有人要。",
            ),
        );
        drop(unused);
    });
}

#[test]
fn a_page_when_its_turn_comes() {
    run("a_page_when_its_turn_comes", async {
        let journal = Journal::new();
        let fetch = |number| {
            journal.note(format!("page {number}"));
            page(number)
        };
        for row in rows(3, fetch).take(2) {
            journal.note(row);
        }
        expect(
            ("what happened while two rows were read", "读两行的时候，先后发生的事"),
            journal.lines(),
            lines(&["page 1", "1a", "1b"]),
            (
                "A page that no one gets to is not fetched. Whoever stops early stops the fetching, too.",
                "没有人要到的页，就不该取。读的人提早停下，取也就停下。",
            ),
        );
    });
}
