//! The rate limit of the sandbox server: so many requests in any sliding window. Only arithmetic;
//! the time is passed in, and the answer to a refused request is the server's.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// At most `count` requests in any `per`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    pub count: usize,
    pub per: Duration,
}

/// The admitted requests of the last window, oldest first.
#[derive(Debug)]
pub struct RateWindow {
    limit: RateLimit,
    admitted: VecDeque<Instant>,
}

impl RateWindow {
    pub fn new(limit: RateLimit) -> Self {
        Self { limit, admitted: VecDeque::new() }
    }

    /// Admits a request that arrives at `now`, or says how long the window stays full. A refused
    /// request does not count.
    pub fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        let age = |then: &Instant| now.saturating_duration_since(*then);
        while self.admitted.front().is_some_and(|then| age(then) >= self.limit.per) {
            self.admitted.pop_front();
        }
        match self.admitted.front() {
            Some(oldest) if self.admitted.len() >= self.limit.count => {
                Err(self.limit.per.saturating_sub(age(oldest)))
            }
            _ => {
                self.admitted.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_window_holds_more_than_the_limit() {
        let limit = RateLimit { count: 3, per: Duration::from_secs(1) };
        let start = Instant::now();
        let mut window = RateWindow::new(limit);
        let mut admitted = Vec::new();
        for at in (0..5_000).step_by(70).map(Duration::from_millis) {
            match window.admit(start + at) {
                Ok(()) => admitted.push(at),
                Err(wait) => assert_eq!(at + wait, admitted[admitted.len() - 3] + limit.per),
            }
        }
        assert_eq!(admitted.len(), 15, "{admitted:?}");
        for group in admitted.windows(4) {
            assert!(group[3] - group[0] >= limit.per, "{group:?}");
        }
    }
}
