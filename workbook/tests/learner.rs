//! What a learner does, on a small workbook with two real exercises.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::support::{Running, WORKBOOK, entries, until};

/// The folder of this name below the target folder, the same one in every run.
struct Book {
    root: PathBuf,
}

/// What is compiled lies in one folder, so that tokio is compiled once, and
/// the tests that compile take turns: cargo takes two workspaces of the same
/// shape for one.
fn compiled() -> (Book, MutexGuard<'static, ()>) {
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let book = Book::new("compiled");
    if !book.path("target/debug").exists() {
        book.run(&["check", "--all"]);
        return (Book::new("compiled"), turn);
    }
    (book, turn)
}

impl Book {
    fn new(name: &str) -> Self {
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("learner");
        let book = Self { root: scratch.join(name) };
        let _ = fs::remove_dir_all(book.path(".workbook"));
        for exercise in ["hello_world", "gather"] {
            copy(&real(&format!("exercises/{exercise}")), &book.exercise(exercise, ""));
            book.answer(exercise, &read(&book.exercise(exercise, "starter.rs")));
        }
        put(&book.path("book.toml"), b"[book]\n");
        let summary = "- [Hello](hello_world.md)\n- [gather](gather.md)\n";
        put(&book.path("src/zh/SUMMARY.md"), summary.as_bytes());
        put(&book.path(".cargo/config.toml"), &read(&real(".cargo/config.toml")));
        fs::copy(real("Cargo.lock"), book.path("Cargo.lock")).expect("a lock file");
        put(&book.path("Cargo.toml"), manifest().as_bytes());
        book
    }

    fn path(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    fn exercise(&self, name: &str, file: &str) -> PathBuf {
        self.path("exercises").join(name).join(file)
    }

    /// Saves the learner's file.
    fn answer(&self, exercise: &str, source: &[u8]) {
        put(&self.exercise(exercise, "src/lib.rs"), source);
    }

    fn solve(&self, exercise: &str) {
        self.answer(exercise, &read(&self.exercise(exercise, "solution.rs")));
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(WORKBOOK);
        command.args(arguments).current_dir(&self.root).env("WB_LANG", "en");
        command.env("CARGO_TARGET_DIR", self.path("target")).env("CARGO_NET_OFFLINE", "true");
        command
    }

    /// What it says, and whether it succeeds. With `zh` first, it is asked in
    /// Chinese.
    fn run(&self, arguments: &[&str]) -> (String, bool) {
        let output = match arguments {
            ["zh", rest @ ..] => self.command(rest).env("WB_LANG", "zh_CN.UTF-8").output(),
            _ => self.command(arguments).output(),
        };
        let Output { status, stdout, stderr } = output.expect("the command starts");
        let said = String::from_utf8_lossy(&stdout) + String::from_utf8_lossy(&stderr);
        (said.into_owned(), status.success())
    }

    fn succeed(&self, arguments: &[&str]) -> String {
        let (said, succeeded) = self.run(arguments);
        assert!(succeeded, "{arguments:?}: {said}");
        said
    }

    fn fail(&self, arguments: &[&str]) -> String {
        let (said, succeeded) = self.run(arguments);
        assert!(!succeeded, "{arguments:?}: {said}");
        said
    }
}

fn real(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").join(file)
}

/// The real workspace's manifest, with the exercises alone.
fn manifest() -> String {
    let text = fs::read_to_string(real("Cargo.toml")).expect("a manifest");
    let mut manifest: toml::Table = text.parse().expect("TOML");
    manifest.retain(|key, _| key == "workspace" || key == "profile");
    let workspace = manifest["workspace"].as_table_mut().expect("a table");
    workspace.remove("default-members");
    workspace.insert("members".into(), vec!["exercises/*"].into());
    let grading = real("grading").to_string_lossy().into_owned();
    workspace["dependencies"]["grading"]["path"] = toml::Value::String(grading);
    manifest.to_string()
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            put(&target, &read(&path));
        }
    }
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Leaves alone what is right already: cargo goes by the times of the files.
fn put(path: &Path, bytes: &[u8]) {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return;
    }
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

fn expect(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "no {part:?} in:\n{said}");
    }
}

#[test]
fn from_the_starter_to_the_solution() {
    let (book, _turn) = compiled();
    let said = book.fail(&["check", "gather"]);
    expect(
        &said,
        &[
            "✗ all_at_once               wrong   virtual time 6 s\n",
            "most downloads in flight: observed 1, expected 3.\n    Awaiting one future",
            "✓ in_the_order_of_the_urls  passed  virtual time 6 s\n",
            "\n1 of 3 tests passed.\nStuck? The first hint: cargo run -- hint gather\n",
        ],
    );
    book.solve("gather");
    let said = book.succeed(&["zh", "check", "gather"]);
    expect(
        &said,
        &[
            "✓ any_number                通过  虚拟时间 2 秒\n",
            "3 个测试，通过 3 个。\n对照参考答案：cargo run -- solution gather\n\
             下一个：hello_world（约 5 分钟），cargo run -- watch hello_world\n",
        ],
    );
    assert_eq!(
        book.succeed(&["progress"]),
        "  Exercise     Minutes  State      Hints\n\
        \x20 hello_world        5  not begun  0/4\n\
         ✓ gather            10  passed     0/4\n\
         \n1 of 2 exercises passed.\n\
         Next: hello_world (about 5 minutes), cargo run -- watch hello_world\n"
    );
    let solution = fs::read_to_string(book.exercise("gather", "solution.rs")).expect("a solution");
    assert_eq!(book.succeed(&["solution", "gather"]), solution);

    book.answer("gather", format!("{solution}\n// A note.\n").as_bytes());
    expect(&book.succeed(&["progress"]), &["… gather            10  passed, changed since  0/4"]);
    expect(
        &book.succeed(&["zh", "progress"]),
        &["  hello_world     5  未开始", "通过过，之后有改动"],
    );
}

#[test]
fn what_does_not_compile_hides_nothing_else() {
    let (book, _turn) = compiled();
    book.answer("gather", b"pub async fn fetch_all() -> u8 { \"none\" }\n");
    book.solve("hello_world");
    let said = book.fail(&["zh", "check", "gather", "hello_world"]);
    expect(
        &said,
        &[
            "error[E0308]",
            "exercises/gather/src/lib.rs:1:34",
            "✗ 无法编译\n",
            "2 个练习，通过 1 个。",
        ],
    );
    assert!(!said.contains("could not compile"), "rustc's messages alone: {said}");
    expect(
        &book.fail(&["check", "--all"]),
        &["✗ gather       does not compile\n", "✓ hello_world  3 of 3 tests\n"],
    );
    // Without a name, the next one that has not passed.
    book.answer("gather", b"pub async fn fetch_all() {}\n");
    let said = book.fail(&["check"]);
    expect(
        &said,
        &[
            "gather · exercises/gather/src/lib.rs",
            "The tests call the functions as the starter declares",
        ],
    );
}

#[test]
fn a_belief_stands_above_what_rustc_says_of_it() {
    let (book, _turn) = compiled();
    book.answer("gather", &read(&book.exercise("gather", "wrong/spawned.rs")));
    let order = |said: &str, parts: &[&str]| {
        let places: Vec<_> = parts.iter().map(|part| said.find(part)).collect();
        assert!(places.is_sorted() && places[0].is_some(), "{parts:?}: {said}");
    };
    order(
        &book.fail(&["check", "gather"]),
        &[
            "  ▸ The belief behind it: ",
            "create_task#modify (cargo run -- create_task)\n\nerror[E0277]",
        ],
    );
    order(
        &book.fail(&["zh", "check", "gather"]),
        &["  ▸ 背后的想法：", "create_task#modify（cargo run -- create_task）\n\nerror[E0277]"],
    );
    // The exercise is checked without its beliefs, too.
    for damaged in [&b"[[belief]]\nname = 1"[..], b"\xff", b""] {
        put(&book.exercise("gather", "beliefs.toml"), damaged);
        let said = book.fail(&["check", "gather"]);
        assert!(said.contains("error[E0277]") && !said.contains("belief"), "{said}");
    }
}

#[test]
fn a_save_replaces_a_check_that_hangs() {
    let (book, _turn) = compiled();
    let starter = String::from_utf8(read(&book.exercise("gather", "starter.rs"))).expect("UTF-8");
    let hung = starter
        .replace("    let mut pages", "    loop { std::hint::spin_loop() }\n    let mut pages");
    assert_ne!(starter, hung);
    book.answer("gather", hung.as_bytes());

    let mark = format!("WB_LEARNER_TEST={}", std::process::id());
    let (name, value) = mark.split_once('=').expect("a variable");
    let mut command = book.command(&["watch", "gather"]);
    command.env(name, value).stdout(Stdio::piped());
    let mut watch = Running(command.spawn().expect("it starts"));
    let heard = Arc::new(Mutex::new(String::new()));
    let mut stdout = watch.0.stdout.take().expect("it is piped");
    let writer = heard.clone();
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = stdout.read(&mut buffer) {
            writer.lock().expect("no panic").push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    });
    let said = || heard.lock().expect("no panic").clone();

    if cfg!(target_os = "linux") {
        until("the answer to hang", || {
            processes(&mark).iter().any(|process| process.contains("WB_ROLE=student")).then_some(())
        });
    } else {
        until("the first check", || said().contains("Ctrl-C stops").then_some(()));
    }
    assert!(
        said().starts_with("Checks exercises/gather/src/lib.rs at every save; Ctrl-C stops.\n")
    );
    let saved = Instant::now();
    book.solve("gather");
    until("the verdict", || said().contains("3 of 3 tests passed.").then_some(()));
    let took = saved.elapsed();
    println!("from the save to the verdict: {took:?}");
    assert!(!said().contains("hung"), "the hung check was not waited for: {}", said());

    watch.interrupt();
    let status = watch.0.wait().expect("it ends");
    assert!(status.success(), "{status:?}");
    until("its processes to go", || processes(&mark).is_empty().then_some(()));
}

/// The environments of the processes that hold this variable.
fn processes(mark: &str) -> Vec<String> {
    let Ok(all) = fs::read_dir("/proc") else { return Vec::new() };
    all.filter_map(|entry| {
        let environment = fs::read(entry.ok()?.path().join("environ")).ok()?;
        let environment = String::from_utf8_lossy(&environment).into_owned();
        environment.split('\0').any(|variable| variable == mark).then_some(environment)
    })
    .collect()
}

#[test]
fn hints_advance() {
    let book = Book::new("hints_advance");
    expect(&book.succeed(&["hint", "gather"]), &["gather · hint 1 of 4\n", "\n3 more hints: "]);
    expect(&book.succeed(&["zh", "hint", "gather"]), &["gather · 提示 2/4\n", "还有 2 条提示："]);
    let said = book.succeed(&["hint", "gather", "--level", "1"]);
    expect(&said, &["gather · hint 1 of 4\n", "2 more hints"]);
    expect(&book.succeed(&["progress"]), &["  gather            10  not begun  2/4\n"]);
    expect(&book.succeed(&["hint", "gather"]), &["hint 3 of 4", "1 more hint: "]);
    for _ in 0..2 {
        let said = book.succeed(&["hint", "gather"]);
        expect(&said, &["hint 4 of 4", "the solution: cargo run -- solution gather --show"]);
    }
    let all = book.succeed(&["hint", "hello_world", "--all"]);
    assert_eq!(all.matches("hello_world · hint").count(), 4);
    assert_eq!(
        book.fail(&["hint", "gather", "--level", "5"]),
        "error: gather has no hint 5; its hints are 1 to 4.\n"
    );
    assert_eq!(
        book.fail(&["hint", "gathr"]),
        "error: There is no exercise named `gathr`; did you mean `gather`?\n"
    );
}

#[test]
fn a_reset_keeps_the_answer() {
    let book = Book::new("a_reset_keeps_the_answer");
    let answers: [&[u8]; 2] = [b"my answer\r\n", b"not UTF-8: \xff\xfe"];
    for (number, answer) in (1..).zip(answers) {
        book.answer("gather", answer);
        let backup = format!(".workbook/backups/gather/{number}.rs");
        assert_eq!(
            book.succeed(&["reset", "gather"]),
            format!(
                "exercises/gather/src/lib.rs is the starter again; your answer is kept in {backup}.\n"
            )
        );
        assert_eq!(read(&book.path(&backup)), answer);
        assert_eq!(
            read(&book.exercise("gather", "src/lib.rs")),
            read(&book.exercise("gather", "starter.rs"))
        );
    }
    assert_eq!(
        book.succeed(&["zh", "reset", "gather"]),
        "exercises/gather/src/lib.rs 就是起始文件，没有改动。\n"
    );
    assert_eq!(entries(&book.path(".workbook/backups/gather")), ["1.rs", "2.rs"]);
}

#[test]
fn the_solution_is_for_whoever_asks_twice() {
    let book = Book::new("the_solution_is_for_whoever_asks_twice");
    assert_eq!(
        book.fail(&["solution", "gather"]),
        "error: gather has not passed yet: run cargo run -- check gather, \
         or see it now with cargo run -- solution gather --show.\n"
    );
    expect(&book.succeed(&["solution", "gather", "--show"]), &["join_all"]);
}

#[test]
fn a_broken_memory_is_put_aside() {
    let book = Book::new("a_broken_memory_is_put_aside");
    put(&book.path(".workbook/progress.json"), b"{ \"version\": 1, \"exer");
    let said = book.succeed(&["hint", "gather"]);
    expect(
        &said,
        &[
            "hint 1 of 4",
            ".workbook/progress.json cannot be understood; it is now \
             .workbook/progress.unreadable-1.json, and your progress is counted anew.\n",
        ],
    );
    assert_eq!(
        read(&book.path(".workbook/progress.unreadable-1.json")),
        b"{ \"version\": 1, \"exer"
    );
    assert_eq!(book.succeed(&["hint", "gather"]).matches("cannot be understood").count(), 0);
}
