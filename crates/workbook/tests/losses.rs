//! Nothing of a stranger's is lost: folders that only look like ours, files in
//! folders that are, links instead of files.

use std::fs;

use crate::support::Scratch;

/// Somebody's own site, with the very names that ours has.
#[test]
fn a_site_that_only_looks_like_ours_is_left_alone() {
    let book = Scratch::new();
    book.write("mine/index.html", "my own page");
    book.write("mine/zh/blog.html", "years of work");
    let said = book.fail(&["build", "--out", "mine"]);
    assert!(said.starts_with("error: mine holds something else ("), "{said}");
    assert_eq!(
        fs::read_to_string(book.path("mine/zh/blog.html")).ok().as_deref(),
        Some("years of work")
    );
    assert_eq!(
        fs::read_to_string(book.path("mine/index.html")).ok().as_deref(),
        Some("my own page")
    );
}

/// An earlier version wrote no mark. Whose the folder is, its owner knows.
#[test]
fn a_site_of_an_earlier_version_is_left_alone_with_advice() {
    let book = Scratch::new();
    assert!(book.run(&["build"]).status.success());
    fs::remove_file(book.path("book/.workbook.json")).expect("the mark");
    let said = book.fail(&["build"]);
    assert!(
        said.contains("or delete it if an earlier version of the workbook wrote it."),
        "{said}"
    );
    book.write("book/notes.txt", "mine");
    let said = book.fail(&["build"]);
    assert!(!said.contains("delete"), "{said}");
}

/// Two builds write the same bytes, and none of ours is taken for somebody's.
#[test]
fn building_twice_is_building_once() {
    let book = Scratch::new();
    let build = || {
        let output = book.run(&["build", "--out", "site"]);
        assert!(output.status.success());
        assert!(!String::from_utf8_lossy(&output.stderr).contains("not ours"));
        fs::read(book.path("site/.workbook.json")).expect("the mark")
    };
    assert_eq!(build(), build());
}

/// A page or a table that somebody has worked on since is theirs.
#[test]
fn a_page_that_was_changed_is_not_overwritten() {
    let book = Scratch::new();
    assert!(book.run(&["build", "--out", "site"]).status.success());
    book.write("site/index.html", "my own page");
    let said = book.fail(&["build", "--out", "site"]);
    assert!(said.starts_with("error: site/index.html was changed after we wrote it"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(
        fs::read_to_string(book.path("site/index.html")).ok().as_deref(),
        Some("my own page")
    );
}

/// A recording that is none is somebody's own file.
#[test]
fn record_removes_nothing_that_it_did_not_write() {
    let book = Scratch::new();
    book.write("recordings/notes.json", r#"{"mine": true}"#);
    let output = book.run(&["record"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(book.path("recordings/notes.json").exists());
}

/// What somebody added to a site of ours outlives the next build, and is named.
#[test]
fn what_was_added_to_our_site_is_kept_and_named() {
    let book = Scratch::new();
    assert!(book.run(&["build", "--out", "site"]).status.success());
    book.write("site/CNAME", "book.example");
    book.write("site/zh/blog.html", "years of work");
    let output = book.run(&["build", "--out", "site"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("Kept in site, since it is not ours: CNAME, zh/blog.html."), "{said}");
    assert_eq!(
        fs::read_to_string(book.path("site/zh/blog.html")).ok().as_deref(),
        Some("years of work")
    );
    // A page that the book no longer has goes; it was ours.
    assert!(book.path("site/zh/hello_world.html").exists());
    for edition in ["zh", "en"] {
        fs::remove_file(book.path(&format!("src/{edition}/hello_world.md"))).expect("a page");
        book.write(&format!("src/{edition}/SUMMARY.md"), "# Book\n\n- [Preface](preface.md)\n");
        book.write(&format!("src/{edition}/preface.md"), "# Preface {#preface}\n\nNo more.\n");
    }
    let output = book.run(&["build", "--out", "site"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!book.path("site/zh/hello_world.html").exists());
    assert!(book.path("site/CNAME").exists());
}

/// A class's folder of last year is no report, whatever it is called.
#[test]
fn a_report_that_only_looks_like_ours_is_left_alone() {
    let book = Scratch::new();
    book.write("in/ada/gather.rs", "");
    book.write("last/students/ada/gather.rs", "last year");
    let said = book.fail(&["grade", "in", "--out", "last"]);
    assert!(said.starts_with("error: last holds something else (students)"), "{said}");
    assert!(book.path("last/students/ada/gather.rs").exists());
    book.write("own/index.html", "my own page");
    let said = book.fail(&["grade", "in", "--out", "own"]);
    assert!(said.starts_with("error: own holds something else (index.html)"), "{said}");
    assert!(book.path("own/index.html").exists());
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn an_output_folder_that_is_a_link_is_left_alone() {
        let book = Scratch::new();
        book.write("elsewhere/thesis.tex", "years of work");
        symlink(book.path("elsewhere"), book.path("site")).expect("a link");
        let said = book.fail(&["build", "--out", "site"]);
        assert!(said.contains("site is a link and is left alone"), "{said}");
        assert_eq!(fs::read_dir(book.path("elsewhere")).expect("a folder").count(), 1);
        symlink(book.path("nowhere"), book.path("dangling")).expect("a link");
        let said = book.fail(&["build", "--out", "dangling"]);
        assert!(said.contains("dangling is a link and is left alone"), "{said}");
        assert!(!book.path("nowhere").exists());
    }

    /// A picture goes into the file that was named, and never through a link.
    #[test]
    fn a_picture_is_not_written_through_a_link() {
        let book = Scratch::new();
        book.write("elsewhere.txt", "theirs");
        symlink(book.path("elsewhere.txt"), book.path("picture.svg")).expect("a link");
        let said = book.fail(&["trace", "hello_world", "--svg", "picture.svg"]);
        assert!(said.contains("picture.svg is a link"), "{said}");
        assert_eq!(fs::read_to_string(book.path("elsewhere.txt")).ok().as_deref(), Some("theirs"));
    }

    /// Neither a link nor a pipe becomes a file: as root that could be `/dev/null`.
    #[test]
    fn a_pipe_is_not_replaced_by_a_picture() {
        let book = Scratch::new();
        let pipe = book.path("pipe.svg");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.is_ok_and(|status| status.success()));
        let said = book.fail(&["trace", "hello_world", "--svg", "pipe.svg"]);
        assert!(said.contains("pipe.svg is a device or a pipe and is left alone"), "{said}");
        assert!(!fs::symlink_metadata(&pipe).expect("it is there").is_file());
    }

    /// A folder on the way may be the link, too.
    #[test]
    fn nothing_is_written_or_removed_in_a_folder_that_a_link_leads_to() {
        let book = Scratch::new();
        book.write("elsewhere/data.json", "{}");
        for folder in ["recordings", "tests"] {
            let _ = fs::remove_dir_all(book.path(folder));
            symlink(book.path("elsewhere"), book.path(folder)).expect("a link");
        }
        for arguments in [["record"], ["accept"]] {
            let output = book.run(&arguments);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success() && said.contains("is a link"), "{said}");
        }
        assert_eq!(crate::support::entries(&book.path("elsewhere")), ["data.json"]);
    }

    #[test]
    fn a_recording_is_not_written_through_a_link() {
        let book = Scratch::new();
        book.write("elsewhere.txt", "theirs");
        fs::remove_file(book.path("recordings/hello_world.json")).expect("a recording");
        symlink(book.path("elsewhere.txt"), book.path("recordings/hello_world.json"))
            .expect("a link");
        let output = book.run(&["record"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("hello_world.json is a link"), "{said}");
        assert_eq!(fs::read_to_string(book.path("elsewhere.txt")).ok().as_deref(), Some("theirs"));
    }
}

/// A checkout that cannot be written, as a real mount: what cargo would say of it
/// helps nobody.
#[test]
#[ignore = "mounts a folder, which takes root"]
fn a_read_only_checkout_says_so_in_one_sentence() {
    let book = Scratch::new();
    let root = book.path("");
    let mount = |arguments: &[&str]| {
        let status = std::process::Command::new("mount").args(arguments).arg(&root).status();
        assert!(status.is_ok_and(|status| status.success()), "mount {arguments:?}");
    };
    let shown = root.to_string_lossy().into_owned();
    mount(&["--bind", &shown]);
    mount(&["-o", "remount,ro,bind"]);
    let said = [
        vec!["--no-open"],
        vec!["soak", "1"],
        vec!["record"],
        vec!["build", "--out", "site"],
        vec!["compare"],
    ]
    .map(|arguments| {
        let mut command = book.command(&arguments);
        command.env("WB_RECORDER_TARGET", book.path("target/recorder"));
        let output = command.output().expect("the command starts");
        (arguments, output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    });
    let status = std::process::Command::new("umount").arg(&root).status();
    assert!(status.is_ok_and(|status| status.success()));
    for (arguments, code, said) in said {
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        let errors = said.lines().filter(|line| !line.trim_start().starts_with("Rendering"));
        assert_eq!(errors.count(), 1, "{arguments:?}: {said}");
        let advice = ["set CARGO_TARGET_DIR to a folder that can", "choose another folder"];
        assert!(advice.iter().any(|advice| said.contains(advice)), "{arguments:?}: {said}");
    }
}
