use std::{thread, time::Duration};

fn task1() {
    thread::sleep(Duration::from_secs(1));
    println!("Task 1 completed");
}

fn task2() {
    thread::sleep(Duration::from_secs(2));
    println!("Task 2 completed");
}

fn main() {
    let thread1 = thread::spawn(task1);
    let thread2 = thread::spawn(task2);
    thread1.join().unwrap();
    thread2.join().unwrap();
}
