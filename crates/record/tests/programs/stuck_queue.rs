// The lock is handed to the first in the queue; and that future is kept, but
// polled no more.
use tokio::sync::Mutex;
use tokio::time::{Duration, sleep};

async fn write(file: &Mutex<()>, who: &str) {
    let _file = file.lock().await;
    println!("{who} writes");
    sleep(Duration::from_secs(2)).await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let file = Mutex::new(());
    let long = write(&file, "the long one");
    let mut patient = Box::pin(write(&file, "the patient one"));
    let both = async {
        tokio::select! {
            biased;
            _ = &mut patient => {}
            _ = sleep(Duration::from_secs(1)) => {
                println!("enough");
                write(&file, "the impatient one").await;
            }
        }
    };
    tokio::join!(long, both);
    println!("end");
}
