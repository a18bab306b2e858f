//! What a recording is: tasks, what they waited for, and everything that
//! happened, in the order in which it happened.
//!
//! Every instant and every duration is a whole number of **microseconds** of
//! the trace's clock, counted from the moment the program began. Names are
//! stable: a task is known by its place in the order of spawning (0 is the
//! root future), a wait by its place in the order of waiting, an event by its
//! place in [`Trace::events`]; no identifier of the runtime is kept.

use serde::{Deserialize, Serialize};

/// The version of the model, raised whenever a reader of the JSON would have
/// to change.
pub const VERSION: u32 = 2;

/// Microseconds of the trace's clock.
pub type Micros = u64;
/// A task's place in the order of spawning; 0 is the root future, if there is one.
pub type TaskId = usize;
/// A wait's place in the order of waiting.
pub type WaitId = usize;

/// Several traces, as the recorder hands them over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Traces {
    /// [`VERSION`].
    pub version: u32,
    /// The unit of every time: always `"us"`, microseconds.
    pub unit: String,
    /// The recordings, by name.
    pub traces: Vec<Trace>,
}

impl Traces {
    /// Wraps recordings for the journey as JSON.
    pub fn new(traces: Vec<Trace>) -> Self {
        Self { version: VERSION, unit: "us".into(), traces }
    }
}

/// One run of one program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// The program's name, that is, its file's without the ending.
    pub name: String,
    /// The program's file, from the root of the book.
    pub file: String,
    /// Its files in the order in which lines are counted through all of them, if
    /// it has several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<SourceFile>,
    /// The clock that it ran on.
    pub clock: Clock,
    /// Why it could not run on the paused clock, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_real: Option<String>,
    /// When the program ended.
    pub end: Micros,
    /// The tasks in order of spawning. A program without a runtime has none.
    pub tasks: Vec<Task>,
    /// How many further tasks were spawned and left out of the recording.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub omitted: usize,
    /// Every wait of every task, in the order in which they began.
    pub waits: Vec<Wait>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// How the program ended.
    #[serde(default, skip_serializing_if = "Ending::is_good")]
    pub ending: Ending,
    /// Who waits for ever, and why, if it did not end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stuck: Vec<Stuck>,
}

/// One of a program's files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its path as a reader knows it, with slashes.
    pub name: String,
    /// How many lines of other files come before its first one.
    pub before: u32,
}

/// How a program ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Ending {
    /// `main` returned.
    #[default]
    Returned,
    /// `main` returned an error.
    Error {
        /// What the program wrote of it on standard error, if anything.
        message: Option<String>,
    },
    /// `main` panicked.
    Panicked {
        /// With these words.
        message: String,
    },
    /// `main` returned another exit code than success.
    Failed {
        /// Which.
        code: i32,
    },
    /// It called `exit`.
    Exited {
        /// With this code, if the system told it.
        code: Option<i32>,
    },
    /// It called `abort`, or panicked while it panicked.
    Aborted,
    /// Its stack overflowed.
    Overflowed,
    /// There was no memory left for it.
    OutOfMemory,
    /// A signal ended it; nothing was recorded.
    Killed {
        /// Its number.
        signal: i32,
    },
    /// It did not end, and nothing could happen any more; see [`Trace::stuck`].
    Stuck,
    /// It did not end before this limit: what it did until then is recorded.
    Cut {
        /// Which.
        limit: Limit,
    },
    /// Nothing was recorded.
    Lost {
        /// Why, in English.
        why: String,
    },
    /// It does not compile, so that nothing ran.
    DoesNotCompile {
        /// What is wrong, in rustc's order.
        errors: Vec<CompilerError>,
    },
}

/// An error of rustc's: what stays the same from one release to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompilerError {
    /// `E0382`; empty where it has none.
    pub code: String,
    /// Its first line.
    pub message: String,
    /// The line of the program that it points to, if any.
    pub line: Option<u32>,
}

impl Ending {
    /// True if `main` returned, and no error.
    pub fn is_good(&self) -> bool {
        *self == Self::Returned
    }
}

/// A limit of the recorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Seconds of real time.
    Seconds(u64),
    /// Events.
    Events(usize),
    /// Bytes of printed text.
    Bytes(usize),
}

/// A task that waits for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stuck {
    /// Which.
    pub task: TaskId,
    /// In which of its waits, if it is one that was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<WaitId>,
    /// What the program calls that which it waits for: a variable or a field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Why nobody ends the wait.
    pub why: Why,
}

/// Why a wait never ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Why {
    /// Somebody has the lock (or all permits), and does not let go.
    Held {
        /// Who.
        by: Vec<Holder>,
    },
    /// The lock is free, and it is the turn of another future, which is not
    /// polled.
    Turn {
        /// That future's wait.
        of: WaitId,
    },
    /// What this future waits for has come; it is kept, but not polled.
    NotPolled,
    /// The other task does not end.
    Task {
        /// Which.
        task: TaskId,
    },
    /// None of the tasks of a set ends.
    Set,
    /// It is a task's end, of which task is not known.
    SomeTask,
    /// Readers have the lock, and a writer is before this one in the queue.
    Behind {
        /// The writer's wait.
        of: WaitId,
    },
    /// Nobody sends, and the senders that are alive keep the channel open.
    Senders {
        /// Those of which it is known.
        alive: Vec<Sender>,
    },
    /// Nobody receives, and the channel is full.
    Full,
    /// Whoever could send the one value has not, and keeps the sender.
    Sender,
    /// Nobody is left who could notify.
    Nobody,
    /// The last poll returned `Pending`, and nobody has the waker.
    NoWaker,
    /// A poll of the task stands still and holds up its thread.
    Blocked {
        /// In which line, if it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<u32>,
        /// In what.
        by: Blocker,
    },
    /// A poll of the task goes on and on.
    Busy {
        /// In which line it was last seen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<u32>,
    },
}

/// What can hold up a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blocker {
    /// A lock of the standard library.
    StdLock,
    /// A channel of the standard library.
    StdChannel,
    /// The end of a thread.
    Thread,
    /// A condition variable.
    Condvar,
    /// Until another thread unparks it.
    Park,
    /// Something else.
    Other,
}

/// Who has a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The task; `None` outside of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// Since which line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// True if the guard is an owned one, which may be elsewhere by now.
    #[serde(default, skip_serializing_if = "is_false")]
    pub owned: bool,
    /// False if the future that has it is kept, but not polled.
    pub polled: bool,
}

/// A channel's sender that is alive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// Where it was made or cloned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The task that used it last, if it was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
}

/// The clock a program ran on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// A clock that stands still while anything runs and jumps to the next
    /// timer once nothing does: every time is exact, in every run.
    Paused,
    /// The system's clock, in whole milliseconds. What happens at once happens in
    /// an order that the next run may change, and no two runs take as long.
    Real,
}

/// A future that the runtime polls on its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The async function it runs, where one is known; `main` for the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// The line that spawned it; for the root, the line that blocks on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The task that spawned it; none for a root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<TaskId>,
    /// What sort of task it is.
    pub kind: TaskKind,
    /// How it ended.
    pub outcome: Outcome,
}

/// A sort of task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskKind {
    /// The future given to `block_on`: the body of `main`.
    Root,
    /// A spawned future.
    Task,
    /// A closure on the blocking pool.
    Blocking,
}

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It returned.
    Ready,
    /// It was aborted: dropped at the await where it stood.
    Cancelled,
    /// It panicked.
    Panicked,
    /// The runtime ended first and dropped it where it stood.
    Dropped,
    /// The recording ended first.
    Running,
}

/// A span of time in which a task, or one branch of it, could not go on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wait {
    /// Who waited.
    pub task: TaskId,
    /// Which of the task's branches, from 0. A task that awaits one thing at
    /// a time has only branch 0; `join!` and `select!` add branches.
    pub branch: usize,
    /// The async function in which the await stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// The line of the await.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What for.
    pub on: On,
    /// Since when.
    pub from: Micros,
    /// Until when; the end of the trace if it never ended.
    pub to: Micros,
    /// When a timer would end it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Micros>,
    /// How it ended.
    pub end: WaitEnd,
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WaitEnd {
    /// What was waited for came.
    Ready,
    /// The waiting future was dropped: it lost a `select!`, or its time ran
    /// out, or its task was cancelled.
    Dropped,
    /// It had not ended when the trace did.
    Open,
}

/// What a task waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum On {
    /// A timer.
    Sleep {
        /// How long, as asked for.
        duration: Micros,
    },
    /// The time limit that `timeout` sets.
    Timeout {
        /// How long, as asked for.
        duration: Micros,
    },
    /// The next tick of an interval.
    Interval {
        /// How long until the tick.
        duration: Micros,
    },
    /// The end of another task.
    Task {
        /// Which; `None` if it never ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        task: Option<TaskId>,
    },
    /// The next of a set of tasks to end (`JoinSet`).
    NextTask {
        /// Which that was; `None` if none did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        task: Option<TaskId>,
    },
    /// A lock.
    Mutex,
    /// A reader's or writer's turn.
    RwLock,
    /// A permit.
    Semaphore,
    /// A message, or (for the sender) room for one.
    Channel {
        /// True if it is the sender that waits, for room.
        sending: bool,
    },
    /// The one value of a oneshot channel.
    Oneshot,
    /// A notification.
    Notify,
    /// Another value of a `watch` channel.
    Watch,
    /// The value of a `OnceCell`, which another future makes.
    Cell,
    /// The others at a barrier.
    Barrier,
    /// Its next turn: the task gave up this one of its own accord.
    Yield,
    /// The operating system: a socket, a file, a child process, a signal.
    Io {
        /// The program's own call that waits: `send`, `fetch_all`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call: Option<String>,
    },
    /// A wake from something that the recorder does not know, such as a
    /// future written by hand.
    Wake,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Micros,
    /// The task it happened to; `None` outside of all tasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// The line it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// The sorts of events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    /// The task came into being; `task` in [`Event`] is the new task.
    Spawn,
    /// The runtime began to poll the task.
    Poll {
        /// The how manieth poll of this task, from 1.
        count: usize,
    },
    /// A branch of the task began to wait.
    Wait {
        /// What it waits for.
        wait: WaitId,
    },
    /// The wait ended.
    Waited {
        /// Which.
        wait: WaitId,
    },
    /// The poll returned `Pending`.
    Pending,
    /// The poll returned `Ready`: the task is done.
    Ready,
    /// The poll panicked.
    Panicked,
    /// An abort took effect.
    Cancelled,
    /// The runtime ended and dropped the task.
    Dropped,
    /// The task was put into the ready queue, or was in it already.
    Wake {
        /// By whom.
        by: By,
        /// True if the task had been woken already and not been polled since:
        /// two wakes, one poll.
        #[serde(default, skip_serializing_if = "is_false")]
        again: bool,
    },
    /// A line was printed.
    Print {
        /// The line, without its end.
        text: String,
        /// The branch that printed it.
        branch: usize,
    },
}

/// Who wakes a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A task, in one of its polls (the task itself, it may be).
    Task(TaskId),
    /// A task, by ending.
    End(TaskId),
    /// A timer.
    Timer,
    /// The operating system, through the I/O driver.
    Driver,
    /// The program itself, outside of its tasks: its own event loop, or one of
    /// its threads.
    Program,
    /// Anything else: another thread, a task left out of the recording.
    Other,
}

/// A timer that is answered this much later than it was due, two grains of the
/// real clock, was not late by chance: something held the thread.
const LATE: Micros = 200_000;

impl Wait {
    /// By how much the wait went on after its timer was due, if that is worth
    /// telling. On the paused clock no code takes any time, and none is late.
    pub fn late(&self) -> Option<Micros> {
        let late = self.to.saturating_sub(self.deadline?);
        (late >= LATE).then_some(late)
    }

    /// The function that gives this branch of the task its name: the one it
    /// waits in, unless that is the task's own.
    pub fn branch_function(&self, task: &Task) -> Option<&str> {
        self.function.as_deref().filter(|function| Some(*function) != task.function.as_deref())
    }
}

impl Trace {
    /// Whether the program has neither runtime nor threads, so that its printed
    /// lines are all there is to record, in an order of its own making.
    pub fn is_without_tokio(&self) -> bool {
        self.why_real.as_deref() == Some(WITHOUT_TOKIO)
    }

    /// Whether several threads poll the program's tasks.
    pub fn is_multi_thread(&self) -> bool {
        self.why_real.as_deref() == Some(MULTI_THREAD)
    }

    /// The file that a line stands in, if there are several, and which line of it.
    pub fn place(&self, line: u32) -> (Option<&str>, u32) {
        let file = self.files.iter().rev().find(|file| file.before < line);
        file.map_or((None, line), |file| (Some(&file.name), line - file.before))
    }

    /// The printed lines, in order.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.prints().map(|(_, text)| text)
    }

    /// The same lines, each with the time at which it was printed.
    pub fn prints(&self) -> impl Iterator<Item = (Micros, &str)> {
        self.events.iter().filter_map(|event| match &event.what {
            What::Print { text, .. } => Some((event.at, text.as_str())),
            _ => None,
        })
    }

    /// How many branches of the task were ever seen, at least one.
    pub fn branches(&self, id: TaskId) -> usize {
        self.waits
            .iter()
            .filter(|wait| wait.task == id)
            .map(|wait| wait.branch + 1)
            .max()
            .unwrap_or(1)
    }
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn is_false(truth: &bool) -> bool {
    !truth
}

/// Why a program with several threads cannot be recorded on the paused clock.
pub const MULTI_THREAD: &str = "it uses the multi-thread runtime";

/// Why a program that was to run on the paused clock runs on the real one.
pub const SPINS: &str = "its tasks never all wait, and a paused clock stands still until they do";

/// Why a program with neither tokio nor threads is not: only its printed lines
/// can be recorded.
pub const WITHOUT_TOKIO: &str = "it does not run on tokio";
