//! One request budget for every process on this machine that uses the same key and host.
//!
//! [`Limiter::take`] waits for a turn and hands out a [`Ticket`]; every attempt takes one, repeats
//! included. Who may go when is decided in `ring`, over a small locked file; this module does the
//! waiting. What a 429 means and what is repeated is left to the client.

mod file;
mod rate;
mod ring;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::config::Rate;
use rate::{Budget, micros};
pub use rate::{Claim, Lane};
pub use ring::ATTEMPT_LIMIT;
use ring::{Ring, Slot, Step};

/// The lock is held for microseconds; this long only by a stopped process.
const LOCK_LIMIT: Duration = Duration::from_secs(10);
/// A ticket that cannot be finished is taken for one of a dead process, which others survive.
const FINISH_LIMIT: Duration = Duration::from_secs(1);
/// Shorter waits are not worth a word.
const WORTH_TELLING: Duration = Duration::from_secs(1);

/// Why a request got no turn. Nothing was sent, and no ticket is held.
#[derive(Debug, thiserror::Error)]
pub enum LimitError {
    /// The turn would come after the deadline (or in more than 15 minutes).
    #[error("the request budget is used up: the next turn is in {} s", .wait.as_secs_f64().ceil())]
    QueueTooLong {
        /// How long the wait would have been, at least.
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
    /// Held while a paced request waits, so that a long job queues for one turn at a time.
    pace: tokio::sync::Mutex<()>,
}

impl Limiter {
    /// `dir` is the folder of limiter files, created when missing (0700, its files 0600); `scope`
    /// names the file and stands for one key on one host, and must be safe in a file name.
    ///
    /// If the folder cannot be used, the process keeps to a quarter of the rate by itself and
    /// [`Limiter::warning`] says so.
    pub fn new(dir: &Path, scope: &str, rate: Rate) -> Self {
        let shared = Shared {
            path: dir.join(format!("{scope}.lim")),
            rate,
            local: OnceLock::new(),
            warned: OnceLock::new(),
        };
        Self { shared: Arc::new(shared), pace: tokio::sync::Mutex::new(()) }
    }

    /// Waits for a turn. When it would come after `deadline`, fails at once and takes nothing.
    /// `on_wait` is called once with the expected wait if that is longer than 1 s. Dropping the
    /// future gives the place in the queue back.
    pub async fn take(
        &self,
        claim: Claim,
        deadline: Option<Instant>,
        on_wait: &mut dyn FnMut(Duration),
    ) -> Result<Ticket, LimitError> {
        let mut ticket = Ticket { shared: Arc::clone(&self.shared), slot: None, sent: false };
        let _turn = if claim.paced { Some(self.pace.lock().await) } else { None };
        let mut told = false;
        while let Some(budget) = self.shared.budget(claim) {
            let (step, now) = self.shared.step(ticket.slot, &budget, deadline).await?;
            match step {
                Step::Go(slot) => {
                    (ticket.slot, ticket.sent) = (Some(slot), true);
                    break;
                }
                Step::Wait(slot, until) => {
                    ticket.slot = Some(slot);
                    let wait = Duration::from_micros(until - now);
                    if wait > WORTH_TELLING && !told {
                        told = true;
                        on_wait(wait);
                    }
                    tokio::time::sleep(wait).await;
                }
                Step::Lost => ticket.slot = None,
                Step::TooLate(at) => {
                    return Err(LimitError::QueueTooLong { wait: Duration::from_micros(at - now) });
                }
            }
        }
        Ok(ticket)
    }

    /// A 429 was seen: nobody with this key on this host sends within `wait` (at most 5 minutes).
    pub fn cool_down(&self, wait: Duration) {
        if self.shared.rate != Rate::Off {
            let wait = micros(wait).min(ring::LONGEST_COOL_DOWN);
            self.shared.settle(&mut |ring, now| ring.block(now + wait));
        }
    }

    /// Says, once, that the budget is not shared with other processes, and why.
    pub fn warning(&self) -> Option<String> {
        let local = self.shared.local.get()?;
        self.shared.warned.set(()).ok()?;
        Some(format!(
            "the request budget is not shared with other processes: cannot use {}: {}; keeping to a quarter of {}",
            self.shared.path.display(),
            local.reason,
            self.shared.rate
        ))
    }
}

/// The right to make one attempt, for at most [`ATTEMPT_LIMIT`]. Dropping it finishes it.
#[must_use = "dropping a ticket finishes it"]
pub struct Ticket {
    shared: Arc<Shared>,
    slot: Option<Slot>,
    sent: bool,
}

impl Ticket {
    /// The attempt is over: its answer was read, or it failed.
    pub fn finish(self) {}

    /// The attempt timed out; its bytes may still be under way.
    pub fn finish_after_timeout(mut self) {
        if let Some(slot) = self.slot.take() {
            self.shared.settle(&mut |ring, now| ring.finish(slot, now + ring::TIMEOUT_GRACE));
        }
    }

    /// Nothing was sent: the next in the queue may have the turn.
    pub fn revoke(mut self) {
        self.sent = false;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let Some(slot) = self.slot else { return };
        if self.sent {
            self.shared.settle(&mut |ring, now| ring.finish(slot, now));
        } else {
            self.shared.settle(&mut |ring, _| ring.revoke(slot));
        }
    }
}

/// What tickets and the limiter have in common: the file, or what replaces it.
struct Shared {
    path: PathBuf,
    rate: Rate,
    local: OnceLock<Local>,
    warned: OnceLock<()>,
}

/// A ring in memory, for when the file cannot be used.
struct Local {
    memory: Mutex<io::Cursor<Vec<u8>>>,
    reason: io::Error,
}

type Act<'a, T> = &'a mut dyn FnMut(&mut Ring<'_>, u64) -> io::Result<T>;

impl Shared {
    /// Takes a ticket or asks about the one in hand. Returns the time of the answer beside it.
    async fn step(
        &self,
        slot: Option<Slot>,
        budget: &Budget,
        deadline: Option<Instant>,
    ) -> Result<(Step, u64), LimitError> {
        let give_up = Instant::now() + LOCK_LIMIT;
        let give_up = deadline.map_or(give_up, |deadline| deadline.min(give_up));
        let mut ask = |ring: &mut Ring<'_>, now: u64| {
            let patience = |deadline: Instant| micros(deadline.saturating_duration_since(Instant::now()));
            let latest = deadline.map_or(u64::MAX, |deadline| now.saturating_add(patience(deadline)));
            let step = match slot {
                None => ring.enter(budget, latest)?,
                Some(slot) => ring.poll(slot, budget, latest)?,
            };
            Ok((step, now))
        };
        loop {
            if let Some(answer) = self.attempt(&mut ask) {
                return Ok(answer);
            }
            if Instant::now() >= give_up {
                return Err(LimitError::Locked { file: self.path.clone() });
            }
            tokio::time::sleep(short_random()).await;
        }
    }

    /// Records what happened to a ticket or to the budget, as well as it can be done in a second.
    fn settle(&self, act: Act<'_, ()>) {
        let give_up = Instant::now() + FINISH_LIMIT;
        while self.attempt(act).is_none() && Instant::now() < give_up {
            std::thread::sleep(short_random());
        }
    }

    /// One step on the locked ring; `None` while another process has it. The first failure of the
    /// file ends its use.
    fn attempt<T>(&self, act: Act<'_, T>) -> Option<T> {
        if self.local.get().is_none() {
            match self.attempt_on_file(act) {
                Ok(done) => return done,
                Err(reason) => {
                    let memory = Mutex::default();
                    self.local.get_or_init(|| Local { memory, reason });
                }
            }
        }
        let mut memory = self.local.get()?.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now();
        Ring::open(&mut *memory, now, self.rate.window()).and_then(|mut ring| act(&mut ring, now)).ok()
    }

    fn attempt_on_file<T>(&self, act: Act<'_, T>) -> io::Result<Option<T>> {
        let Some(mut file) = file::try_lock(&self.path)? else { return Ok(None) };
        let now = now(); // after the lock: an older time would count against the others
        act(&mut Ring::open(&mut file, now, self.rate.window())?, now).map(Some)
    }

    fn budget(&self, claim: Claim) -> Option<Budget> {
        self.rate.budget(claim, if self.local.get().is_some() { 4 } else { 1 })
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
