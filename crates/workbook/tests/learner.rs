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
        let _ = fs::remove_file(book.path(".workbook"));
        if name != "compiled" {
            remove(&book.exercise("gather", ""));
        }
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
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the workspace").join(file)
}

/// The real workspace's manifest, with the exercises alone.
fn manifest() -> String {
    let text = fs::read_to_string(real("Cargo.toml")).expect("a manifest");
    let mut manifest: toml::Table = text.parse().expect("TOML");
    manifest.retain(|key, _| key == "workspace" || key == "profile");
    let workspace = manifest["workspace"].as_table_mut().expect("a table");
    workspace.remove("default-members");
    workspace.insert("members".into(), vec!["exercises/*"].into());
    let grading = real("crates/grading").to_string_lossy().into_owned();
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
    let folder = path.parent().expect("a file has a folder");
    if folder.is_file() {
        fs::remove_file(folder).expect("it is ours");
    }
    if path.is_dir() {
        fs::remove_dir_all(path).expect("it is ours");
    }
    fs::create_dir_all(folder).expect("a folder");
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
    book.succeed(&["reset", "gather"]);
    let progress = book.succeed(&["progress"]);
    expect(
        &progress,
        &["… gather            10  passed, reset since  0/4", "0 of 2 exercises passed."],
    );
    expect(&book.succeed(&["zh", "progress"]), &["通过过，之后重新开始"]);
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
    let said = listen(&mut watch);

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

/// What a command has said so far.
fn listen(command: &mut Running) -> impl Fn() -> String + use<> {
    let heard = Arc::new(Mutex::new(String::new()));
    let mut stdout = command.0.stdout.take().expect("it is piped");
    let writer = heard.clone();
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = stdout.read(&mut buffer) {
            writer.lock().expect("no panic").push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    });
    move || heard.lock().expect("no panic").clone()
}

#[test]
fn a_watch_waits_for_a_lost_answer() {
    let (book, _turn) = compiled();
    fs::remove_dir_all(book.exercise("gather", "src")).expect("it was there");
    let mut command = book.command(&["watch", "gather"]);
    let mut watch = Running(command.stdout(Stdio::piped()).spawn().expect("it starts"));
    let said = listen(&mut watch);
    until("the sentence", || said().contains("exercises/gather/src is missing;").then_some(()));
    book.succeed(&["reset", "gather"]);
    until("a verdict", || said().contains("1 of 3 tests passed.").then_some(()));
    book.solve("gather");
    until("a verdict", || said().contains("3 of 3 tests passed.").then_some(()));
    watch.interrupt();
    assert!(watch.0.wait().expect("it ends").success());
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

/// Nobody's change is lost, and no level of hint is skipped.
#[test]
fn ten_hints_and_a_check_at_once() {
    let (book, _turn) = compiled();
    book.solve("gather");
    // They all wait for this one, so that they change the file at one moment.
    fs::create_dir_all(book.path(".workbook")).expect("a folder");
    let lock = fs::File::create(book.path(".workbook/lock")).expect("a file");
    lock.lock().expect("a lock");
    let start = |arguments: &[&str]| {
        let mut command = book.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    };
    let check = start(&["check", "gather"]);
    let hints: Vec<_> = ["gather", "hello_world"]
        .into_iter()
        .flat_map(|name| std::iter::repeat_n(name, 5))
        .map(|name| (name, start(&["hint", name])))
        .collect();
    drop(lock);
    let mut shown = Vec::new();
    for (name, hint) in hints {
        let output = hint.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        let level = (1..=4).find(|level| said.contains(&format!("{name} · hint {level} of 4")));
        shown.push((name, level.expect("a level")));
    }
    shown.sort_unstable();
    let levels = [1, 2, 3, 4, 4];
    let each = ["gather", "hello_world"].map(|name| levels.map(|level| (name, level)));
    assert_eq!(shown, each.concat());
    assert!(check.wait_with_output().expect("it ends").status.success());
    expect(
        &book.succeed(&["progress"]),
        &["  hello_world        5  not begun  4/4\n", "✓ gather            10  passed     4/4\n"],
    );
    assert_eq!(entries(&book.path(".workbook")), ["lock", "progress.json"]);
}

#[test]
fn what_a_crash_left_is_in_nobodys_way() {
    let book = Book::new("what_a_crash_left_is_in_nobodys_way");
    put(&book.path(".workbook/lock"), b"4711\n");
    put(&book.path(".workbook/.progress.json.new"), b"{ \"vers");
    put(&book.path(".workbook/backups/gather/.1.rs.new"), b"half an ans");
    book.answer("gather", b"my answer");
    book.succeed(&["hint", "gather"]);
    book.succeed(&["reset", "gather"]);
    assert_eq!(entries(&book.path(".workbook")), ["backups", "lock", "progress.json"]);
    assert_eq!(entries(&book.path(".workbook/backups/gather")), ["1.rs"]);
    assert_eq!(read(&book.path(".workbook/backups/gather/1.rs")), b"my answer");
}

#[test]
#[ignore = "waits for seconds"]
fn a_command_that_does_not_let_go_costs_the_progress_alone() {
    let book = Book::new("a_command_that_does_not_let_go_costs_the_progress_alone");
    fs::create_dir_all(book.path(".workbook")).expect("a folder");
    let lock = fs::File::create(book.path(".workbook/lock")).expect("a file");
    lock.lock().expect("a lock");
    let said = book.succeed(&["hint", "gather"]);
    expect(&said, &["hint 1 of 4", "Another command does not let go of .workbook/progress.json"]);
    book.answer("gather", b"my answer");
    expect(&book.fail(&["reset", "gather"]), &["Another command does not let go"]);
    assert_eq!(read(&book.exercise("gather", "src/lib.rs")), b"my answer");
}

#[test]
fn progress_that_cannot_be_kept_costs_no_hint() {
    let book = Book::new("progress_that_cannot_be_kept_costs_no_hint");
    // Nobody can make a folder here, root neither.
    put(&book.path(".workbook"), b"not a folder");
    let said = book.succeed(&["hint", "gather"]);
    expect(&said, &["hint 1 of 4", "so your progress was not kept this time ("]);
    assert_eq!(said.matches("your progress").count(), 1, "{said}");
    let said = book.succeed(&["zh", "hint", "gather"]);
    expect(&said, &["提示 1/4", "所以这一次没有记下学习进度（"]);
    book.answer("gather", b"my answer");
    book.fail(&["reset", "gather"]);
    assert_eq!(read(&book.exercise("gather", "src/lib.rs")), b"my answer");
}

#[test]
fn a_newer_workbook_keeps_its_progress() {
    let book = Book::new("a_newer_workbook_keeps_its_progress");
    let newer = b"{\"version\":2,\"exercises\":[\"gather\"]}";
    put(&book.path(".workbook/progress.json"), newer);
    let said = book.succeed(&["hint", "gather"]);
    expect(&said, &["hint 1 of 4", ".workbook/progress.json was written by a newer workbook"]);
    assert_eq!(said.matches("a newer workbook").count(), 1, "{said}");
    assert_eq!(read(&book.path(".workbook/progress.json")), newer);
}

#[test]
fn a_folder_in_the_place_of_the_memory_is_put_aside() {
    let book = Book::new("a_folder_in_the_place_of_the_memory_is_put_aside");
    put(&book.path(".workbook/progress.json/a"), b"somebody's");
    expect(&book.succeed(&["progress"]), &["it is now .workbook/progress.unreadable-1.json"]);
    assert_eq!(read(&book.path(".workbook/progress.unreadable-1.json/a")), b"somebody's");
    expect(&book.succeed(&["hint", "gather"]), &["hint 1 of 4"]);
    expect(&book.succeed(&["hint", "gather"]), &["hint 2 of 4"]);
}

/// What can become of a file or a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Lost,
    /// A folder in the place of a file, a file in that of a folder.
    Swapped,
    /// Bytes that are no text; of files alone.
    NoText,
    /// Of Unix alone.
    LinkToItself,
    /// Of Unix, and not for root.
    Forbidden,
}

impl Fate {
    const ALL: [Self; 5] =
        [Self::Lost, Self::Swapped, Self::NoText, Self::LinkToItself, Self::Forbidden];

    /// Whether anything is damaged by it.
    fn befalls(self, path: &Path) -> bool {
        let was_folder = path.is_dir();
        if self == Self::NoText {
            if !was_folder {
                fs::write(path, b"\xff\xfe").expect("a file");
            }
            return !was_folder;
        }
        if self == Self::Forbidden {
            return forbid(path);
        }
        let _ = fs::remove_file(path).or_else(|_| fs::remove_dir_all(path));
        match self {
            Self::Swapped if was_folder => fs::write(path, "a file").expect("a file"),
            Self::Swapped => fs::create_dir(path).expect("a folder"),
            #[cfg(unix)]
            Self::LinkToItself => std::os::unix::fs::symlink(path, path).expect("a link"),
            _ => {}
        }
        true
    }
}

#[cfg(unix)]
fn forbid(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let set =
        |mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    let was = fs::metadata(path).expect("it is there").permissions().mode();
    set(0);
    let may = fs::File::open(path).is_ok();
    if may {
        set(was);
    }
    !may
}

#[cfg(not(unix))]
fn forbid(_: &Path) -> bool {
    false
}

/// Whatever became of it, it can be removed.
fn remove(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for path in ["", "src", "tests"].map(|path| folder.join(path)) {
            if path.symlink_metadata().is_ok_and(|found| found.is_dir()) {
                let _ = fs::set_permissions(&path, fs::Permissions::from_mode(0o755));
            }
        }
    }
    // A slash at its end would follow a link.
    let folder: PathBuf = folder.components().collect();
    let _ = fs::remove_file(&folder).or_else(|_| fs::remove_dir_all(&folder));
}

/// Each file of an exercise, in each way in which it can be damaged.
#[test]
fn a_damaged_exercise_costs_only_itself() {
    const FILES: [&str; 12] = [
        "",
        "src",
        "src/lib.rs",
        "starter.rs",
        "solution.rs",
        "tests",
        "tests/gather.rs",
        "Cargo.toml",
        "hints.zh.md",
        "hints.en.md",
        "statement.zh.md",
        "statement.en.md",
    ];
    let book = Book::new("a_damaged_exercise_costs_only_itself");
    // A chapter asks for it, also when nothing of it is left.
    let ask = b"# G {#g}\n\n<!-- cmdrun workbook page exercise gather -->\n";
    put(&book.path("src/zh/gather.md"), ask);
    let folder = book.path("exercises/gather");
    for (file, fate) in FILES.into_iter().flat_map(|file| Fate::ALL.map(|fate| (file, fate))) {
        let case = format!("{file} {fate:?}");
        remove(&folder);
        copy(&real("exercises/gather"), &folder);
        let path = if file.is_empty() { folder.clone() } else { folder.join(file) };
        // What a learner writes may be any bytes.
        let damaged = fate.befalls(&path) && (file, fate) != ("src/lib.rs", Fate::NoText);

        let said = book.succeed(&["progress"]);
        expect(&said, &["hello_world        5  not begun", "Next: hello_world"]);
        assert_eq!(said.matches("; ").count(), usize::from(damaged), "{case}: {said}");
        assert_eq!(book.succeed(&["zh", "progress"]).matches('；').count(), usize::from(damaged));
        book.succeed(&["hint", "hello_world", "--level", "1"]);
        let (said, hinted) = book.run(&["hint", "gather", "--level", "1"]);
        let expected = if hinted { "hint 1 of 4" } else { "error: exercises/gather" };
        assert_eq!(
            (said.matches(expected).count(), hinted || damaged),
            (1, true),
            "{case}: {said}"
        );

        // What can be brought back is.
        let (said, back) = book.run(&["reset", "gather"]);
        let lost = damaged && ["", "starter.rs"].contains(&file);
        assert_eq!((back, said.lines().count()), (!lost, 1), "{case}: {said}");
        if back {
            let answer = read(&book.exercise("gather", "src/lib.rs"));
            assert_eq!(answer, read(&real("exercises/gather/starter.rs")), "{case}");
        } else {
            expect(&said, &["error: exercises/gather"]);
        }
    }
    remove(&folder);
}

#[test]
fn what_stood_in_the_place_of_an_answer_is_kept() {
    let book = Book::new("what_stood_in_the_place_of_an_answer_is_kept");
    let answer = book.exercise("gather", "src/lib.rs");
    fs::remove_file(&answer).expect("it was there");
    assert_eq!(
        book.succeed(&["reset", "gather"]),
        "exercises/gather/src/lib.rs was missing; it is the starter again.\n"
    );
    fs::remove_file(&answer).expect("it was there");
    put(&answer.join("notes.txt"), b"mine");
    expect(&book.succeed(&["reset", "gather"]), &["kept in .workbook/backups/gather/1.folder.\n"]);
    assert_eq!(read(&book.path(".workbook/backups/gather/1.folder/notes.txt")), b"mine");
    fs::remove_dir_all(book.exercise("gather", "src")).expect("it was there");
    fs::write(book.exercise("gather", "src"), b"my answer").expect("a file");
    expect(&book.succeed(&["reset", "gather"]), &["kept in .workbook/backups/gather/1.rs.\n"]);
    assert_eq!(read(&book.path(".workbook/backups/gather/1.rs")), b"my answer");
    assert_eq!(read(&answer), read(&book.exercise("gather", "starter.rs")));
}

/// With real cargo: the other exercise is checked, and the damaged one says
/// what it lacks.
#[test]
fn a_damaged_exercise_is_not_checked_and_the_others_are() {
    let (book, _turn) = compiled();
    book.solve("hello_world");
    let lost = [
        ("src/lib.rs", "exercises/gather/src/lib.rs is missing; cargo run -- reset gather"),
        ("src", "exercises/gather/src is missing; cargo run -- reset gather"),
        ("tests/gather.rs", "exercises/gather/tests/gather.rs is missing; take it from"),
    ];
    for (file, sentence) in lost {
        let path = book.exercise("gather", file);
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
        let said = book.fail(&["check", "gather", "hello_world"]);
        expect(&said, &[sentence, "3 of 3 tests passed.", "1 of 2 exercises passed."]);
        let said = book.fail(&["check", "--all"]);
        expect(&said, &[&format!("✗ gather       {sentence}"), "✓ hello_world  3 of 3 tests\n"]);
        // Nothing else is left: that is not "everything passed".
        expect(&book.fail(&["check"]), &[sentence]);
        copy(&real("exercises/gather"), &book.exercise("gather", ""));
    }
    // Without the starter and the texts there is still a verdict.
    book.solve("gather");
    for file in ["starter.rs", "solution.rs", "hints.en.md", "statement.en.md"] {
        fs::remove_file(book.exercise("gather", file)).expect("it was there");
    }
    expect(&book.succeed(&["check", "gather"]), &["3 of 3 tests passed."]);
    // A manifest is cargo's: no other exercise compiles, and one sentence says why.
    book.answer("gather", b"");
    put(&book.exercise("gather", "Cargo.toml"), b"[package");
    let said = book.fail(&["check", "hello_world"]);
    assert_eq!(
        said,
        "error: exercises/gather/Cargo.toml is not TOML that cargo can read, and cargo compiles \
         nothing of the project; take it from a fresh copy of the workbook.\n"
    );
}

#[test]
fn a_flood_does_not_wash_the_verdicts_away() {
    let (book, _turn) = compiled();
    let starter = String::from_utf8(read(&book.exercise("gather", "starter.rs"))).expect("UTF-8");
    let flood = "    for line in 0..5000 { println!(\"line {line}\"); }\n    let mut pages";
    book.answer("gather", starter.replace("    let mut pages", flood).as_bytes());
    let said = book.fail(&["check", "gather"]);
    expect(
        &said,
        &[
            "  all_at_once printed:\n    │ line 0\n",
            "    │ line 9\n    │ … 4980 lines left out; it printed 48890 bytes …\n    │ line 4990\n",
            "    │ line 4999\n    All of it: target/workbook/printed/gather/all_at_once.txt\n",
        ],
    );
    let verdicts = said.find("✗ all_at_once").expect("a verdict");
    assert!(said.rfind("line 4999").expect("a line") < verdicts, "{said}");
    let whole = read(&book.path("target/workbook/printed/gather/all_at_once.txt"));
    let whole = String::from_utf8_lossy(&whole);
    assert_eq!(whole.lines().filter(|line| line.starts_with("line ")).count(), 5000);
    expect(
        &book.fail(&["zh", "check", "gather"]),
        &["……省略 4980 行，一共打印了 48890 字节……", "全部输出："],
    );
    // What was cut once and is short again is not shown as if it were of today.
    book.answer("gather", starter.as_bytes());
    book.fail(&["check", "gather"]);
    assert!(!book.path("target/workbook/printed/gather/all_at_once.txt").exists());
}

/// On a disk of 64 kB, in a namespace of its own: neither the progress nor a
/// backup nor the answer is half written.
#[test]
#[cfg(target_os = "linux")]
#[ignore = "mounts a disk, for which it needs the right"]
fn a_full_disk_costs_no_answer() {
    let own: &[&str] = &["unshare", "--mount", "--map-root-user"];
    let sudo: &[&str] = &["sudo", "-n", "--preserve-env=WB_LANG", "unshare", "--mount"];
    let shell = |way: &[&str], script: &str| {
        let mut command = Command::new(way[0]);
        command.args(&way[1..]).args(["sh", "-c", script]);
        command
    };
    let book = Book::new("a_full_disk_costs_no_answer");
    let answer = vec![b'a'; 20_000];
    book.answer("gather", &answer);
    let disk = book.path(".workbook");
    fs::create_dir_all(&disk).expect("a folder");
    let mount = format!("mount -t tmpfs -o size=64k none {}", disk.display());
    let may = |way: &&[&str]| shell(way, &mount).output().is_ok_and(|it| it.status.success());
    let way = [own, sudo].into_iter().find(may).expect("a right to mount a disk");
    let script = format!(
        "{mount} && {WORKBOOK} hint gather >/dev/null && cp .workbook/progress.json .workbook/before \
         && {{ cat /dev/zero > .workbook/filler 2>/dev/null; {WORKBOOK} hint gather; \
         cmp .workbook/progress.json .workbook/before && {WORKBOOK} reset gather; echo code $?; \
         ls -A .workbook .workbook/backups/gather; }}"
    );
    let output =
        shell(way, &script).current_dir(&book.root).env("WB_LANG", "en").output().expect("a shell");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    expect(
        &said,
        &[
            "hint 2 of 4",
            ".workbook/progress.json cannot be written, so your progress was not kept this time (No space",
            "so your file is as it was",
            "code 1\n",
        ],
    );
    assert!(!said.contains(".new") && !said.contains("1.rs"), "{said}");
    assert_eq!(read(&book.exercise("gather", "src/lib.rs")), answer);
}

/// Neither the starter nor what is remembered goes to where a link leads.
#[cfg(unix)]
#[test]
fn nothing_of_a_learners_is_written_through_a_link() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let book = Book::new(folder.path().join("book").to_str().expect("UTF-8"));
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    let of_exercise = book.path("exercises/gather");
    let away = elsewhere.join("gather");
    book.answer("gather", b"// mine\n");
    fs::rename(&of_exercise, &away).expect("the same disk");
    symlink(&away, &of_exercise).expect("a link");
    let said = book.fail(&["reset", "gather"]);
    assert!(said.contains("exercises/gather is a link"), "{said}");
    assert_eq!(read(&away.join("src/lib.rs")), b"// mine\n");
    fs::remove_file(&of_exercise).expect("a link");
    fs::rename(&away, &of_exercise).expect("the same disk");

    for link in [".workbook", ".workbook/backups"] {
        let link = book.path(link);
        fs::create_dir_all(link.parent().expect("a folder")).expect("a folder");
        symlink(&elsewhere, &link).expect("a link");
        let (said, _) = book.run(&["hint", "gather"]);
        let is_told = said.contains("it lies behind a link");
        assert_eq!(is_told, link.ends_with(".workbook"), "{said}");
        let said = book.fail(&["reset", "gather"]);
        assert!(said.contains(" is a link"), "{said}");
        assert_eq!(read(&of_exercise.join("src/lib.rs")), b"// mine\n");
        assert!(entries(&elsewhere).is_empty());
        fs::remove_file(&link).expect("a link");
    }

    // The file itself: the link goes, what it led to stays.
    let target = elsewhere.join("thesis.tex");
    fs::write(&target, "years of work").expect("a file");
    let answer = of_exercise.join("src/lib.rs");
    fs::remove_file(&answer).expect("a file");
    symlink(&target, &answer).expect("a link");
    book.run(&["reset", "gather"]);
    assert_eq!(read(&target), b"years of work");
}
