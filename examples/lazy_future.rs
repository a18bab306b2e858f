use tokio::runtime::Builder;

async fn func() {
    println!("快来搞我吧");
}

fn main() {
    let result = func();
    println!("func 已调用，还没运行");

    let runtime = Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(result);
}
