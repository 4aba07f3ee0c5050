//! The rate limit as the server and the person at the terminal see it, over many processes.

use crate::common::{Place, Recorder};
use std::time::{Duration, Instant};

const ID: &str = "5a6a8a32-0000-4000-8000-00000000000f";

#[test]
fn fifty_processes_share_one_budget() {
    const LIMIT: usize = 20;
    const WINDOW: Duration = Duration::from_secs(2);
    let server = Recorder::new(&[]);
    let place = Place::new();
    std::thread::scope(|scope| {
        for _ in 0..50 {
            let (place, server) = (&place, &server);
            scope.spawn(move || {
                let run = place.against(&server.base_url, &["get-note", ID, "--rate-limit", "20/2s"]);
                run.error(3);
            });
        }
    });
    let mut at: Vec<Instant> = server.seen().iter().map(|seen| seen.at).collect();
    at.sort();
    assert_eq!(at.len(), 50);
    for pair in at.windows(LIMIT + 1) {
        let gap = pair[LIMIT].duration_since(pair[0]);
        assert!(gap >= WINDOW, "{} requests within {gap:?}", LIMIT + 1);
    }
}

#[test]
fn a_queue_longer_than_the_time_limit_is_told_at_once() {
    let server = Recorder::new(&[]);
    let place = Place::new();
    let get = |more: &[&str]| {
        place.against(&server.base_url, &[&["get-note", ID, "--rate-limit", "2/60s"], more].concat())
    };
    get(&[]).error(3);
    get(&[]).error(3);
    let begun = Instant::now();
    let error = get(&["--timeout", "10"]).error(5);
    assert!(begun.elapsed() < Duration::from_secs(5), "it waited");
    assert_eq!(error["kind"], "unavailable");
    assert!((50..=60).contains(&error["retry_after_seconds"].as_u64().unwrap()), "{error}");
    assert_eq!(server.seen().len(), 2, "nothing was sent");
}

#[test]
fn the_cool_down_of_one_process_holds_for_the_others() {
    let server = Recorder::new(&["GET /v2/notes=retry-after:20*1"]);
    let place = Place::new();
    // Each gives up at once, the first for what it was told, the second for what the first was told.
    for _ in 0..2 {
        let blocked = place.against(&server.base_url, &["get-note", ID, "--timeout", "5"]).error(5);
        assert!((15..=21).contains(&blocked["retry_after_seconds"].as_u64().unwrap()), "{blocked}");
    }
    assert!(server.seen().is_empty(), "the second was not sent");
}

#[test]
fn waiting_is_announced_unless_quiet() {
    let server = Recorder::new(&[]);
    let place = Place::new();
    let get = |more: &[&str]| {
        place.against(&server.base_url, &[&["get-note", ID, "--rate-limit", "1/2s"], more].concat())
    };
    get(&[]).error(3);
    assert!(get(&[]).stderr.contains("waiting 2 s for the rate limit"));
    assert!(!get(&["--quiet"]).stderr.contains("waiting"));
}

#[test]
fn a_damaged_file_is_no_licence() {
    let server = Recorder::new(&[]);
    let place = Place::new();
    let get = |more: &[&str]| {
        place.against(&server.base_url, &[&["get-note", ID, "--rate-limit", "1/3s"], more].concat())
    };
    get(&[]).error(3);
    let file = std::fs::read_dir(place.state().join("limits")).unwrap().next().unwrap().unwrap().path();
    for garbage in [b"garbage".as_slice(), &[0; 20_000], &[0xff; 20_000]] {
        std::fs::write(&file, garbage).unwrap();
        let begun = Instant::now();
        get(&[]).error(3);
        // The budget counts as just used up: a pause of one window.
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
    let mut at: Vec<Instant> = server.seen().iter().map(|seen| seen.at).collect();
    at.sort();
    assert!(at.windows(2).all(|pair| pair[1] - pair[0] >= Duration::from_secs(3)), "{at:?}");
}
