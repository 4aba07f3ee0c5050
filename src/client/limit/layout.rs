//! How the limiter's file is laid out: a header, then two rings of records, each sealed by a check sum.
//!
//! What the words mean for a request is for `ring` to say. A file of zeros, or none, is an empty one.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};

use super::rate::Budget;

/// Raise it with each change of what the bytes mean. It is part of the file's name: two versions of the
/// program with different layouts would else take each other's file for damaged, start it anew, each
/// time after a pause of a window, and void all waiting tickets. With two names they count apart, so
/// together they may reach twice the rate while both are used, which Attio's own 429 catches.
pub(super) const LAYOUT: u8 = 2;

const MAGIC: u64 = u64::from_le_bytes([b'a', b't', b't', b'l', b'i', b'm', b'0', b'0' + LAYOUT]);
/// Tickets on record in each ring, more than the highest count.
pub(super) const SLOTS: u64 = 8192;
/// Nobody gets that far by counting.
const MOST_TICKETS: u64 = 1 << 60;
const SLOT_BYTES: u64 = 16;
const RINGS: usize = 2;
const HEADER_WORDS: usize = 1 + 1 + RINGS + 3 + Budget::GAPS + 1;
const HEADER_BYTES: usize = HEADER_WORDS * 8;
const SLOTS_START: u64 = 128;
const _: () = assert!(HEADER_BYTES as u64 <= SLOTS_START, "the header reaches into the records");

/// A file, or memory where there is none.
pub(super) trait Storage: Read + Write + Seek {}
impl<T: Read + Write + Seek> Storage for T {}

/// A ticket's place: valid as long as the file is the one it was taken from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub epoch: u64,
    pub ring: usize,
    pub number: u64,
}

/// What a ticket's record says; times in microseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    /// Its process did not ask again.
    PassedOver,
    /// Its process wants it no longer.
    GivenBack,
    /// Its process will ask again then.
    Waiting(u64),
    /// Its request went out then.
    Sent(u64),
    /// Its request ended then.
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
pub(super) struct Header {
    /// When the file began; a rebuilt file has another one, so that old tickets are void.
    pub epoch: u64,
    /// The next ticket of each ring.
    pub heads: [u64; RINGS],
    /// Nobody goes before: a 429 was seen, or the file was rebuilt.
    pub blocked_until: u64,
    /// The earliest next request of all after a 429.
    pub next_calm: u64,
    /// The earliest next request of a long job.
    pub next_paced: u64,
    /// The earliest next request by each of [`Budget::gaps`].
    pub next: [u64; Budget::GAPS],
}

impl Header {
    pub fn new(epoch: u64, blocked_until: u64) -> Self {
        Self { epoch, heads: [0; RINGS], blocked_until, next_calm: 0, next_paced: 0, next: [0; Budget::GAPS] }
    }

    /// The header, and if there is none, whether something else is there.
    pub fn read(storage: &mut dyn Storage) -> io::Result<(Option<Self>, bool)> {
        let found = Self::from_bytes(&read(storage, 0)?);
        let damaged = found.is_none() && storage.seek(SeekFrom::End(0))? > 0;
        Ok((found, damaged))
    }

    pub fn write(&self, storage: &mut dyn Storage) -> io::Result<()> {
        write(storage, 0, &self.to_bytes())
    }

    fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let words = [MAGIC, self.epoch].into_iter().chain(self.heads);
        let words = words.chain([self.blocked_until, self.next_calm, self.next_paced]).chain(self.next);
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
        let [magic, epoch, h0, h1, blocked_until, next_calm, next_paced, next @ .., sum] = words;
        let sealed = words[..HEADER_WORDS - 1].iter().fold(0, |a, w| mix(a, *w)) == sum;
        let sane = h0.max(h1) < MOST_TICKETS;
        (magic == MAGIC && sealed && sane).then_some(Self {
            epoch,
            heads: [h0, h1],
            blocked_until,
            next_calm,
            next_paced,
            next,
        })
    }
}

/// What is on record of a ticket; `None` if that is unreadable or of another ticket.
pub(super) fn get(storage: &mut dyn Storage, slot: Slot) -> io::Result<Option<State>> {
    let record: [u8; SLOT_BYTES as usize] = read(storage, offset(slot))?;
    let ([word, check], _) = record.as_chunks::<8>() else { return Ok(None) };
    let word = u64::from_le_bytes(*word);
    Ok((u64::from_le_bytes(*check) == seal(slot, word)).then(|| State::unpack(word)))
}

/// Puts a ticket on record.
pub(super) fn put(storage: &mut dyn Storage, slot: Slot, state: State) -> io::Result<()> {
    let word = state.pack();
    let mut record = [0; SLOT_BYTES as usize];
    record[..8].copy_from_slice(&word.to_le_bytes());
    record[8..].copy_from_slice(&seal(slot, word).to_le_bytes());
    write(storage, offset(slot), &record)
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
