//! `compare [--rounds N] [--record]`; `compare measure CASE RUNTIME PORT` is
//! one measurement, for itself.

mod cases;
mod machine;
mod rounds;
mod show;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use project::locale::t;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}{error:#}", t("错误：", "error: "));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut words = arguments.iter().map(String::as_str);
    let (mut count, mut record) = (5, false);
    while let Some(word) = words.next() {
        match word {
            "measure" => {
                let (case, by) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
                let port = words.next().and_then(|port| port.parse().ok()).unwrap_or(0);
                println!("{}", cases::measure(case, by, port)?);
                return Ok(());
            }
            "--rounds" => {
                let number = words.next().and_then(|word| word.parse().ok());
                count = number.filter(|count| *count > 0).with_context(|| {
                    t("--rounds 后面要有一个正整数", "--rounds needs a number above 0")
                })?;
            }
            "--record" => record = true,
            other => bail!(t(
                format!("不认识 {other}；可以写 --rounds N 和 --record"),
                format!("what is {other}? there are --rounds N and --record"),
            )),
        }
    }
    let found = rounds::run(count)?;
    print!("{}", show::table(&found));
    if record {
        rounds::keep(&found)?;
    }
    Ok(())
}
