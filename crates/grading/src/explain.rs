//! What each end means, in both languages. Three parts where they apply:
//! what was seen, what it means in async Rust, and where to look.

use std::{fmt::Debug, io, time::Duration};

use crate::Text;

pub(crate) fn difference(what: &Text, observed: &impl Debug, expected: &impl Debug) -> Text {
    (
        format!("{}: observed {observed:?}, expected {expected:?}.", what.en),
        format!("{}：实际是 {observed:?}，应当是 {expected:?}。", what.zh),
    )
        .into()
}

pub(crate) fn deadlock() -> Text {
    (
        "Every task waits, no timer is left, and nothing will wake one of them.\n\
         Look for a channel whose Sender is still alive somewhere, a lock taken twice, \
         a task that is awaited but never told to end, two that wait for each other, \
         or a future of your own that answered Pending and left its waker nowhere.",
        "所有任务都在等待，没有剩下的定时器，也不会再有什么来唤醒它们。\n\
         检查一下：是不是还有某个 Sender 活着，通道因此不会关闭？\
         是不是同一把锁拿了两次？是不是在等一个没人叫它结束的任务，或者两边互相等着？\
         手写的 Future 回答 Pending 之前，有没有把 Waker 留给谁？",
    )
        .into()
}

pub(crate) fn endless(limit: Duration) -> Text {
    (
        format!(
            "After {limit:?} on the test's clock the program still runs.\n\
             Some task goes on with its timers for ever: a loop without an end, or an interval that nobody stops."
        ),
        format!(
            "测试时钟已经走过 {limit:?}，程序仍未结束。\n\
             有任务一直在用定时器循环：要么循环没有出口，要么 interval 没人停。"
        ),
    )
        .into()
}

pub(crate) fn hung(limit: Duration) -> Text {
    (
        format!(
            "After {limit:?} the program still computes, and was killed.\n\
             A loop that never waits keeps the runtime's thread: no timer fires and no timeout helps. \
             `yield_now` in a loop is such a loop, too."
        ),
        format!(
            "过了 {limit:?}，程序仍在运算，只好终止它。\n\
             从不等待的循环会一直占着运行时线程：定时器不触发，timeout 也救不了。\
             循环里只有 `yield_now` 也是一样。"
        ),
    )
        .into()
}

pub(crate) fn stands_still(limit: Duration) -> Text {
    (
        format!(
            "For {limit:?} the runtime's thread has stood still, and was killed.\n\
             It waits inside a poll: a std Mutex that is already locked, std::thread::sleep, or another blocking call. \
             While it waits there, no task runs."
        ),
        format!(
            "运行时线程停住了 {limit:?}，只好终止它。\n\
             它在一次轮询里面等：std 的 Mutex 已经锁上了，或者调用了 std::thread::sleep 之类的阻塞函数。\
             它等着的时候，所有任务都动不了。"
        ),
    )
        .into()
}

pub(crate) fn blocked(time: Duration) -> Text {
    let ms = time.as_millis();
    (
        format!(
            "The runtime's thread was blocked for {ms} ms of real time, inside a poll.\n\
             std::thread::sleep and other blocking calls stop the thread, and with it every task on it. \
             tokio::time::sleep(…).await lets the others run."
        ),
        format!(
            "运行时线程在轮询里面被阻塞了 {ms} 毫秒（真实时间）。\n\
             std::thread::sleep 之类的阻塞调用停住的是线程，线程上的任务全都跟着停。\
             换成 tokio::time::sleep(…).await，别的任务才有机会运行。"
        ),
    )
        .into()
}

pub(crate) fn leaked_tasks(tasks: usize) -> Text {
    (
        format!(
            "Tasks still alive when the test had ended: {tasks}.\n\
             Dropping a JoinHandle neither waits for its task nor cancels it: the task runs on, detached. \
             Await the handle, or abort it and await it."
        ),
        format!(
            "测试结束时还活着的任务：{tasks} 个。\n\
             丢掉 JoinHandle 既不会等任务结束，也不会取消它：任务脱离出去，继续运行。\
             请等待这个句柄，或者先 abort 再等待。"
        ),
    )
        .into()
}

pub(crate) fn left_processes() -> Text {
    (
        "A process that the program started was still running when the test had ended.\n\
         Dropping a Child does not end it: wait for it, or start it with kill_on_drop(true).",
        "测试结束时，程序启动的子进程还在运行。\n\
         丢掉 Child 并不会结束子进程：请等它结束，或者启动时加上 kill_on_drop(true)。",
    )
        .into()
}

pub(crate) fn panic(message: &str, at: &str) -> Text {
    (format!("{at} panicked: {message}"), format!("{at} 处 panic：{message}")).into()
}

pub(crate) fn unknown_panic() -> Text {
    ("The test panicked.", "测试 panic 了。").into()
}

pub(crate) fn failed_assertion(message: &str, at: &str) -> Text {
    (format!("{at}: {message}"), format!("{at}：{message}")).into()
}

pub(crate) fn early_exit(status: &str) -> Text {
    (
        format!(
            "The process ended ({status}) before the test did.\n\
             Return from the function instead of ending the process: process::exit and abort take every other task along."
        ),
        format!(
            "测试还没结束，进程就退出了（{status}）。\n\
             让函数正常返回，不要结束进程：process::exit 和 abort 会带走其他所有任务。"
        ),
    )
        .into()
}

pub(crate) fn never_started() -> Text {
    (
        "The test never started. The name given to grading::run must be the name of its #[test] function, \
         with its modules.",
        "测试没有开始。传给 grading::run 的名字必须与 #[test] 函数的名字一致（含模块路径）。",
    )
        .into()
}

pub(crate) fn no_guard(error: &io::Error) -> Text {
    (
        format!("The test could not be watched to its end: {error}."),
        format!("无法把测试监督到底：{error}。"),
    )
        .into()
}

pub(crate) fn stack_overflow() -> Text {
    (
        "A thread used up its stack. A recursion does not end, or a very large value lives inside a future.",
        "线程的栈用完了。要么递归没有尽头，要么 Future 里放了一个很大的值。",
    )
        .into()
}

pub(crate) fn out_of_memory(limit: u64) -> Text {
    let mb = limit >> 20;
    (
        format!(
            "The program took more than {mb} MB of memory, and was killed. Something grows without a bound."
        ),
        format!("程序占用的内存超过了 {mb} MB，只好终止它。有东西在无限增长。"),
    )
        .into()
}

pub(crate) fn allocation_failed() -> Text {
    ("The program asked for more memory than it may have.", "程序申请的内存超过了上限。").into()
}

pub(crate) fn output_flood(limit: usize) -> Text {
    let kb = limit >> 10;
    (
        format!("The program printed more than {kb} KB, and was killed."),
        format!("程序打印的内容超过了 {kb} KB，只好终止它。"),
    )
        .into()
}

pub(crate) fn file_too_big() -> Text {
    ("The program wrote a file larger than it may be.", "程序写的文件超过了大小上限。").into()
}

pub(crate) fn too_many(limit: u64) -> Text {
    (
        format!(
            "More than {limit} threads or processes were alive at once, and were killed.\n\
             A task needs no thread of its own: tokio::spawn is cheap, std::thread::spawn is not."
        ),
        format!(
            "同时存在的线程和进程超过了 {limit} 个，只好终止它们。\n\
             任务不需要自己的线程：tokio::spawn 很便宜，std::thread::spawn 可不便宜。"
        ),
    )
        .into()
}
