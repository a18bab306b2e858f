use tokio::time::Instant;

async fn hello() {
    println!("Hello");
}

async fn world() {
    println!("World");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();

    let hello = tokio::spawn(hello());
    let world = tokio::spawn(world());
    hello.await.unwrap();
    world.await.unwrap();
    println!("Done.");

    let seconds = start.elapsed().as_secs();
    println!("Time: {seconds} s");
}
