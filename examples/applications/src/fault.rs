//! Why a download failed, in one line.

use std::{error::Error, iter};

use crate::{explain, locale::t};

/// The line: in the language of the reader's locale, without the address.
pub fn line(error: &anyhow::Error) -> String {
    match error.downcast_ref() {
        Some(error) => of_http(error),
        None => explain(error.root_cause()),
    }
}

/// What went wrong between the two ends.
pub(crate) fn of_http(error: &reqwest::Error) -> String {
    let scheme = error.url().map_or("", |url| url.scheme());
    if scheme == "https" && !cfg!(feature = "https") {
        return t(
            "编译时没有加 https，请加上 --features applications/https",
            "built without https: add --features applications/https",
        )
        .into();
    }
    if let Some(status) = error.status() {
        return format!("HTTP {status}");
    }
    let what = match () {
        () if error.is_timeout() => {
            return t("服务器太久没有回答", "the server was silent for too long").into();
        }
        () if error.is_redirect() => {
            return t("转来转去，没有尽头", "redirected too many times").into();
        }
        () if error.is_builder() => t("这个地址不能用", "this address cannot be used"),
        () if error.is_connect() => t("连接不上", "cannot connect"),
        () if is_not_http(error) => t("对方说的不是 HTTP", "what it says is not HTTP"),
        () => t("连接中断了", "the connection was cut"),
    };
    let cause = causes(error).last().expect("the error itself");
    format!("{what}{}", t(format!("（{cause}）"), format!(" ({cause})")))
}

fn is_not_http(error: &reqwest::Error) -> bool {
    causes(error).filter_map(|cause| cause.downcast_ref()).any(hyper::Error::is_parse)
}

/// The error, the cause of that, and so on.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let error: &(dyn Error + 'static) = error;
    iter::successors(Some(error), |&cause| cause.source())
}
