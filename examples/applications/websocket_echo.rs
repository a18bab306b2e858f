use std::{env, time::Duration};

use applications::{Failure, explain, socket};
use futures::{SinkExt, TryStreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio::{signal::ctrl_c, task::JoinSet};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::{
    Message, Result,
    protocol::frame::coding::CloseCode,
};
use tokio_util::sync::CancellationToken;

async fn echo(
    stream: TcpStream,
    quit: CancellationToken,
) -> Result<()> {
    let mut socket =
        socket::accept(stream).await?;
    loop {
        let message = tokio::select! {
            biased;
            () = quit.cancelled() => break,
            next = socket::next(&mut socket) => {
                next?
            }
        };
        match message {
            Some(Message::Text(text)) => {
                let text =
                    format!("Echo: {text}");
                let send = socket::send(
                    &mut socket,
                    text.into(),
                );
                send.await?;
            }
            Some(_) => {}
            None => return Ok(()),
        }
    }
    socket::close(&mut socket, CloseCode::Away)
        .await
}

async fn serve(
    listener: TcpListener,
    quit: CancellationToken,
) {
    let mut clients = JoinSet::new();
    for number in 1.. {
        let client = tokio::select! {
            biased;
            () = quit.cancelled() => break,
            client = listener.accept() => client,
        };
        let stream = match client {
            Ok((stream, _)) => stream,
            Err(e) => {
                eprintln!(
                    "accept: {}",
                    explain(&e)
                );
                let rest =
                    sleep(Duration::from_secs(1));
                quit.run_until_cancelled(rest)
                    .await;
                continue;
            }
        };
        let quit = quit.clone();
        clients.spawn(async move {
            if let Err(e) =
                echo(stream, quit).await
            {
                let why = explain(&e);
                eprintln!(
                    "client {number}: {why}"
                );
            }
        });
        while clients.try_join_next().is_some() {}
    }
    let goodbyes = async {
        while clients.join_next().await.is_some()
        {
        }
    };
    let _ = timeout(2 * socket::GRACE, goodbyes)
        .await;
}

async fn client(
    url: &str,
    name: &str,
    pause: u64,
) -> Result<()> {
    let (mut socket, _) =
        connect_async(url).await?;
    for word in ["hello", "bye"] {
        sleep(Duration::from_millis(pause)).await;
        let text = format!("{word} from {name}");
        socket.send(text.into()).await?;
        while let Some(reply) =
            socket.try_next().await?
        {
            if let Message::Text(text) = reply {
                println!("{text}");
                break;
            }
        }
    }
    socket.close(None).await?;
    while socket.try_next().await?.is_some() {}
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let address = env::args().nth(1);
    let local = "127.0.0.1:0";
    let listener = TcpListener::bind(
        address.as_deref().unwrap_or(local),
    )
    .await?;
    let url = format!(
        "ws://{}",
        listener.local_addr()?
    );
    let quit = CancellationToken::new();
    let server = serve(listener, quit.clone());
    let server = tokio::spawn(server);

    if address.is_some() {
        println!("{url}");
        ctrl_c().await?;
    } else {
        tokio::try_join!(
            client(&url, "Ann", 600),
            client(&url, "Bob", 900),
            client(&url, "Cyd", 1500),
        )?;
    }
    quit.cancel();
    server.await?;
    println!("Server stopped");
    Ok(())
}
