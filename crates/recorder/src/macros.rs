//! The printing macros, in the place of std's.

/// std's `println`, as the recorder hears it.
// The call stack is to show the program's line, not the macro's.
#[macro_export]
#[collapse_debuginfo(yes)]
macro_rules! println {
    () => { $crate::stage::print(format_args!(""), file!(), line!(), true) };
    ($($text:tt)*) => { $crate::stage::print(format_args!($($text)*), file!(), line!(), true) };
}

/// std's `print`, as the recorder hears it.
#[macro_export]
#[collapse_debuginfo(yes)]
macro_rules! print {
    ($($text:tt)*) => { $crate::stage::print(format_args!($($text)*), file!(), line!(), false) };
}
