use futures::future::try_join_all;
use std::thread::{self, ThreadId};
use std::{collections::HashSet, ops::Range};

const PARTS: [Range<u32>; 4] = [
    2..5000,
    5000..7100,
    7100..8700,
    8700..10_000,
];

type Answer = (usize, ThreadId);

fn count_primes(part: Range<u32>) -> Answer {
    let primes = part
        .filter(|n| (2..*n).all(|d| n % d != 0))
        .count();
    (primes, thread::current().id())
}

#[tokio::main(flavor = "current_thread")]
async fn with_tasks() -> Vec<Answer> {
    let tasks = PARTS.map(|part| {
        tokio::spawn(async { count_primes(part) })
    });
    try_join_all(tasks).await.unwrap()
}

fn with_threads() -> Vec<Answer> {
    let threads = PARTS.map(|part| {
        thread::spawn(|| count_primes(part))
    });
    threads.map(|t| t.join().unwrap()).to_vec()
}

fn report(who: &str, answers: &[Answer]) {
    let primes: usize =
        answers.iter().map(|(p, _)| p).sum();
    let threads: HashSet<_> =
        answers.iter().map(|(_, t)| t).collect();
    let used = threads.len();
    println!(
        "{who}: {primes} primes, threads: {used}"
    );
}

fn main() {
    report("4 tasks", &with_tasks());
    report("4 threads", &with_threads());
}
