//! The program on SQLite, and on a MariaDB of the test's own with its faults.

use crate::program;
use std::{
    env, fs,
    net::TcpListener,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use applications::explain;
use sqlx::{AnyPool, Connection, any::AnyPoolOptions, query, query_scalar};
use tempfile::{TempDir, tempdir};
use tokio::sync::Mutex;

/// What the program prints, whatever the database.
const LINES: &str = "1 Ann 10\n2 Bob 10\n3 D'Arcy 10\n\
    Ann is user 1\nBob is user 2\nD'Arcy is user 3\nAnn cannot give 30\n\
    1 Ann 10\n2 Bob 10\n3 D'Arcy 10\n";

fn program(url: &str, lang: &str) -> Command {
    let mut command = program::command("database", lang);
    command.env("DATABASE_URL", url).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(url: &str, lang: &str) -> Output {
    program(url, lang).output().expect("it starts")
}

/// The Python program.
fn twin(url: &str) -> Output {
    program::python()
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/database.py"))
        // MariaDB has a note for a table that is there already.
        .env("PYTHONWARNINGS", "ignore")
        .env("DATABASE_URL", url)
        .output()
        .expect("it starts; WB_PYTHON names the interpreter")
}

fn expect_lines(output: &Output) {
    assert_eq!(text(&output.stderr), "");
    assert_eq!(text(&output.stdout), LINES);
    assert!(output.status.success());
}

fn expect_failure(output: &Output, line: &str) {
    assert_eq!(text(&output.stderr), format!("Error: {line}\n"));
    assert_eq!(output.status.code(), Some(1));
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[test]
#[ignore = "waits for seconds"]
fn the_first_run_makes_what_the_others_find() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("users.db");
    let url = format!("sqlite:{}?mode=rwc", file.display());
    // Four first runs at the same time, then one more.
    let four: Vec<Child> = (0..4).map(|_| program(&url, "en").spawn().unwrap()).collect();
    for child in four {
        expect_lines(&child.wait_with_output().unwrap());
    }
    expect_lines(&run(&url, "en"));
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().path()).collect();
    assert_eq!(files, [file], "nothing else is left");
}

#[test]
fn what_is_no_database_is_a_line() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("users.db");
    fs::write(&file, "not a database ".repeat(100)).unwrap();
    let output = run(&format!("sqlite:{}", file.display()), "en");
    expect_failure(&output, "file is not a database");
    let output = run(&format!("sqlite:{}/none/users.db", folder.path().display()), "en");
    expect_failure(&output, "unable to open database file");
}

#[test]
#[ignore = "waits for seconds"]
fn no_server_is_a_line() {
    // A port that was free a moment ago.
    let url = format!("mysql://ann:secret@127.0.0.1:{}/workbook", free_port());
    let [english, chinese] =
        ["en", "zh_CN.UTF-8"].map(|lang| program(&url, lang).spawn().expect("it starts"));
    expect_failure(
        &english.wait_with_output().unwrap(),
        "no connection in time: all are in use, or no database is running",
    );
    expect_failure(
        &chinese.wait_with_output().unwrap(),
        "等不到连接：都被占着，或者数据库没有在运行",
    );
}

/// As if it were not set: the file of the book.
#[test]
#[ignore = "waits for seconds"]
fn an_empty_address_is_none() {
    expect_lines(&run("", "en"));
}

#[test]
#[ignore = "needs Python with aiosqlite"]
fn an_empty_address_is_none_in_python() {
    expect_lines(&twin(""));
}

#[tokio::test]
async fn an_exhausted_pool_does_not_wait_for_ever() {
    sqlx::any::install_default_drivers();
    exhaust(&pool("sqlite::memory:").await).await;
}

/// As the program's, but less patient.
async fn pool(url: &str) -> AnyPool {
    AnyPoolOptions::new()
        .max_connections(2)
        .acquire_timeout(Duration::from_millis(500))
        .connect(url)
        .await
        .expect("the database is there")
}

async fn exhaust(pool: &AnyPool) {
    let (one, two) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
    let error = pool.acquire().await.expect_err("there are two");
    assert!(explain(&error).contains(['使', 'u']), "{}", explain(&error));
    assert!(matches!(error, sqlx::Error::PoolTimedOut));
    drop(one);
    pool.acquire().await.expect("one was given back").ping().await.unwrap();
    drop(two);
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// A MariaDB of this test's own: its data, its port, its user, gone with it.
struct MariaDb {
    server: Child,
    folder: TempDir,
    port: u16,
}

impl MariaDb {
    async fn start() -> Self {
        sqlx::any::install_default_drivers();
        let folder = tempdir().unwrap();
        let data = folder.path().join("data");
        let init = folder.path().join("init.sql");
        fs::write(
            &init,
            "CREATE DATABASE IF NOT EXISTS workbook;\n\
             CREATE USER IF NOT EXISTS ann@'127.0.0.1' IDENTIFIED BY 'secret';\n\
             GRANT ALL ON workbook.* TO ann@'127.0.0.1';\n\
             GRANT PROCESS ON *.* TO ann@'127.0.0.1';\n",
        )
        .unwrap();
        // Two at once get in each other's way.
        static INSTALLING: Mutex<()> = Mutex::const_new(());
        let installing = INSTALLING.lock().await;
        let output = Command::new("mariadb-install-db")
            .args(["--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal"])
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--user={}", user()))
            .output()
            .expect("mariadb-server is installed");
        drop(installing);
        assert!(output.status.success(), "{}", text(&output.stdout));

        let port = free_port();
        let server = Command::new("mariadbd")
            .args(["--no-defaults", "--skip-name-resolve", "--bind-address=127.0.0.1"])
            .arg(format!("--user={}", user()))
            .arg(format!("--port={port}"))
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--socket={}", folder.path().join("socket").display()))
            .arg(format!("--pid-file={}", folder.path().join("pid").display()))
            .arg(format!("--init-file={}", init.display()))
            .env("PATH", path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("mariadb-server is installed");
        let this = Self { server, folder, port };
        for _ in 0..600 {
            let options = AnyPoolOptions::new().acquire_timeout(Duration::from_millis(500));
            if options.connect(&this.url("secret")).await.is_ok() {
                return this;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("MariaDB does not start");
    }

    fn url(&self, password: &str) -> String {
        format!("mysql://ann:{password}@127.0.0.1:{}/workbook", self.port)
    }

    /// Waits until a statement of the program waits for a lock.
    async fn until_one_waits(&self, pool: &AnyPool, statement: &str) {
        for _ in 0..600 {
            let waiting: i64 = query_scalar(
                "SELECT COUNT(*) FROM information_schema.processlist
                 WHERE info LIKE ? AND time_ms > 300 AND id <> CONNECTION_ID()",
            )
            .bind(format!("{statement}%"))
            .fetch_one(pool)
            .await
            .unwrap();
            if waiting > 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no {statement} waits");
    }

    /// As when the computer loses its power.
    fn kill(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        self.kill();
        let _ = &self.folder;
    }
}

/// Who runs this: MariaDB runs as root only where it is told to.
fn user() -> String {
    let output = Command::new("id").arg("-un").output().expect("Unix");
    text(&output.stdout).trim().to_owned()
}

/// Debian keeps `mariadbd` where only root looks.
fn path() -> std::ffi::OsString {
    let mut path = env::var_os("PATH").unwrap_or_default();
    path.push(":/usr/sbin");
    path
}

#[tokio::test]
#[ignore = "needs MariaDB"]
async fn the_same_program_on_mariadb() {
    let mariadb = MariaDb::start().await;
    let url = mariadb.url("secret");
    let two = [(); 2].map(|()| program(&url, "en").spawn().unwrap());
    for child in two {
        expect_lines(&child.wait_with_output().unwrap());
    }
    expect_lines(&run(&url, "en"));
    expect_lines(&twin(&url));

    let wrong = mariadb.url("wrong");
    let output = run(&wrong, "en");
    expect_failure(&output, "the database refuses this user name or password");
    assert_eq!(text(&output.stdout), "");
    expect_failure(&run(&wrong, "zh"), "数据库不认这个用户名或密码");

    let none = url.replace("/workbook", "/none");
    let output = run(&none, "en");
    assert!(text(&output.stderr).starts_with("Error: Access denied for user 'ann'"));
    assert_eq!(text(&output.stderr).lines().count(), 1);

    exhaust(&pool(&url).await).await;
}

#[tokio::test]
#[ignore = "needs MariaDB"]
async fn a_server_gone_in_mid_query_is_a_line() {
    let mut mariadb = MariaDb::start().await;
    let url = mariadb.url("secret");
    expect_lines(&run(&url, "en"));
    let pool = pool(&url).await;
    let mut lock = pool.acquire().await.unwrap();
    query("LOCK TABLES users WRITE").execute(&mut *lock).await.unwrap();
    let child = program(&url, "en").spawn().unwrap();
    mariadb.until_one_waits(&pool, "CREATE TABLE").await;
    mariadb.kill();
    let output = child.wait_with_output().unwrap();
    expect_failure(&output, "the database is gone in the middle of the work");
    assert_eq!(text(&output.stdout), "");
}

#[tokio::test]
#[ignore = "needs MariaDB"]
async fn a_program_killed_in_mid_transaction_leaves_nothing() {
    let mariadb = MariaDb::start().await;
    let url = mariadb.url("secret");
    expect_lines(&run(&url, "en"));
    let pool = pool(&url).await;
    // The gift's second half waits for this.
    let mut lock = pool.begin().await.unwrap();
    query("UPDATE users SET coins = coins + 1 WHERE id = 2").execute(&mut *lock).await.unwrap();
    let mut child = program(&url, "en").spawn().unwrap();
    mariadb.until_one_waits(&pool, "UPDATE users").await;
    child.kill().unwrap();
    child.wait().unwrap();
    lock.rollback().await.unwrap();
    let coins = "SELECT CAST(SUM(coins = 10) AS SIGNED) FROM users";
    for _ in 0..100 {
        let as_before: i64 = query_scalar(coins).fetch_one(&pool).await.unwrap();
        assert_eq!(as_before, 3);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
