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
    program::{self, executable},
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

/// Both programs, in both languages, with their addresses and a folder.
fn downloaders(folder: &Path, urls: &[String]) -> [(&'static str, Command); 2] {
    ["image_downloads", "sequential_downloads"].map(|name| {
        let mut command = program::command(name, "en");
        command.args(urls).current_dir(folder).env("NO_PROXY", "127.0.0.1");
        (name, command)
    })
}

fn twins(folder: &Path, urls: &[String]) -> [(&'static str, Command); 2] {
    ["image_downloads", "sequential_downloads"].map(|name| {
        let mut command = program::twin(name, urls);
        command.current_dir(folder);
        (name, command)
    })
}

/// Two addresses that end in the same name, and a file of that name that was
/// there: three files, and the one that was there as it was.
fn replaces_nothing(run: impl Fn(&Path, &[String]) -> [(&'static str, Command); 2]) {
    let server = serve(|path, stream| {
        head(stream, "200 OK", "image/png", path.len());
        let _ = stream.write_all(path.as_bytes());
    });
    for number in 0..2 {
        let folder = folder();
        let downloads = folder.path().join("downloads");
        fs::create_dir(&downloads).unwrap();
        fs::write(downloads.join("x.png"), "mine").unwrap();
        let urls = ["a/x.png", "b/x.png"].map(|path| url(server, path));
        let (name, mut command) = run(folder.path(), &urls).into_iter().nth(number).unwrap();
        let output = command.output().expect("it runs");
        assert!(output.status.success(), "{name}: {}", errors(&output));
        assert_eq!(files(folder.path()), ["x (1).png", "x (2).png", "x.png"], "{name}");
        let read = |file| fs::read_to_string(downloads.join(file)).unwrap();
        assert_eq!(read("x.png"), "mine", "{name}");
        let mut both = [read("x (1).png"), read("x (2).png")];
        both.sort();
        assert_eq!(both, ["/a/x.png", "/b/x.png"], "{name}");
        let mut told: Vec<_> = errors(&output).lines().map(str::to_owned).collect();
        told.sort();
        assert_eq!(told, ["x.png → x (1).png", "x.png → x (2).png"], "{name}");
    }
}

#[test]
fn nothing_is_replaced() {
    replaces_nothing(downloaders);
}

#[test]
#[ignore = "needs Python with aiohttp"]
fn nothing_is_replaced_in_python() {
    replaces_nothing(twins);
}

/// Thirty at once that want one name: thirty whole files.
#[test]
fn many_of_one_name() {
    let server = serve(|path, stream| {
        head(stream, "200 OK", "image/png", path.len());
        let _ = stream.write_all(path.as_bytes());
    });
    let folder = folder();
    let paths: Vec<String> = (0..30).map(|number| format!("{number}/x.png")).collect();
    let urls: Vec<_> = paths.iter().map(|path| url(server, path)).collect();
    assert!(run(folder.path(), "en", &urls).status.success());
    let read = |name| fs::read_to_string(folder.path().join("downloads").join(name)).unwrap();
    let mut found: Vec<_> = files(folder.path()).into_iter().map(read).collect();
    let mut sent: Vec<_> = paths.iter().map(|path| format!("/{path}")).collect();
    found.sort();
    sent.sort();
    assert_eq!(found, sent);
}

/// A link is a file that is there, even if it leads nowhere.
#[test]
#[cfg(unix)]
fn a_link_is_not_followed() {
    let server = serve(|_, stream| head(stream, "200 OK", "image/png", 0));
    for number in 0..2 {
        let folder = folder();
        let downloads = folder.path().join("downloads");
        fs::create_dir(&downloads).unwrap();
        std::os::unix::fs::symlink("../out.png", downloads.join("x.png")).unwrap();
        let urls = [url(server, "x.png")];
        let (_, mut command) = downloaders(folder.path(), &urls).into_iter().nth(number).unwrap();
        assert!(command.output().expect("it runs").status.success());
        assert!(!folder.path().join("out.png").exists());
        assert_eq!(files(folder.path()), ["x (1).png", "x.png"]);
    }
}

/// In the reader's language, as its neighbours say it, and not a chain of causes.
#[test]
fn without_a_network_it_is_one_line() {
    let nobody = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    for name in ["http_get", "sequential_downloads"] {
        for (language, start) in [("en", "Error: cannot connect ("), ("zh", "Error: 连接不上（")]
        {
            let folder = folder();
            let mut command = program::command(name, language);
            command.arg(url(nobody, "a.png")).current_dir(folder.path());
            let output = command.env("NO_PROXY", "127.0.0.1").output().expect("it runs");
            let line = errors(&output);
            assert!(line.starts_with(start) && line.lines().count() == 1, "{name}: {line}");
            assert_eq!(output.status.code(), Some(1));
        }
    }
}

/// As any file that the user makes; not the mode of a temporary file.
#[test]
#[cfg(unix)]
fn others_may_read_a_picture_if_the_umask_lets_them() {
    readable(downloaders);
}

#[test]
#[cfg(unix)]
#[ignore = "needs Python with aiohttp"]
fn others_may_read_a_picture_of_the_python_programs() {
    readable(twins);
}

#[cfg(unix)]
fn readable(run: impl Fn(&Path, &[String]) -> [(&'static str, Command); 2]) {
    use std::os::unix::fs::PermissionsExt;
    let server = serve(|_, stream| head(stream, "200 OK", "image/png", 0));
    let folder = folder();
    let urls = [url(server, "%E5%9B%BE.png?size=1"), url(server, "..%2Fout.png")];
    for (_, mut command) in run(folder.path(), &urls) {
        let output = command.output().expect("it runs");
        assert!(output.status.success(), "{}", errors(&output));
    }
    let names = files(folder.path());
    assert_eq!(names, ["out (1).png", "out.png", "图 (1).png", "图.png"]);
    fs::write(folder.path().join("new"), "").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    let new = mode(&folder.path().join("new"));
    for name in names {
        assert_eq!(mode(&folder.path().join("downloads").join(&name)), new, "{name}");
    }
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
