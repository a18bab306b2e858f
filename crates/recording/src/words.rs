//! The words of the views, in the book's two languages.

use crate::model::{
    By, Clock, Event, Micros, On, Outcome, SPINS, TaskId, TaskKind, Trace, Wait, WaitEnd, WaitId,
    What,
};

/// A language of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Locale {
    /// Its code, as in `lang="en"`.
    pub fn code(self) -> &'static str {
        self.say("zh", "en")
    }

    pub(crate) fn say<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// `1.5 s`, `500 ms`.
    pub fn time(self, micros: Micros) -> String {
        let (number, unit) = match micros {
            0 => (0.0, self.say("秒", "s")),
            1..1_000 => (micros as f64, self.say("微秒", "µs")),
            1_000..1_000_000 => (micros as f64 / 1e3, self.say("毫秒", "ms")),
            _ => (micros as f64 / 1e6, self.say("秒", "s")),
        };
        format!("{number} {unit}")
    }

    /// The task's name: `main`, `task 1 · work`.
    pub fn task(self, trace: &Trace, id: TaskId) -> String {
        let Some(task) = trace.tasks.get(id) else {
            return format!("{} {id}", self.say("任务", "task"));
        };
        // The root future is number 0; an event loop written by hand has none.
        let rooted = trace.tasks.iter().any(|task| task.kind == TaskKind::Root);
        let number = if rooted { id } else { id + 1 };
        let word = match task.kind {
            TaskKind::Root if id == 0 => return "main".into(),
            TaskKind::Root => "block_on",
            TaskKind::Task => self.say("任务", "task"),
            TaskKind::Blocking => self.say("阻塞任务", "blocking task"),
        };
        match &task.function {
            Some(function) if task.kind != TaskKind::Root => {
                format!("{word} {number} · {function}")
            }
            _ => format!("{word} {number}"),
        }
    }

    /// What is waited for, in a word or two: `sleep 1 s`, `task 2`.
    pub fn on(self, on: &On) -> String {
        let timed = |word: &str, duration: Micros| format!("{word} {}", self.time(duration));
        match on {
            On::Sleep { duration } => timed("sleep", *duration),
            On::Timeout { duration } => timed("timeout", *duration),
            On::Interval { duration } if *duration > 0 => timed("tick", *duration),
            On::Interval { .. } => "tick".into(),
            On::Task { task: Some(id) } => format!("{} {id}", self.say("等任务", "join task")),
            On::Task { task: None } => self.say("等任务", "join").into(),
            On::NextTask { task: Some(id) } => format!("join_next {id}"),
            On::NextTask { task: None } => "join_next".into(),
            On::Mutex => self.say("等锁", "lock").into(),
            On::RwLock => self.say("等读写锁", "rwlock").into(),
            On::Semaphore => self.say("等许可", "permit").into(),
            On::Channel { sending: false } => self.say("等消息", "recv").into(),
            On::Channel { sending: true } => self.say("等空位", "send").into(),
            On::Oneshot => "oneshot".into(),
            On::Notify => self.say("等通知", "notified").into(),
            On::Watch => self.say("等变化", "changed").into(),
            On::Cell => "OnceCell".into(),
            On::Barrier => self.say("等屏障", "barrier").into(),
            On::Yield => "yield".into(),
            On::Io { call: Some(call) } => format!("I/O {call}"),
            On::Io { call: None } => "I/O".into(),
            On::Wake => self.say("等唤醒", "wake").into(),
        }
    }

    /// A line of the program: `line 5`, and of several files `src/main.rs, line 5`.
    pub fn line(self, trace: &Trace, line: u32) -> String {
        match trace.place(line) {
            (None, line) => self.say(format!("第 {line} 行"), format!("line {line}")),
            (Some(file), line) => {
                self.say(format!("{file} 第 {line} 行"), format!("{file}, line {line}"))
            }
        }
    }

    /// What a wait is for, as it stands in its bar: with a sign if it never ends.
    pub fn label(self, trace: &Trace, wait: WaitId) -> String {
        let on = self.on(&trace.waits[wait].on);
        if trace.is_for_ever(wait) { format!("{on} ∞") } else { on }
    }

    /// That it came: `sleep 1 s is over`, `task 2 has ended`.
    fn over(self, what: &On) -> String {
        let on = self.on(what);
        match (what, on.strip_prefix('等')) {
            (On::Task { task: Some(id) } | On::NextTask { task: Some(id) }, _) => {
                self.say(format!("任务 {id} 已结束"), format!("task {id} has ended"))
            }
            (On::Task { task: None } | On::NextTask { task: None }, _) => {
                self.say("任务已结束", "the task has ended").into()
            }
            (On::Mutex | On::RwLock, _) => self.say("等到了锁", "gets the lock").into(),
            (On::Semaphore, _) => self.say("等到了许可", "gets a permit").into(),
            // It may be closed instead.
            (On::Channel { .. }, Some(thing)) => format!("不用再等{thing}"),
            (_, Some(thing)) => format!("等到了{thing}"),
            (_, None) => self.say(format!("等到了：{on}"), format!("{on} is over")),
        }
    }

    /// That nobody waits for it any more.
    fn given_up(self, what: &On) -> String {
        let on = self.on(what);
        match on.strip_prefix('等') {
            Some(thing) => format!("不再等{thing}"),
            None => self.say(format!("不再等：{on}"), format!("{on} is dropped")),
        }
    }

    /// By how much a timer was late: `1 s late`.
    pub fn late(self, late: Micros) -> String {
        let late = self.time(late);
        self.say(format!("迟了 {late}"), format!("{late} late"))
    }

    /// What is waited for, in a sentence.
    pub(crate) fn waits(self, trace: &Trace, wait: &Wait) -> String {
        let what = match &wait.on {
            On::Sleep { duration } => format!("sleep {}", self.time(*duration)),
            On::Timeout { duration } => {
                format!("{} {}", self.say("超时时限", "a time limit of"), self.time(*duration))
            }
            On::Interval { .. } => self.say("间隔定时器的下一拍", "the next tick").into(),
            On::Task { task: Some(id) } => {
                let name = self.task(trace, *id);
                self.say(format!("{name} 结束"), format!("the end of {name}"))
            }
            On::Task { task: None } => self.say("一个任务结束", "the end of a task").into(),
            On::NextTask { .. } => {
                self.say("集合里下一个结束的任务", "the next task of the set to end").into()
            }
            On::Mutex => self.say("互斥锁", "a mutex").into(),
            On::RwLock => self.say("读写锁", "a reader-writer lock").into(),
            On::Semaphore => self.say("信号量的许可", "a permit").into(),
            On::Channel { sending: false } => self.say("通道里的消息", "a message").into(),
            On::Channel { sending: true } => self.say("通道里的空位", "room in a channel").into(),
            On::Oneshot => self.say("oneshot 通道的值", "the value of a oneshot channel").into(),
            On::Notify => self.say("通知", "a notification").into(),
            On::Watch => self.say("watch 通道的新值", "a new value of a watch channel").into(),
            On::Cell => self.say("OnceCell 的值", "the value of a OnceCell").into(),
            On::Barrier => self.say("屏障上的其他任务", "the others at a barrier").into(),
            On::Yield => self.say("下一次轮询", "its next turn").into(),
            On::Io { call: None } => self.say("操作系统", "the operating system").into(),
            On::Io { call: Some(call) } => self.say(
                format!("操作系统（`{call}`）"),
                format!("the operating system (in `{call}`)"),
            ),
            On::Wake => self.say("一次唤醒", "a wake").into(),
        };
        match wait.deadline {
            Some(deadline) => {
                let until = self.time(deadline);
                self.say(format!("{what}（到 {until}）"), format!("{what}, until {until}"))
            }
            None => what,
        }
    }

    /// How a task ended.
    pub fn outcome(self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Ready => self.say("完成", "ready"),
            Outcome::Cancelled => self.say("被取消", "cancelled"),
            Outcome::Panicked => self.say("panic", "panicked"),
            Outcome::Dropped => self.say("随运行时丢弃", "dropped with the runtime"),
            Outcome::Running => self.say("未结束", "still running"),
        }
    }

    /// The clock, as a note.
    pub fn clock(self, trace: &Trace) -> &'static str {
        match trace.clock {
            Clock::Real if trace.is_without_tokio() => self.say(
                "没有用 tokio：只记录打印的各行",
                "without tokio: only the printed lines are recorded",
            ),
            Clock::Paused => self.say("暂停的时钟：时间精确", "paused clock: times are exact"),
            Clock::Real => self.say(
                "真实时钟：时间是实测的，精确到毫秒；同一时刻内的先后不固定",
                "real clock: times are measured, to the millisecond; the order within an instant is not fixed",
            ),
        }
    }

    /// Why the program ran on the real clock.
    pub fn why_real(self, trace: &Trace) -> Option<String> {
        let why = trace.why_real.as_deref()?;
        let known = [
            ("it uses the multi-thread runtime", "它用了多线程运行时"),
            ("it hands work to the blocking pool", "它把工作交给阻塞线程池"),
            ("it reads or writes files", "它读写文件"),
            ("it opens sockets", "它打开套接字"),
            ("it talks to another program", "它和别的程序通信"),
            ("it asks a database", "它访问数据库"),
            ("it starts processes", "它启动进程"),
            ("it starts or ends processes", "它启动或结束进程"),
            ("it waits for signals", "它等待信号"),
            ("it reads its input", "它读取输入"),
            ("it uses threads of its own", "它自己开线程"),
            ("it reads the system's clock", "它读取系统时钟"),
            ("it does not run on tokio", "它不在 tokio 上运行"),
            ("it was asked for", "命令行要求如此"),
            (SPINS, "它的任务从不同时等待，暂停的时钟就一直不动"),
        ];
        let chinese = || {
            if let Some(name) = why.strip_prefix("it depends on ") {
                return format!("它依赖 {name}，那里面的等待看不见");
            }
            known.iter().find(|(en, _)| *en == why).map_or(why, |(_, zh)| zh).to_owned()
        };
        Some(match self {
            Self::Zh => chinese(),
            Self::En if why.starts_with("it depends on ") => {
                format!("{why}, whose own waits are not seen")
            }
            Self::En => why.to_owned(),
        })
    }

    /// What happened, without when and to whom.
    pub(crate) fn event(self, trace: &Trace, event: &Event) -> String {
        match &event.what {
            What::Spawn => match event.task.and_then(|task| trace.tasks[task].parent) {
                Some(parent) => {
                    let parent = self.task(trace, parent);
                    self.say(format!("由 {parent} 创建"), format!("spawned by {parent}"))
                }
                None => self.say("开始", "starts").into(),
            },
            What::Poll { count } => self.say(format!("第 {count} 次轮询"), format!("poll {count}")),
            What::Wait { wait } => {
                let wait = &trace.waits[*wait];
                let waits = self.waits(trace, wait);
                let here = self.branch(trace, wait);
                let space =
                    if waits.starts_with(|letter: char| letter.is_ascii()) { " " } else { "" };
                self.say(format!("{here}等待{space}{waits}"), format!("{here}waits for {waits}"))
            }
            What::Waited { wait } => {
                let wait = &trace.waits[*wait];
                let here = self.branch(trace, wait);
                let late = wait.late().map(|late| self.late(late));
                let late = late.map_or(String::new(), |late| {
                    self.say(format!("，{late}"), format!(", {late}"))
                });
                match wait.end {
                    WaitEnd::Ready => format!("{here}{}{late}", self.over(&wait.on)),
                    _ => format!("{here}{}", self.given_up(&wait.on)),
                }
            }
            What::Pending => "Pending".into(),
            What::Ready => "Ready".into(),
            What::Panicked => self.say("panic", "panics").into(),
            What::Cancelled => self.say("被取消", "is cancelled").into(),
            What::Dropped => self.say("随运行时一起被丢弃", "is dropped with the runtime").into(),
            What::Wake { by, again } => {
                let by = match by {
                    By::Task(id) if Some(*id) == event.task => self.say("自己", "itself").into(),
                    By::Task(id) => self.task(trace, *id),
                    By::End(id) => {
                        let name = self.task(trace, *id);
                        self.say(format!("{name} 的结束"), format!("the end of {name}"))
                    }
                    By::Timer => self.say("定时器", "the timer").into(),
                    By::Driver => self.say("操作系统", "the operating system").into(),
                    By::Program => self.say("程序", "the program").into(),
                    By::Other => self.say("未记录的一方", "something not recorded").into(),
                };
                let again = if *again { self.say("（再一次）", " (again)") } else { "" };
                self.say(format!("被{by}唤醒{again}"), format!("woken by {by}{again}"))
            }
            What::Print { text, .. } => {
                self.say(format!("打印“{text}”"), format!("prints “{text}”"))
            }
        }
    }

    fn branch(self, trace: &Trace, wait: &Wait) -> String {
        match wait.branch_function(&trace.tasks[wait.task]) {
            Some(function) if trace.branches(wait.task) > 1 => {
                self.say(format!("{function} 分支"), format!("branch {function} "))
            }
            _ => String::new(),
        }
    }

    /// The whole trace in sentences, one for each poll and one for each other
    /// thing that happened.
    pub fn sentences(self, trace: &Trace) -> Vec<String> {
        let mut sentences: Vec<String> = Vec::new();
        let mut open = None;
        for event in &trace.events {
            let what = self.event(trace, event);
            let who =
                event.task.map_or_else(|| self.outside().to_owned(), |id| self.task(trace, id));
            if open.is_some()
                && open == event.task
                && !matches!(event.what, What::Wake { .. } | What::Spawn)
            {
                if let Some(last) = sentences.last_mut() {
                    last.push_str(self.say("；", "; "));
                    last.push_str(&what);
                }
                continue;
            }
            let at = self.time(event.at);
            sentences
                .push(self.say(format!("{at}：{who} {what}"), format!("At {at}, {who}: {what}")));
            open = match event.what {
                What::Poll { .. } | What::Cancelled | What::Dropped => event.task,
                _ => None,
            };
        }
        for sentence in &mut sentences {
            sentence.push_str(self.say("。", "."));
        }
        sentences
    }

    /// What is not in any task.
    pub(crate) fn outside(self) -> &'static str {
        self.say("程序", "program")
    }
}
