//! `println!` and `print!` for the programs: in textual scope before them, these
//! take the place of std's. Not a module of the library: every binary that holds
//! programs includes it with `#[macro_use]`.

// The call stack is to show the program's line, not the macro's.
#[allow(unused_macros)]
#[collapse_debuginfo(yes)]
macro_rules! println {
    () => { ::recorder::stage::print(format_args!(""), file!(), line!(), true) };
    ($($text:tt)*) => { ::recorder::stage::print(format_args!($($text)*), file!(), line!(), true) };
}
#[allow(unused_macros)]
#[collapse_debuginfo(yes)]
macro_rules! print {
    ($($text:tt)*) => { ::recorder::stage::print(format_args!($($text)*), file!(), line!(), false) };
}
