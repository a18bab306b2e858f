//! Files that cannot be read: each is reported in a line, the others are read.

use crate::program;
use std::{fs, path::Path, process::Output, time::Instant};

use futures::future::join_all;
use tempfile::{TempDir, tempdir};

fn folder() -> TempDir {
    let folder = tempdir().expect("a folder");
    let path = folder.path();
    fs::write(path.join("good.txt"), "good\n").unwrap();
    fs::write(path.join("last.txt"), "last\n").unwrap();
    fs::write(path.join("latin1.txt"), b"caf\xe9").unwrap();
    fs::write(path.join("empty.txt"), "").unwrap();
    fs::create_dir(path.join("folder")).unwrap();
    folder
}

fn run(folder: &Path, lang: &str, names: &[&str]) -> Output {
    program::command("read_files", lang)
        .args(names)
        .current_dir(folder)
        .output()
        .expect("it starts")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// What it printed of the files, without the lines that announce them.
fn contents(output: &Output) -> String {
    text(&output.stdout)
        .lines()
        .filter(|line| !line.starts_with("Reading "))
        .map(|line| format!("{line}\n"))
        .collect()
}

const NAMES: [&str; 5] = ["good.txt", "missing.txt", "folder", "latin1.txt", "last.txt"];

#[test]
fn each_failure_is_a_line_and_the_rest_is_read() {
    let folder = folder();
    let output = run(folder.path(), "en", &NAMES);
    assert_eq!(contents(&output), "good\nlast\n");
    assert_eq!(
        text(&output.stderr),
        "missing.txt: no such file\n\
         folder: it is a folder\n\
         latin1.txt: not UTF-8 text\n"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn it_speaks_chinese() {
    let folder = folder();
    let output = run(folder.path(), "zh_CN.UTF-8", &NAMES);
    assert_eq!(
        text(&output.stderr),
        "missing.txt: 没有这个文件\n\
         folder: 这是文件夹\n\
         latin1.txt: 内容不是 UTF-8 文本\n"
    );
}

#[cfg(unix)]
#[test]
fn a_file_without_permission() {
    use std::os::unix::fs::PermissionsExt;

    let folder = folder();
    let path = folder.path().join("good.txt");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        // Nothing is forbidden to root.
        return;
    }
    let names = ["good.txt", "last.txt"];
    let output = run(folder.path(), "en", &names);
    assert_eq!(contents(&output), "last\n");
    assert_eq!(text(&output.stderr), "good.txt: permission denied\n");
}

#[test]
fn without_failures_it_succeeds() {
    let folder = folder();
    let names = ["last.txt", "empty.txt", "good.txt"];
    let output = run(folder.path(), "en", &names);
    assert_eq!(contents(&output), "last\ngood\n");
    assert_eq!(text(&output.stderr), "");
    assert!(output.status.success());
}

/// The figures of the chapter: `cargo test -p applications thousand -- --ignored
/// --nocapture`.
#[tokio::test]
#[ignore = "a measurement, which asserts nothing"]
async fn a_thousand_small_files() {
    let folder = tempdir().expect("a folder");
    let paths: Vec<_> = (0..1000)
        .map(|n| {
            let path = folder.path().join(format!("{n}.txt"));
            fs::write(&path, "a line\n").unwrap();
            path
        })
        .collect();
    for _ in 0..5 {
        let start = Instant::now();
        for path in &paths {
            fs::read_to_string(path).unwrap();
        }
        let plain = start.elapsed();

        let start = Instant::now();
        join_all(paths.iter().map(tokio::fs::read_to_string)).await;
        let each = start.elapsed();

        let all = paths.clone();
        let start = Instant::now();
        tokio::task::spawn_blocking(move || {
            for path in all {
                fs::read_to_string(path).unwrap();
            }
        })
        .await
        .unwrap();
        let together = start.elapsed();

        println!("std::fs {plain:.1?}, tokio::fs {each:.1?}, one spawn_blocking {together:.1?}");
    }
}
