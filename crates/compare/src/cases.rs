//! tokio's part: what `cases.py` does with asyncio, call for call.

use std::{
    future::Future,
    process::Stdio,
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    process::Command,
    runtime::Builder,
    spawn,
    sync::mpsc,
    task::yield_now,
    time::sleep,
};

use crate::machine;

/// How many tasks sleep, or wait in memory.
const MANY: u32 = 100_000;

/// One measurement of one case: nanoseconds (for each spawn, item …; for the
/// whole, where the case is one) or bytes.
///
/// # Errors
///
/// There is no such case, or the system refuses something.
pub fn measure(case: &str, by: &str, port: u16) -> Result<f64> {
    match case {
        "nothing" => return Ok(0.0),
        "idle" => {
            thread::sleep(Duration::from_secs(60));
            return Ok(0.0);
        }
        "thread_start" => return thread_start(),
        "thread_memory" => return thread_memory(),
        _ => {}
    }
    let mut builder = match by {
        "multi_thread" => Builder::new_multi_thread(),
        _ => Builder::new_current_thread(),
    };
    let runtime = builder.enable_all().build()?;
    // In a task: on the multi-thread runtime, the root future is on no worker.
    let found = runtime.block_on(async {
        match case {
            "spawn" => spawn(spawned()).await?,
            "yield" => spawn(yielded()).await?,
            "queue" => spawn(queued()).await?,
            "memory" => spawn(memory()).await?,
            "sleepers" => spawn(sleepers()).await?,
            "echo" => spawn(echo()).await?,
            "latency" => spawn(latency(port)).await?,
            "process_start" => process_start().await,
            "process_memory" => process_memory().await,
            _ => bail!("there is no case {case}"),
        }
    });
    runtime.shutdown_background();
    found
}

/// Runs a tenth of the work to warm up, then all of it: nanoseconds for each.
async fn each<F: Future>(times: u32, work: impl Fn(u32) -> F) -> f64 {
    work(times / 10).await;
    let start = Instant::now();
    work(times).await;
    start.elapsed().as_nanos() as f64 / f64::from(times)
}

async fn spawned() -> Result<f64> {
    let work = async |times| {
        for _ in 0..times {
            spawn(async {}).await.expect("it does not panic");
        }
    };
    Ok(each(200_000, work).await)
}

async fn yielded() -> Result<f64> {
    let work = async |times| {
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                spawn(async move {
                    for _ in 0..times / 10 {
                        yield_now().await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("it does not panic");
        }
    };
    Ok(each(500_000, work).await)
}

async fn queued() -> Result<f64> {
    let work = async |times| {
        let (sender, mut receiver) = mpsc::channel(100);
        let producer = spawn(async move {
            for item in 0..times {
                sender.send(item).await.expect("the receiver is there");
            }
        });
        while receiver.recv().await.is_some() {}
        producer.await.expect("it does not panic");
    };
    Ok(each(200_000, work).await)
}

async fn memory() -> Result<f64> {
    let begun = Arc::new(AtomicUsize::new(0));
    let before = machine::resident()?;
    for _ in 0..MANY {
        let begun = begun.clone();
        spawn(async move {
            begun.fetch_add(1, Relaxed);
            sleep(Duration::from_secs(3600)).await;
        });
    }
    while begun.load(Relaxed) < MANY as usize {
        yield_now().await;
    }
    Ok((machine::resident()? - before) / f64::from(MANY))
}

async fn sleepers() -> Result<f64> {
    let start = Instant::now();
    let tasks: Vec<_> = (0..MANY).map(|_| spawn(sleep(Duration::from_secs(1)))).collect();
    for task in tasks {
        task.await?;
    }
    Ok(start.elapsed().as_nanos() as f64)
}

async fn echo() -> Result<f64> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let mut buffer = [0; 64];
        loop {
            match stream.read(&mut buffer).await? {
                0 => return anyhow::Ok(()),
                size => stream.write_all(&buffer[..size]).await?,
            }
        }
    });
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut nanos, times) = (0.0, 20_000);
    for round in [times / 10, times] {
        let start = Instant::now();
        let mut buffer = [0; 64];
        for _ in 0..round {
            stream.write_all(&[b'x'; 64]).await?;
            stream.read_exact(&mut buffer).await?;
        }
        nanos = start.elapsed().as_nanos() as f64 / f64::from(round);
    }
    drop(stream);
    server.await??;
    Ok(nanos)
}

/// Ten questions at once to a server that takes half a second.
async fn latency(port: u16) -> Result<f64> {
    let start = Instant::now();
    let asking: Vec<_> = (0..10)
        .map(|_| {
            spawn(async move {
                let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
                let mut answer = String::new();
                stream.read_to_string(&mut answer).await?;
                anyhow::Ok(answer)
            })
        })
        .collect();
    for answer in asking {
        answer.await??;
    }
    Ok(start.elapsed().as_nanos() as f64)
}

fn thread_start() -> Result<f64> {
    let times = 5_000;
    let start = Instant::now();
    for _ in 0..times {
        thread::spawn(|| {}).join().expect("it does not panic");
    }
    Ok(start.elapsed().as_nanos() as f64 / f64::from(times))
}

fn thread_memory() -> Result<f64> {
    let many = 1_000;
    let (begun, end) = (Arc::new(Barrier::new(many + 1)), Arc::new(Barrier::new(many + 1)));
    let before = machine::resident()?;
    for _ in 0..many {
        let (begun, end) = (begun.clone(), end.clone());
        thread::spawn(move || {
            begun.wait();
            end.wait();
        });
    }
    begun.wait();
    let after = machine::resident()?;
    end.wait();
    Ok((after - before) / many as f64)
}

fn child(what: &str) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["measure", what]).stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
    Ok(command)
}

async fn process_start() -> Result<f64> {
    let times = 50;
    let start = Instant::now();
    for _ in 0..times {
        child("nothing")?.status().await?;
    }
    Ok(start.elapsed().as_nanos() as f64 / f64::from(times))
}

async fn process_memory() -> Result<f64> {
    let mut children = Vec::new();
    for _ in 0..10 {
        children.push(child("idle")?.spawn()?);
    }
    sleep(Duration::from_millis(500)).await;
    let mut sum = 0.0;
    for child in &children {
        sum += machine::private(child.id().context("it is running")?)?;
    }
    let many = children.len() as f64;
    for mut child in children {
        child.kill().await?;
    }
    Ok(sum / many)
}
