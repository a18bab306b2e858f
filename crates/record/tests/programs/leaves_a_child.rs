use std::process::Command;

fn main() {
    // It holds the output open, and outlives its parent.
    Command::new("sleep").arg("3600").spawn().unwrap();
    println!("gone");
}
