//! The limiter under a virtual clock: nothing here waits.

mod damage;
mod model;
mod rules;
mod waiting;

use std::io::Cursor;
use std::time::Duration;

use super::layout::Slot;
use super::rate::Claim;
use super::ring::{Ring, Step};
use crate::config::Rate;

const SECOND: u64 = 1_000_000;
const START: u64 = 1_800_000_000 * SECOND;
const NEVER: u64 = u64::MAX;
const READ: Claim = Claim { write: false, lane: None, paced: false };
const WRITE: Claim = Claim { write: true, ..READ };
const PACED: Claim = Claim { paced: true, ..READ };

fn rate(count: u32, seconds: u64) -> Rate {
    Rate::Shared { count, per: Duration::from_secs(seconds) }
}

/// The most arrivals in any half-open window.
fn most_in_a_window(arrivals: &[u64], window: u64) -> usize {
    (0..arrivals.len())
        .map(|first| arrivals[first..].iter().take_while(|at| **at < arrivals[first] + window).count())
        .max()
        .unwrap_or(0)
}

/// Takes a ticket or asks about one.
fn ask(file: &mut Cursor<Vec<u8>>, rate: Rate, claim: Claim, now: u64, held: Option<Slot>) -> Step {
    let budget = rate.budget(claim, 1).unwrap();
    let mut ring = Ring::open(file, now, rate.window()).unwrap();
    match held {
        None => ring.enter(&budget, NEVER).unwrap(),
        Some(slot) => ring.poll(slot, &budget, NEVER).unwrap(),
    }
}

/// Asks until the ticket is granted, as the only process. Returns the time of the grant.
fn grant(file: &mut Cursor<Vec<u8>>, rate: Rate, claim: Claim, mut now: u64) -> (u64, Slot) {
    let mut held = None;
    loop {
        match ask(file, rate, claim, now, held) {
            Step::Go(slot) => return (now, slot),
            Step::Wait { slot, ask, .. } => (held, now) = (slot, ask),
            Step::Lost => held = None,
            Step::TooLate(at) => now = at,
        }
    }
}

/// One request that is answered at once. Returns its time.
fn request(file: &mut Cursor<Vec<u8>>, rate: Rate, came: u64) -> u64 {
    let (now, slot) = grant(file, rate, READ, came);
    Ring::open(file, now, rate.window()).unwrap().finish(slot, now).unwrap();
    now
}
