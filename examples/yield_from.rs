use std::iter::once;

fn func1() -> impl Iterator<Item = u32> {
    once(1).chain(func2()).chain(once(2))
}

fn func2() -> impl Iterator<Item = u32> {
    once(3).chain(once(4))
}

fn main() {
    for item in func1() {
        println!("{item}");
    }
}
