// A lock is no second time to be had while its guard lives.
use tokio::sync::Mutex;

struct Account {
    balance: Mutex<i32>,
}

impl Account {
    async fn balance(&self) -> i32 {
        *self.balance.lock().await
    }

    async fn add(&self, amount: i32) {
        let mut balance = self.balance.lock().await;
        *balance += amount;
        println!("balance: {}", self.balance().await);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let account = Account { balance: Mutex::new(0) };
    account.add(5).await;
}
