use std::env;

use applications::{Failure, site};
use reqwest::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let (client, url) = match env::args().nth(1) {
        Some(url) => (Client::builder(), url),
        None => {
            (site::client()?, site::URL.into())
        }
    };
    let client = client.build()?;

    let page = client.get(url).send().await?;
    let page = page.error_for_status()?;
    let text = page.text().await?;

    let start: String =
        text.chars().take(100).collect();
    println!("{start}");
    Ok(())
}
