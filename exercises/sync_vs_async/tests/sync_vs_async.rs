//! Grades `sync_vs_async`.

use grading::{Journal, elapsed, expect, run, secs};
use sync_vs_async::profile;
use tokio::time::sleep;

/// A server that takes so many seconds for the user, the posts and the news.
async fn answer(url: &str, seconds: [u64; 3]) -> String {
    let [user, posts, news] = seconds;
    match url {
        "user" => {
            sleep(secs(user)).await;
            "Xiaoming".into()
        }
        "news" => {
            sleep(secs(news)).await;
            "rain".into()
        }
        _ => {
            sleep(secs(posts)).await;
            format!("the {url}")
        }
    }
}

#[test]
fn waits_overlap() {
    run("waits_overlap", async {
        profile(async |url: &str| answer(url, [1, 2, 3]).await).await;
        expect(
            (
                "time taken (user 1 s, posts 2 s, news 3 s)",
                "用时（用户 1 秒，帖子 2 秒，新闻 3 秒）",
            ),
            elapsed(),
            secs(3),
            (
                "The posts need the name and come after it: 1 + 2 = 3 s. The news needs nothing: \
                 its 3 s can pass meanwhile, if they begin at once. \
                 What is awaited line by line waits one after another; \
                 calling `fetch` early does not help, for a future that nobody polls has not begun.",
                "帖子要先有名字，只能排在后面：1 + 2 = 3 秒。新闻什么也不靠，它的 3 秒可以同时过去，\
                 只要一开始就启动。一行一行地 await，就是一个接一个地等；\
                 先调用 `fetch` 也没有用：没有人轮询的 Future 还没有开始。",
            ),
        );
    });
}

#[test]
fn nobody_waits_for_the_slowest() {
    run("nobody_waits_for_the_slowest", async {
        profile(async |url: &str| answer(url, [1, 3, 2]).await).await;
        expect(
            (
                "time taken (user 1 s, posts 3 s, news 2 s)",
                "用时（用户 1 秒，帖子 3 秒，新闻 2 秒）",
            ),
            elapsed(),
            secs(4),
            (
                "The posts may begin as soon as the name is there. \
                 Joining the name with the news makes them wait for the news, too.",
                "名字一到，帖子就可以开始。把名字和新闻 join 在一起，帖子就还得等新闻。",
            ),
        );
    });
}

#[test]
fn the_right_answers() {
    run("the_right_answers", async {
        let journal = Journal::new();
        let answers = profile(async |url: &str| {
            journal.note(url);
            answer(url, [1, 2, 3]).await
        })
        .await;
        expect(
            ("the user, the posts, the news", "用户、帖子、新闻"),
            answers,
            ["Xiaoming", "the posts of Xiaoming", "rain"].map(str::to_owned),
            (
                "Only waits that do not need each other's answers may overlap: \
                 first the name, then the posts of that name. \
                 Whichever comes first, the array is in this order.",
                "只有互不依赖的等待才能重叠：先有名字，再要这个人的帖子。\
                 不论谁先到，数组里都是这个顺序。",
            ),
        );
        expect(
            ("requests", "请求的次数"),
            journal.lines().len(),
            3,
            ("Each thing is fetched once.", "每样东西只请求一次。"),
        );
    });
}
