use std::{env, io, process::ExitCode};

use applications::explain;
use futures::future::join_all;
use tokio::fs;

const FOLDER: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/files");

async fn read_file(
    name: &str,
) -> io::Result<String> {
    println!("Reading {name}");
    fs::read_to_string(name).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<ExitCode> {
    let mut names: Vec<String> =
        env::args().skip(1).collect();
    if names.is_empty() {
        env::set_current_dir(FOLDER)?;
        names = (1..=3)
            .map(|n| format!("file{n}.txt"))
            .collect();
    }

    let reads =
        names.iter().map(|name| read_file(name));
    let texts = join_all(reads).await;

    let mut code = ExitCode::SUCCESS;
    for (name, text) in names.iter().zip(texts) {
        match text {
            Ok(text) => print!("{text}"),
            Err(error) => {
                let why = explain(&error);
                eprintln!("{name}: {why}");
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}
