//! Stands in the place of tokio in a package that is recorded (`record`'s
//! `package`): tokio itself, as the recorder hears it, and the printing macros.

#[cfg(feature = "plain")]
pub use recorder::stage::*;
#[cfg(not(feature = "plain"))]
pub use recorder::watched::*;

pub use recorder::host::begin_before_main;

/// std's `println`, as the recorder hears it.
// The call stack is to show the program's line, not the macro's.
#[macro_export]
#[collapse_debuginfo(yes)]
macro_rules! println {
    () => { $crate::print(format_args!(""), file!(), line!(), true) };
    ($($text:tt)*) => { $crate::print(format_args!($($text)*), file!(), line!(), true) };
}

/// std's `print`, as the recorder hears it.
#[macro_export]
#[collapse_debuginfo(yes)]
macro_rules! print {
    ($($text:tt)*) => { $crate::print(format_args!($($text)*), file!(), line!(), false) };
}
