//! `image_downloads` against servers, connections and disks that fail: one
//! clear line each, and whole files or none.

use std::{
    fs,
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    common::{errors, head, serve},
    program::executable,
};

static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| executable("image_downloads"));

/// A folder of this test's own.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn command(folder: &Path, language: &str, urls: &[String]) -> Command {
    let mut command = Command::new(&*PROGRAM);
    command.args(urls).current_dir(folder).env("WB_LANG", language).env("NO_PROXY", "127.0.0.1");
    command
}

fn run(folder: &Path, language: &str, urls: &[String]) -> Output {
    command(folder, language, urls).output().expect("it runs")
}

/// The names of the files that were written.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("downloads")).expect("the program made it");
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Runs it with one URL, which fails; the lines in Chinese and English.
fn fails(url: &str) -> [String; 2] {
    ["zh", "en"].map(|language| {
        let folder = folder();
        let output = run(folder.path(), language, &[url.to_owned()]);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(files(folder.path()), Vec::<String>::new());
        let line = errors(&output);
        assert_eq!(line.lines().count(), 1, "{line}");
        line.trim().strip_prefix(&format!("{url}：")).expect(&line).to_owned()
    })
}

fn url(server: SocketAddr, path: &str) -> String {
    format!("http://{server}/{path}")
}

#[test]
fn three_pictures_are_whole() {
    let folder = folder();
    let output = run(folder.path(), "en", &[]);
    assert!(output.status.success());
    // No bars where there is no terminal.
    assert_eq!(errors(&output), "");
    assert_eq!(files(folder.path()), ["image1.png", "image2.png", "image3.png"]);
    for name in files(folder.path()) {
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("website").join(&name);
        let copy = folder.path().join("downloads").join(name);
        assert!(fs::read(original).unwrap() == fs::read(copy).unwrap());
    }
}

#[test]
fn a_picture_that_is_not_there() {
    let server = serve(|_, stream| head(stream, "404 Not Found", "text/html", 0));
    assert_eq!(fails(&url(server, "a.png")), ["HTTP 404 Not Found"; 2]);
}

#[test]
fn a_connection_that_is_cut() {
    let server = serve(|_, stream| {
        head(stream, "200 OK", "image/png", 1_000);
        let _ = stream.write_all(&[0; 500]);
        let _ = stream.shutdown(Shutdown::Both);
    });
    let [chinese, english] = fails(&url(server, "a.png"));
    assert!(chinese.starts_with("连接中断了（"), "{chinese}");
    assert!(english.starts_with("the connection was cut ("), "{english}");
}

#[test]
#[ignore = "waits for seconds"]
fn a_server_that_says_no_more() {
    let server = serve(|_, stream| {
        head(stream, "200 OK", "image/png", 1_000);
        let _ = stream.write_all(&[0; 500]);
        thread::sleep(Duration::from_secs(60));
    });
    let folder = folder();
    let start = Instant::now();
    let url = url(server, "a.png");
    let output = run(folder.path(), "zh", std::slice::from_ref(&url));
    assert_eq!(errors(&output), format!("{url}：服务器太久没有回答\n"));
    assert_eq!(files(folder.path()), Vec::<String>::new());
    assert!(start.elapsed() >= Duration::from_secs(5));
}

#[test]
fn nobody_listens() {
    let server = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let [chinese, english] = fails(&url(server, "a.png"));
    assert!(chinese.starts_with("连接不上（"), "{chinese}");
    assert!(english.starts_with("cannot connect ("), "{english}");
}

#[test]
fn a_server_that_does_not_speak_http() {
    let server = serve(|_, stream| {
        let _ = stream.write_all(b"220 mail.example.com ESMTP\r\n");
    });
    let [chinese, english] = fails(&url(server, "a.png"));
    assert!(chinese.starts_with("对方说的不是 HTTP（"), "{chinese}");
    assert!(english.starts_with("what it says is not HTTP ("), "{english}");
}

#[test]
fn a_name_is_decoded_and_stays_in_the_folder() {
    let server = serve(|_, stream| head(stream, "200 OK", "image/png", 0));
    let folder = folder();
    let paths = ["%E5%9B%BE.png", "a%20b.png", "..%2Fout.png", "%2Fetc%2Fc.png"];
    let output = run(folder.path(), "en", &paths.map(|path| url(server, path)));
    assert!(output.status.success(), "{}", errors(&output));
    assert_eq!(files(folder.path()), ["a b.png", "c.png", "out.png", "图.png"]);
    assert_eq!(
        fails(&url(server, "%2E%2E%2F")),
        ["这个地址里没有文件名", "no file name in this address"]
    );
}

/// As any file that the user makes; not the mode of a temporary file.
#[test]
#[cfg(unix)]
fn others_may_read_a_picture_if_the_umask_lets_them() {
    use std::os::unix::fs::PermissionsExt;
    let server = serve(|_, stream| head(stream, "200 OK", "image/png", 0));
    let folder = folder();
    run(folder.path(), "en", &[url(server, "a.png")]);
    fs::write(folder.path().join("new"), "").unwrap();
    let mode = |path: &str| fs::metadata(folder.path().join(path)).unwrap().permissions().mode();
    assert_eq!(mode("downloads/a.png"), mode("new"));
}

#[test]
fn an_address_that_is_none() {
    let [chinese, english] = fails("image1.png");
    assert!(chinese.starts_with("这个地址不能用（"), "{chinese}");
    assert!(english.starts_with("this address cannot be used ("), "{english}");
    let server = serve(|_, stream| head(stream, "200 OK", "image/png", 0));
    let lines = ["这个地址里没有文件名", "no file name in this address"];
    assert_eq!(fails(&url(server, "")), lines);
}

#[test]
#[cfg(not(feature = "https"))]
fn https_is_a_feature() {
    let lines = fails("https://127.0.0.1:1/a.png");
    let hint = "--features applications/https";
    assert!(lines.iter().all(|line| line.contains(hint)), "{lines:?}");
}

#[test]
fn one_fault_does_not_stop_the_others() {
    let server = serve(|path, stream| {
        if path == "/missing.png" {
            return head(stream, "404 Not Found", "text/html", 0);
        }
        head(stream, "200 OK", "image/png", 3);
        thread::sleep(Duration::from_millis(300));
        let _ = stream.write_all(b"png");
    });
    let folder = folder();
    let urls = ["missing.png", "a.png", "b.png"].map(|path| url(server, path));
    let output = run(folder.path(), "en", &urls);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(errors(&output), format!("{}：HTTP 404 Not Found\n", urls[0]));
    assert_eq!(files(folder.path()), ["a.png", "b.png"]);
}

#[test]
fn at_most_eight_at_once() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let server = serve({
        let most = most.clone();
        move |_, stream| {
            most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
            thread::sleep(Duration::from_millis(100));
            now.fetch_sub(1, SeqCst);
            head(stream, "200 OK", "image/png", 0);
        }
    });
    let folder = folder();
    let urls: Vec<String> = (0..30).map(|number| url(server, &format!("{number}.png"))).collect();
    assert!(run(folder.path(), "en", &urls).status.success());
    assert_eq!(files(folder.path()).len(), 30);
    assert_eq!(most.load(SeqCst), 8);
}

/// Killed in the middle: what is there has another name.
#[test]
fn a_program_that_is_killed() {
    let server = serve(|_, stream| {
        head(stream, "200 OK", "image/png", 1_000);
        let _ = stream.write_all(&[0; 500]);
        thread::sleep(Duration::from_secs(60));
    });
    let folder = folder();
    let mut command = command(folder.path(), "en", &[url(server, "a.png")]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    // Its first line.
    let mut letter = [0];
    while letter != *b"\n" {
        child.stdout.as_mut().unwrap().read_exact(&mut letter).unwrap();
    }
    thread::sleep(Duration::from_millis(500));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!files(folder.path()).contains(&"a.png".to_owned()));
}

/// On a disk of 16 kB, in a namespace of its own.
#[test]
#[cfg(target_os = "linux")]
#[ignore = "mounts a disk, for which it needs the right"]
fn a_full_disk() {
    // As whoever runs the tests if that is allowed, else through sudo.
    let own: &[&str] = &["unshare", "--mount", "--map-root-user"];
    let sudo: &[&str] = &["sudo", "-n", "--preserve-env=WB_LANG", "unshare", "--mount"];
    let shell = |way: &[&str], script: &str| {
        let mut command = Command::new(way[0]);
        command.args(&way[1..]).args(["sh", "-c", script]);
        command
    };
    let folder = folder();
    let downloads = folder.path().join("downloads");
    fs::create_dir(&downloads).unwrap();
    let mount = format!("mount -t tmpfs -o size=16k none {}", downloads.display());
    let may = |way: &&[&str]| shell(way, &mount).output().is_ok_and(|it| it.status.success());
    let way = [own, sudo].into_iter().find(may).expect("a right to mount a disk");
    // It fits into one write, whose error shows at the flush.
    let server = serve(|_, stream| {
        head(stream, "200 OK", "image/png", 20_000);
        let _ = stream.write_all(&[0; 20_000]);
    });
    let url = url(server, "a.png");
    let (program, list) = (PROGRAM.display(), downloads.display());
    let script = format!("{mount} && {program} {url}; code=$?; ls -A {list}; exit $code");
    let output =
        shell(way, &script).current_dir(folder.path()).env("WB_LANG", "zh").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", errors(&output));
    assert_eq!(errors(&output), format!("{url}：磁盘满了\n"));
    // `ls` adds nothing to the program's own line.
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 1);
}

#[test]
fn a_folder_that_cannot_be_made() {
    for (language, line) in [
        ("en", "downloads：a file of this name is there already\n"),
        ("zh", "downloads：已经有这个名字的文件\n"),
    ] {
        let folder = folder();
        fs::write(folder.path().join("downloads"), "").unwrap();
        let output = run(folder.path(), language, &[]);
        assert_eq!(errors(&output), line);
        assert_eq!(output.status.code(), Some(1));
    }
}
