//! What errors mean, in the reader's language: a line each.

use std::{
    error::Error,
    fmt,
    io::{self, ErrorKind},
};

use tokio_tungstenite::tungstenite::{self, error::ProtocolError};

use crate::locale::t;

/// Why something failed, in a few words.
///
/// What readers seldom meet keeps its own words.
pub fn explain(error: &(dyn Error + 'static)) -> String {
    let words = if let Some(error) = error.downcast_ref() {
        system(error)
    } else if let Some(error) = error.downcast_ref() {
        socket(error)
    } else {
        None
    };
    words.map_or_else(|| error.to_string(), str::to_owned)
}

fn system(error: &io::Error) -> Option<&'static str> {
    Some(match error.kind() {
        ErrorKind::NotFound => t("没有这个文件", "no such file"),
        ErrorKind::PermissionDenied => t("没有权限", "permission denied"),
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

/// An error that ends a program with one line, as `main` prints what it returns.
pub struct Failure(String);

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
