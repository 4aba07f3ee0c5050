//! Many processes, against a brute-force count of what a server would see.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::Cursor;

use super::super::layout::{SLOTS, Slot};
use super::super::rate::{Claim, micros};
use super::super::ring::{ATTEMPT_LIMIT, Ring, Step, TIMEOUT_GRACE};
use super::{PACED, READ, SECOND, START, ask, most_in_a_window, rate};
use crate::config::Rate;

/// How a simulated process behaves, decided by dice.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Serve,
    GiveBackWhileWaiting,
    /// Killed then, whatever it does.
    Killed(u64),
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

/// A server, a limiter file and a number of processes; times in microseconds, as a clock tells them that
/// nobody sets.
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
    /// When the wall clock is set, and by how much.
    clock_steps: Vec<(u64, i64)>,
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
            clock_steps: Vec::new(),
        }
    }

    fn add(&mut self, came: u64, claim: Claim, fate: Fate) -> usize {
        self.events.push(Reverse((came, self.processes.len())));
        self.processes.push(Process { fate, claim, came, slot: None, sent: false });
        self.processes.len() - 1
    }

    fn wall_clock(&self, now: u64) -> u64 {
        let steps = self.clock_steps.iter().filter(|(at, _)| *at <= now).map(|(_, step)| step).sum();
        now.saturating_add_signed(steps)
    }

    fn with(&mut self, now: u64, act: impl FnOnce(&mut Ring<'_>, u64) -> std::io::Result<()>) {
        let now = self.wall_clock(now);
        act(&mut Ring::open(&mut self.file, now, self.rate.window()).unwrap(), now).unwrap();
    }

    fn run(&mut self) {
        while let Some(Reverse((now, who))) = self.events.pop() {
            let process = &self.processes[who];
            match process.fate {
                Fate::Killed(at) if at <= now => {}
                _ if process.sent => self.answer_came(now, who),
                _ => self.ask(now, who),
            }
        }
        self.arrivals.sort_unstable();
    }

    fn ask(&mut self, now: u64, who: usize) {
        let Process { claim, slot, .. } = self.processes[who];
        let wall = self.wall_clock(now);
        match ask(&mut self.file, self.rate, claim, wall, slot) {
            Step::Go(slot) => self.send(now, who, slot),
            Step::Wait { slot, ask, .. } => self.wait(now, who, slot, ask - wall),
            Step::Lost => {
                self.processes[who].slot = None;
                self.events.push(Reverse((now, who)));
            }
            Step::TooLate(at) => {
                if let Some(slot) = self.processes[who].slot.take() {
                    self.with(now, |ring, _| ring.revoke(slot));
                }
                self.events.push(Reverse((now + (at - wall).min(60 * SECOND), who)));
            }
        }
    }

    fn wait(&mut self, now: u64, who: usize, slot: Option<Slot>, wait: u64) {
        self.processes[who].slot = slot;
        let late = match (self.processes[who].fate, slot) {
            (Fate::GiveBackWhileWaiting, Some(slot)) => return self.with(now, |ring, _| ring.revoke(slot)),
            (Fate::Oversleep, _) => self.dice.u64(..10 * SECOND),
            _ => self.dice.u64(..5000),
        };
        self.events.push(Reverse((now + wait + late, who)));
    }

    fn send(&mut self, now: u64, who: usize, slot: Slot) {
        let mut arrival = now + self.dice.u64(..self.slowest_answer);
        let mut end = arrival + self.dice.u64(..SECOND / 10);
        if self.processes[who].fate == Fate::TimeOut {
            // Its bytes arrive up to 5 s after the client gave up.
            end = now + micros(ATTEMPT_LIMIT) - SECOND;
            arrival = end + self.dice.u64(..5 * SECOND);
        }
        self.arrivals.push(arrival);
        self.waits.push((who, now - self.processes[who].came));
        self.processes[who].slot = Some(slot);
        self.processes[who].sent = true;
        self.events.push(Reverse((end, who)));
    }

    fn answer_came(&mut self, now: u64, who: usize) {
        let Process { slot, fate, claim, .. } = self.processes[who];
        let grace = if fate == Fate::TimeOut { TIMEOUT_GRACE } else { 0 };
        self.with(now, |ring, wall| ring.finish(slot.unwrap(), wall + grace));
        if now < self.jobs_end && claim.paced {
            self.add(now, claim, Fate::Serve);
        }
    }

    /// The wait of one process; none if it never got its turn.
    fn wait_of(&self, who: usize) -> Option<u64> {
        self.waits.iter().find(|(other, _)| *other == who).map(|(_, wait)| *wait)
    }
}

fn fate(dice: &mut fastrand::Rng, came: u64) -> Fate {
    match dice.u8(..20) {
        0..3 => Fate::GiveBackWhileWaiting,
        3..6 => Fate::Killed(came + dice.u64(..20 * SECOND)),
        6..8 => Fate::Oversleep,
        8 => Fate::TimeOut,
        _ => Fate::Serve,
    }
}

/// A crowd of processes of all kinds.
fn crowd(seed: u64) -> World {
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut world = World::new(rate(dice.u32(1..12), dice.u64(1..20)), seed);
    for _ in 0..dice.u64(1..50) {
        let claim = Claim { write: dice.bool(), paced: dice.u8(..8) == 0, lane: None };
        let came = START + dice.u64(..20 * SECOND);
        world.add(came, claim, fate(&mut dice, came));
    }
    world
}

fn limit(world: &World) -> (usize, u64) {
    let Rate::Shared { count, per } = world.rate else { panic!() };
    (count as usize, micros(per))
}

/// Everybody is served who lives and wants to be.
fn assert_nobody_starved(world: &World, seed: u64) {
    let gone = |p: &Process| matches!(p.fate, Fate::GiveBackWhileWaiting | Fate::Killed(_));
    for (who, process) in world.processes.iter().enumerate() {
        assert!(gone(process) || process.sent, "seed {seed}: process {who} was never served");
    }
}

#[test]
fn whatever_processes_do_the_server_never_sees_more_than_the_limit() {
    for seed in 0..1000 {
        let mut world = crowd(seed);
        world.run();
        let (count, window) = limit(&world);
        let most = most_in_a_window(&world.arrivals, window);
        assert!(most <= count, "seed {seed}: {most} requests in a window of {}", world.rate);
        assert_nobody_starved(&world, seed);
    }
}

#[test]
fn a_clock_set_back_lifts_no_limit_and_one_set_forward_lets_a_window_through_at_the_most() {
    for seed in 0..1000 {
        let mut world = crowd(seed);
        let mut dice = fastrand::Rng::with_seed(seed);
        let mut forward = 0;
        for _ in 0..dice.u8(1..4) {
            let by = 10_i64.pow(dice.u32(5..12)) * if dice.bool() { 1 } else { -1 };
            forward += usize::from(by > 0);
            world.clock_steps.push((START + dice.u64(..60 * SECOND), by));
        }
        world.run();
        let (count, window) = limit(&world);
        let most = most_in_a_window(&world.arrivals, window);
        let steps = &world.clock_steps;
        assert!(most <= count * (1 + forward), "seed {seed}: {most} of {} after {steps:?}", world.rate);
        assert_nobody_starved(&world, seed);
    }
}

#[test]
fn three_hundred_at_once_are_served_in_order_and_at_the_full_rate() {
    let mut world = World::new(rate(100, 60), 7);
    world.slowest_answer = SECOND / 5;
    for at in 0..300 {
        world.add(START + at, READ, Fate::Serve);
    }
    world.run();
    for (who, wait) in &world.waits {
        let fair = (*who as u64 / 100) * 60 * SECOND;
        assert!((fair..fair + SECOND).contains(wait), "process {who} waited {wait} µs instead of {fair}");
    }
}

#[test]
fn a_queue_of_killed_processes_keeps_nobody_waiting() {
    for seed in 0..50 {
        let mut world = World::new(rate(100, 60), seed);
        world.slowest_answer = SECOND / 5;
        let mut dice = fastrand::Rng::with_seed(seed);
        let killed = START + dice.u64(SECOND..60 * SECOND);
        for _ in 0..350 {
            world.add(START + dice.u64(..SECOND / 10), READ, Fate::Killed(killed));
        }
        let next = world.add(killed + SECOND, READ, Fate::Serve);
        let all = killed + 90 * SECOND;
        let full: Vec<usize> = (0..99).map(|_| world.add(all, READ, Fate::Serve)).collect();
        world.run();
        let window_over = (START + 61 * SECOND) // after the last answer
            .saturating_sub(killed + SECOND);
        assert!(world.wait_of(next).unwrap() <= window_over.max(8 * SECOND), "seed {seed}");
        for who in full {
            assert_eq!(world.wait_of(who), Some(0), "seed {seed}: the full rate is not there after 90 s");
        }
    }
}

#[test]
fn after_a_cool_down_a_crowd_does_not_come_back_at_once() {
    let mut world = World::new(rate(100, 60), 9);
    world.slowest_answer = 1;
    let resume = START + 2 * SECOND;
    world.with(START, |ring, _| ring.block(resume));
    for at in 0..100 {
        world.add(START + at * SECOND / 25, READ, Fate::Serve);
    }
    world.run();
    assert!(world.arrivals[0] >= resume);
    assert!(most_in_a_window(&world.arrivals, SECOND) <= 20);
    assert!(world.arrivals[99] <= resume + 10 * SECOND, "they lose no time either");
}

#[test]
fn a_ring_that_went_round_still_counts() {
    let mut world = World::new(rate(2000, 1), 3);
    world.slowest_answer = SECOND / 10;
    for at in 0..3 * SLOTS {
        let fate = if at % 5 == 0 { Fate::GiveBackWhileWaiting } else { Fate::Serve };
        world.add(START + at * 300, READ, fate);
    }
    world.run();
    assert!(world.arrivals.len() as u64 > 3 * SLOTS * 4 / 5);
    assert!(most_in_a_window(&world.arrivals, SECOND) <= 2000);
}

/// A person's command every 3 to 9 s beside so many listings. Returns the waits of the commands, shortest
/// first, and the part of the budget that was used.
fn a_person_beside(listings: u64, seed: u64) -> (Vec<u64>, f64) {
    let mut world = World::new(rate(100, 60), seed);
    world.slowest_answer = SECOND / 2;
    world.jobs_end = START + 600 * SECOND;
    for nth in 0..listings {
        world.add(START + nth * SECOND / 10, PACED, Fate::Serve);
    }
    let (mut came, mut persons) = (START, Vec::new());
    while came < world.jobs_end {
        persons.push(world.add(came, READ, Fate::Serve));
        came += world.dice.u64(3 * SECOND..9 * SECOND);
    }
    world.run();
    let sent = world.arrivals.iter().filter(|at| **at < world.jobs_end).count();
    let mut waits: Vec<u64> = persons.iter().filter_map(|who| world.wait_of(*who)).collect();
    waits.sort_unstable();
    (waits, sent as f64 / 1000.0)
}

#[test]
fn a_person_beside_long_jobs_is_served_within_seconds() {
    for (listings, seed) in [(1, 1), (3, 2), (3, 3), (8, 4)] {
        let (waits, used) = a_person_beside(listings, seed);
        let part = |percent: usize| waits[(waits.len() - 1) * percent / 100] as f64 / SECOND as f64;
        assert!(part(95) <= 2.5, "{listings} listings: p95 {} s", part(95));
        assert!(part(100) <= 5.0, "{listings} listings: longest {} s", part(100));
        assert!(used >= 0.9, "{listings} listings used {used} of the budget");
    }
}

#[test]
fn a_short_listing_alone_is_not_slowed_down_and_a_long_one_does_not_starve() {
    let mut world = World::new(rate(100, 60), 5);
    world.slowest_answer = 1;
    world.jobs_end = START + 60 * SECOND;
    world.add(START, PACED, Fate::Serve);
    world.run();
    let at_once = world.waits.iter().take_while(|(_, wait)| *wait == 0).count();
    assert_eq!(at_once, 21, "one fifth of the budget, and the one that notices");

    let mut world = World::new(rate(100, 60), 6);
    world.slowest_answer = SECOND / 5;
    world.jobs_end = START + 600 * SECOND;
    world.add(START, PACED, Fate::Serve);
    for at in 0..1200 {
        world.add(START + at * SECOND / 2, READ, Fate::Serve); // more than the limit
    }
    world.run();
    let pages = world.processes.iter().filter(|process| process.claim.paced && process.sent).count();
    assert!(pages >= 10, "{pages} pages in ten minutes");
}
