fn main() {
    println!("before"
}
