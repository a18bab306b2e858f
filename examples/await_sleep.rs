use std::time::Duration;
use tokio::time::sleep;

async fn func() {
    println!("来玩呀");
    let response =
        sleep(Duration::from_secs(2)).await;
    println!("结束 {response:?}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    func().await;
}
