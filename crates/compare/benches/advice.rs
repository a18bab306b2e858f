//! What each advice of the chapter `performance` brings: `before` does not
//! follow it, `after` does. Read the two of a group side by side.

#![allow(missing_docs)]

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use criterion::{Criterion, criterion_group, criterion_main};
use futures::future::join_all;
use tokio::{
    fs,
    io::{AsyncReadExt, AsyncWriteExt, BufWriter, sink},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
    spawn,
    sync::Mutex as AsyncMutex,
    task::spawn_blocking,
    time::sleep,
};

/// Something to wait for.
async fn request() {
    sleep(Duration::from_millis(1)).await;
}

async fn all(tasks: Vec<tokio::task::JoinHandle<()>>) {
    for task in tasks {
        task.await.unwrap();
    }
}

/// Ten requests.
mod overlap_waits {
    use super::*;

    pub async fn before() {
        for _ in 0..10 {
            request().await;
        }
    }

    pub async fn after() {
        all((0..10).map(|_| spawn(request())).collect()).await;
    }
}

/// Ten tasks read a shared value and then wait.
mod short_lock {
    use super::*;

    async fn holds(value: Arc<AsyncMutex<u64>>) {
        let mut value = value.lock().await;
        *value += 1;
        request().await;
    }

    async fn lets_go(value: Arc<AsyncMutex<u64>>) {
        *value.lock().await += 1;
        request().await;
    }

    pub async fn before() {
        let value = Arc::default();
        all((0..10).map(|_| spawn(holds(Arc::clone(&value)))).collect()).await;
    }

    pub async fn after() {
        let value = Arc::default();
        all((0..10).map(|_| spawn(lets_go(Arc::clone(&value)))).collect()).await;
    }
}

/// Ten tasks count to a thousand.
mod plain_lock {
    use super::*;

    pub async fn before() {
        let value: Arc<AsyncMutex<u64>> = Arc::default();
        let count = |value: Arc<AsyncMutex<u64>>| async move {
            for _ in 0..1_000 {
                *value.lock().await += 1;
            }
        };
        all((0..10).map(|_| spawn(count(value.clone()))).collect()).await;
    }

    pub async fn after() {
        let value: Arc<Mutex<u64>> = Arc::default();
        let count = |value: Arc<Mutex<u64>>| async move {
            for _ in 0..1_000 {
                *value.lock().unwrap() += 1;
            }
        };
        all((0..10).map(|_| spawn(count(value.clone()))).collect()).await;
    }
}

/// Ten thousand waits at once.
mod spawn_many {
    use super::*;

    pub async fn before() {
        join_all((0..10_000).map(|_| request())).await;
    }

    pub async fn after() {
        all((0..10_000).map(|_| spawn(request())).collect()).await;
    }
}

/// A thousand short lines to a socket.
mod buffer_writes {
    use super::*;

    async fn sockets() -> (TcpStream, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut other, _) = listener.accept().await.unwrap();
        let reader = spawn(async move {
            tokio::io::copy(&mut other, &mut sink()).await.unwrap();
        });
        (stream, reader)
    }

    pub async fn before() {
        let (mut stream, reader) = sockets().await;
        for _ in 0..1_000 {
            stream.write_all(b"a line of text\n").await.unwrap();
        }
        drop(stream);
        reader.await.unwrap();
    }

    pub async fn after() {
        let (stream, reader) = sockets().await;
        let mut stream = BufWriter::new(stream);
        for _ in 0..1_000 {
            stream.write_all(b"a line of text\n").await.unwrap();
        }
        stream.flush().await.unwrap();
        drop(stream);
        reader.await.unwrap();
    }
}

/// A hundred questions to one server.
mod keep_connection {
    use super::*;

    pub async fn serve() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                spawn(async move {
                    let mut question = [0; 4];
                    while stream.read_exact(&mut question).await.is_ok() {
                        stream.write_all(b"pong").await.unwrap();
                    }
                });
            }
        });
        address
    }

    async fn ask(stream: &mut TcpStream) {
        let mut answer = [0; 4];
        stream.write_all(b"ping").await.unwrap();
        stream.read_exact(&mut answer).await.unwrap();
    }

    pub async fn before(server: SocketAddr) {
        for _ in 0..100 {
            ask(&mut connect(server).await).await;
        }
    }

    pub async fn after(server: SocketAddr) {
        let mut stream = connect(server).await;
        for _ in 0..100 {
            ask(&mut stream).await;
        }
    }

    /// Closed at once when dropped: hundreds of thousands of connections would
    /// otherwise wait for their end, and use up the ports.
    async fn connect(server: SocketAddr) -> TcpStream {
        let stream = TcpStream::connect(server).await.unwrap();
        stream.set_zero_linger().unwrap();
        stream
    }
}

/// Two computations.
mod use_cores {
    use super::*;

    fn compute() -> u64 {
        (0..20_000_000_u64).fold(0, |sum, number| std::hint::black_box(sum ^ number))
    }

    pub async fn before() -> u64 {
        let (one, two) = (async { compute() }, async { compute() });
        let (one, two) = futures::join!(one, two);
        one + two
    }

    pub async fn after() -> u64 {
        let (one, two) = (spawn_blocking(compute), spawn_blocking(compute));
        one.await.unwrap() + two.await.unwrap()
    }
}

/// A hundred small files.
mod one_blocking_call {
    use super::*;

    pub fn files() -> Vec<PathBuf> {
        let folder = std::env::temp_dir().join(format!("compare-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let files: Vec<_> = (0..100).map(|number| folder.join(format!("{number}.txt"))).collect();
        files.iter().for_each(|file| std::fs::write(file, "a line of text\n").unwrap());
        files
    }

    pub async fn before(files: Arc<Vec<PathBuf>>) -> usize {
        let mut length = 0;
        for file in files.iter() {
            length += fs::read(file).await.unwrap().len();
        }
        length
    }

    pub async fn after(files: Arc<Vec<PathBuf>>) -> usize {
        let length = |file: &PathBuf| std::fs::read(file).unwrap().len();
        spawn_blocking(move || files.iter().map(length).sum()).await.unwrap()
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn advice(criterion: &mut Criterion) {
    macro_rules! compare {
        ($name:ident $(, $input:expr)?) => {{
            let runtime = runtime();
            let mut group = criterion.benchmark_group(stringify!($name));
            // In a task, as a program's work mostly is.
            group.bench_function("before", |bench| {
                bench.to_async(&runtime).iter(|| async { spawn($name::before($($input.clone())?)).await.unwrap() });
            });
            group.bench_function("after", |bench| {
                bench.to_async(&runtime).iter(|| async { spawn($name::after($($input.clone())?)).await.unwrap() });
            });
            group.finish();
        }};
    }
    compare!(overlap_waits);
    compare!(short_lock);
    compare!(plain_lock);
    compare!(spawn_many);
    compare!(buffer_writes);
    compare!(use_cores);

    let files = Arc::new(one_blocking_call::files());
    compare!(one_blocking_call, files);
    std::fs::remove_dir_all(files[0].parent().unwrap()).unwrap();

    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        runtime().block_on(async {
            sender.send(keep_connection::serve().await).unwrap();
            std::future::pending::<()>().await;
        });
    });
    let server = receiver.recv().unwrap();
    compare!(keep_connection, server);
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3));
    targets = advice
}
criterion_main!(benches);
