fn main() {
    println!("before");
    let mut all: Vec<Vec<u8>> = Vec::new();
    loop {
        all.push(Vec::with_capacity(1 << 30));
    }
}
