//! What the limiter costs when nobody else uses it.

use attio_crm::client::limit::{Claim, Limiter};
use std::error::Error;
use std::time::Instant;

/// Microseconds to take and finish a ticket through the locked file, the median of several files.
pub fn cost() -> Result<f64, Box<dyn Error>> {
    let (files, tickets) = (20, 2000);
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let mut times = Vec::new();
    for file in 0..files {
        // A new file each time: the highest limit would be used up within a tenth of a second.
        let limiter = Limiter::new(folder.path(), &format!("cost-{file}"), "6000/s".parse()?);
        let start = Instant::now();
        runtime.block_on(async {
            for _ in 0..tickets {
                limiter.take(Claim::default(), None, &mut |_| {}).await?.finish().await;
            }
            Ok::<_, Box<dyn Error>>(())
        })?;
        times.push(start.elapsed());
    }
    Ok(crate::measure::median(times).as_secs_f64() * 1e6 / f64::from(tickets))
}
