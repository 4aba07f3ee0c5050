//! The one place where this program waits of its own accord: between attempts, and between two looks at
//! what became of a write. The limiter waits for turns by its file, not here.

use std::time::Duration;

/// Waits.
pub async fn pause(wait: Duration) {
    tokio::time::sleep(shortened(wait)).await;
}

/// In a debug build `ATTIO_TEST_HASTE` makes a thousandth of each wait, so that tests run the real program
/// without the real delays. What is decided by a wait's length stays as it was.
#[cfg(debug_assertions)]
fn shortened(wait: Duration) -> Duration {
    if std::env::var_os("ATTIO_TEST_HASTE").is_some() { wait / 1000 } else { wait }
}

/// A release knows no such variable.
#[cfg(not(debug_assertions))]
fn shortened(wait: Duration) -> Duration {
    wait
}
