use std::{
    collections::HashSet, env, sync::Arc,
    time::Duration,
};

use applications::{
    Failure, explain,
    html::Html,
    robots::{self, Robots},
    site,
};
use reqwest::{Client, Url};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::sleep,
};

const AT_ONCE: usize = 3;
const MOST_PAGES: usize = 100;
const TRIES: u32 = 3;
const PACE: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(1);

async fn get(
    client: &Client,
    url: &Url,
) -> reqwest::Result<Html> {
    let page = client.get(url.clone());
    let page = page.send().await?;
    Html::of(page.error_for_status()?).await
}

fn may_pass(error: &reqwest::Error) -> bool {
    let status = error.status();
    status.is_none_or(|it| it.is_server_error())
}

async fn get_patiently(
    client: &Client,
    url: &Url,
) -> (reqwest::Result<Html>, u32) {
    let mut pause = Duration::from_millis(200);
    let mut tries = 1;
    loop {
        match get(client, url).await {
            Err(error)
                if may_pass(&error)
                    && tries < TRIES => {}
            end => return (end, tries),
        }
        sleep(pause).await;
        pause *= 2;
        tries += 1;
    }
}

async fn visit(
    client: Client,
    url: Url,
    _place: OwnedSemaphorePermit,
) -> (Url, reqwest::Result<Html>, u32) {
    let (html, tries) =
        get_patiently(&client, &url).await;
    (url, html, tries)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let (client, start) = match env::args().nth(1)
    {
        Some(url) => (Client::builder(), url),
        None => {
            (site::client()?, site::URL.into())
        }
    };
    let client = client
        .user_agent("async-rust-workbook")
        .redirect(robots::redirects())
        .read_timeout(PATIENCE)
        .build()?;
    let start = Url::parse(&start)?;
    let robots =
        Robots::of(&client, &start).await?;

    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut seen = HashSet::from([start.clone()]);
    let mut next = vec![start.clone()];
    while !next.is_empty() {
        let mut visits = Vec::new();
        for url in next.drain(..) {
            let place =
                room.clone().acquire_owned();
            let place = place.await?;
            let client = client.clone();
            let visit = visit(client, url, place);
            visits.push(tokio::spawn(visit));
            sleep(PACE).await;
        }
        for visit in visits {
            let (url, html, tries) =
                visit.await?;
            let again = match tries {
                1 => String::new(),
                _ => format!("（第 {tries} 次）"),
            };
            let html = match html {
                Ok(html) => html,
                Err(error) => {
                    let line = explain(&error);
                    println!(
                        "{url}：{line}{again}"
                    );
                    continue;
                }
            };
            println!(
                "{url}：{}{again}",
                html.title
            );
            for link in html.links {
                if link.origin() == start.origin()
                    && robots.allows(link.path())
                    && seen.len() < MOST_PAGES
                    && seen.insert(link.clone())
                {
                    next.push(link);
                }
            }
        }
    }
    Ok(())
}
