//! The channels between the three processes.
//!
//! The student's standard input is one end of a socket: it reads the nonce
//! from it, puts the null device in its place, and later writes the verdict
//! to it. Off Unix the verdict is a line among the student's output.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    io::{self, BufRead, BufReader, Write},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Text, Verdict, report::Cut};

/// Names the part that a process plays.
pub(crate) const ROLE: &str = "WB_ROLE";

/// Starts a line that is meant for a machine, and ends what libtest prints
/// before the test.
pub(crate) const MARK: char = '\u{1e}';

/// The exit code of a guard and of a student whose test ran to its end.
pub(crate) const NOT_A_VERDICT: i32 = 86;

/// What the student's process says to the guard.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Frame {
    pub nonce: String,
    pub news: News,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum News {
    /// The body is about to start.
    Started,
    Ended(Told),
}

/// The end of a test, as its own process tells it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Told {
    pub verdict: Verdict,
    pub message: Text,
    pub virtual_ms: Option<u64>,
}

/// The end of a test, as the guard saw it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ending {
    pub verdict: Verdict,
    pub message: Text,
    pub virtual_ms: Option<u64>,
    pub real_ms: u64,
    pub output: String,
    pub cut: Option<Cut>,
}

/// A number that cannot be guessed: std seeds its hashers from the system.
pub(crate) fn nonce() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}

/// A marked line that holds `value`.
pub(crate) fn line(value: &impl Serialize) -> io::Result<String> {
    Ok(format!("{MARK}{}\n", serde_json::to_string(value)?))
}

/// The first marked line of `text` that holds a `T`.
pub(crate) fn find<T: DeserializeOwned>(text: &str) -> Option<T> {
    text.lines()
        .filter_map(|line| line.split(MARK).nth(1))
        .find_map(|json| serde_json::from_str(json).ok())
}

/// The student's end of the channel.
pub(crate) struct Channel {
    nonce: String,
    writer: Box<dyn Write>,
}

impl Channel {
    /// Takes the channel off the standard input, before any code of the
    /// student has run.
    pub(crate) fn claim() -> io::Result<Self> {
        let (reader, writer) = ends()?;
        let mut nonce = String::new();
        BufReader::new(reader).read_line(&mut nonce)?;
        Ok(Self { nonce: nonce.trim().to_owned(), writer })
    }

    pub(crate) fn send(&mut self, news: News) -> io::Result<()> {
        let frame = Frame { nonce: self.nonce.clone(), news };
        self.writer.write_all(line(&frame)?.as_bytes())?;
        self.writer.flush()
    }
}

type Ends = (Box<dyn io::Read>, Box<dyn Write>);

#[cfg(unix)]
fn ends() -> io::Result<Ends> {
    use std::{
        fs::File,
        os::{fd::AsFd, unix::net::UnixStream},
    };
    let socket = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    Ok((Box::new(socket.try_clone()?), Box::new(socket)))
}

#[cfg(not(unix))]
fn ends() -> io::Result<Ends> {
    Ok((Box::new(io::stdin()), Box::new(io::stdout())))
}
