//! One request budget for all processes of a user on this machine that use the same key and host.
//!
//! [`Limiter::take`] waits for a turn and hands out a [`Ticket`]; every attempt takes one, repeats
//! included. Who may go when is decided in `ring`, over a small locked file; this module does the
//! waiting. What a 429 means and what is repeated is left to the client.

mod file;
mod layout;
mod rate;
mod ring;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::config::Rate;
use file::{Act, Held, Place, Shared};
use rate::micros;
pub use rate::{Claim, Lane};
pub use ring::ATTEMPT_LIMIT;
use ring::{Ring, Step};

/// The lock is held for microseconds; this long only by a stopped process.
const LOCK_LIMIT: Duration = Duration::from_secs(10);
/// A ticket that cannot be finished is taken for one of a dead process, which others survive.
const FINISH_LIMIT: Duration = Duration::from_secs(1);
/// How often a ticket that is dropped tries to get the lock; it cannot wait.
const DROP_TRIES: u32 = 1000;
/// Shorter waits are not worth a word.
const WORTH_TELLING: Duration = Duration::from_secs(1);

/// Why a request got no turn. Nothing was sent, and no ticket is held.
#[derive(Debug, thiserror::Error)]
pub enum LimitError {
    /// The turn would come too late (or in more than 15 minutes).
    #[error("the request budget is used up: the next turn is in {} s", .wait.as_secs_f64().ceil())]
    QueueTooLong {
        /// How long the wait would have been, at least; zero when it is too late for any request.
        wait: Duration,
    },
    /// Another process has held the file's lock all the time.
    #[error("another process keeps the limiter file locked: {}", .file.display())]
    Locked {
        /// The file.
        file: PathBuf,
    },
}

/// The budget as one process sees it. Cheap to build: the file is opened by the first `take`.
pub struct Limiter {
    shared: Arc<Shared>,
    warned: AtomicBool,
}

impl Limiter {
    /// `dir` is the folder of limiter files, created when missing (0700, its files 0600); `scope`
    /// begins the file's name and stands for one key on one host, and must be safe in a file name.
    ///
    /// While the file cannot be used, the process keeps to a quarter of the rate by itself and
    /// [`Limiter::warning`] says so; each `take` tries the file again.
    pub fn new(dir: &Path, scope: &str, rate: Rate) -> Self {
        Self::with_clock(dir, scope, rate, now)
    }

    fn with_clock(dir: &Path, scope: &str, rate: Rate, clock: fn() -> u64) -> Self {
        Self { shared: Arc::new(Shared::new(dir, scope, rate, clock)), warned: AtomicBool::new(false) }
    }

    /// Waits for a turn. When it would come after `latest`, fails at once and takes nothing; a caller
    /// with a deadline leaves time for the answer before it. `on_wait` is called once with the expected
    /// wait if that is longer than 1 s. Dropping the future gives the place in the queue back.
    ///
    /// # Errors
    /// See [`LimitError`].
    pub async fn take(
        &self,
        claim: Claim,
        latest: Option<Instant>,
        on_wait: &mut dyn FnMut(Duration),
    ) -> Result<Ticket, LimitError> {
        let mut ticket = Ticket { shared: Arc::clone(&self.shared), held: None, end: End::Unused };
        let mut told = false;
        loop {
            if latest.is_some_and(|latest| latest < Instant::now()) {
                return Err(LimitError::QueueTooLong { wait: Duration::ZERO });
            }
            if self.shared.rate == Rate::Off {
                return Ok(ticket);
            }
            let Asked { place, step, now } = self.ask(ticket.held, claim, latest).await?;
            match step {
                Step::Go(slot) => {
                    (ticket.held, ticket.end) = (Some(Held { place, slot }), End::Over);
                    return Ok(ticket);
                }
                Step::Wait { slot, turn, ask } => {
                    ticket.held = slot.map(|slot| Held { place, slot });
                    let wait = Duration::from_micros(turn - now);
                    if wait > WORTH_TELLING && !told {
                        told = true;
                        on_wait(wait);
                    }
                    tokio::time::sleep(Duration::from_micros(ask - now)).await;
                }
                Step::Lost => ticket.held = None,
                Step::TooLate(at) => {
                    return Err(LimitError::QueueTooLong { wait: Duration::from_micros(at - now) });
                }
            }
        }
    }

    /// A 429 was seen: nobody with this key on this host sends within `wait` (at most 5 minutes), and
    /// for ten seconds after that they send one after the other, 20 a second.
    pub async fn cool_down(&self, wait: Duration) {
        if self.shared.rate == Rate::Off {
            return;
        }
        let wait = micros(wait).min(ring::LONGEST_COOL_DOWN);
        let mut block = |ring: &mut Ring<'_>, now: u64| ring.block(now + wait);
        for place in [Place::File, Place::Memory] {
            let give_up = Instant::now() + FINISH_LIMIT;
            while let Ok(None) = self.shared.step(place, &mut block)
                && Instant::now() < give_up
            {
                tokio::time::sleep(short_random()).await;
            }
        }
    }

    /// Says, once, that the budget is not shared with other processes, and why.
    pub fn warning(&self) -> Option<String> {
        let reason = self.shared.failure.get()?;
        let first = !self.warned.swap(true, Ordering::Relaxed);
        first.then(|| {
            format!(
                "the request budget is not shared with other processes: cannot use {}: {reason}; keeping to a quarter of {} meanwhile",
                self.shared.path.display(),
                self.shared.rate
            )
        })
    }

    /// Takes a place or asks about the one in hand.
    async fn ask(
        &self,
        held: Option<Held>,
        claim: Claim,
        latest: Option<Instant>,
    ) -> Result<Asked, LimitError> {
        let give_up = Instant::now() + LOCK_LIMIT;
        let give_up = latest.map_or(give_up, |latest| latest.min(give_up));
        let mut place = held.map_or(Place::File, |held| held.place);
        loop {
            match self.ask_once(place, held, claim, latest) {
                Ok(Some(asked)) => return Ok(asked),
                // The place is lost with the file.
                Err(_) if held.is_some() => return Ok(Asked { place, step: Step::Lost, now: 0 }),
                Err(_) if place == Place::File => {
                    place = Place::Memory;
                    continue;
                }
                Ok(None) | Err(_) => {}
            }
            if Instant::now() >= give_up {
                return Err(LimitError::Locked { file: self.shared.path.clone() });
            }
            tokio::time::sleep(short_random()).await;
        }
    }

    fn ask_once(
        &self,
        place: Place,
        held: Option<Held>,
        claim: Claim,
        latest: Option<Instant>,
    ) -> io::Result<Option<Asked>> {
        let Some(budget) = self.shared.budget(place, claim) else { return Ok(None) };
        self.shared.step(place, &mut |ring, now| {
            let left = |latest: Instant| micros(latest.saturating_duration_since(Instant::now()));
            let latest = latest.map_or(u64::MAX, |latest| now.saturating_add(left(latest)));
            let step = match held {
                None => ring.enter(&budget, latest)?,
                Some(held) => ring.poll(held.slot, &budget, latest)?,
            };
            Ok(Asked { place, step, now })
        })
    }
}

/// An answer of one of the rings, and when it came.
struct Asked {
    place: Place,
    step: Step,
    now: u64,
}

/// The right to make one attempt, for at most [`ATTEMPT_LIMIT`]. Dropping it finishes it, unless another
/// process has the lock just then for long; who can wait for that calls one of its methods.
#[must_use = "dropping a ticket finishes it"]
pub struct Ticket {
    shared: Arc<Shared>,
    held: Option<Held>,
    end: End,
}

/// What became of a ticket's attempt.
#[derive(Clone, Copy)]
enum End {
    /// Nothing was sent.
    Unused,
    /// Its answer was read, or it failed.
    Over,
    /// It timed out; its bytes may still be under way.
    TimedOut,
}

impl Ticket {
    /// The attempt is over: its answer was read, or it failed.
    pub async fn finish(self) {
        self.close().await;
    }

    /// The attempt timed out; its bytes may still be under way.
    pub async fn finish_after_timeout(mut self) {
        self.end = End::TimedOut;
        self.close().await;
    }

    /// Nothing was sent: the next in the queue may have the turn.
    pub async fn revoke(mut self) {
        self.end = End::Unused;
        self.close().await;
    }

    async fn close(mut self) {
        let give_up = Instant::now() + FINISH_LIMIT;
        while !self.is_closed() && Instant::now() < give_up {
            tokio::time::sleep(short_random()).await;
        }
    }

    /// Closes it, unless another process has the file.
    fn is_closed(&mut self) -> bool {
        let Some(Held { place, slot }) = self.held else { return true };
        let end = self.end;
        let act: Act<'_, ()> = &mut |ring, now| match end {
            End::Unused => ring.revoke(slot),
            End::Over => ring.finish(slot, now),
            End::TimedOut => ring.finish(slot, now + ring::TIMEOUT_GRACE),
        };
        if let Ok(None) = self.shared.step(place, act) {
            return false;
        }
        self.held = None;
        true
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        for _ in 0..DROP_TRIES {
            if self.is_closed() {
                return;
            }
            std::thread::yield_now();
        }
    }
}

/// Microseconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, micros)
}

/// Random, so that processes that met at the lock do not meet there again.
fn short_random() -> Duration {
    Duration::from_micros(fastrand::u64(200..2000))
}
