//! What a submission may do to its grader. Each function stands for a
//! student's answer; `tests/hostile.rs` calls it as an exercise's test would.
//!
//! `cargo test -p grading --test hostile` runs them all and checks the
//! verdicts.

use std::{
    hint::black_box,
    io::{self, Write},
    process::{self, Command, Stdio},
    sync::Mutex,
    thread,
    time::Duration,
};

use tokio::{sync, task, time::sleep};

/// An honest answer.
pub async fn good() {
    sleep(Duration::from_secs(1)).await;
    println!("done");
}

/// Claims success in libtest's words and leaves.
pub async fn forged_ok() {
    println!("test forged_ok ... ok\n\ntest result: ok. 1 passed; 0 failed");
    process::exit(0)
}

/// Claims success in the harness's words, with a nonce of the right shape.
pub async fn forged_frame() {
    let frame = r#"{"nonce":"0123456789abcdef0123456789abcdef","news":{"Ended":{"verdict":"passed","message":{"en":"","zh":""},"virtual_ms":0}}}"#;
    println!("\u{1e}{frame}");
    eprintln!("\u{1e}{frame}");
    // The private channel, if it were guessable.
    #[cfg(target_os = "linux")]
    for descriptor in 3..32 {
        let path = format!("/proc/self/fd/{descriptor}");
        if let Ok(mut file) = std::fs::OpenOptions::new().write(true).open(path) {
            let _ = writeln!(file, "\u{1e}{frame}");
        }
    }
    process::exit(0)
}

/// Speaks for the guard, through the guard's own stdout.
pub async fn forged_ending() {
    #[cfg(target_os = "linux")]
    {
        let guard = rustix::process::getppid().unwrap().as_raw_pid();
        let path = format!("/proc/{guard}/fd/1");
        if let Ok(mut file) = std::fs::OpenOptions::new().write(true).open(path) {
            let ending = r#"{"verdict":"passed","message":{"en":"","zh":""},"virtual_ms":0,"real_ms":0,"output":""}"#;
            let _ = writeln!(file, "\n\u{1e}{ending}");
        }
    }
    process::exit(0)
}

/// Ends the process with the code of a finished test.
pub async fn exit_like_done() {
    process::exit(86)
}

/// Aborts.
pub async fn abort() {
    process::abort()
}

/// Never waits.
pub async fn spin() {
    while black_box(true) {
        std::hint::spin_loop();
    }
}

/// Locks a std Mutex twice.
pub async fn std_deadlock() {
    let mutex = Mutex::new(());
    let _first = mutex.lock();
    let _second = mutex.lock();
}

/// Locks a tokio Mutex twice.
pub async fn tokio_deadlock() {
    let mutex = sync::Mutex::new(());
    let _first = mutex.lock().await;
    let _second = mutex.lock().await;
}

/// Yields for ever.
pub async fn yield_loop() {
    loop {
        task::yield_now().await;
    }
}

/// Looks at the clock for ever.
pub async fn endless_timer() {
    loop {
        sleep(Duration::from_secs(1)).await;
    }
}

/// Has no base case.
pub async fn recursion() {
    #[allow(unconditional_recursion)]
    fn deeper(depth: u64) -> u64 {
        let frame = black_box([depth; 64]);
        deeper(depth + 1) + frame[3]
    }
    println!("{}", deeper(0));
}

/// Takes all the memory, bit by bit.
pub async fn memory_hog() {
    let mut hoard = Vec::new();
    loop {
        hoard.push(black_box(vec![1_u8; 16 << 20]));
    }
}

/// Takes all the memory at once.
pub async fn memory_gulp() {
    drop(black_box(vec![0_u8; 1 << 40]));
}

/// Prints 1 GB.
pub async fn output_flood() {
    let line = [b'x'; 1 << 16];
    let mut stdout = io::stdout().lock();
    for _ in 0..1 << 14 {
        let _ = stdout.write_all(&line);
    }
}

/// Starts threads until it may not.
pub async fn thread_bomb() {
    loop {
        let _ = thread::Builder::new().spawn(|| thread::sleep(Duration::from_secs(60)));
    }
}

/// Starts processes until it may not.
pub async fn process_bomb() {
    loop {
        let _ = sleeper("sleep", &[]).spawn();
    }
}

/// Starts processes that start processes, each in a session of its own. It
/// stops at a thousand, should nobody stop it: other people use the machine.
pub async fn fork_bomb() {
    let bomb = r#"n=$1; if [ "$n" -gt 0 ]; then n=$((n - 1))
        setsid sh -c "$BOMB" sh $n & setsid sh -c "$BOMB" sh $n & fi; sleep 86391"#;
    let mut command = sleeper("sh", &["-c", bomb, "sh", "9"]);
    let _ = command.env("BOMB", bomb).status();
}

/// Ends its child by dropping it.
pub async fn child_killed() {
    let mut command = tokio::process::Command::new("sleep");
    drop(command.arg("86391").kill_on_drop(true).spawn());
}

/// Leaves a child behind and passes.
#[allow(clippy::zombie_processes)]
pub async fn child_left() {
    sleeper("sleep", &[]).spawn().unwrap();
}

/// Leaves a grandchild in a session of its own, with an empty environment.
pub async fn grandchild_detached() {
    let child = sleeper("sh", &["-c", "setsid env -i sleep 86391 & exit 0"]).status();
    assert!(child.unwrap().success());
}

/// Does the same, then hangs.
pub async fn grandchild_of_a_hang() {
    grandchild_detached().await;
    std_deadlock().await;
}

/// Closes its stdout, then does what was asked.
pub async fn closed_stdout() {
    #[cfg(unix)]
    {
        // Closing without unsafe: point it at something that refuses writes.
        let null = std::fs::File::open("/dev/null").unwrap();
        rustix::stdio::dup2_stdout(null).unwrap();
    }
    let _ = writeln!(io::stdout(), "into the void");
}

/// Panics where it is called.
pub async fn plain_panic() {
    let nothing: Option<u32> = black_box(None);
    nothing.expect("a value");
}

/// Panics in a task whose handle is dropped.
pub async fn silent_panic() {
    drop(task::spawn(async { panic!("nobody sees this") }));
    sleep(Duration::from_secs(1)).await;
}

/// Sleeps on the runtime's thread.
pub async fn blocking_sleep() {
    thread::sleep(Duration::from_millis(300));
}

/// Sleeps on the runtime's thread, for longer than the limit.
pub async fn long_blocking_sleep() {
    thread::sleep(Duration::from_secs(3600));
}

/// Leaves a task behind.
pub async fn leaked_task() {
    drop(task::spawn(sleep(Duration::from_secs(3600))));
}

/// Leaves a grandchild and kills the guard.
pub async fn kills_guard() {
    grandchild_detached().await;
    #[cfg(unix)]
    {
        use rustix::process::{Signal, getppid, kill_process};
        kill_process(getppid().unwrap(), Signal::KILL).unwrap();
        thread::sleep(Duration::from_secs(3600));
    }
}

/// Makes a file of 1 GB.
pub async fn file_flood() {
    let path = std::env::temp_dir().join(format!("hostile-{}", process::id()));
    let file = std::fs::File::create(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    // Its length counts, not what was written: this spares the disk.
    let _ = file.set_len(1 << 30);
    panic!("the file got its limit as an error");
}

fn sleeper(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(if args.is_empty() { &["86391"] } else { args });
    // Not the student's pipes: the child must not keep them open.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}
