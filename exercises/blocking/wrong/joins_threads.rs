// expect: others_go_on: blocked: what another task did: observed "nothing"
// The files are read elsewhere, and the runtime's thread stands in `join`.

use std::thread;

pub async fn read_all<R>(names: Vec<String>, read: R) -> Vec<String>
where
    R: Fn(&str) -> String + Clone + Send + 'static,
{
    let mut threads = Vec::new();
    for name in names {
        let read = read.clone();
        threads.push(thread::spawn(move || read(&name)));
    }
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}
