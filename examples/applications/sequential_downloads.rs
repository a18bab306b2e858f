use std::{env, path::Path};

use anyhow::{Context, Result};
use applications::site;
use reqwest::Client;
use tokio::fs;

async fn download(
    client: &Client,
    url: &str,
) -> Result<()> {
    println!("开始下载：{url}");
    let answer = client.get(url).send().await?;
    let image = answer.error_for_status()?;
    let image = image.bytes().await?;
    println!("下载完成");

    let name = url.rsplit('/').next();
    let name = name.context("no file name")?;
    let path = Path::new("downloads").join(name);
    fs::write(path, image).await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut client = Client::builder();
    let mut urls: Vec<_> =
        env::args().skip(1).collect();
    if urls.is_empty() {
        client = site::client()?;
        urls =
            site::IMAGES.map(Into::into).into();
    }
    let client = client.build()?;
    fs::create_dir_all("downloads").await?;

    for url in urls {
        download(&client, &url).await?;
    }
    Ok(())
}
