//! How a program ended, in words; and of one that never ends, who waits for
//! whom.
//!
//! The names of the ends are those of the verdicts on an exercise (`grading`).

use crate::model::{
    Blocker, CompilerError, Ending, Holder, Limit, On, Outcome, Sender, Stuck, TaskId, TaskKind,
    Trace, Wait, WaitId, Why,
};
use crate::words::Locale;

impl Locale {
    /// How the program ended, if not by `main`'s return: the name of that end
    /// and what it means.
    pub fn ending(self, trace: &Trace) -> Option<String> {
        let ending = match &trace.ending {
            Ending::Returned => return None,
            Ending::Error { message: None } => {
                self.say("出错：main 返回了错误。", "error: main returned an error.").into()
            }
            Ending::Error { message: Some(message) } => self.say(
                format!("出错：main 返回了错误：{message}"),
                format!("error: main returned an error: {message}"),
            ),
            Ending::Panicked { message } => self.say(
                format!("panic：main 里发生了 panic：{message}"),
                format!("panic: main panicked: {message}"),
            ),
            Ending::Failed { code } => self.say(
                format!("出错：main 返回了退出码 {code}。"),
                format!("error: main returned exit code {code}."),
            ),
            Ending::Exited { code: Some(code) } => self.say(
                format!("提前退出：进程以退出码 {code} 结束。"),
                format!("early exit: the process ended with code {code}."),
            ),
            Ending::Exited { code: None } => self
                .say("提前退出：整个进程结束了。", "early exit: the whole process ended.")
                .into(),
            Ending::Aborted => self
                .say(
                    "提前退出：程序调用了 abort，或者在 panic 当中又 panic。",
                    "early exit: the program called abort, or panicked while it panicked.",
                )
                .into(),
            Ending::Overflowed => self
                .say(
                    "栈溢出：函数一层层调用，用完了线程的栈。",
                    "stack overflow: calls within calls used up the thread's stack.",
                )
                .into(),
            Ending::OutOfMemory => self
                .say(
                    "内存超限：程序要的内存超过了录制允许的。",
                    "out of memory: the program asked for more than a recording may have.",
                )
                .into(),
            Ending::Killed { signal } => self.say(
                format!("提前退出：进程被信号 {signal} 结束，什么也没录下来。"),
                format!("early exit: signal {signal} ended the process; nothing was recorded."),
            ),
            Ending::Stuck => return Some(self.stuck_heading(trace)),
            Ending::Cut { limit } => return Some(self.cut(trace, *limit)),
            Ending::Lost { why } => {
                self.say(format!("没录下来：{why}"), format!("nothing was recorded: {why}"))
            }
            Ending::DoesNotCompile { errors } => {
                let error = |error: &CompilerError| match error.code.as_str() {
                    "" => error.message.clone(),
                    code => format!("{code}, {}", error.message),
                };
                let errors: Vec<String> = errors.iter().map(error).collect();
                let errors = errors.join(self.say("；", "; "));
                self.say(format!("编译不通过：{errors}"), format!("does not compile: {errors}"))
            }
        };
        Some(self.spaced(&ending))
    }

    /// A space between a Chinese letter and a Latin one, and none between two
    /// Chinese ones.
    fn spaced(self, sentence: &str) -> String {
        if self == Self::En {
            return sentence.to_owned();
        }
        let is_chinese = |letter: char| {
            ('\u{2e80}'..'\u{ff00}').contains(&letter) && !"，。、；：".contains(letter)
        };
        let is_wide = |letter: char| letter >= '\u{2e80}' || "“”".contains(letter);
        let is_latin = |letter: char| letter.is_ascii_alphanumeric() || letter == '`';
        let mut spaced = String::new();
        let mut letters = sentence.chars().peekable();
        while let Some(letter) = letters.next() {
            let before = spaced.chars().next_back();
            match (before, letter, letters.peek()) {
                (Some(before), ' ', Some(&next)) if is_wide(before) && is_wide(next) => continue,
                (Some(before), _, _)
                    if (is_chinese(before) && is_latin(letter))
                        || (is_latin(before) && is_chinese(letter)) =>
                {
                    spaced.push(' ');
                }
                _ => {}
            }
            spaced.push(letter);
        }
        spaced
    }

    fn stuck_heading(self, trace: &Trace) -> String {
        // The blocking pool's threads are there to be blocked.
        let blocked = trace.stuck.iter().any(|stuck| {
            matches!(stuck.why, Why::Blocked { .. }) && !trace.is_blocking(stuck.task)
        });
        if trace.stuck.is_empty() {
            return self
                .say(
                    "停住了：程序停在所有任务之外，再也不会有事发生。",
                    "stands still: the program has stopped outside of all tasks, and nothing can happen any more.",
                )
                .into();
        }
        if blocked {
            return self
                .say(
                    "阻塞了运行时线程：线程停在一次轮询里面，再也不会有事发生。",
                    "blocked runtime thread: it has stopped inside a poll, and nothing can happen any more.",
                )
                .into();
        }
        self.say(
            "死锁：所有任务都在等待，没有剩下的定时器，再也不会有事发生。",
            "deadlock: every task waits, no timer is left, and nothing can happen any more.",
        )
        .into()
    }

    fn cut(self, trace: &Trace, limit: Limit) -> String {
        if trace.stuck.iter().any(|stuck| matches!(stuck.why, Why::Busy { .. })) {
            return self
                .say(
                    "停不下来：一次轮询一直不返回，所在的线程什么别的也做不了。",
                    "hung: a poll does not return, and its thread can do nothing else.",
                )
                .into();
        }
        let limit = match limit {
            Limit::Seconds(seconds) => {
                self.say(format!("{seconds} 秒（真实时间）"), format!("{seconds} s of real time"))
            }
            Limit::Events(count) => self.say(format!("{count} 个事件"), format!("{count} events")),
            Limit::Bytes(bytes) => {
                let mb = bytes >> 20;
                self.say(format!("{mb} MiB 输出"), format!("{mb} MiB of output"))
            }
        };
        let is_dead = |id: usize| trace.stuck.iter().any(|stuck| stuck.task == id);
        let lives = |id: &usize| trace.tasks[*id].outcome == Outcome::Running && !is_dead(*id);
        let some_live = (0..trace.tasks.len()).any(|id| lives(&id)) || trace.omitted > 0;
        let goes_on = match trace.stuck.is_empty() {
            false if !some_live => {
                self.say("它的任务却都再也动不了", "but none of its tasks ever goes on again")
            }
            true => self.say("程序还会继续", "the program goes on from here"),
            false => self.say(
                "别的任务还在继续，这几个却再也动不了",
                "other tasks go on, but some never will",
            ),
        };
        self.say(
            format!("没有结束：录到上限（{limit}）为止，图画到这里，{goes_on}。"),
            format!("endless: recorded as far as the limit, {limit}; {goes_on}."),
        )
    }

    /// Who waits for ever and why, a sentence each; circles first.
    pub fn stuck(self, trace: &Trace) -> Vec<String> {
        let circle = circle(trace);
        let mut sentences = Vec::new();
        if !circle.is_empty() {
            sentences.push(self.circle(trace, &circle));
        }
        let told = |stuck: &&Stuck| !circle.iter().any(|link| std::ptr::eq(*link, *stuck));
        let others = trace.stuck.iter().filter(told);
        sentences.extend(others.map(|stuck| self.waits_for_ever(trace, stuck)));
        let mut spaced: Vec<String> = Vec::new();
        for sentence in sentences.iter().map(|sentence| self.spaced(sentence)) {
            // Five branches that wait for the same thing are told once.
            if !spaced.contains(&sentence) {
                spaced.push(sentence);
            }
        }
        spaced
    }

    /// `main waits for a, held by task 2, which waits for b, held by main`.
    fn circle(self, trace: &Trace, links: &[&Stuck]) -> String {
        let mut sentence = String::new();
        for (index, link) in links.iter().enumerate() {
            let who = self.task(trace, link.task);
            let next = links[(index + 1) % links.len()].task;
            let what = self.thing(trace, link);
            let at = self.at_line(trace, link);
            let held = self.link(trace, link, next);
            let held = match held.is_empty() {
                true => held,
                false => self.say(format!("，{held}"), format!(", {held}")),
            };
            if index == 0 {
                sentence += &self.say(
                    format!("{who} 在等 {what}{at}{held}"),
                    format!("{who} waits for {what}{at}{held}"),
                );
            } else {
                sentence += &self.say(
                    format!("；{who} 又在等 {what}{at}{held}"),
                    format!(", which waits for {what}{at}{held}"),
                );
            }
        }
        if links.len() > 1 {
            sentence += self.say("：绕成了一圈", ": a circle");
        }
        sentence + self.say("。", ".")
    }

    fn link(self, trace: &Trace, link: &Stuck, next: TaskId) -> String {
        let name = self.task(trace, next);
        match &link.why {
            Why::Held { by } => {
                let holder = by.iter().find(|holder| holder.task == Some(next));
                holder.map_or(String::new(), |holder| self.held(trace, link, holder))
            }
            Why::Behind { of } => self.behind(trace, *of),
            Why::Task { .. } => String::new(),
            Why::Turn { .. } => self.say(
                format!("轮到的是 {name} 里的另一个 Future"),
                format!("whose turn it is for another future of {name}"),
            ),
            _ => self.say("它不会结束", "which does not end").into(),
        }
    }

    fn held(self, trace: &Trace, link: &Stuck, holder: &Holder) -> String {
        let itself = holder.task == Some(link.task);
        if is_permit(trace, link) {
            return self.taken(trace, holder, itself);
        }
        let since = holder.line.map_or(String::new(), |line| {
            let line = self.line(trace, line);
            self.say(format!("（{line}起）"), format!(" since {line}"))
        });
        let not_polled = match holder.polled {
            true => "",
            false => self
                .say("，但拿着它的 Future 没人再轮询", ", in a future that is not polled any more"),
        };
        if holder.owned {
            let who = match itself {
                true => self.say("它自己", "itself").to_owned(),
                false => self.holder(trace, holder),
            };
            return self.say(
                format!("它由 {who} 锁上{since}，guard 可以移走，现在也许在别处{not_polled}"),
                format!("locked by {who}{since}, whose guard may have moved{not_polled}"),
            );
        }
        let who = self.holder(trace, holder);
        if itself {
            return self.say(
                format!("持有它的就是 {who} 自己{since}{not_polled}"),
                format!("held by itself{since}{not_polled}"),
            );
        }
        self.say(
            format!("它由 {who} 持有{since}{not_polled}"),
            format!("held by {who}{since}{not_polled}"),
        )
    }

    fn holder(self, trace: &Trace, holder: &Holder) -> String {
        match holder.task {
            Some(task) => self.task(trace, task),
            None => self.say("任务之外的代码", "code outside of all tasks").into(),
        }
    }

    /// A permit may be forgotten: all that is known is that it did not come back.
    fn taken(self, trace: &Trace, holder: &Holder, itself: bool) -> String {
        let line = holder.line.map_or(String::new(), |line| {
            let line = self.line(trace, line);
            self.say(format!("（{line}）"), format!(" in {line}"))
        });
        let not_polled = match holder.polled {
            true => "",
            false => self
                .say("；拿着它的 Future 没人再轮询", ", by a future that is not polled any more"),
        };
        let who = match (itself, self) {
            (true, Self::En) => "itself".to_owned(),
            _ => self.holder(trace, holder),
        };
        self.say(
            format!("许可被 {who} 取走{line}，没有还回来{not_polled}"),
            format!("whose permits were taken by {who}{line} and did not come back{not_polled}"),
        )
    }

    /// What is waited for: `` `a` ``, `task 2`.
    fn thing(self, trace: &Trace, stuck: &Stuck) -> String {
        if let Some(name) = &stuck.name {
            return match stuck.why {
                Why::Senders { .. } => {
                    self.say(format!("`{name}` 的消息"), format!("a message from `{name}`"))
                }
                Why::Full => self.say(format!("`{name}` 的空位"), format!("room in `{name}`")),
                Why::Sender => self.say(format!("`{name}` 的值"), format!("the value of `{name}`")),
                _ => format!("`{name}`"),
            };
        }
        if let Why::Task { task } = stuck.why {
            return self.task(trace, task);
        }
        match stuck.wait.and_then(|wait| trace.waits.get(wait)) {
            Some(wait) => self.waits(trace, wait),
            None => self.say("唤醒", "a wake").into(),
        }
    }

    /// In which function and line it waits.
    fn at_line(self, trace: &Trace, stuck: &Stuck) -> String {
        let Some(Wait { line: Some(line), function, .. }) =
            stuck.wait.and_then(|wait| trace.waits.get(wait))
        else {
            return String::new();
        };
        let line = self.line(trace, *line);
        let of_task = trace.tasks[stuck.task].function.as_deref();
        match function.as_deref().filter(|function| Some(*function) != of_task) {
            Some(function) => {
                self.say(format!("（`{function}`，{line}）"), format!(" (in `{function}`, {line})"))
            }
            None => self.say(format!("（{line}）"), format!(" ({line})")),
        }
    }

    fn waits_for_ever(self, trace: &Trace, stuck: &Stuck) -> String {
        let who = self.task(trace, stuck.task);
        let what = self.thing(trace, stuck);
        let at = self.at_line(trace, stuck);
        let why = match &stuck.why {
            Why::Held { by } => {
                if by.is_empty() && is_permit(trace, stuck) {
                    return self.say(
                        format!(
                            "{who} 在等 {what}{at}：它要的许可比一共有的还多，或者都被丢掉了。"
                        ),
                        format!("{who} waits for {what}{at}, for more permits than there are."),
                    );
                }
                if by.is_empty() {
                    return self.say(
                        format!("{who} 在等 {what}{at}，没有人放手。"),
                        format!("{who} waits for {what}{at}, and whoever has it does not let go."),
                    );
                }
                let held: Vec<String> =
                    by.iter().map(|holder| self.held(trace, stuck, holder)).collect();
                held.join(self.say("；", "; and "))
            }
            Why::Turn { of } => self.turn(trace, stuck, *of),
            Why::NotPolled => {
                return self.not_polled(trace, stuck, &who, &at);
            }
            Why::Task { .. } => self.say("它不会结束", "which does not end").into(),
            Why::Set => {
                self.say("集合里没有一个任务会结束", "and none of the set's tasks ends").into()
            }
            Why::Senders { alive } => self.senders(trace, alive),
            Why::SomeTask => self.say("它不会结束", "which does not end").into(),
            Why::Behind { of } => self.behind(trace, *of),
            Why::Full => self
                .say(
                    "通道满了，再没有人来取",
                    "and nobody takes anything out of the full channel any more",
                )
                .into(),
            Why::Sender => {
                let whose = self.only_left(trace);
                self.say(
                    format!("发送端还在{whose}，却没有人用它发送"),
                    format!("whose sender is still alive{whose}, and nobody sends"),
                )
            }
            Why::Nobody => match stuck.wait.and_then(|wait| trace.waits.get(wait)).map(|it| &it.on)
            {
                Some(On::Notify) => {
                    self.say("再没有谁会来通知", "and nobody is left to notify it").into()
                }
                Some(On::Barrier) => {
                    self.say("别的任务不会来了", "and the others never come").into()
                }
                Some(On::Io { .. }) => self.say("对方一直没有回应", "which does not answer").into(),
                _ => self.say("再没有谁会来唤醒", "and nobody is left to wake it").into(),
            },
            Why::NoWaker => {
                let spawned = trace.tasks[stuck.task].line.map(|line| self.line(trace, line));
                let who = match (spawned, trace.tasks[stuck.task].kind) {
                    (Some(line), TaskKind::Task) => self.say(
                        format!("{who}（创建于{line}）"),
                        format!("{who} (spawned in {line})"),
                    ),
                    _ => who,
                };
                return self.say(
                    format!("{who} 上一次轮询返回了 Pending，却没有把 Waker 留给任何人，所以没有谁能唤醒它。"),
                    format!("The last poll of {who} returned Pending and left its waker with nobody: no one can wake it."),
                );
            }
            Why::Blocked { line, by } => return self.blocked(trace, stuck.task, *line, *by),
            Why::Busy { line } => {
                let line = line.map_or(String::new(), |line| {
                    let line = self.line(trace, line);
                    self.say(
                        format!("，最后看到它在{line}"),
                        format!("; it was last seen in {line}"),
                    )
                });
                return self.say(
                    format!("{who} 的一次轮询一直在运行，没有返回{line}。"),
                    format!("A poll of {who} runs on and on and does not return{line}."),
                );
            }
        };
        self.say(
            format!("{who} 在等 {what}{at}：{why}。"),
            format!("{who} waits for {what}{at}, {why}."),
        )
    }

    fn behind(self, trace: &Trace, of: WaitId) -> String {
        let Some(other) = trace.waits.get(of) else { return String::new() };
        let who = self.task(trace, other.task);
        let at = other.line.map_or(String::new(), |line| {
            let line = self.line(trace, line);
            self.say(format!("（{line}）"), format!(" ({line})"))
        });
        self.say(
            format!("排在 {who} 的写锁{at}后面"),
            format!("queued behind the write of {who}{at}"),
        )
    }

    fn turn(self, trace: &Trace, stuck: &Stuck, of: WaitId) -> String {
        let Some(other) = trace.waits.get(of) else { return String::new() };
        let whose = match other.task == stuck.task {
            true => self.say("它自己的".to_owned(), "its own".to_owned()),
            false => self.say(
                format!("{} 的", self.task(trace, other.task)),
                format!("{}'s", self.task(trace, other.task)),
            ),
        };
        let function = other.function.as_deref().unwrap_or("async");
        let since = self.time(other.from);
        self.say(
            format!("现在轮到{whose} `{function}`（从 {since} 起排在前面），可是这个 Future 没人再轮询"),
            format!(
                "but it is the turn of {whose} `{function}`, which has queued since {since}: that future is kept, and nobody polls it any more"
            ),
        )
    }

    fn not_polled(self, trace: &Trace, stuck: &Stuck, who: &str, at: &str) -> String {
        let wait = stuck.wait.and_then(|wait| trace.waits.get(wait));
        let what = wait.map_or(String::new(), |wait| self.on(&wait.on));
        self.say(
            format!("{who} 里的一个 Future（{what}）等的东西已经来了{at}，可是没人再轮询它。"),
            format!("A future of {who} ({what}){at}: what it waited for has come, and nobody polls it any more."),
        )
    }

    fn senders(self, trace: &Trace, alive: &[Sender]) -> String {
        if alive.is_empty() {
            return self
                .say("通道没有关闭，却没有人发送", "but nobody sends, and the channel stays open")
                .into();
        }
        let one = |sender: &Sender| {
            let made = sender.line.map_or(String::new(), |line| {
                let line = self.line(trace, line);
                self.say(format!("{line}的"), format!(" from {line}"))
            });
            let with = sender.task.map_or(String::new(), |task| {
                let task = self.task(trace, task);
                self.say(format!("（最后用它的是 {task}）"), format!(" (last used by {task})"))
            });
            self.say(format!("{made} Sender{with}"), format!("the sender{made}{with}"))
        };
        let list: Vec<String> = alive.iter().take(4).map(one).collect();
        let list = list.join(self.say("、", ", "));
        let whose = self.only_left(trace);
        self.say(
            format!("没有人发送，而还活着的{list}让通道一直开着{whose}"),
            format!("but nobody sends: {list} is still alive and keeps the channel open{whose}"),
        )
    }

    /// Where a value lies nobody tells; but somebody must have it.
    fn only_left(self, trace: &Trace) -> String {
        let is_left = |id: &usize| trace.tasks[*id].outcome == Outcome::Running;
        let mut left = (0..trace.tasks.len()).filter(is_left);
        match (left.next(), left.next()) {
            (Some(only), None) => {
                let only = self.task(trace, only);
                self.say(
                    format!("（还在的任务只有 {only}）"),
                    format!(" (of the tasks, only {only} is left)"),
                )
            }
            _ => String::new(),
        }
    }

    fn blocked(self, trace: &Trace, task: TaskId, line: Option<u32>, by: Blocker) -> String {
        let who = self.task(trace, task);
        let line = line.map_or(String::new(), |line| {
            let line = self.line(trace, line);
            self.say(format!("停在{line}的"), format!(" in {line}"))
        });
        let what = match by {
            Blocker::StdLock => self.say("std 的锁上", ", waiting for a lock of std"),
            Blocker::StdChannel => self.say("std 的通道上", ", waiting for a channel of std"),
            Blocker::Thread => self.say("另一个线程的结束上", ", waiting for the end of a thread"),
            Blocker::Condvar => self.say("条件变量上", ", waiting for a condition variable"),
            Blocker::Park => self.say("park 上", ", parked until a thread unparks it"),
            Blocker::Other => self.say("一个阻塞调用上", ", in a blocking call"),
        };
        let line =
            if line.is_empty() { self.say("停在".to_owned(), String::new()) } else { line };
        if trace.is_blocking(task) {
            return self
                .say(format!("{who} {line}{what}。"), format!("{who} stands still{line}{what}."));
        }
        let guard = match by {
            Blocker::StdLock => self.say(
                "拿着锁的任务如果跨着 await 没有放手，就再也没有机会放手。",
                " A task that has the lock across an await never gets to let go of it.",
            ),
            _ => "",
        };
        self.say(
            format!("{who} 的一次轮询{line}{what}，线程也跟着停住：这个线程上的别的任务都不能运行。{guard}"),
            format!("A poll of {who} stands still{line}{what}, and the thread with it: no other task of this thread can run.{guard}"),
        )
    }
}

fn is_permit(trace: &Trace, stuck: &Stuck) -> bool {
    let wait = stuck.wait.and_then(|wait| trace.waits.get(wait));
    wait.is_some_and(|wait| wait.on == On::Semaphore)
}

/// The tasks that wait for one another in a circle, each for the next.
fn circle(trace: &Trace) -> Vec<&Stuck> {
    let next = |stuck: &Stuck| -> Vec<TaskId> {
        match &stuck.why {
            Why::Held { by } => by.iter().filter_map(|holder| holder.task).collect(),
            Why::Task { task } => vec![*task],
            Why::Turn { of } | Why::Behind { of } => {
                trace.waits.get(*of).map(|wait| wait.task).into_iter().collect()
            }
            _ => Vec::new(),
        }
    };
    for first in &trace.stuck {
        let mut way: Vec<&Stuck> = vec![first];
        while let Some(last) = way.last().copied() {
            let targets = next(last);
            // A task that waits for what it has itself is told on its own.
            if targets.contains(&first.task) && way.len() > 1 {
                return way;
            }
            let on = trace.stuck.iter().find(|stuck| {
                targets.contains(&stuck.task) && !way.iter().any(|link| link.task == stuck.task)
            });
            match on {
                Some(stuck) if way.len() <= trace.tasks.len() => way.push(stuck),
                _ => break,
            }
        }
    }
    Vec::new()
}

impl Trace {
    /// Whether the wait never ends: it is open in a program that is stuck.
    pub fn is_for_ever(&self, wait: WaitId) -> bool {
        self.stuck.iter().any(|stuck| stuck.wait == Some(wait))
    }

    /// Whether the task is one of the blocking pool's.
    pub fn is_blocking(&self, task: TaskId) -> bool {
        self.tasks.get(task).is_some_and(|task| task.kind == TaskKind::Blocking)
    }
}
