use std::{
    env, process::ExitCode, sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use applications::{
    explain, fault,
    part::{self, Part},
    progress, site,
};
use indicatif::MultiProgress;
use reqwest::Client;
use tokio::{
    fs, io::AsyncWriteExt, sync::Semaphore,
    task::JoinSet,
};

const FOLDER: &str = "downloads";
const AT_ONCE: usize = 8;
const PATIENCE: Duration = Duration::from_secs(5);

async fn download(
    client: &Client,
    url: &str,
    bars: &MultiProgress,
) -> Result<()> {
    bars.suspend(|| println!("发送请求：{url}"));
    let answer = client.get(url).send().await?;
    let mut image = answer.error_for_status()?;
    let name = part::file_name(image.url())?;
    let size = image.content_length();
    let bar =
        bars.add(progress::bar(size, &name));

    let (mut file, part) =
        Part::create(FOLDER).await?;
    while let Some(piece) = image.chunk().await? {
        file.write_all(&piece).await?;
        bar.inc(piece.len() as u64);
    }
    file.flush().await?;
    let saved = part.persist(&name).await?;
    bars.suspend(|| {
        println!("下载完成：{url}");
        if saved != name {
            eprintln!("{name} → {saved}");
        }
    });
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode> {
    let mut client = Client::builder();
    let mut urls: Vec<_> =
        env::args().skip(1).collect();
    if urls.is_empty() {
        client = site::client()?;
        urls =
            site::IMAGES.map(Into::into).into();
    }
    let client = client
        .connect_timeout(PATIENCE)
        .read_timeout(PATIENCE)
        .build()?;
    let made = fs::create_dir_all(FOLDER).await;
    if let Err(error) = made {
        eprintln!(
            "{FOLDER}：{}",
            explain(&error)
        );
        return Ok(ExitCode::FAILURE);
    }

    let bars = MultiProgress::new();
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut downloads = JoinSet::new();
    for url in urls {
        let client = client.clone();
        let bars = bars.clone();
        let room = room.clone();
        downloads.spawn(async move {
            let _place = room.acquire().await?;
            let end =
                download(&client, &url, &bars);
            end.await.context(url)
        });
    }

    let mut code = ExitCode::SUCCESS;
    while let Some(end) =
        downloads.join_next().await
    {
        if let Err(error) = end? {
            let line = fault::line(&error);
            bars.suspend(|| {
                eprintln!("{error}：{line}")
            });
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}
