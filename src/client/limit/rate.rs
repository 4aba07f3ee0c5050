//! What one request needs of the rate a person asked for.
//!
//! Values only; `ring` decides when a request may go.

use std::time::Duration;

use crate::config::Rate;

/// Attio refuses more than 25 writes a second, so two of them are never closer than this.
const WRITE_GAP: Duration = Duration::from_millis(40);

impl Rate {
    /// What `claim` needs of this rate, or of one part of `parts`; `None` means nothing.
    pub(super) fn budget(self, claim: Claim, parts: u32) -> Option<Budget> {
        let (ring, count, per) = match self {
            Self::Off => return None,
            Self::Shared { count, per } => (0, count, per),
            Self::Attio if claim.write => (1, 25, Duration::from_secs(1)),
            Self::Attio => (0, 100, Duration::from_secs(1)),
        };
        let count = u64::from((count / parts).max(1));
        let window = micros(per);
        let mut gaps = [0; Budget::GAPS];
        gaps[0] = if claim.write { micros(WRITE_GAP) } else { 0 };
        if let Some(lane) = claim.lane {
            gaps[1 + lane as usize] = micros(lane.gap());
        }
        Some(Budget { ring, count, window, gaps, paced: claim.paced })
    }

    /// The time after which nothing of the past counts any more, in microseconds.
    pub(super) fn window(self) -> u64 {
        match self {
            Self::Shared { per, .. } => micros(per),
            Self::Off | Self::Attio => 1_000_000,
        }
    }
}

/// What one request asks of the budget.
#[derive(Clone, Copy, Debug, Default)]
pub struct Claim {
    /// It changes something at Attio.
    pub write: bool,
    /// Attio has a cap of its own on this operation.
    pub lane: Option<Lane>,
    /// It belongs to a long job, which leaves room for a person's command beside it: as soon as the
    /// budget is used by more than a little, such requests are spread over what is left of it, and of
    /// all jobs together one queues at a time.
    pub paced: bool,
}

/// Attio's caps on single operations; requests of one lane keep a distance, over all processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Listing notes: 10 a second.
    Notes,
    /// Merging records: 5 a second.
    Merge,
    /// SQL: 2 a second.
    Sql,
    /// Uploading a file: 1 a second.
    Upload,
    /// Call recordings: 1 a second.
    Recordings,
}

impl Lane {
    const ALL: usize = 5;

    fn gap(self) -> Duration {
        Duration::from_millis(match self {
            Self::Notes => 100,
            Self::Merge => 200,
            Self::Sql => 500,
            Self::Upload | Self::Recordings => 1000,
        })
    }
}

/// What a claim means in numbers; times in microseconds.
pub(super) struct Budget {
    /// Which of the two rings counts it.
    pub ring: usize,
    /// Requests allowed in a window.
    pub count: u64,
    /// The window.
    pub window: u64,
    /// The distance to keep from the last write and the last one of each lane; 0 where that does not
    /// concern this request.
    pub gaps: [u64; Self::GAPS],
    /// Whether it belongs to a long job.
    pub paced: bool,
}

impl Budget {
    pub const GAPS: usize = 1 + Lane::ALL;
}

/// Whole microseconds; no rate or wait comes near the end of a `u64`.
pub(super) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_read_back_as_written() {
        for text in ["100/min", "10/s", "20/3s", "6000/600s", "attio", "off"] {
            assert_eq!(text.parse::<Rate>().unwrap().to_string(), text);
        }
        for text in
            ["", "100", "0/min", "6001/min", "-1/s", "1/0s", "1/601s", "1/h", "x/min", "1/min/min", "OFF"]
        {
            assert!(text.parse::<Rate>().is_err(), "{text} was taken for a rate");
        }
        assert_eq!(Rate::default().to_string(), "100/min");
    }
}
