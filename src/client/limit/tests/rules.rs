//! Each rule by itself.

use std::io::Cursor;

use super::super::layout::SLOTS;
use super::super::rate::Lane;
use super::super::ring::{Ring, Step};
use super::{Claim, PACED, READ, SECOND, START, WRITE, ask, grant, rate, request};
use crate::config::Rate;

#[test]
fn a_full_ring_refuses() {
    let rate = rate(6000, 1);
    let mut file = Cursor::new(Vec::new());
    for _ in 0..SLOTS {
        ask(&mut file, rate, READ, START, None);
    }
    let step = ask(&mut file, rate, READ, START, None);
    assert!(matches!(step, Step::TooLate(_)), "{step:?}");
}

#[test]
fn a_clock_set_back_costs_one_window_and_the_time_bytes_may_be_under_way() {
    let rate = rate(3, 60);
    let mut file = Cursor::default();
    for _ in 0..3 {
        request(&mut file, rate, START);
    }
    let earlier = START - 86_400 * SECOND;
    assert_eq!(grant(&mut file, rate, READ, earlier).0, earlier + 65 * SECOND);
}

#[test]
fn distances_from_before_the_clock_was_set_back_hold_nobody() {
    let lane = Claim { lane: Some(Lane::Upload), ..READ };
    for claim in [WRITE, lane, PACED] {
        let mut file = Cursor::default();
        Ring::open(&mut file, START, 60 * SECOND).unwrap().block(START).unwrap();
        for _ in 0..30 {
            grant(&mut file, rate(100, 60), claim, START);
        }
        let earlier = START - 86_400 * SECOND;
        assert_eq!(grant(&mut file, rate(100, 60), claim, earlier).0, earlier, "{claim:?}");
    }
}

#[test]
fn a_waiting_process_that_does_not_ask_is_passed_over_and_queues_again_when_it_does() {
    let rate = rate(1, 60);
    let mut file = Cursor::default();
    request(&mut file, rate, START);
    let Step::Wait { slot: dead, turn, ask: asks } = ask(&mut file, rate, READ, START, None) else {
        panic!()
    };
    assert_eq!((turn, asks), (START + 60 * SECOND, START + 3 * SECOND));
    let turn = |file: &mut Cursor<Vec<u8>>, now| match ask(file, rate, READ, now, None) {
        Step::Wait { slot: Some(slot), turn, .. } => {
            Ring::open(file, now, rate.window()).unwrap().revoke(slot).unwrap();
            turn
        }
        step => panic!("{step:?}"),
    };
    assert_eq!(turn(&mut file, START + 5 * SECOND), START + 120 * SECOND);
    assert_eq!(turn(&mut file, START + 5 * SECOND + 1), START + 60 * SECOND);
    assert!(matches!(ask(&mut file, rate, READ, START + 6 * SECOND, dead), Step::Lost));
}

#[test]
fn tickets_given_back_cost_the_queue_nothing() {
    let rate = rate(10, 60);
    let mut file = Cursor::default();
    for _ in 0..5 {
        grant(&mut file, rate, READ, START);
    }
    let mut held = Vec::new();
    for _ in 0..53 {
        let (Step::Go(slot) | Step::Wait { slot: Some(slot), .. }) = ask(&mut file, rate, READ, START, None)
        else {
            panic!()
        };
        held.push(slot);
    }
    fastrand::Rng::with_seed(1).shuffle(&mut held);
    for slot in held {
        Ring::open(&mut file, START, rate.window()).unwrap().revoke(slot).unwrap();
    }
    for _ in 0..5 {
        assert_eq!(grant(&mut file, rate, READ, START).0, START);
    }
    assert!(grant(&mut file, rate, READ, START).0 >= START + 60 * SECOND);
}

#[test]
fn writes_and_lanes_keep_their_distance() {
    let rate = Rate::default();
    let mut file = Cursor::default();
    let sql = Claim { lane: Some(Lane::Sql), ..READ };
    assert_eq!(grant(&mut file, rate, WRITE, START).0, START);
    assert_eq!(grant(&mut file, rate, READ, START).0, START);
    assert_eq!(grant(&mut file, rate, WRITE, START).0, START + 40_000);
    assert_eq!(grant(&mut file, rate, sql, START).0, START);
    assert_eq!(grant(&mut file, rate, sql, START).0, START + 500_000);
}

#[test]
fn after_a_cool_down_everybody_goes_one_by_one_for_ten_seconds() {
    for rate in [Rate::default(), Rate::Attio] {
        let mut file = Cursor::default();
        let resume = START + 9 * SECOND;
        Ring::open(&mut file, START, rate.window()).unwrap().block(resume).unwrap();
        let mut now = START;
        for nth in 0..60 {
            now = grant(&mut file, rate, READ, now).0;
            assert_eq!(now, resume + nth * 50_000);
        }
        let calm_over = resume + 10 * SECOND;
        for _ in 0..30 {
            assert_eq!(grant(&mut file, rate, READ, calm_over).0, calm_over);
        }
    }
}

#[test]
fn of_long_jobs_one_queues_at_a_time_and_a_person_overtakes_the_others() {
    let rate = rate(10, 60);
    let mut file = Cursor::default();
    for _ in 0..10 {
        request(&mut file, rate, START);
    }
    let first = ask(&mut file, rate, PACED, START, None);
    assert!(matches!(first, Step::Wait { slot: Some(_), .. }), "{first:?}");
    for _ in 0..5 {
        let other = ask(&mut file, rate, PACED, START, None);
        assert!(matches!(other, Step::Wait { slot: None, .. }), "{other:?}");
    }
    let Step::Wait { slot: Some(person), .. } = ask(&mut file, rate, READ, START, None) else { panic!() };
    assert_eq!(person.number, 11);
}

#[test]
fn attio_counts_reads_and_writes_apart() {
    let mut file = Cursor::default();
    for _ in 0..100 {
        assert_eq!(grant(&mut file, Rate::Attio, READ, START).0, START);
    }
    assert_eq!(grant(&mut file, Rate::Attio, WRITE, START).0, START);
    assert!(grant(&mut file, Rate::Attio, READ, START).0 > START);
}
