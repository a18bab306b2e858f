#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), String> {
    println!("before");
    Err("no".into())
}
