//! The ticket ring: when may a request go? Arithmetic over a small file; the clock is passed in.
//!
//! Tickets are numbered in the order of asking. With a limit of 100 in 60 s they fall into 100
//! classes (number modulo 100), and a ticket goes 60 s after the ticket before it in its class has
//! *finished*: its answer was read, or its attempt is over for certain. The server saw that request
//! before it finished, so no two requests of a class, and no 101 in all, reach it within 60 s,
//! however long they were under way. A log of sending times cannot promise that.
//!
//! What survives: a process that dies while it waits is passed over 2 s after its turn; one that
//! dies after sending holds back its class, and no other, for [`ATTEMPT_LIMIT`]. An unreadable
//! record counts as finished just now, an unreadable header as a full budget. Stamps are wall-clock
//! microseconds: a clock set back costs one window of waiting, a clock set forward may let one
//! window's worth through early, and Attio's own 429 catches that.
//!
//! The caller holds the file's lock from [`Ring::open`] until the ring is dropped.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::time::Duration;

use super::rate::Budget;

/// Longer than this no attempt may last: the client gives up before.
pub const ATTEMPT_LIMIT: Duration = Duration::from_secs(30);
const ATTEMPT: u64 = ATTEMPT_LIMIT.as_micros() as u64;
/// How long after a timed-out attempt its bytes may still be under way.
pub(super) const TIMEOUT_GRACE: u64 = 5_000_000;
/// A waiting process this late for its turn is taken for dead; if it lives, it queues again.
const PATIENCE: u64 = 2_000_000;
/// Nobody queues longer; a stamp farther ahead is no stamp.
const LONGEST_WAIT: u64 = 900_000_000;
/// The longest pause that a 429 can order.
pub(super) const LONGEST_COOL_DOWN: u64 = 300_000_000;

const MAGIC: u64 = u64::from_le_bytes(*b"attlim01");
/// Tickets on record in each ring, more than the highest count.
pub(super) const SLOTS: u64 = 8192;
const SLOT_BYTES: u64 = 16;
const RINGS: usize = 2;
const HEADER_WORDS: usize = 1 + 1 + RINGS + 1 + Budget::GAPS + 1;
const HEADER_BYTES: usize = HEADER_WORDS * 8;
const SLOTS_START: u64 = 128;

/// A file, or memory where there is none.
pub(super) trait Storage: Read + Write + Seek {}
impl<T: Read + Write + Seek> Storage for T {}

/// A ticket's place: valid as long as the file is the one it was taken from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    epoch: u64,
    ring: usize,
    number: u64,
}

/// The answer to "may I go?"; times in microseconds since 1970.
#[derive(Debug)]
pub(super) enum Step {
    /// Go now; the attempt must end within [`ATTEMPT_LIMIT`].
    Go(Slot),
    /// Ask again then.
    Wait(Slot, u64),
    /// The ticket was given to nobody or passed over: take a new one.
    Lost,
    /// The turn comes then, which is too late; nothing was taken.
    TooLate(u64),
}

/// What a ticket's record says; times in microseconds since 1970.
#[derive(Clone, Copy, Debug)]
enum State {
    /// Its process did not show up for its turn.
    PassedOver,
    /// Its process wants it no longer.
    GivenBack,
    Waiting(u64),
    Sent(u64),
    Finished(u64),
}

impl State {
    fn pack(self) -> u64 {
        match self {
            Self::PassedOver => 0,
            Self::GivenBack => 1 << 2,
            Self::Waiting(at) => at << 2 | 1,
            Self::Sent(at) => at << 2 | 2,
            Self::Finished(at) => at << 2 | 3,
        }
    }

    fn unpack(word: u64) -> Self {
        match (word & 3, word >> 2) {
            (1, at) => Self::Waiting(at),
            (2, at) => Self::Sent(at),
            (3, at) => Self::Finished(at),
            (_, 0) => Self::PassedOver,
            _ => Self::GivenBack,
        }
    }
}

/// The first bytes of the file, little-endian words between [`MAGIC`] and a check sum.
struct Header {
    /// When the file began; a rebuilt file has another one, so that old tickets are void.
    epoch: u64,
    /// The next ticket of each ring.
    heads: [u64; RINGS],
    /// Nobody goes before: a 429 was seen, or the file was rebuilt.
    blocked_until: u64,
    /// The earliest next request by each of [`Budget::gaps`].
    next: [u64; Budget::GAPS],
}

impl Header {
    fn new(epoch: u64, blocked_until: u64) -> Self {
        Self { epoch, heads: [0; RINGS], blocked_until, next: [0; Budget::GAPS] }
    }

    fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let words =
            [MAGIC, self.epoch].into_iter().chain(self.heads).chain([self.blocked_until]).chain(self.next);
        let mut bytes = [0; HEADER_BYTES];
        let mut sum = 0;
        for (chunk, word) in bytes.chunks_exact_mut(8).zip(words) {
            chunk.copy_from_slice(&word.to_le_bytes());
            sum = mix(sum, word);
        }
        bytes[HEADER_BYTES - 8..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8; HEADER_BYTES]) -> Option<Self> {
        let mut words = [0; HEADER_WORDS];
        for (word, chunk) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*chunk);
        }
        let [magic, epoch, h0, h1, blocked_until, n0, n1, n2, n3, n4, n5, n6, sum] = words;
        let valid = magic == MAGIC && words[..HEADER_WORDS - 1].iter().fold(0, |a, w| mix(a, *w)) == sum;
        let header = Self { epoch, heads: [h0, h1], blocked_until, next: [n0, n1, n2, n3, n4, n5, n6] };
        valid.then_some(header)
    }
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
        let found = Header::from_bytes(&read(storage, 0)?);
        let damaged = found.is_none() && storage.seek(SeekFrom::End(0))? > 0;
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
        let number = self.header.heads[budget.ring];
        let slot = Slot { epoch: self.header.epoch, ring: budget.ring, number };
        if self.is_full(slot, budget)? {
            return Ok(Step::TooLate(self.now + budget.window));
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
        let at = self.earliest(slot, budget)?;
        if at > latest.min(self.now + LONGEST_WAIT) {
            return Ok(Step::TooLate(at));
        }
        // Record first, header second: a crash between the two leaves the ticket untaken.
        let step = if at > self.now {
            self.put(slot, State::Waiting(at))?;
            Step::Wait(slot, at)
        } else {
            self.put(slot, State::Sent(self.now))?;
            for (next, gap) in self.header.next.iter_mut().zip(budget.gaps).filter(|(_, gap)| *gap > 0) {
                *next = self.now + gap;
            }
            Step::Go(slot)
        };
        let head = &mut self.header.heads[slot.ring];
        *head = (*head).max(slot.number + 1);
        self.put_header()?;
        Ok(step)
    }

    /// The earliest possible time, not before now. It may turn out later once the class's last
    /// request has finished, never sooner.
    fn earliest(&mut self, slot: Slot, budget: &Budget) -> io::Result<u64> {
        let spaced = self.header.next.iter().zip(budget.gaps).filter(|(_, gap)| *gap > 0);
        let spaced = spaced.map(|(next, gap)| (*next).min(self.now + gap)).max().unwrap_or(0);
        let class = self.class_is_free(slot, budget)?;
        Ok(self.now.max(self.header.blocked_until).max(spaced).max(class))
    }

    /// A window after the last request of the ticket's class. Tickets no longer on record are more
    /// than a window old, see [`Ring::is_full`].
    fn class_is_free(&mut self, mut slot: Slot, budget: &Budget) -> io::Result<u64> {
        let oldest = self.header.heads[slot.ring].saturating_sub(SLOTS);
        while let Some(number) = slot.number.checked_sub(budget.count).filter(|number| *number >= oldest) {
            slot.number = number;
            if let Some(end) = self.end(slot)? {
                return Ok(end + budget.window);
            }
        }
        Ok(0)
    }

    /// Would this ticket overwrite the record of one that still counts?
    fn is_full(&mut self, slot: Slot, budget: &Budget) -> io::Result<bool> {
        let Some(number) = slot.number.checked_sub(SLOTS) else { return Ok(false) };
        let oldest = Slot { number, ..slot };
        if self.get(oldest)?.is_none() {
            return Ok(false); // overwritten already, by a ticket that was given back
        }
        Ok(self.end(oldest)?.is_some_and(|end| end + budget.window > self.now))
    }

    /// When the ticket's request ends, as early as can be told by now; `None` if it never went out.
    /// Records that cannot be true are mended on the way.
    fn end(&mut self, slot: Slot) -> io::Result<Option<u64>> {
        let now = self.now;
        let (mended, end) = match self.get(slot)? {
            Some(State::PassedOver | State::GivenBack) => return Ok(None),
            Some(State::Waiting(at)) if at + PATIENCE < now => (State::PassedOver, None),
            Some(State::Waiting(at)) if at <= now + LONGEST_WAIT => return Ok(Some(at.max(now))),
            Some(State::Sent(at)) if at <= now => return Ok(Some(now.min(at + ATTEMPT))),
            Some(State::Sent(_)) => (State::Sent(now), Some(now)),
            Some(State::Finished(at)) if at <= now + TIMEOUT_GRACE => return Ok(Some(at)),
            _ => (State::Finished(now), Some(now)),
        };
        self.put(slot, mended)?;
        Ok(end)
    }

    fn get(&mut self, slot: Slot) -> io::Result<Option<State>> {
        if slot.epoch != self.header.epoch {
            return Ok(None);
        }
        let record: [u8; 16] = read(self.storage, offset(slot))?;
        let ([word, check], _) = record.as_chunks::<8>() else { return Ok(None) };
        let word = u64::from_le_bytes(*word);
        Ok((u64::from_le_bytes(*check) == seal(slot, word)).then(|| State::unpack(word)))
    }

    fn put(&mut self, slot: Slot, state: State) -> io::Result<()> {
        let word = state.pack();
        let mut record = [0; SLOT_BYTES as usize];
        record[..8].copy_from_slice(&word.to_le_bytes());
        record[8..].copy_from_slice(&seal(slot, word).to_le_bytes());
        write(self.storage, offset(slot), &record)
    }

    fn put_header(&mut self) -> io::Result<()> {
        write(self.storage, 0, &self.header.to_bytes())
    }
}

fn offset(slot: Slot) -> u64 {
    SLOTS_START + (slot.ring as u64 * SLOTS + slot.number % SLOTS) * SLOT_BYTES
}

/// Ties a record to its ticket, so that a stale or damaged one is seen.
fn seal(slot: Slot, word: u64) -> u64 {
    [slot.ring as u64, slot.number, word].into_iter().fold(slot.epoch, mix)
}

fn mix(sum: u64, word: u64) -> u64 {
    ((sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)).rotate_left(29).wrapping_add(1)
}

/// Bytes beyond the end of the file are zeros.
fn read<const N: usize>(storage: &mut dyn Storage, offset: u64) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    storage.seek(SeekFrom::Start(offset))?;
    match storage.read_exact(&mut bytes) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok([0; N]),
        result => result.map(|()| bytes),
    }
}

fn write(storage: &mut dyn Storage, offset: u64, bytes: &[u8]) -> io::Result<()> {
    storage.seek(SeekFrom::Start(offset))?;
    storage.write_all(bytes)
}
