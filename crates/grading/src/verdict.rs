use serde::{Deserialize, Serialize};

use crate::Text;

/// How a test ended. There is no other way for one to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The test ran to its end and found nothing wrong.
    Passed,
    /// A check of the test failed.
    Wrong,
    /// Every task waits and nothing will wake one.
    Deadlock,
    /// The runtime's thread sleeps or waits inside a poll.
    Blocked,
    /// The test was still busy at its limit.
    Hung,
    /// The process ended before the test did.
    EarlyExit,
    /// Code outside the test panicked.
    Panic,
    /// A thread used up its stack.
    StackOverflow,
    /// The processes of the test used too much memory.
    OutOfMemory,
    /// The test printed too much.
    OutputFlood,
    /// Too many threads or processes were alive at once.
    TooMany,
    /// The exercise does not compile. The harness never runs then: this one
    /// is for the command that runs cargo.
    DoesNotCompile,
}

impl Verdict {
    /// Every verdict, in the order of this type.
    pub const ALL: [Self; 12] = [
        Self::Passed,
        Self::Wrong,
        Self::Deadlock,
        Self::Blocked,
        Self::Hung,
        Self::EarlyExit,
        Self::Panic,
        Self::StackOverflow,
        Self::OutOfMemory,
        Self::OutputFlood,
        Self::TooMany,
        Self::DoesNotCompile,
    ];

    /// The verdict's name, as a learner reads it.
    pub fn name(self) -> Text {
        match self {
            Self::Passed => ("passed", "通过"),
            Self::Wrong => ("wrong", "结果不对"),
            Self::Deadlock => ("deadlock", "死锁"),
            Self::Blocked => ("blocked runtime thread", "阻塞了运行时线程"),
            Self::Hung => ("hung", "停不下来"),
            Self::EarlyExit => ("early exit", "提前退出"),
            Self::Panic => ("panic", "panic"),
            Self::StackOverflow => ("stack overflow", "栈溢出"),
            Self::OutOfMemory => ("out of memory", "内存超限"),
            Self::OutputFlood => ("output flood", "输出超限"),
            Self::TooMany => ("too many threads or processes", "线程或进程过多"),
            Self::DoesNotCompile => ("does not compile", "无法编译"),
        }
        .into()
    }
}
