//! The ticket ring: when may a request go? Arithmetic over a small file; the clock is passed in.
//!
//! Tickets are numbered in the order of asking. With a limit of 100 in 60 s they fall into 100
//! classes (number modulo 100), and a ticket goes 60 s after the ticket before it in its class has
//! *finished*: its answer was read, or its attempt is over for certain. The server saw that request
//! before it finished, so no two requests of a class, and no 101 in all, reach it within 60 s,
//! however long they were under way. A log of sending times cannot promise that.
//!
//! What survives: a waiting process asks again every [`BEAT`], and one that does not is passed over, so
//! that a queue of dead processes keeps nobody waiting; one that dies after sending holds back its
//! class, and no other, for [`ATTEMPT_LIMIT`]. An unreadable record counts as finished just now, an
//! unreadable header as a full budget. Stamps are wall-clock microseconds: a clock set back costs a
//! window of waiting and a few seconds, a clock set forward may let one window's worth through early, and Attio's own 429
//! catches that.
//!
//! The caller holds the file's lock from [`Ring::open`] until the ring is dropped. How the file is laid
//! out is for `layout` to say.

use std::io;
use std::time::Duration;

use super::layout::{self, Header, SLOTS, Slot, State, Storage};
use super::rate::Budget;

/// Longer than this no attempt may last: the client gives up before.
pub const ATTEMPT_LIMIT: Duration = Duration::from_secs(30);
const ATTEMPT: u64 = ATTEMPT_LIMIT.as_micros() as u64;
/// How long after a timed-out attempt its bytes may still be under way.
pub(super) const TIMEOUT_GRACE: u64 = 5_000_000;
/// A waiting process asks at least this often whether its turn has come.
const BEAT: u64 = 3_000_000;
/// A waiting process that asks so much too late is taken for dead; if it lives, it queues again.
const PATIENCE: u64 = 2_000_000;
/// Nobody queues longer; a stamp farther ahead is no stamp.
const LONGEST_WAIT: u64 = 900_000_000;
/// The longest pause that a 429 can order.
pub(super) const LONGEST_COOL_DOWN: u64 = 300_000_000;
/// After a pause all who waited would go at once and meet the next 429. For so long they go one by one.
const CALM: u64 = 10_000_000;
/// The distance between them: 20 a second, of the 25 that Attio takes of its slowest kind.
const CALM_GAP: u64 = 50_000;

/// The answer to "may I go?"; times in microseconds since 1970.
#[derive(Debug)]
pub(super) enum Step {
    /// Go now; the attempt must end within [`ATTEMPT_LIMIT`].
    Go(Slot),
    /// Not yet.
    Wait {
        /// The place in the queue; none is taken by a long job that leaves room for others.
        slot: Option<Slot>,
        /// When the turn will come, as far as can be told.
        turn: u64,
        /// When to ask again. Whoever does not loses the place.
        ask: u64,
    },
    /// The ticket was given to nobody or passed over: take a new one.
    Lost,
    /// The turn comes then, which is too late; nothing was taken.
    TooLate(u64),
}

/// When a ticket's request ends.
enum End {
    /// It never went out.
    Never,
    /// It has not gone out yet.
    Later,
    /// Then, as early as can be told by now.
    At(u64),
}

/// The opened file at one moment.
pub(super) struct Ring<'a> {
    storage: &'a mut dyn Storage,
    header: Header,
    now: u64,
}

impl<'a> Ring<'a> {
    /// Reads the header. A new file starts with a full budget to spend, an unreadable one with none
    /// for `window`.
    pub fn open(storage: &'a mut dyn Storage, now: u64, window: u64) -> io::Result<Self> {
        let (found, damaged) = Header::read(storage)?;
        let header = found.unwrap_or(Header::new(now, if damaged { now + window } else { 0 }));
        let mut ring = Self { storage, header, now };
        if damaged {
            ring.put_header()?; // now, or each command that cannot wait so long would prolong the pause
        }
        if ring.header.blocked_until > now + LONGEST_COOL_DOWN.max(window) {
            ring.header.blocked_until = 0; // the clock was set back
        }
        Ok(ring)
    }

    /// Takes a ticket, unless its turn comes after `latest` (or in more than [`LONGEST_WAIT`]).
    pub fn enter(&mut self, budget: &Budget, latest: u64) -> io::Result<Step> {
        let slot = self.next_slot(budget);
        if self.is_full(slot, budget)? {
            return Ok(Step::TooLate(self.now + budget.window));
        }
        let next = self.header.next_paced;
        let longest = budget.window.max(BEAT + PATIENCE); // farther ahead, it is from before the clock was set back
        if budget.paced && (self.now + 1..=self.now + longest).contains(&next) {
            let turn = self.earliest(slot, budget)?.max(next);
            return Ok(if turn > latest { Step::TooLate(turn) } else { self.wait(None, turn, next) });
        }
        self.advance(slot, budget, latest)
    }

    /// Asks whether a waiting ticket's turn has come. After [`Step::TooLate`] revoke it.
    pub fn poll(&mut self, slot: Slot, budget: &Budget, latest: u64) -> io::Result<Step> {
        match self.get(slot)? {
            Some(State::Waiting(_)) => self.advance(slot, budget, latest),
            _ => Ok(Step::Lost),
        }
    }

    /// The attempt is over, or will be `at`.
    pub fn finish(&mut self, slot: Slot, at: u64) -> io::Result<()> {
        match self.get(slot)? {
            Some(State::Sent(_) | State::Finished(_)) => self.put(slot, State::Finished(at)),
            _ => Ok(()),
        }
    }

    /// Gives the ticket back: nothing was sent. The last tickets' numbers are then handed out again;
    /// one in the midst of the queue helps its class alone.
    pub fn revoke(&mut self, mut slot: Slot) -> io::Result<()> {
        if !matches!(self.get(slot)?, Some(State::Sent(_) | State::Waiting(_))) {
            return Ok(());
        }
        self.put(slot, State::GivenBack)?;
        while slot.number + 1 == self.header.heads[slot.ring]
            && matches!(self.get(slot)?, Some(State::GivenBack))
        {
            self.header.heads[slot.ring] = slot.number;
            slot.number = slot.number.saturating_sub(1);
        }
        self.put_header()
    }

    /// Nobody goes before `until`.
    pub fn block(&mut self, until: u64) -> io::Result<()> {
        self.header.blocked_until = self.header.blocked_until.max(until);
        self.put_header()
    }

    fn advance(&mut self, slot: Slot, budget: &Budget, latest: u64) -> io::Result<Step> {
        let turn = self.earliest(slot, budget)?;
        if turn > latest.min(self.now + LONGEST_WAIT) {
            return Ok(Step::TooLate(turn));
        }
        // Record first, header second: a crash between the two leaves the ticket untaken.
        let step = if turn > self.now { self.wait(Some(slot), turn, turn) } else { Step::Go(slot) };
        self.put(
            slot,
            if let Step::Wait { ask, .. } = step { State::Waiting(ask) } else { State::Sent(self.now) },
        )?;
        let head = &mut self.header.heads[slot.ring];
        *head = (*head).max(slot.number + 1);
        if let Step::Go(_) = step {
            self.keep_distance(budget);
        }
        if budget.paced {
            self.header.next_paced = match step {
                Step::Wait { ask, .. } => ask + PATIENCE, // the others wait for this one while it is alive
                _ => self.now + self.pace(budget)?,
            };
        }
        self.put_header()?;
        Ok(step)
    }

    fn wait(&self, slot: Option<Slot>, turn: u64, next: u64) -> Step {
        Step::Wait { slot, turn, ask: next.min(self.now + BEAT) }
    }

    fn next_slot(&self, budget: &Budget) -> Slot {
        Slot { epoch: self.header.epoch, ring: budget.ring, number: self.header.heads[budget.ring] }
    }

    /// What came before this request and must be kept away from, and how far.
    fn distances(&mut self, budget: &Budget) -> impl Iterator<Item = (&mut u64, u64)> {
        let is_calm = self.now < self.header.blocked_until.saturating_add(CALM);
        let calm = (&mut self.header.next_calm, if is_calm { CALM_GAP } else { 0 });
        self.header.next.iter_mut().zip(budget.gaps).chain([calm]).filter(|(_, gap)| *gap > 0)
    }

    fn keep_distance(&mut self, budget: &Budget) {
        let now = self.now;
        for (next, gap) in self.distances(budget) {
            *next = now + gap;
        }
    }

    /// The earliest possible time, not before now. It may turn out later once the class's last
    /// request has finished, never sooner.
    fn earliest(&mut self, slot: Slot, budget: &Budget) -> io::Result<u64> {
        let now = self.now;
        // Farther ahead than the distance is a stamp from before the clock was set back.
        let spaced =
            self.distances(budget).map(|(next, gap)| if *next > now + gap { 0 } else { *next }).max();
        let class = self.class_is_free(slot, budget)?;
        Ok(self.open_from().max(spaced.unwrap_or(0)).max(class))
    }

    fn open_from(&self) -> u64 {
        self.now.max(self.header.blocked_until)
    }

    /// A window after the last request of the ticket's class, and another one for each ticket of it
    /// that waits. Tickets no longer on record are more than a window old, see [`Ring::is_full`].
    fn class_is_free(&mut self, mut slot: Slot, budget: &Budget) -> io::Result<u64> {
        let oldest = self.header.heads[slot.ring].saturating_sub(SLOTS);
        let (mut free, mut waiting) = (0, 0);
        while let Some(number) = slot.number.checked_sub(budget.count).filter(|number| *number >= oldest) {
            slot.number = number;
            match self.end(slot)? {
                End::Never => {}
                End::Later => waiting += budget.window,
                End::At(end) => {
                    free = end + budget.window;
                    break;
                }
            }
        }
        Ok(if waiting > 0 { free.max(self.open_from()) + waiting } else { free })
    }

    /// The distance to the next request of a long job, by which all jobs together leave a few turns free
    /// for whoever comes meanwhile. It looks ahead: before the turn of the ticket after next, two may be
    /// used up, and so on; the tightest of these is the distance. While nearly nobody uses the budget,
    /// there is none, so that a short list is as fast as Attio.
    fn pace(&mut self, budget: &Budget) -> io::Result<u64> {
        let (unused, kept_free) = (budget.count - budget.count / 5, budget.count / 20);
        let next = self.next_slot(budget);
        let mut distance = 0;
        let every = usize::try_from(budget.count / 100).map_or(1, |every| every.max(1));
        for ahead in (0..budget.count).step_by(every) {
            let slot = Slot { number: next.number + ahead, ..next };
            let wait = self.class_is_free(slot, budget)?.saturating_sub(self.now);
            if wait > 0 && distance == 0 && ahead >= unused {
                return Ok(0);
            }
            distance = distance.max(wait / ahead.saturating_sub(kept_free).max(1));
        }
        Ok(distance.min(budget.window))
    }

    /// Would this ticket overwrite the record of one that still counts?
    fn is_full(&mut self, slot: Slot, budget: &Budget) -> io::Result<bool> {
        let Some(number) = slot.number.checked_sub(SLOTS) else { return Ok(false) };
        let oldest = Slot { number, ..slot };
        if self.get(oldest)?.is_none() {
            return Ok(false); // overwritten already, by a ticket that was given back
        }
        Ok(match self.end(oldest)? {
            End::Never => false,
            End::Later => true,
            End::At(end) => end + budget.window > self.now,
        })
    }

    /// When the ticket's request ends. Records that cannot be true are mended on the way, each to
    /// what closes the class for as long as the truth could:
    ///
    /// - A silent process was never told to go, since that would have been recorded; should it come
    ///   back, its record no longer says that it waits, and it queues again.
    /// - A waiting process with a stamp from before the clock was set back has one beat to renew it.
    /// - A request sent in the future was sent at the latest now, and may last from now on; the bytes of
    ///   one that ended in the future may be under way.
    /// - What nobody can read was at the worst sent by now. If it is still under way, its process
    ///   writes the true end over the mended one, and whoever waits looks again when its turn comes.
    fn end(&mut self, slot: Slot) -> io::Result<End> {
        let now = self.now;
        let (mended, end) = match self.get(slot)? {
            Some(State::PassedOver | State::GivenBack) => return Ok(End::Never),
            Some(State::Waiting(ask)) if ask + PATIENCE < now => (State::PassedOver, End::Never),
            Some(State::Waiting(ask)) if ask <= now + BEAT => return Ok(End::Later),
            Some(State::Waiting(_)) => (State::Waiting(now + BEAT), End::Later),
            Some(State::Sent(at)) if at <= now => return Ok(End::At(now.min(at + ATTEMPT))),
            Some(State::Sent(_)) => (State::Sent(now), End::At(now)),
            Some(State::Finished(at)) if at <= now + TIMEOUT_GRACE => return Ok(End::At(at)),
            Some(State::Finished(_)) => (State::Finished(now + TIMEOUT_GRACE), End::At(now + TIMEOUT_GRACE)),
            None => (State::Finished(now), End::At(now)),
        };
        self.put(slot, mended)?;
        Ok(end)
    }

    fn get(&mut self, slot: Slot) -> io::Result<Option<State>> {
        if slot.epoch == self.header.epoch { layout::get(self.storage, slot) } else { Ok(None) }
    }

    fn put(&mut self, slot: Slot, state: State) -> io::Result<()> {
        layout::put(self.storage, slot, state)
    }

    fn put_header(&mut self) -> io::Result<()> {
        self.header.write(self.storage)
    }
}
