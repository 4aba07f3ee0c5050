//! The ring under a virtual clock, against a brute-force count of what a server would see.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::Cursor;
use std::time::Duration;

use super::rate::{Claim, Lane, micros};
use super::ring::{ATTEMPT_LIMIT, Ring, SLOTS, Slot, Step};
use crate::config::Rate;

const SECOND: u64 = 1_000_000;
const START: u64 = 1_800_000_000 * SECOND;
const NEVER: u64 = u64::MAX;

/// How a simulated process behaves, decided by dice.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Serve,
    GiveBackWhileWaiting,
    DieWhileWaiting,
    DieAfterSending,
    Oversleep,
    TimeOut,
}

struct Process {
    fate: Fate,
    claim: Claim,
    came: u64,
    slot: Option<Slot>,
    sent: bool,
}

/// A server, a limiter file and a number of processes; times in microseconds.
struct World {
    file: Cursor<Vec<u8>>,
    rate: Rate,
    dice: fastrand::Rng,
    events: BinaryHeap<Reverse<(u64, usize)>>,
    processes: Vec<Process>,
    arrivals: Vec<u64>,
    waits: Vec<(usize, u64)>,
    slowest_answer: u64,
    /// Until then a paced request is followed by the next one of its job.
    jobs_end: u64,
}

impl World {
    fn new(rate: Rate, seed: u64) -> Self {
        Self {
            file: Cursor::default(),
            rate,
            dice: fastrand::Rng::with_seed(seed),
            events: BinaryHeap::new(),
            processes: Vec::new(),
            arrivals: Vec::new(),
            waits: Vec::new(),
            slowest_answer: 2 * SECOND,
            jobs_end: 0,
        }
    }

    fn add(&mut self, came: u64, claim: Claim, fate: Fate) {
        self.events.push(Reverse((came, self.processes.len())));
        self.processes.push(Process { fate, claim, came, slot: None, sent: false });
    }

    fn with<T>(&mut self, now: u64, act: impl FnOnce(&mut Ring<'_>) -> std::io::Result<T>) -> T {
        let mut ring = Ring::open(&mut self.file, now, self.rate.window()).unwrap();
        act(&mut ring).unwrap()
    }

    fn run(&mut self) {
        while let Some(Reverse((now, who))) = self.events.pop() {
            if self.processes[who].sent {
                self.answer_came(now, who);
            } else {
                self.ask(now, who);
            }
        }
        self.arrivals.sort_unstable();
    }

    fn ask(&mut self, now: u64, who: usize) {
        let budget = self.rate.budget(self.processes[who].claim, 1).unwrap();
        let step = match self.processes[who].slot {
            None => self.with(now, |ring| ring.enter(&budget, NEVER)),
            Some(slot) => self.with(now, |ring| ring.poll(slot, &budget, NEVER)),
        };
        match step {
            Step::Go(slot) => self.send(now, who, slot),
            Step::Wait(slot, until) => self.wait(now, who, slot, until),
            Step::Lost => {
                self.processes[who].slot = None;
                self.events.push(Reverse((now, who)));
            }
            Step::TooLate(at) => {
                if let Some(slot) = self.processes[who].slot.take() {
                    self.with(now, |ring| ring.revoke(slot));
                }
                self.events.push(Reverse((at.min(now + 60 * SECOND), who)));
            }
        }
    }

    fn wait(&mut self, now: u64, who: usize, slot: Slot, until: u64) {
        self.processes[who].slot = Some(slot);
        let late = match self.processes[who].fate {
            Fate::DieWhileWaiting => return,
            Fate::GiveBackWhileWaiting => return self.with(now, |ring| ring.revoke(slot)),
            Fate::Oversleep => self.dice.u64(..10 * SECOND),
            _ => self.dice.u64(..5000),
        };
        self.events.push(Reverse((until + late, who)));
    }

    fn send(&mut self, now: u64, who: usize, slot: Slot) {
        let arrival = now + self.dice.u64(..self.slowest_answer);
        self.arrivals.push(arrival);
        self.waits.push((who, now - self.processes[who].came));
        self.processes[who].slot = Some(slot);
        self.processes[who].sent = true;
        if now < self.jobs_end && self.processes[who].claim.paced {
            self.add(now, self.processes[who].claim, Fate::Serve);
        }
        match self.processes[who].fate {
            Fate::DieAfterSending => {}
            Fate::TimeOut => {
                // Its bytes arrive up to 5 s after the client gave up.
                let end = now + micros(ATTEMPT_LIMIT) - SECOND;
                self.arrivals.pop();
                self.arrivals.push(end + self.dice.u64(..5 * SECOND));
                self.events.push(Reverse((end, who)));
            }
            _ => self.events.push(Reverse((arrival + self.dice.u64(..SECOND / 10), who))),
        }
    }

    fn answer_came(&mut self, now: u64, who: usize) {
        let slot = self.processes[who].slot.unwrap();
        let grace = if self.processes[who].fate == Fate::TimeOut { super::ring::TIMEOUT_GRACE } else { 0 };
        self.with(now, |ring| ring.finish(slot, now + grace));
    }
}

/// The most arrivals in any half-open window.
fn most_in_a_window(arrivals: &[u64], window: u64) -> usize {
    (0..arrivals.len())
        .map(|first| arrivals[first..].iter().take_while(|at| **at < arrivals[first] + window).count())
        .max()
        .unwrap_or(0)
}

fn rate(count: u32, seconds: u64) -> Rate {
    Rate::Shared { count, per: Duration::from_secs(seconds) }
}

#[test]
fn whatever_processes_do_the_server_never_sees_more_than_the_limit() {
    for seed in 0..3000 {
        let mut dice = fastrand::Rng::with_seed(seed);
        let (count, seconds) = (dice.u32(1..12), dice.u64(1..60));
        let mut world = World::new(rate(count, seconds), seed);
        for _ in 0..dice.u64(1..80) {
            let fate = match dice.u8(..20) {
                0..3 => Fate::GiveBackWhileWaiting,
                3..5 => Fate::DieWhileWaiting,
                5 => Fate::DieAfterSending,
                6..8 => Fate::Oversleep,
                8 => Fate::TimeOut,
                _ => Fate::Serve,
            };
            let claim = Claim { write: dice.bool(), paced: dice.u8(..8) == 0, lane: None };
            world.add(START + dice.u64(..60 * SECOND), claim, fate);
        }
        world.run();

        let most = most_in_a_window(&world.arrivals, seconds * SECOND);
        assert!(most <= count as usize, "seed {seed}: {most} requests in a window of {count}/{seconds}s");
        let gone = |p: &&Process| matches!(p.fate, Fate::GiveBackWhileWaiting | Fate::DieWhileWaiting);
        let living = world.processes.iter().filter(|p| !gone(p)).count();
        assert!(world.arrivals.len() >= living, "seed {seed}: a process was never served");
    }
}

#[test]
fn three_hundred_at_once_are_served_in_order_and_at_the_full_rate() {
    let mut world = World::new(rate(100, 60), 7);
    world.slowest_answer = SECOND / 5;
    for at in 0..300 {
        world.add(START + at, Claim::default(), Fate::Serve);
    }
    world.run();
    for (who, wait) in &world.waits {
        let fair = (*who as u64 / 100) * 60 * SECOND;
        assert!((fair..fair + SECOND).contains(wait), "process {who} waited {wait} µs instead of {fair}");
    }
}

#[test]
fn a_ring_that_went_round_still_counts() {
    let mut world = World::new(rate(2000, 1), 3);
    world.slowest_answer = SECOND / 10;
    for at in 0..3 * SLOTS {
        let fate = if at % 5 == 0 { Fate::GiveBackWhileWaiting } else { Fate::Serve };
        world.add(START + at * 300, Claim::default(), fate);
    }
    world.run();
    assert!(world.arrivals.len() as u64 > 3 * SLOTS * 4 / 5);
    assert!(most_in_a_window(&world.arrivals, SECOND) <= 2000);
}

#[test]
fn a_person_beside_a_long_job_is_served_within_seconds() {
    let mut world = World::new(rate(100, 60), 11);
    world.slowest_answer = SECOND / 5;
    world.jobs_end = START + 3600 * SECOND;
    let persons = 177;
    for nth in 3..persons + 3 {
        let came = START + nth * 20 * SECOND + world.dice.u64(..SECOND);
        world.add(came, Claim::default(), Fate::Serve);
    }
    world.add(START, Claim { paced: true, ..Claim::default() }, Fate::Serve);
    world.run();
    let sent_in_the_hour = world.arrivals.iter().filter(|at| **at < world.jobs_end).count();
    assert!(sent_in_the_hour > 5700, "{sent_in_the_hour} of 6000 requests were used");
    let mut waits: Vec<u64> =
        world.waits.iter().filter(|(who, _)| *who < persons as usize).map(|(_, wait)| *wait).collect();
    waits.sort_unstable();
    assert!(waits[waits.len() * 95 / 100] <= 5 * SECOND / 2, "{waits:?}");
    assert!(*waits.last().unwrap() <= 5 * SECOND);
}

/// Asks until the ticket is granted, as the only process. Returns the time of the grant.
fn grant(file: &mut Cursor<Vec<u8>>, rate: Rate, claim: Claim, mut now: u64) -> (u64, Slot) {
    let budget = rate.budget(claim, 1).unwrap();
    let mut held = None;
    loop {
        let mut ring = Ring::open(file, now, rate.window()).unwrap();
        let step = match held {
            None => ring.enter(&budget, NEVER).unwrap(),
            Some(slot) => ring.poll(slot, &budget, NEVER).unwrap(),
        };
        match step {
            Step::Go(slot) => return (now, slot),
            Step::Wait(slot, until) => (held, now) = (Some(slot), until),
            Step::Lost => held = None,
            Step::TooLate(at) => now = at,
        }
    }
}

/// One request that is answered at once. Returns its time.
fn request(file: &mut Cursor<Vec<u8>>, rate: Rate, came: u64) -> u64 {
    let (now, slot) = grant(file, rate, Claim::default(), came);
    Ring::open(file, now, rate.window()).unwrap().finish(slot, now).unwrap();
    now
}

fn damage(bytes: &mut Vec<u8>, dice: &mut fastrand::Rng) {
    match dice.u8(..5) {
        0 => bytes.truncate(dice.usize(1..bytes.len())),
        1 => bytes.iter_mut().for_each(|byte| *byte = dice.u8(..)),
        2 => bytes.iter_mut().skip(128).for_each(|byte| *byte = dice.u8(..)),
        3 => bytes.iter_mut().for_each(|byte| *byte = 0),
        _ => {
            for _ in 0..dice.usize(1..40) {
                let at = dice.usize(..bytes.len());
                bytes[at] ^= 1 << dice.u8(..8);
            }
        }
    }
}

#[test]
fn no_damaged_file_panics_blocks_or_lifts_the_limit() {
    for seed in 0..10_000 {
        let mut dice = fastrand::Rng::with_seed(seed);
        let (count, seconds) = (dice.u32(1..6), dice.u64(1..60));
        let rate = rate(count, seconds);
        let mut file = Cursor::default();
        let mut grants = Vec::new();
        let mut now = START + 600 * SECOND;
        for _ in 0..dice.u32(1..4 * count) {
            now = request(&mut file, rate, now);
            grants.push(now);
        }
        damage(file.get_mut(), &mut dice);

        let came = now + dice.u64(..90 * SECOND);
        // A command that cannot wait takes nothing and makes nobody else wait longer.
        let budget = rate.budget(Claim::default(), 1).unwrap();
        Ring::open(&mut file, came, rate.window()).unwrap().enter(&budget, came - 1).unwrap();
        now = request(&mut file, rate, came + SECOND);
        grants.push(now);
        let longest = seconds * SECOND + micros(ATTEMPT_LIMIT);
        assert!(now - came <= longest, "seed {seed}: waited {} µs", now - came);
        for _ in 0..2 * count {
            now = request(&mut file, rate, now);
            grants.push(now);
        }
        assert!(most_in_a_window(&grants, seconds * SECOND) <= count as usize, "seed {seed}");
    }
}

#[test]
fn a_damaged_header_costs_one_window_even_if_nobody_waits_for_it() {
    let rate = rate(1, 60);
    let budget = rate.budget(Claim::default(), 1).unwrap();
    let mut file = Cursor::default();
    grant(&mut file, rate, Claim::default(), START);
    let waiting = Ring::open(&mut file, START, rate.window()).unwrap().enter(&budget, NEVER).unwrap();
    let Step::Wait(old, _) = waiting else { panic!("{waiting:?}") };
    file.get_mut()[..100].fill(7);
    for second in 1..=60 {
        let now = START + second * SECOND;
        let step =
            Ring::open(&mut file, now, rate.window()).unwrap().enter(&budget, now + SECOND / 2).unwrap();
        assert!(matches!(step, Step::TooLate(at) if at == START + 61 * SECOND), "{step:?}");
    }
    let now = START + 61 * SECOND;
    let step = Ring::open(&mut file, now, rate.window()).unwrap().poll(old, &budget, NEVER).unwrap();
    assert!(matches!(step, Step::Lost), "a ticket of the old file was honoured");
    assert_eq!(grant(&mut file, rate, Claim::default(), now).0, now);
}

#[test]
fn a_full_ring_refuses() {
    let rate = rate(6000, 1);
    let budget = rate.budget(Claim::default(), 1).unwrap();
    let mut file = Cursor::new(Vec::new());
    for _ in 0..SLOTS {
        Ring::open(&mut file, START, rate.window()).unwrap().enter(&budget, NEVER).unwrap();
    }
    let step = Ring::open(&mut file, START, rate.window()).unwrap().enter(&budget, NEVER).unwrap();
    assert!(matches!(step, Step::TooLate(_)), "{step:?}");
}

#[test]
fn a_clock_set_back_costs_one_window_and_no_more() {
    let rate = rate(3, 60);
    let mut file = Cursor::default();
    for _ in 0..3 {
        request(&mut file, rate, START);
    }
    let earlier = START - 86_400 * SECOND;
    assert_eq!(grant(&mut file, rate, Claim::default(), earlier).0, earlier + 60 * SECOND);
}

#[test]
fn tickets_given_back_cost_the_queue_nothing() {
    let rate = rate(10, 60);
    let budget = rate.budget(Claim::default(), 1).unwrap();
    let mut file = Cursor::default();
    for _ in 0..5 {
        grant(&mut file, rate, Claim::default(), START);
    }
    let mut held = Vec::new();
    for _ in 0..53 {
        let mut ring = Ring::open(&mut file, START, rate.window()).unwrap();
        let (Step::Go(slot) | Step::Wait(slot, _)) = ring.enter(&budget, NEVER).unwrap() else { panic!() };
        held.push(slot);
    }
    fastrand::Rng::with_seed(1).shuffle(&mut held);
    for slot in held {
        Ring::open(&mut file, START, rate.window()).unwrap().revoke(slot).unwrap();
    }
    for _ in 0..5 {
        assert_eq!(grant(&mut file, rate, Claim::default(), START).0, START);
    }
    assert!(grant(&mut file, rate, Claim::default(), START).0 >= START + 60 * SECOND);
}

#[test]
fn writes_lanes_and_cool_downs_keep_their_distance() {
    let rate = Rate::default();
    let mut file = Cursor::default();
    let write = Claim { write: true, ..Claim::default() };
    let sql = Claim { lane: Some(Lane::Sql), ..Claim::default() };
    assert_eq!(grant(&mut file, rate, write, START).0, START);
    assert_eq!(grant(&mut file, rate, Claim::default(), START).0, START);
    assert_eq!(grant(&mut file, rate, write, START).0, START + 40_000);
    assert_eq!(grant(&mut file, rate, sql, START).0, START);
    assert_eq!(grant(&mut file, rate, sql, START).0, START + 500_000);
    Ring::open(&mut file, START, rate.window()).unwrap().block(START + 9 * SECOND).unwrap();
    assert_eq!(grant(&mut file, rate, Claim::default(), START).0, START + 9 * SECOND);
}

#[test]
fn attio_counts_reads_and_writes_apart() {
    let mut file = Cursor::default();
    for _ in 0..100 {
        assert_eq!(grant(&mut file, Rate::Attio, Claim::default(), START).0, START);
    }
    let write = Claim { write: true, ..Claim::default() };
    assert_eq!(grant(&mut file, Rate::Attio, write, START).0, START);
    assert!(grant(&mut file, Rate::Attio, Claim::default(), START).0 > START);
}
