use corosensei::{Coroutine, Yielder};

fn func1(main: &Yielder<(), ()>, (): ()) {
    println!("1");
    main.suspend(());
    println!("2");
}

fn func2(main: &Yielder<(), ()>, (): ()) {
    println!("3");
    main.suspend(());
    println!("4");
}

fn main() {
    let mut gr1 = Coroutine::new(func1);
    let mut gr2 = Coroutine::new(func2);

    gr1.resume(());
    gr2.resume(());
    gr1.resume(());
    gr2.resume(());
}
