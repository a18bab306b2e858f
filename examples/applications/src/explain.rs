//! What the system's errors mean, in the reader's language.

use std::io::{Error, ErrorKind};

use crate::locale::t;

/// Why a file could not be read, in a few words.
///
/// A kind of error that readers seldom meet keeps the system's words.
pub fn explain(error: &Error) -> String {
    let words = match error.kind() {
        ErrorKind::NotFound => {
            t("没有这个文件", "no such file")
        }
        ErrorKind::PermissionDenied => {
            t("没有权限", "permission denied")
        }
        ErrorKind::IsADirectory => {
            t("这是文件夹", "it is a folder")
        }
        ErrorKind::InvalidData => t(
            "内容不是 UTF-8 文本",
            "not UTF-8 text",
        ),
        _ => return error.to_string(),
    };
    words.to_owned()
}
