fn func1() {
    println!("1");
    println!("2");
}

fn func2() {
    println!("3");
    println!("4");
}

fn main() {
    func1();
    func2();
}
