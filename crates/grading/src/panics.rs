//! Which panics are a verdict, and which were expected.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::Text;

static EXPECTED: AtomicBool = AtomicBool::new(false);

/// What a failed check panics with.
pub(crate) struct Wrong(pub Text);

/// Lets the code under test panic: by default any panic fails the test, also
/// one in a task that nobody asked about.
pub fn expect_panics() {
    EXPECTED.store(true, Relaxed);
}

/// Whether the code under test may panic.
pub(crate) fn are_expected() -> bool {
    EXPECTED.load(Relaxed)
}
