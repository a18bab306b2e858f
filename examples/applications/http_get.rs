use applications::site;
use reqwest::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let client = Client::builder()
        .resolve(site::HOST, site::start()?)
        .build()?;
    let url = format!("http://{}/", site::HOST);
    let page = client.get(url).send().await?;
    let text =
        page.error_for_status()?.text().await?;
    let start: String =
        text.chars().take(100).collect();
    println!("{start}");
    Ok(())
}
