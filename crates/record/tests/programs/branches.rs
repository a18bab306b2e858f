use futures::{StreamExt, future::join_all, stream::FuturesUnordered};
use std::time::Duration;
use tokio::{
    task::LocalSet,
    time::{sleep, timeout},
};

mod inner {
    pub fn secret() -> &'static str {
        "from a module inside"
    }
}

async fn steps(name: &str, milliseconds: u64) {
    sleep(Duration::from_millis(milliseconds)).await;
    println!("{name} one");
    sleep(Duration::from_millis(milliseconds)).await;
    println!("{name} two");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("{}", inner::secret());
    join_all([steps("a", 100), steps("b", 300)]).await;

    let mut unordered: FuturesUnordered<_> = [2, 1].map(|number| async move {
        sleep(Duration::from_secs(number)).await;
        number
    }).into_iter().collect();
    while let Some(number) = unordered.next().await {
        println!("{number}");
    }

    let limited = timeout(Duration::from_secs(1), async {
        tokio::join!(steps("quick", 200), steps("slow", 800))
    });
    println!("in time: {}", limited.await.is_ok());

    let local = LocalSet::new();
    local
        .run_until(async {
            let task = tokio::task::spawn_local(steps("local", 100));
            task.await.unwrap();
        })
        .await;
}
