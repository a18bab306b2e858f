use std::time::Duration;
use tokio::time::sleep;

async fn others() -> &'static str {
    println!("start");
    sleep(Duration::from_secs(2)).await;
    println!("end");
    "返回值"
}

async fn func() {
    println!("执行协程函数内部代码");
    let response = others().await;
    println!("IO请求结束，结果为： {response}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    func().await;
}
