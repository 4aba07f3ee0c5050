//! Running programs and taking the time, or the most memory they had.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Medians of `ours` and of `yardstick`, run in turn so that a busy moment meets both.
pub fn compare(
    rounds: usize,
    ours: &mut Command,
    yardstick: &mut Command,
) -> Result<(Duration, Duration), Box<dyn Error>> {
    let mut times = (Vec::new(), Vec::new());
    run(ours)?; // files and pages in memory, for both
    run(yardstick)?;
    for _ in 0..rounds {
        times.0.push(run(ours)?);
        times.1.push(run(yardstick)?);
    }
    Ok((median(times.0), median(times.1)))
}

/// The time from start to end of `command`; an error when it fails.
pub fn run(command: &mut Command) -> Result<Duration, Box<dyn Error>> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status()?;
    let took = start.elapsed();
    if status.success() {
        return Ok(took);
    }
    let again = command.stderr(Stdio::piped()).output()?;
    Err(format!("{command:?}: {status}: {}", String::from_utf8_lossy(&again.stderr)).into())
}

/// The median of `times`.
pub fn median<T: Copy + Ord + Default>(mut times: Vec<T>) -> T {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// The most memory that a command had resident, in KiB. `watched` runs it under GNU time, which puts
/// the figure into `note`.
pub fn peak(watched: &mut Command, note: &Path) -> Result<u64, Box<dyn Error>> {
    let mut peaks = Vec::new();
    for _ in 0..5 {
        run(watched)?;
        peaks.push(fs::read_to_string(note)?.trim().parse()?);
    }
    Ok(median(peaks))
}
