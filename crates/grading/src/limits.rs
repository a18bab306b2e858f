use std::{env, time::Duration};

/// What one test may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time on the wall clock, from the test's first line on. The variable
    /// `WB_WALL_MS` overrides it for every test.
    pub wall: Duration,
    /// Bytes printed, on both streams together.
    pub output: usize,
    /// Bytes of resident memory, all processes of the test together.
    pub memory: u64,
    /// Threads alive at once, all processes of the test together.
    pub threads: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { wall: Duration::from_secs(5), output: 1 << 20, memory: 512 << 20, threads: 64 }
    }
}

impl Limits {
    pub(crate) fn overridden(mut self) -> Self {
        let wall = env::var("WB_WALL_MS").ok().and_then(|ms| ms.parse().ok());
        if let Some(ms) = wall {
            self.wall = Duration::from_millis(ms);
        }
        self
    }

    /// The limits that cannot be had here. The test is graded without them.
    pub fn missing() -> Vec<String> {
        let names: &[&str] = if cfg!(target_os = "linux") {
            if crate::tree::works() { &[] } else { &["memory", "threads"] }
        } else if cfg!(unix) {
            &["memory", "threads", "detached processes"]
        } else {
            &["memory", "threads", "processes", "private channel"]
        };
        names.iter().map(|&name| name.to_owned()).collect()
    }
}
