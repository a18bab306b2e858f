//! Grades `markdown`.

use grading::{Gauge, elapsed, expect, run, secs};
use markdown::titles;
use tokio::time::sleep;

/// The title of this one page.
async fn title_of(page: &str) -> Option<String> {
    titles(&["page.md"], async |_: &str| page.to_owned()).await.pop().flatten()
}

#[test]
fn the_first_heading() {
    run("the_first_heading", async {
        let page = "Some text with a # in it.\n\n## Not yet\n\n# The title\n\n# Another\n";
        expect(
            ("the title", "标题"),
            title_of(page).await.as_deref(),
            Some("The title"),
            (
                "The first line that begins with one `#` and a space is the title; `##` is of another level.",
                "以一个 `#` 和空格开头的第一行是标题；`##` 是另一级。",
            ),
        );
        let page = "# The title {#the_title}\n";
        expect(
            ("the title of a heading with an id", "带标识的标题"),
            title_of(page).await.as_deref(),
            Some("The title"),
            (
                "`{#the_title}` is the heading's id, no part of its text.",
                "`{#the_title}` 是标识，不是标题的文字。",
            ),
        );
        expect(
            ("the title of a page without one", "没有标题的页面"),
            title_of("Nothing but text.\n").await,
            None,
            ("A page need not have a title.", "页面可以没有标题。"),
        );
    });
}

#[test]
fn a_comment_is_no_heading() {
    run("a_comment_is_no_heading", async {
        let page = "```sh\n# build it\ncargo build\n```\n\n# The title\n";
        expect(
            ("the title below a code block", "代码块下面的标题"),
            title_of(page).await.as_deref(),
            Some("The title"),
            (
                "Between two lines of backticks everything is code, also a line that begins with `#`.",
                "两行反引号之间都是代码，`#` 开头的行也是。",
            ),
        );
        let page = "````text\n```sh\n# one\n```\n# two\n````\n# The title\n";
        expect(
            ("the title below a block in a block", "块中有块时，下面的标题"),
            title_of(page).await.as_deref(),
            Some("The title"),
            (
                "A block that begins with four backticks ends with four: the three inside are its text.",
                "以四个反引号开头的块，到四个反引号才结束：里面的三个是它的内容。",
            ),
        );
    });
}

#[test]
fn all_pages_at_once() {
    run("all_pages_at_once", async {
        let gauge = Gauge::new();
        let found = titles(&["slow", "quick", "none"], async |page: &str| {
            let _inside = gauge.enter();
            sleep(secs(if page == "slow" { 2 } else { 1 })).await;
            if page == "none" { String::new() } else { format!("# {page}\n") }
        })
        .await;
        expect(
            ("the titles", "标题"),
            found,
            vec![Some("slow".to_owned()), Some("quick".to_owned()), None],
            (
                "A title for each page, in their order, whichever was read first.",
                "每页一个标题，按页面的顺序，与哪页先读完无关。",
            ),
        );
        expect(
            ("pages being read at the same time", "同时在读的页数"),
            gauge.most(),
            3,
            (
                "Parsing waits for nothing, but reading does: let the reads overlap.",
                "解析什么也不等，读却要等：让读重叠起来。",
            ),
        );
        expect(
            ("time taken", "用时"),
            elapsed(),
            secs(2),
            ("The slowest page takes 2 s.", "最慢的一页要 2 秒。"),
        );
    });
}
