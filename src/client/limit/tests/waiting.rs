//! The limiter as the client meets it: files, deadlines, dropped futures. The clock runs when all wait.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, advance, sleep};

use super::super::layout::LAYOUT;
use super::super::rate::{Lane, micros};
use super::super::{LimitError, Limiter, Ticket};
use super::{Claim, PACED, READ, START, WRITE};

thread_local! {
    static BEGAN: Instant = Instant::now();
}

/// A wall clock that goes with the one of the runtime.
fn clock() -> u64 {
    START + micros(BEGAN.with(Instant::elapsed))
}

fn limiter(folder: &Path, rate: &str) -> Limiter {
    Limiter::with_clock(folder, "test", rate.parse().unwrap(), clock)
}

fn file(folder: &Path) -> PathBuf {
    folder.join(format!("test-{LAYOUT}.lim"))
}

async fn take(limiter: &Limiter) -> Ticket {
    limiter.take(READ, None, &mut |_| {}).await.unwrap()
}

/// The wait that a command with half a second to live is told of; `None` if it gets its turn.
async fn refusal(limiter: &Limiter, claim: Claim) -> Option<Duration> {
    let latest = Instant::now() + Duration::from_millis(500);
    match limiter.take(claim, Some(latest), &mut |_| {}).await {
        Ok(ticket) => {
            ticket.finish().await;
            None
        }
        Err(LimitError::QueueTooLong { wait }) => Some(wait),
        Err(error) => panic!("{error}"),
    }
}

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[tokio::test(start_paused = true)]
async fn a_queue_longer_than_the_deadline_fails_at_once_and_takes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), "1/60s");
    take(&limiter).await.finish().await;
    let start = Instant::now();
    for _ in 0..20 {
        assert_eq!(refusal(&limiter, READ).await, Some(seconds(60)));
    }
    assert_eq!(start.elapsed(), Duration::ZERO);

    let mut told = Vec::new();
    limiter.take(READ, None, &mut |wait| told.push(wait)).await.unwrap().finish().await;
    assert_eq!((start.elapsed(), told), (seconds(60), vec![seconds(60)]));
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_after_the_latest_time_not_even_without_a_limit() {
    let folder = tempfile::tempdir().unwrap();
    let past = Instant::now();
    advance(Duration::from_millis(1)).await;
    for rate in ["off", "100/min"] {
        let refused = limiter(folder.path(), rate).take(READ, Some(past), &mut |_| {}).await.err();
        assert!(matches!(refused, Some(LimitError::QueueTooLong { wait: Duration::ZERO })), "{rate}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_wait_and_a_revoked_ticket_give_their_place_back() {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), "2/60s");
    take(&limiter).await.finish().await;
    take(&limiter).await.revoke().await;
    take(&limiter).await.finish().await;
    let start = Instant::now();
    for claim in [READ, WRITE, PACED] {
        let mut ignore = |_| {};
        let waiting = limiter.take(claim, None, &mut ignore);
        assert!(tokio::time::timeout(Duration::from_millis(5), waiting).await.is_err());
    }
    take(&limiter).await.finish().await;
    take(&limiter).await.finish().await;
    assert_eq!(start.elapsed(), seconds(60));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_ticket_counts_as_sent() {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), "1/60s");
    drop(take(&limiter).await);
    assert_eq!(refusal(&limiter, READ).await, Some(seconds(60)));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_timed_out_counts_until_its_bytes_are_out_of_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), "1/60s");
    take(&limiter).await.finish_after_timeout().await;
    assert_eq!(refusal(&limiter, READ).await, Some(seconds(65)));
}

#[tokio::test(start_paused = true)]
async fn a_cool_down_holds_for_every_process_with_the_same_key_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    limiter(folder.path(), "100/min").cool_down(seconds(20)).await;
    assert_eq!(refusal(&limiter(folder.path(), "attio"), READ).await, Some(seconds(20)));
    let other_key = Limiter::with_clock(folder.path(), "other", "100/min".parse().unwrap(), clock);
    assert_eq!(refusal(&other_key, READ).await, None);
}

#[tokio::test(start_paused = true)]
async fn writes_and_lanes_are_spaced() {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), "100/min");
    let start = Instant::now();
    for _ in 0..5 {
        limiter.take(WRITE, None, &mut |_| {}).await.unwrap().finish().await;
    }
    // Timers have milliseconds, and a wait is rounded up.
    assert!((160..165).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
    let upload = Claim { lane: Some(Lane::Upload), ..READ };
    assert_eq!(refusal(&limiter, upload).await, None);
    assert_eq!(refusal(&limiter, upload).await, Some(seconds(1)));
    assert_eq!(refusal(&limiter, READ).await, None);
}

#[tokio::test(start_paused = true)]
async fn off_waits_for_nothing_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), "off");
    limiter.cool_down(seconds(60)).await;
    for _ in 0..1000 {
        assert_eq!(refusal(&limiter, Claim { write: true, lane: Some(Lane::Sql), paced: true }).await, None);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn without_its_file_a_process_keeps_to_a_quarter_of_the_rate_says_so_once_and_tries_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(folder.path());
    let limiter = limiter(folder.path(), "20/min");
    assert_eq!(refusal(&limiter, READ).await, None);
    assert_eq!(limiter.warning(), None);
    let (aside, shared) = (folder.path().join("aside"), &file);
    fs::rename(shared, &aside).unwrap();
    fs::create_dir(shared).unwrap();
    for _ in 0..5 {
        assert_eq!(refusal(&limiter, READ).await, None);
    }
    assert_eq!(refusal(&limiter, READ).await, Some(seconds(60)));
    let told = limiter.warning().unwrap();
    assert!(told.contains("test-2.lim: it is a folder; keeping to a quarter of 20/min"), "{told}");
    assert_eq!(limiter.warning(), None);

    fs::remove_dir(shared).unwrap();
    fs::rename(&aside, shared).unwrap();
    for _ in 0..19 {
        assert_eq!(refusal(&limiter, READ).await, None);
    }
    assert_eq!(refusal(&limiter, READ).await, Some(seconds(60)), "the shared budget is used again");
}

#[tokio::test(start_paused = true)]
async fn a_file_that_fails_while_somebody_waits_loses_a_place_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(folder.path());
    let limiter = limiter(folder.path(), "1/60s");
    take(&limiter).await.finish().await;
    let fail = async {
        sleep(seconds(10)).await;
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        sleep(seconds(10)).await;
        fs::remove_dir(&file).unwrap();
    };
    let (ticket, ()) = tokio::join!(take(&limiter), fail);
    ticket.finish().await;
    assert_eq!(refusal(&limiter, READ).await, None, "a new file, a new budget");
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_is_never_released_is_an_error_that_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), "20/min");
    take(&limiter).await.finish().await;
    let kept = take(&limiter).await;
    let held = fs::File::open(file(folder.path())).unwrap();
    held.lock().unwrap();
    for (latest, after) in [(Some(seconds(3)), 3), (None, 10)] {
        let start = Instant::now();
        let latest = latest.map(|latest| start + latest);
        let Err(error) = limiter.take(READ, latest, &mut |_| {}).await else { panic!("took a turn") };
        assert!(error.to_string().contains("test-2.lim"), "{error}");
        assert_eq!(start.elapsed().as_secs(), after);
    }
    // Neither can be put down; nobody waits for that for long.
    limiter.cool_down(seconds(9)).await;
    kept.finish().await;
    held.unlock().unwrap();
    assert_eq!(refusal(&limiter, READ).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_was_deleted_or_damaged_meanwhile_costs_a_window() {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), "1/60s");
    take(&limiter).await.finish().await;
    let start = Instant::now();
    let damage = async {
        sleep(seconds(10)).await;
        fs::remove_file(file(folder.path())).unwrap();
        fs::write(file(folder.path()), "not a limiter file").unwrap();
    };
    let (ticket, ()) = tokio::join!(take(&limiter), damage);
    ticket.finish().await;
    // It is seen at the next beat.
    assert_eq!(start.elapsed(), seconds(72));
    assert_eq!(limiter.warning(), None);
}

#[tokio::test(start_paused = true)]
async fn the_file_of_another_version_is_neither_read_nor_touched() {
    let folder = tempfile::tempdir().unwrap();
    let others =
        ["test.lim".to_owned(), format!("test-{}.lim", LAYOUT - 1), format!("test-{}.lim", LAYOUT + 1)];
    let healthy = {
        take(&limiter(folder.path(), "1/60s")).await.finish().await;
        fs::read(file(folder.path())).unwrap()
    };
    for content in [healthy, b"damaged".to_vec()] {
        let folder = tempfile::tempdir().unwrap();
        for other in &others {
            fs::write(folder.path().join(other), &content).unwrap();
        }
        let limiter = limiter(folder.path(), "1/60s");
        assert_eq!(refusal(&limiter, READ).await, None);
        assert_eq!(refusal(&limiter, READ).await, Some(seconds(60)));
        for other in &others {
            assert_eq!(fs::read(folder.path().join(other)).unwrap(), content);
        }
    }
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn a_link_in_place_of_the_file_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let theirs = folder.path().join("theirs");
    fs::write(&theirs, "").unwrap();
    std::os::unix::fs::symlink(&theirs, file(folder.path())).unwrap();
    let limiter = limiter(folder.path(), "4/min");
    assert_eq!(refusal(&limiter, READ).await, None);
    assert_eq!(refusal(&limiter, READ).await, Some(seconds(60)));
    assert!(limiter.warning().unwrap().contains("it is a symbolic link"));
    assert_eq!(fs::read(&theirs).unwrap(), b"");
}
