//! What errors mean, in the reader's language: a line each.

use std::{
    error::Error,
    fmt,
    io::{self, ErrorKind},
};

use tokio_tungstenite::tungstenite::{self, error::ProtocolError};

use crate::{fault, locale::t};

/// Why something failed, in a few words.
///
/// What readers seldom meet keeps its own words.
pub fn explain(error: &(dyn Error + 'static)) -> String {
    let words = if let Some(error) = error.downcast_ref() {
        system(error)
    } else if let Some(error) = error.downcast_ref() {
        socket(error)
    } else if let Some(error) = error.downcast_ref() {
        return fault::of_http(error);
    } else if let Some(error) = error.downcast_ref() {
        database(error)
    } else {
        None
    };
    match (words, error.downcast_ref()) {
        (Some(words), _) => words.to_owned(),
        (None, Some(sqlx::Error::Database(error))) => error.message().to_owned(),
        (None, _) => error.to_string(),
    }
}

fn system(error: &io::Error) -> Option<&'static str> {
    Some(match error.kind() {
        ErrorKind::NotFound => t("没有这个文件", "no such file"),
        ErrorKind::PermissionDenied => t("没有权限", "permission denied"),
        ErrorKind::AlreadyExists => {
            t("已经有这个名字的文件", "a file of this name is there already")
        }
        ErrorKind::NotADirectory => {
            t("路径里有一段不是文件夹", "a part of the path is not a folder")
        }
        ErrorKind::IsADirectory => t("这是文件夹", "it is a folder"),
        ErrorKind::InvalidData => t("内容不是 UTF-8 文本", "not UTF-8 text"),
        ErrorKind::StorageFull => t("磁盘满了", "the disk is full"),
        ErrorKind::AddrInUse => t("这个地址已经有程序在用", "another program uses this address"),
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
            t("不辞而别", "gone without a goodbye")
        }
        ErrorKind::TimedOut => t("太久没有回音", "no answer for too long"),
        _ => return None,
    })
}

fn socket(error: &tungstenite::Error) -> Option<&'static str> {
    use ProtocolError::ResetWithoutClosingHandshake as Reset;
    use tungstenite::Error;
    Some(match error {
        Error::Io(error) => return system(error),
        Error::Protocol(Reset | ProtocolError::HandshakeIncomplete) => {
            t("不辞而别", "gone without a goodbye")
        }
        Error::Capacity(_) => t("消息太长", "its message is too long"),
        Error::Protocol(_) | Error::HttpFormat(_) | Error::Utf8(_) => {
            t("说的不是 WebSocket", "what it says is not WebSocket")
        }
        _ => return None,
    })
}

fn database(error: &sqlx::Error) -> Option<&'static str> {
    use sqlx::Error;
    Some(match error {
        // The pool goes on trying while a server refuses, so it is this as well.
        Error::PoolTimedOut => t(
            "等不到连接：都被占着，或者数据库没有在运行",
            "no connection in time: all are in use, or no database is running",
        ),
        Error::Database(error) if error.code().as_deref() == Some("28000") => {
            t("数据库不认这个用户名或密码", "the database refuses this user name or password")
        }
        Error::Io(error) => match error.kind() {
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                t("数据库中途不见了", "the database is gone in the middle of the work")
            }
            _ => return system(error),
        },
        _ => return None,
    })
}

/// An error that ends a program with one line, as `main` prints what it returns.
pub struct Failure(String);

impl Failure {
    /// What went wrong, in words.
    pub(crate) fn new(words: String) -> Self {
        Self(words)
    }

    /// The same, with the address at which it went wrong.
    pub(crate) fn at(self, address: impl fmt::Display) -> Self {
        Self(format!("{address}：{}", self.0))
    }
}

impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(explain(&error))
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}
