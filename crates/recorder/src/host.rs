//! Begins a recording before `main`, and ends it when the process does.

use std::time::Duration;

use recording::model::Ending;

pub use crate::program::{Program, Source};

use crate::{recorder, spans, watch};

/// Set, the program is to be recorded: it names a file that describes it (a
/// [`Program`] as JSON). Whatever it starts does not inherit it: a program may
/// start its own executable again.
pub const PERFORM: &str = "WB_PERFORM";

/// How long it may run, in milliseconds of real time; without it, for ever.
pub const LIMIT: &str = "WB_LIMIT";

/// Begins to record the program around, before its `main` is called; or nothing,
/// if nobody asked for a recording. The trace is written when the process exits.
pub extern "C" fn begin_before_main() {
    let file = std::env::var_os(PERFORM);
    let program = file.and_then(|file| std::fs::read(file).ok());
    let Some(program) = program.and_then(|json| serde_json::from_slice(&json).ok()) else {
        return;
    };
    begin(program, begin_before_main as *const () as usize);
    extern "C" fn exits() {
        // After `main` nothing of std's is on the stack; how `main` returned, the
        // exit code tells.
        let ending = match recorder::is_in("process::exit") {
            true => Ending::Exited { code: None },
            false => Ending::Returned,
        };
        recorder::write_down(ending);
    }
    // SAFETY: the function lives as long as the process.
    unsafe {
        libc::atexit(exits);
    }
}

/// Whoever records may be interrupted or killed; this process ends then.
fn end_with_parent() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
    }
}

/// `code` is an address in the program's code.
fn begin(program: Program, code: usize) {
    end_with_parent();
    spans::listen();
    let limit = std::env::var(LIMIT).ok().and_then(|limit| limit.parse().ok());
    // SAFETY: `main` has begun or not even that, and there is no other thread yet.
    unsafe {
        std::env::remove_var(PERFORM);
        std::env::remove_var(LIMIT);
    }
    recorder::start(program);
    // On the paused clock no time passes anyway; and tasks take numbers, which a
    // program may print.
    if !recorder::wants_paused_clock() {
        warm_up(code);
    }
    recorder::begins();
    watch::begin(limit.map_or(Duration::MAX, Duration::from_millis));
}

/// The first call stacks load the debug information, which takes a while that is
/// not to be the program's: those of a task, of a timer, and its own.
fn warm_up(code: usize) {
    backtrace::resolve(std::ptr::without_provenance_mut(code), |_| {});
    let look = || {
        recorder::with(|recorder| recorder.look());
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let Ok(runtime) = runtime else { return };
    runtime.block_on(spans::Root::new(async move {
        let task = tokio::spawn(async move {
            tokio::task::yield_now().await;
            look();
        });
        tokio::select! {
            _ = tokio::time::sleep(Duration::from_millis(1)) => look(),
            _ = std::future::pending::<()>() => {}
        }
        let (answer, question) = tokio::sync::oneshot::channel();
        let _ = answer.send(());
        let _ = question.await;
        let _ = task.await;
        look();
    }));
}
