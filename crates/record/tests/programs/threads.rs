use std::{thread, time::Duration};

fn main() {
    let thread = thread::spawn(|| {
        thread::sleep(Duration::from_millis(100));
        println!("thread");
    });
    println!("main");
    thread.join().unwrap();
}
