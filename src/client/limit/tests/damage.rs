//! What lies in the file may be anything.

use std::io::Cursor;

use proptest::prelude::*;

use super::super::layout::{Header, LAYOUT, Slot, State, put};
use super::super::rate::{Budget, micros};
use super::super::ring::{ATTEMPT_LIMIT, Ring, Step};
use super::{Claim, READ, SECOND, START, ask, grant, most_in_a_window, rate, request};

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
    for seed in 0..3000 {
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
        let budget = rate.budget(READ, 1).unwrap();
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

proptest! {
    #[test]
    fn any_bytes_cost_a_window_at_the_most(
        bytes in prop::collection::vec(any::<u8>(), 1..600),
        (count, seconds) in (1_u32..6, 1_u64..60),
    ) {
        let rate = rate(count, seconds);
        let mut file = Cursor::new(bytes);
        let first = request(&mut file, rate, START);
        prop_assert_eq!(first, START + seconds * SECOND);
        let mut grants = vec![first];
        for _ in 0..3 * count {
            grants.push(request(&mut file, rate, grants[grants.len() - 1]));
        }
        prop_assert!(most_in_a_window(&grants, seconds * SECOND) <= count as usize);
    }

    /// What is sealed and yet impossible, as no accident makes it.
    #[test]
    fn no_sealed_file_panics(
        heads in [any::<u64>(), any::<u64>()].prop_map(|heads| heads.map(|head| head >> (head % 64))),
        times in prop::collection::vec(any::<u64>().prop_map(|time| time >> (time % 64)), 4 + Budget::GAPS),
        records in prop::collection::vec((0..20_u64, 0..5_u8, any::<u64>()), 0..20),
    ) {
        let epoch = times[0];
        let mut header = Header::new(epoch, times[1]);
        (header.heads, header.next_calm, header.next_paced) = (heads, times[2], times[3]);
        header.next.copy_from_slice(&times[4..]);
        let mut file = Cursor::default();
        header.write(&mut file).unwrap();
        for (back, kind, at) in records {
            let state = match kind {
                0 => State::PassedOver,
                1 => State::GivenBack,
                2 => State::Waiting(at >> 2),
                3 => State::Sent(at >> 2),
                _ => State::Finished(at >> 2),
            };
            put(&mut file, Slot { epoch, ring: 0, number: heads[0].saturating_sub(back) }, state).unwrap();
        }
        for paced in [false, true] {
            let claim = Claim { paced, ..READ };
            let step = ask(&mut file, rate(5, 60), claim, START, None);
            if let Step::Wait { slot: Some(slot), ask: at, .. } = step {
                ask(&mut file, rate(5, 60), claim, at, Some(slot));
                Ring::open(&mut file, at, 60 * SECOND).unwrap().revoke(slot).unwrap();
            }
        }
    }
}

#[test]
fn a_damaged_header_costs_one_window_even_if_nobody_waits_for_it() {
    let rate = rate(1, 60);
    let budget = rate.budget(READ, 1).unwrap();
    let mut file = Cursor::default();
    grant(&mut file, rate, READ, START);
    let waiting = ask(&mut file, rate, READ, START, None);
    let Step::Wait { slot: Some(old), .. } = waiting else { panic!("{waiting:?}") };
    file.get_mut()[..100].fill(7);
    for second in 1..=60 {
        let now = START + second * SECOND;
        let step =
            Ring::open(&mut file, now, rate.window()).unwrap().enter(&budget, now + SECOND / 2).unwrap();
        assert!(matches!(step, Step::TooLate(at) if at == START + 61 * SECOND), "{step:?}");
    }
    let now = START + 61 * SECOND;
    let step = ask(&mut file, rate, READ, now, Some(old));
    assert!(matches!(step, Step::Lost), "a ticket of the old file was honoured");
    assert_eq!(grant(&mut file, rate, READ, now).0, now);
}

/// Two versions of the program may use one folder: see [`LAYOUT`].
#[test]
fn the_bytes_are_those_of_this_layout() {
    let mut file = Cursor::default();
    request(&mut file, rate(1, 60), START);
    let words = file.get_ref().as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word));
    let used: Vec<(usize, u64)> = words.enumerate().filter(|(_, word)| *word != 0).collect();
    let epoch_head_sum = [(1, START), (2, 1), (13, 0xaf0f_52e8_04c5_2ec6)];
    let record = [(16, START << 2 | 3), (17, 0xf9f6_63d1_660a_75de)];
    assert_eq!(
        (LAYOUT, used),
        (
            2,
            [(0, u64::from_le_bytes(*b"attlim02"))].into_iter().chain(epoch_head_sum).chain(record).collect()
        ),
        "when the bytes change, so must the number that tells them apart"
    );
}
