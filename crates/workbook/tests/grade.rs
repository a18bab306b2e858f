//! `grade`: a class in, grades out; bad input in, one sentence out; hostile
//! submissions in, their names out, and nobody else's grade changed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::support::{Running, WORKBOOK, entries, until};
use serde_json::Value;
use tempfile::TempDir;
use zip::write::{SimpleFileOptions, ZipWriter};

/// One grader works in a scratch folder at a time.
static GRADER: Mutex<()> = Mutex::new(());

fn grader() -> MutexGuard<'static, ()> {
    GRADER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Kept from run to run, so that tokio is compiled once.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("grade")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the workspace").to_owned()
}

fn exercise(file: &str) -> String {
    fs::read_to_string(root().join("exercises").join(file)).expect("a file of an exercise")
}

/// A class: a folder of submissions, and where the report goes.
struct Class {
    folder: TempDir,
}

impl Class {
    fn new() -> Class {
        let class = Class { folder: tempfile::tempdir().expect("a temporary folder") };
        fs::create_dir(class.path("in")).expect("a folder");
        class
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// One student's answer to one exercise, as it lies in a clone.
    fn answer(&self, student: &str, exercise: &str, source: &str) {
        self.write(&format!("in/{student}/exercises/{exercise}/src/lib.rs"), source);
    }

    fn zip(&self, student: &str) -> ZipWriter<File> {
        ZipWriter::new(File::create(self.path(&format!("in/{student}.zip"))).expect("a file"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(WORKBOOK);
        command
            .args(["grade", "in"])
            .args(arguments)
            .current_dir(self.folder.path())
            .env("WB_LANG", "en")
            .env("CARGO_TARGET_DIR", target())
            .stdin(Stdio::null());
        command
    }

    /// Grades, which must succeed, and reads the report.
    fn grade(&self, arguments: &[&str]) -> Value {
        self.expect(&mut self.command(
            &["--out", "report"].into_iter().chain(arguments.iter().copied()).collect::<Vec<_>>(),
        ))
    }

    fn expect(&self, command: &mut Command) -> Value {
        let output = command.output().expect("the command starts");
        assert!(output.status.success(), "{}", said(&output));
        let bytes = fs::read(self.path("report/report.json")).expect("a report");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    /// Grades, which must fail with one sentence and no report.
    fn fail(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().expect("the command starts");
        let said = said(&output);
        assert!(matches!(output.status.code(), Some(1 | 2)), "{:?}\n{said}", output.status);
        assert!(!self.path("report").exists());
        assert_eq!(said.trim_end().lines().count(), 1, "one sentence: {said}");
        said
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A source that nobody has graded before.
fn fresh(source: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
    format!("{source}\n// {now}\n")
}

fn student<'a>(report: &'a Value, name: &str) -> &'a Value {
    let mut students = report["students"].as_array().expect("students").iter();
    students.find(|student| student["name"] == name).unwrap_or_else(|| panic!("no {name:?}"))
}

fn answer<'a>(report: &'a Value, name: &str, exercise: &str) -> &'a Value {
    let answers = student(report, name)["answers"].as_array().expect("answers");
    answers.iter().find(|answer| answer["exercise"] == exercise).expect("an answer")
}

#[test]
fn bad_input_is_answered_with_one_sentence() {
    let class = Class::new();
    let expect = |arguments: &[&str], part: &str| {
        let said = class.fail(arguments);
        assert!(said.contains(part), "{arguments:?}: {said}");
    };
    expect(&[], "--out");
    expect(&["--out", "report"], "in holds no submission");
    class.answer("ada", "gather", "");
    expect(&["--out", "in/report"], "must lie apart");
    expect(&["--out", "."], "holds something else (in)");
    class.write("mine/thesis.tex", "years of work");
    expect(&["--out", "mine"], "mine holds something else (thesis.tex)");
    expect(&["--out", "report", "--roster", "no.csv"], "no.csv: cannot be read");
    for (csv, part) in [
        ("id,name\n1,Ada\n2\n", "roster.csv:3: this line has 1 fields, the header 2"),
        ("points\n1\n", "roster.csv:1: the header must name"),
        ("name,lang\nAda,fr\n", "roster.csv:2: the language is zh or en"),
        ("id\n7\n7\n", "roster.csv:3: \"7\" is already in line 2"),
        ("id,name\nada,x\nbob,ada\n", "roster.csv:3: line 2 has the submission \"ada\" already"),
    ] {
        class.write("roster.csv", csv);
        expect(&["--out", "report", "--roster", "roster.csv"], part);
    }
    class.write("roster.csv", b"name\n\xd0\xa1\xc3\xf7\n");
    expect(&["--out", "report", "--roster", "roster.csv"], "roster.csv:2: this is not UTF-8");
    assert_eq!(entries(&class.path("mine")), ["thesis.tex"]);
}

#[test]
fn a_class_is_graded() {
    let _grader = grader();
    let class = Class::new();
    let solution = exercise("gather/solution.rs");
    let starter = fs::read_to_string(root().join("exercises/gather/starter.rs"))
        .unwrap_or_else(|_| exercise("gather/src/lib.rs"));
    // A clone, with the rest of a workbook around the answer.
    class.answer("小明 \"7\"", "gather", &fresh(&solution));
    class.write("in/小明 \"7\"/examples/cancel.rs", "fn main() {}");
    class.write("in/小明 \"7\"/exercises/gather/Cargo.toml", "no manifest");
    class.write("in/小明 \"7\"/exercises/gather/tests/gather.rs", "no test");
    class.write("in/小明 \"7\"/exercises/gather/build.rs", "fn main() { panic!() }");
    // One file in an archive.
    let mut zip = class.zip("bob");
    zip.start_file("homework/gather.rs", SimpleFileOptions::default()).expect("an entry");
    zip.write_all(starter.as_bytes()).expect("bytes");
    zip.finish().expect("an archive");
    class.answer("eve", "gather", "pub fn fetch_all( {");
    class.answer("dan", "gather", &fresh(&exercise("gather/wrong/spawned.rs")));
    class.answer("dan", "await_sleep", &fresh(&exercise("await_sleep/wrong/not_awaited.rs")));
    class.answer("dan", "no_locks", &fresh(&exercise("no_locks/wrong/reads_again.rs")));
    class.write("in/notes.txt", "");
    class.write(
        "roster.csv",
        "学号,姓名,文件夹,语言\n1,=小明,\"小明 \"\"7\"\"\",zh\n2,Bob,bob,en\n3,Carol,carol,\n4,Dan,dan,zh\n",
    );

    let report = class.grade(&["--roster", "roster.csv"]);
    assert_eq!(report["version"], 1);
    let first = answer(&report, "=小明", "gather");
    assert_eq!((&first["status"], &first["points"]), (&"graded".into(), &first["out_of"]));
    assert_eq!(first["file"], "exercises/gather/src/lib.rs");
    assert_eq!(answer(&report, "=小明", "cancel")["status"], "missing");
    assert_eq!(answer(&report, "Bob", "gather")["status"], "untouched");
    assert_eq!(answer(&report, "Bob", "gather")["file"], "homework/gather.rs");
    assert_eq!(student(&report, "Carol")["submission"], Value::Null);
    assert_eq!(student(&report, "Carol")["points"], 0);
    assert_eq!(student(&report, "eve")["in_roster"], false);
    let broken = answer(&report, "eve", "gather");
    assert_eq!(broken["status"], "does_not_compile");
    let errors = broken["message"]["en"].as_str().expect("text");
    assert!(errors.contains("--> src/lib.rs:1:"), "{errors}");
    let believed = answer(&report, "Dan", "gather")["belief"]["zh"].as_str().expect("text");
    assert!(believed.starts_with("背后的想法："), "{believed}");
    let page = student(&report, "Dan")["page"].as_str().expect("a page");
    let page = fs::read_to_string(class.path(&format!("report/{page}"))).expect("a page");
    assert!(page.contains("create_task#modify</p>\n<pre>error[E0277]"), "{page}");
    assert_eq!(broken["belief"], Value::Null);
    // Of what compiles, too: by rustc's warning, or by how a test ended.
    let unawaited = answer(&report, "Dan", "await_sleep");
    assert_eq!(unawaited["status"], "graded");
    assert!(unawaited["belief"]["zh"].as_str().expect("text").contains("hello_world#investigate"));
    let tests = &answer(&report, "Dan", "no_locks")["tests"];
    let panicked = tests.as_array().expect("tests").iter().find(|test| test["verdict"] == "panic");
    let message = panicked.expect("a panic")["message"]["zh"].as_str().expect("text");
    assert!(message.starts_with("背后的想法："), "{message}");
    assert_eq!(report["ignored"], serde_json::json!(["notes.txt"]));

    let csv = fs::read_to_string(class.path("report/scores.csv")).expect("scores");
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].starts_with("\u{feff}id,name,submission,"), "{csv}");
    assert!(lines[0].contains(",gather (3),"), "{csv}");
    assert!(lines[1].starts_with("1,'=小明,\"小明 \"\"7\"\"\",0,"), "{csv}");
    assert!(
        lines[3].ends_with(",no submission") && lines[5].ends_with(",not in the roster"),
        "{csv}"
    );
    assert_eq!(
        entries(&class.path("report")),
        [".workbook.json", "index.html", "report.json", "scores.csv", "students"]
    );

    let page = |name: &str| {
        let page = student(&report, name)["page"].as_str().expect("a page");
        fs::read_to_string(class.path("report").join(page)).expect("a page")
    };
    assert!(page("=小明").contains("lang=\"zh-CN\"") && page("=小明").contains("通过"));
    assert!(page("Bob").contains("as it was handed out") && page("Bob").contains("is not gather"));
    let class_page = fs::read_to_string(class.path("report/index.html")).expect("a page");
    assert!(class_page.contains("<svg") && class_page.contains("Who is stuck where"));
    for page in [page("=小明"), page("Bob"), page("eve"), class_page] {
        assert!(!page.contains("http://") && !page.contains("https://"), "a third party");
        assert!(!page.contains("<script"), "a script");
        let root = root();
        assert!(!page.contains(&*root.to_string_lossy()), "a path of this machine");
    }
}

/// What a hostile answer to `gather` does first, and how its tests end.
struct Hostile {
    name: &'static str,
    body: &'static str,
    verdict: &'static str,
}

const fn hostile(name: &'static str, verdict: &'static str, body: &'static str) -> Hostile {
    Hostile { name, body, verdict }
}

/// `CANARY` is a folder outside, `SECONDS` a number that marks a process.
const HOSTILE: &[Hostile] = &[
    hostile(
        "forged_ok",
        "early_exit",
        r#"println!("test all_at_once ... ok\n\ntest result: ok. 3 passed"); std::process::exit(0)"#,
    ),
    hostile("abort", "early_exit", "std::process::abort()"),
    hostile("spin", "hung", "loop { std::hint::spin_loop() }"),
    hostile("yield_loop", "hung", "loop { tokio::task::yield_now().await }"),
    hostile(
        "std_deadlock",
        "blocked",
        "let lock = std::sync::Mutex::new(()); let _one = lock.lock(); let _two = lock.lock();",
    ),
    hostile(
        "deadlock",
        "deadlock",
        "let lock = tokio::sync::Mutex::new(()); let _one = lock.lock().await; lock.lock().await;",
    ),
    hostile(
        "recursion",
        "stack_overflow",
        "fn deep(n: u64) -> u64 { let a = std::hint::black_box([n; 64]); deep(n + 1) + a[3] } println!(\"{}\", deep(0));",
    ),
    hostile(
        "memory",
        "out_of_memory",
        "let mut all = Vec::new(); loop { all.push(std::hint::black_box(vec![1_u8; 16 << 20])); }",
    ),
    hostile("flood", "output_flood", "loop { println!(\"{}\", \"x\".repeat(1 << 16)); }"),
    hostile(
        "threads",
        "too_many",
        "loop { let _ = std::thread::Builder::new().spawn(|| std::thread::sleep(std::time::Duration::from_secs(60))); }",
    ),
    hostile(
        "grandchild",
        "wrong",
        r#"let _ = std::process::Command::new("setsid").args(["sh", "-c", "sleep SECONDS & sleep SECONDS"]).spawn();"#,
    ),
    hostile(
        "rewrites_the_report",
        "early_exit",
        r#"
        let line = |test: &str| format!("{{\"version\":1,\"exercise\":\"gather\",\"test\":\"{test}\",\"verdict\":\"passed\",\"message\":{{\"en\":\"\",\"zh\":\"\"}},\"points\":9,\"out_of\":9,\"virtual_ms\":0,\"real_ms\":0,\"output\":\"\",\"missing\":[]}}\n");
        let all: String = ["all_at_once", "in_the_order_of_the_urls", "any_number"].map(line).concat();
        for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
            let report = environment.split(|byte| *byte == 0).find_map(|word| word.strip_prefix(b"WB_REPORT="));
            if let Some(report) = report.and_then(|path| std::str::from_utf8(path).ok()) {
                let _ = std::fs::write(report, &all);
                let _ = std::process::Command::new("kill").args(["-9", &process.file_name().to_string_lossy()]).status();
            }
        }
        std::process::exit(0)"#,
    ),
    hostile(
        "rewrites_everything",
        "wrong",
        r#"
        for place in ["CANARY/out", "CANARY/tests.rs", "TARGET/results/forged.json", "TARGET/packages/Cargo.toml", "TEMP/wb-canary-SECONDS"] {
            let _ = std::fs::remove_file(place);
            let _ = std::fs::write(place, "mine");
        }"#,
    ),
    hostile(
        "reads_the_neighbours",
        "panic",
        r#"panic!("{:?}", std::fs::read_to_string("CANARY/secret").unwrap_or_default());"#,
    ),
    hostile(
        "before_main",
        "early_exit",
        r#"} #[used] #[unsafe(link_section = ".init_array")] static FIRST: extern "C" fn() = first; extern "C" fn first() { println!("all_at_once: test"); std::process::exit(0) } fn unused() {"#,
    ),
    hostile("includes", "does_not_compile", r#"println!("{}", include_str!("CANARY/secret"));"#),
    hostile(
        "includes_hidden",
        "does_not_compile",
        r#"macro_rules! hidden { ($name:ident) => { println!("{}", $name!("CANARY/secret")) } } hidden!(include_str);"#,
    ),
    hostile(
        "includes_aloud",
        "does_not_compile",
        r#"compile_error!(concat!(include_str!("CANARY/secret")));"#,
    ),
    hostile("includes_code", "does_not_compile", r#"#[path = "CANARY/secret"] mod secret;"#),
    hostile(
        "endless_macro",
        "does_not_compile",
        r#"macro_rules! more { ($($t:tt)*) => { more!($($t)* $($t)*) } } more!(x x);"#,
    ),
    hostile("endless_const", "does_not_compile", "const NEVER: () = loop {}; NEVER"),
    hostile("another_crate", "does_not_compile", "serde_json::to_string(&1).unwrap();"),
];

/// The answer goes on as an honest one, whose other half is left undone.
fn source(body: &str) -> String {
    format!(
        "#![allow(warnings)]\npub async fn fetch_all<F>(urls: &[&str], fetch: F) -> Vec<String>\n\
         where F: AsyncFn(&str) -> String {{\n{body}\n;Vec::new() }}\n"
    )
    .replacen(
        ";Vec::new() }\n",
        if body.contains("init_array") { "}\n" } else { ";Vec::new() }\n" },
        1,
    )
    .replacen(
        "where F: AsyncFn(&str) -> String {",
        if body.contains("init_array") {
            "where F: AsyncFn(&str) -> String { Vec::new() "
        } else {
            "where F: AsyncFn(&str) -> String {"
        },
        1,
    )
}

fn neighbours(class: &Class) {
    for (name, file) in [("ada", "solution.rs"), ("bob", "wrong/as_completed.rs")] {
        class.answer(name, "gather", &exercise(&format!("gather/{file}")));
    }
    class.answer("cat", "cancel", &exercise("cancel/solution.rs"));
}

/// What a student got, without how long it took.
fn grades(report: &Value, name: &str) -> Value {
    let mut grades = student(report, name)["answers"].clone();
    for answer in grades.as_array_mut().expect("answers") {
        for test in answer["tests"].as_array_mut().expect("tests") {
            test["real_ms"] = Value::Null;
        }
    }
    grades
}

#[test]
#[ignore = "takes a minute"]
fn hostile_submissions_get_their_names() {
    let _grader = grader();
    let class = Class::new();
    neighbours(&class);
    let grade = |class: &Class| {
        let mut command = class.command(&["--out", "report", "--again"]);
        class.expect(command.env("WB_WALL_MS", "3000").env("WB_COMPILE_SECONDS", "30"))
    };
    let alone = grade(&class);

    let canary = class.path("canary");
    class.write("canary/out", "as it was");
    class.write("canary/tests.rs", "as it was");
    class.write("canary/secret", "xyzzy-secret");
    let seconds = format!("86{}", std::process::id());
    for one in HOSTILE {
        let body = one
            .body
            .replace("CANARY", &canary.to_string_lossy())
            .replace("TARGET", &target().join("workbook/grade").to_string_lossy())
            .replace("TEMP", &std::env::temp_dir().to_string_lossy())
            .replace("SECONDS", &seconds);
        class.answer(one.name, "gather", &source(&body));
    }
    hostile_files(&class, &canary);
    let start = Instant::now();
    let report = grade(&class);
    println!("{} hostile answers took {:?}", HOSTILE.len(), start.elapsed());

    let mut wrong = Vec::new();
    for one in HOSTILE {
        let answer = answer(&report, one.name, "gather");
        let tests = answer["tests"].as_array().expect("tests");
        let named = answer["status"] == one.verdict
            || tests.iter().any(|test| test["verdict"] == one.verdict);
        if !named || answer["points"] != 0 && one.verdict != "wrong" {
            wrong.push(format!("{}: {answer:#}", one.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for name in ["ada", "bob", "cat"] {
        assert_eq!(grades(&report, name), grades(&alone, name), "{name}");
    }

    let read = |file: &str| fs::read_to_string(canary.join(file)).expect("a canary");
    assert_eq!((read("out").as_str(), read("tests.rs").as_str()), ("as it was", "as it was"));
    assert_eq!(entries(&canary), ["out", "secret", "tests.rs"], "nothing was added");
    assert!(!std::env::temp_dir().join(format!("wb-canary-{seconds}")).exists());
    assert!(!target().join("workbook/grade/results/forged.json").exists());
    let said = fs::read_to_string(class.path("report/report.json")).expect("a report");
    assert!(!said.contains("xyzzy"), "a secret was read");
    assert_eq!(left(&seconds), Vec::<String>::new(), "no process is left");
    expect_named(&report);
}

/// Submissions whose form is hostile.
fn hostile_files(class: &Class, canary: &Path) {
    let solution = exercise("gather/solution.rs");
    let link = |student: &str, from: &str, to: &Path| {
        let path = class.path(&format!("in/{student}/{from}"));
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::os::unix::fs::symlink(to, path).expect("a link");
    };
    link("link", "exercises/gather/src/lib.rs", &root().join("exercises/gather/solution.rs"));
    link("linked folder", "exercises", &root().join("exercises"));
    std::os::unix::fs::symlink(root(), class.path("in/linked student")).expect("a link");
    class.write("in/latin1/gather.rs", b"// \xe9t\xe9\n");
    fs::create_dir(class.path("in/empty")).expect("a folder");
    fs::create_dir_all(class.path("in/folder/gather.rs")).expect("a folder");
    class.write("in/huge/gather.rs", "");
    let sparse = |file: &str| {
        let file = File::options().create(true).append(true).open(class.path(file));
        file.and_then(|file| file.set_len(100 << 20)).expect("a sparse file");
    };
    sparse("in/huge/gather.rs");
    sparse("in/huge archive.zip");
    class.write("in/no archive.zip", "PK");
    let pipe = class.path("in/pipe");
    fs::create_dir(&pipe).expect("a folder");
    assert!(Command::new("mkfifo").arg(pipe.join("gather.rs")).status().expect("mkfifo").success());
    for name in ["it's \"quoted\" & <b>", "学生 一", "two\nlines", "$(touch x); --help"] {
        class.answer(name, "gather", &solution);
    }
    let odd = class.path("in").join(OsStr::from_bytes(b"odd\xff"));
    fs::create_dir(&odd).expect("a folder");
    fs::write(odd.join("gather.rs"), &solution).expect("a file");

    // A student's own package, with all that could run or replace.
    class.answer("own package", "gather", &source("evil::run();"));
    let own = "in/own package/exercises/gather";
    class.write(&format!("{own}/Cargo.toml"), "[package]\nname = \"gather\"\nbuild = \"build.rs\"\n[dependencies]\nevil = { path = \"../../evil\" }\n");
    let build =
        format!("fn main() {{ std::fs::write({:?}, \"\").unwrap(); }}", canary.join("built"));
    class.write(&format!("{own}/build.rs"), &build);
    class.write(&format!("{own}/tests/gather.rs"), "#[test] fn all_at_once() {}");
    class.write(&format!("{own}/.cargo/config.toml"), "[build]\nrustc-wrapper = \"/bin/false\"\n");
    class.write("in/own package/.cargo/config.toml", "[build]\nrustc-wrapper = \"/bin/false\"\n");
    class.write("in/own package/evil/src/lib.rs", "pub fn run() {}");

    let options = SimpleFileOptions::default();
    let mut zip = class.zip("climbs");
    for name in ["../../canary/out", "/exercises/gather/src/lib.rs", "x/../../gather.rs"] {
        zip.start_file(name, options).expect("an entry");
        zip.write_all(solution.as_bytes()).expect("bytes");
    }
    zip.finish().expect("an archive");
    let mut zip = class.zip("bomb");
    zip.start_file("gather.rs", options.compression_method(zip::CompressionMethod::Deflated))
        .expect("an entry");
    for _ in 0..100 {
        zip.write_all(&vec![b'/'; 1 << 20]).expect("bytes");
    }
    zip.finish().expect("an archive");
    let mut zip = class.zip("many");
    for number in 0..20_001 {
        zip.add_directory(format!("{number}"), options).expect("an entry");
    }
    zip.finish().expect("an archive");
    let mut zip = class.zip("linked archive");
    zip.add_symlink("gather.rs", "/etc/passwd", options).expect("an entry");
    zip.finish().expect("an archive");
}

/// Each of [`hostile_files`] has its named end.
fn expect_named(report: &Value) {
    for (name, status, part) in [
        ("link", "refused", "symbolic link"),
        ("linked folder", "missing", ""),
        ("latin1", "refused", "UTF-8"),
        ("empty", "missing", ""),
        ("folder", "missing", ""),
        ("huge", "refused", "256 KB"),
        ("huge archive", "missing", ""),
        ("no archive", "missing", ""),
        ("pipe", "refused", "not a regular file"),
        ("own package", "does_not_compile", "evil"),
        ("climbs", "missing", ""),
        ("bomb", "refused", "256 KB"),
        ("many", "missing", ""),
        ("linked archive", "refused", "symbolic link"),
        ("it's \"quoted\" & <b>", "graded", ""),
        ("学生 一", "graded", ""),
        ("two\nlines", "graded", ""),
        ("$(touch x); --help", "graded", ""),
        ("odd\u{fffd}", "graded", ""),
    ] {
        let answer = answer(report, name, "gather");
        assert_eq!(answer["status"], status, "{name:?}: {answer}");
        let message = answer["message"]["en"].as_str().expect("text");
        assert!(message.contains(part), "{name:?}: {message}");
        if status == "graded" {
            assert_eq!(answer["points"], answer["out_of"], "{name:?}");
        }
    }
    let notes = |name: &str| student(report, name)["notes"].to_string();
    assert!(notes("linked folder").contains("links are not followed"));
    assert!(notes("huge archive").contains("larger than 20 MB"));
    assert!(notes("no archive").contains("Not a zip archive"));
    assert!(notes("many").contains("More than 20000 files"));
    assert!(notes("climbs").contains("leads out of the archive"));
    assert!(notes("climbs").contains("an absolute path"));
    assert_eq!(report["ignored"], serde_json::json!(["linked student"]));
}

/// The processes that the hostile answers left, or that work in the scratch
/// folder.
fn left(seconds: &str) -> Vec<String> {
    let work = target().join("workbook/grade/work");
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|process| {
            let command = fs::read(process.path().join("cmdline")).ok()?;
            let command = String::from_utf8_lossy(&command).replace('\0', " ");
            let inside = fs::read_link(process.path().join("cwd"))
                .is_ok_and(|folder| folder.starts_with(&work));
            (inside || command.contains(&format!("sleep {seconds}"))).then_some(command)
        })
        .collect()
}

#[test]
#[ignore = "compiles a class"]
fn an_interrupted_run_goes_on() {
    let _grader = grader();
    let class = Class::new();
    for number in 0..6 {
        class.answer(&format!("s{number}"), "gather", &fresh(&exercise("gather/solution.rs")));
    }
    let results = target().join("workbook/grade/results");
    let count = || entries(&results).len();
    class.write("warm/ada/gather.rs", exercise("gather/solution.rs"));
    let warm = class.command(&["--out", "warmed"]).args(["--help"]).output();
    assert!(warm.expect("the command starts").status.success());
    let before = results.is_dir().then(count).unwrap_or_default();

    let mut command = class.command(&["--out", "report"]);
    let mut running = Running(command.stderr(Stdio::piped()).spawn().expect("the command starts"));
    until("a result", || (results.is_dir() && count() > before).then_some(()));
    running.interrupt();
    assert_eq!(running.0.wait().expect("it ends").code(), Some(130));
    let mut said = String::new();
    std::io::Read::read_to_string(&mut running.0.stderr.take().expect("piped"), &mut said)
        .expect("text");
    assert!(said.contains("are graded and kept"), "{said}");
    assert!(!class.path("report").exists());
    let kept = count();
    assert!(kept > before);

    let report = class.grade(&[]);
    assert_eq!(report["students"].as_array().expect("students").len(), 6);
    assert!(report["students"].as_array().expect("students").iter().all(|one| one["points"] == 3));
}

/// Thirty students, six exercises, no two answers alike; prints the times.
#[test]
#[ignore = "a benchmark of minutes"]
fn a_class_of_thirty() {
    let _grader = grader();
    let class = Class::new();
    let names = ["cancel", "create_task", "gather", "hello_world", "queue_workers", "wait_for"];
    for number in 0..30 {
        for (index, name) in names.iter().enumerate() {
            let folder = root().join("exercises").join(name);
            let wrong = entries(&folder.join("wrong"));
            let file = match (number + index) % 3 {
                0 => folder.join("wrong").join(&wrong[number % wrong.len()]),
                _ => folder.join("solution.rs"),
            };
            let source = fs::read_to_string(file).expect("an answer");
            class.answer(&format!("s{number:02}"), name, &format!("{source}\n// {number}\n"));
        }
    }
    let scratch = target().join("workbook/grade");
    let _ = fs::remove_dir_all(&scratch);
    let time = |what: &str| {
        let start = Instant::now();
        class.grade(&[]);
        println!("30 × {} {what}: {:.1} s", names.len(), start.elapsed().as_secs_f64());
    };
    time("cold");
    time("with nothing changed");
    class.answer("s00", "gather", &fresh(&exercise("gather/solution.rs")));
    time("with one answer changed");
    let _ = fs::remove_dir_all(scratch.join("results"));
    time("anew, with tokio compiled");
}

#[test]
fn a_submission_without_any_answer_says_so_in_the_table() {
    let _one = grader();
    let class = Class::new();
    class.write("in/ada.zip", "no archive");
    fs::create_dir(class.path("in/bob")).expect("a folder");
    let report = class.grade(&[]);
    let table = fs::read_to_string(class.path("report/scores.csv")).expect("a table");
    let line = |name: &str| {
        table.lines().find(|line| line.starts_with(name)).expect("a line for each").to_owned()
    };
    assert!(line("ada,").contains("Not a zip archive"), "{table}");
    assert!(line("bob,").contains("No exercise's file was found"), "{table}");
    assert_eq!(student(&report, "bob")["notes"].as_array().map(Vec::len), Some(1));
    let page = student(&report, "bob")["page"].as_str().expect("a page").to_owned();
    let page = fs::read_to_string(class.path("report").join(page)).expect("a page");
    assert!(page.contains("No exercise"), "{page}");
}

/// What Moodle and Canvas let a teacher download, and what students make of a
/// name: taken where it is certain, and named where it is not.
#[test]
fn a_class_comes_as_a_school_system_hands_it_over() {
    let _grader = grader();
    let class = Class::new();
    let solution = exercise("gather/solution.rs");
    let starter = exercise("gather/starter.rs");
    let zipped = |path: &str, inside: &str, text: &str| {
        fs::create_dir_all(class.path(path).parent().expect("a folder")).expect("a folder");
        let mut zip = ZipWriter::new(File::create(class.path(path)).expect("a file"));
        zip.start_file(inside, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(text.as_bytes()).expect("bytes");
        zip.finish().expect("an archive");
    };
    zipped("in/张三_12345_assignsubmission_file_/gather.zip", "src/lib.rs", &solution);
    class.write("in/张三_12345_assignsubmission_onlinetext_/onlinetext.html", "<p>done</p>");
    class.write("in/lisi_77_901_gather-1.rs", &solution);
    zipped("in/lisi_LATE_77_902_wait_for.zip", "lib.rs", &exercise("wait_for/solution.rs"));
    class.write("in/ada/gather (1).rs", &solution);
    class.write("in/ada/hello-world/src/lib.rs", exercise("hello_world/solution.rs"));
    class.write("in/bob/gather (1).rs", &solution);
    class.write("in/bob/Gather.rs", &starter);
    class.write("in/bob/mine.rs", "fn main() {}");
    // The starter again, with a comment; and a pair with one folder.
    class.write("in/eve/gather.rs", format!("// mine\n{starter}"));
    class.write("in/team/gather.rs", &solution);
    class.write("in/loose.rs", &solution);
    let roster = "id;name;folder\n12345;张三;\n77;Li Si;\n1;Ada;ada\n2;Bob;bob\n3;Eve;eve\n\
        4;Uma;team\n5;Vic;team\n";
    class.write("roster.csv", [&[0xef, 0xbb, 0xbf], roster.as_bytes()].concat());

    let report = class.grade(&["--roster", "roster.csv"]);
    for (name, exercise) in [
        ("张三", "gather"),
        ("Li Si", "gather"),
        ("Li Si", "wait_for"),
        ("Ada", "gather"),
        ("Ada", "hello_world"),
        ("Uma", "gather"),
        ("Vic", "gather"),
    ] {
        let answer = answer(&report, name, exercise);
        assert_eq!(answer["points"], answer["out_of"], "{name}: {answer}");
    }
    assert_eq!(answer(&report, "Bob", "gather")["status"], "missing");
    let notes = student(&report, "Bob")["notes"].to_string();
    for seen in ["gather (1).rs", "Gather.rs", "none was taken", "mine.rs"] {
        assert!(notes.contains(seen), "{seen}: {notes}");
    }
    let eve = answer(&report, "Eve", "gather");
    assert_eq!((&eve["status"], &eve["points"]), (&"graded".into(), &0.into()));
    assert_eq!(student(&report, "Eve")["points"], 0);
    assert_eq!(report["ignored"], serde_json::json!(["loose.rs"]));
    let students = report["students"].as_array().expect("students");
    assert!(students.iter().all(|student| student["in_roster"] == true), "{students:?}");

    let csv = fs::read_to_string(class.path("report/scores.csv")).expect("scores");
    let line = |name: &str| csv.lines().find(|line| line.contains(name)).expect("a line");
    assert!(line("Bob").contains("mine.rs"), "{csv}");
    let page = student(&report, "Bob")["page"].as_str().expect("a page");
    let page = fs::read_to_string(class.path(&format!("report/{page}"))).expect("a page");
    assert!(page.contains("mine.rs") && page.contains("Gather.rs"), "{page}");
    let page = student(&report, "Eve")["page"].as_str().expect("a page");
    let page = fs::read_to_string(class.path(&format!("report/{page}"))).expect("a page");
    assert!(page.contains("the points begin with the first test"), "{page}");
}

/// Each student reads what the grader says of the compiler in one language.
#[test]
fn the_compilers_limits_are_told_in_the_students_language() {
    let _grader = grader();
    let class = Class::new();
    // Twice as many tokens at every turn.
    let greedy =
        fresh("macro_rules! twice { ($($t:tt)*) => { twice!($($t)* $($t)*); } }\ntwice!(1);");
    class.write("in/ada/gather.rs", &greedy);
    class.write("in/张三/gather.rs", &greedy);
    class.write("roster.csv", "folder,lang\nada,en\n张三,zh\n");
    let report = class.grade(&["--roster", "roster.csv"]);
    for (name, ours, theirs) in
        [("ada", "memory limit of 3 GB", "内存上限"), ("张三", "3 GB 的内存上限", "memory limit")]
    {
        let page = student(&report, name)["page"].as_str().expect("a page");
        let page = fs::read_to_string(class.path(&format!("report/{page}"))).expect("a page");
        assert!(page.contains(ours), "{name}: {page}");
        assert!(!page.contains(theirs), "{name}: {page}");
    }
}
