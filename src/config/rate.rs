//! `--rate-limit`: how fast a person wants it. What a rate means for one request is the limiter's.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

const MAX_COUNT: u32 = 6000;
const MAX_SECONDS: u64 = 600;

/// A value of `--rate-limit`: `N/min`, `N/s`, `N/<seconds>s` (as in `20/3s`), `attio` or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// No limit: no waiting, no file.
    Off,
    /// At most `count` requests in any `per`, over all processes with the same key and host.
    ///
    /// `count` is what this process keeps to, with the requests of all others counted in. Where
    /// processes with different counts share a key, the one with the smaller count holds back
    /// (and whoever queues behind it), and the total stays near the largest count.
    Shared {
        /// 1 to 6000 requests.
        count: u32,
        /// 1 second to 10 minutes.
        per: Duration,
    },
    /// Attio's published caps: 100 reads and 25 writes a second, counted apart.
    Attio,
}

/// 100 requests a minute.
impl Default for Rate {
    fn default() -> Self {
        Self::Shared { count: 100, per: Duration::from_secs(60) }
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => return Ok(Self::Off),
            "attio" => return Ok(Self::Attio),
            _ => {}
        }
        let (count, unit) =
            text.split_once('/').ok_or("a rate is N/min, N/s, N/<seconds>s (as in 20/3s), attio or off")?;
        let seconds = match unit {
            "min" => Some(60),
            "s" => Some(1),
            _ => unit.strip_suffix('s').and_then(|seconds| seconds.parse().ok()),
        };
        let count = count.parse().ok().filter(|count| (1..=MAX_COUNT).contains(count));
        let seconds = seconds.filter(|seconds| (1..=MAX_SECONDS).contains(seconds));
        Ok(Self::Shared {
            count: count.ok_or_else(|| format!("the count is a number from 1 to {MAX_COUNT}"))?,
            per: seconds
                .map(Duration::from_secs)
                .ok_or_else(|| format!("the time is min, s, or 1s to {MAX_SECONDS}s"))?,
        })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Attio => f.write_str("attio"),
            Self::Shared { count, per } => match per.as_secs() {
                60 => write!(f, "{count}/min"),
                1 => write!(f, "{count}/s"),
                seconds => write!(f, "{count}/{seconds}s"),
            },
        }
    }
}
