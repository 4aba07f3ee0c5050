//! The limiter as its users meet it: processes, files, deadlines.

#[path = "../../examples/limit-soak/soak.rs"]
mod soak;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use attio_crm::client::limit::{Claim, Lane, LimitError, Limiter, Ticket};
use attio_crm::config::Rate;
use tokio::time::Instant;

const READ: Claim = Claim { write: false, lane: None, paced: false };

async fn take(limiter: &Limiter) -> Ticket {
    limiter.take(READ, None, &mut |_| {}).await.unwrap()
}

/// The wait that a command with half a second to live is told of; `None` if it gets its turn.
async fn refusal(limiter: &Limiter, claim: Claim) -> Option<Duration> {
    let deadline = Instant::now() + Duration::from_millis(500);
    match limiter.take(claim, Some(deadline), &mut |_| {}).await {
        Ok(_) => None,
        Err(LimitError::QueueTooLong { wait }) => Some(wait),
        Err(error) => panic!("{error}"),
    }
}

fn limiter(folder: &Path, rate: &str) -> Limiter {
    Limiter::new(folder, "test", rate.parse().unwrap())
}

/// One of the processes of the test below.
#[test]
#[ignore = "runs as a child process only"]
fn soak_worker() {
    if std::env::var_os("SOAK_SERVER").is_none() {
        return;
    }
    soak::work().unwrap();
}

fn soak_worker_command() -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["limiter::soak_worker", "--exact", "--ignored"]).stdout(Stdio::null());
    command
}

#[test]
fn fifty_processes_stay_within_the_limit_and_use_it() {
    let plan =
        soak::Plan { procs: 50, requests: 100, count: 20, window: 1, fresh: false, kill: 0, jitter: 0 };
    let outcome = soak::run(&plan, soak_worker_command).unwrap();
    assert_eq!(outcome.arrived, 100);
    assert_eq!(outcome.over, 0, "{} requests in a window of 1 s, limit 20", outcome.most);
    assert!(outcome.rate > 80.0, "{:.0} % of the limit, {:?} for all", outcome.rate, outcome.took);
    let longest = outcome.waits.last().copied().unwrap();
    assert!(longest <= Duration::from_secs(4), "50 processes, 20 a second: one waited {longest:?}");
}

#[test]
fn a_process_for_each_request_and_slow_connections_do_not_lift_the_limit() {
    let plan =
        soak::Plan { procs: 30, requests: 50, count: 20, window: 1, fresh: true, kill: 0, jitter: 300 };
    let outcome = soak::run(&plan, soak_worker_command).unwrap();
    assert_eq!((outcome.arrived, outcome.killed), (50, 0));
    assert_eq!(outcome.over, 0, "{} requests in a window of 1 s, limit 20", outcome.most);
}

#[tokio::test]
async fn a_queue_longer_than_the_deadline_fails_at_once_and_takes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), "1/2s");
    take(&limiter).await.finish();
    let start = Instant::now();
    for _ in 0..20 {
        assert!(refusal(&limiter, READ).await.unwrap() > Duration::from_secs(1));
    }
    assert!(start.elapsed() < Duration::from_millis(500));

    let mut told = Vec::new();
    limiter.take(READ, None, &mut |wait| told.push(wait)).await.unwrap().finish();
    assert!(start.elapsed() < Duration::from_secs(3), "the refused ones had taken places");
    assert_eq!(told.len(), 1);
}

#[tokio::test]
async fn an_interrupted_wait_and_a_revoked_ticket_give_their_place_back() {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), "2/2s");
    take(&limiter).await.finish();
    take(&limiter).await.revoke();
    take(&limiter).await.finish();
    for _ in 0..10 {
        let waiting = tokio::time::timeout(Duration::from_millis(5), take(&limiter)).await;
        assert!(waiting.is_err(), "a third request went within the window");
    }
    let start = Instant::now();
    take(&limiter).await.finish();
    take(&limiter).await.finish();
    assert!(start.elapsed() < Duration::from_millis(2500));
}

#[tokio::test]
async fn a_cool_down_holds_for_every_process_with_the_same_key_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    limiter(folder.path(), "100/min").cool_down(Duration::from_secs(20));
    let wait = refusal(&limiter(folder.path(), "attio"), READ).await.unwrap();
    assert!((Duration::from_secs(18)..=Duration::from_secs(20)).contains(&wait));
    let other_key = Limiter::new(folder.path(), "other", Rate::default());
    assert_eq!(refusal(&other_key, READ).await, None);
}

#[tokio::test]
async fn writes_and_lanes_are_spaced() {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), "100/min");
    let start = Instant::now();
    for _ in 0..5 {
        limiter.take(Claim { write: true, ..READ }, None, &mut |_| {}).await.unwrap().finish();
    }
    assert!(start.elapsed() >= Duration::from_millis(160));
    let upload = Claim { lane: Some(Lane::Upload), ..READ };
    assert_eq!(refusal(&limiter, upload).await, None);
    assert!(refusal(&limiter, upload).await.unwrap() > Duration::from_millis(500));
    assert_eq!(refusal(&limiter, READ).await, None);
}

#[tokio::test]
async fn off_waits_for_nothing_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), "off");
    limiter.cool_down(Duration::from_secs(60));
    for _ in 0..1000 {
        assert_eq!(refusal(&limiter, Claim { write: true, lane: Some(Lane::Sql), paced: true }).await, None);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_means_a_quarter_of_the_rate_and_one_warning() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("test.lim")).unwrap();
    let limiter = limiter(folder.path(), "20/min");
    assert_eq!(limiter.warning(), None);
    for _ in 0..5 {
        assert_eq!(refusal(&limiter, READ).await, None);
    }
    assert!(refusal(&limiter, READ).await.unwrap() > Duration::from_secs(50));
    assert!(limiter.warning().unwrap().contains("test.lim"));
    assert_eq!(limiter.warning(), None);
}

#[tokio::test]
async fn a_lock_that_is_never_released_is_an_error_that_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), "20/min");
    take(&limiter).await.finish();
    let held = fs::File::open(folder.path().join("test.lim")).unwrap();
    held.lock().unwrap();
    let deadline = Instant::now() + Duration::from_millis(300);
    let Err(error) = limiter.take(READ, Some(deadline), &mut |_| {}).await else { panic!("took a turn") };
    assert!(error.to_string().contains("test.lim"), "{error}");
    held.unlock().unwrap();
    assert_eq!(refusal(&limiter, READ).await, None);
}

#[tokio::test]
async fn a_file_that_was_deleted_or_damaged_meanwhile_costs_a_window() {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), "1/1s");
    take(&limiter).await.finish();
    let start = Instant::now();
    let damage = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        fs::remove_file(folder.path().join("test.lim")).unwrap();
        fs::write(folder.path().join("test.lim"), "not a limiter file").unwrap();
    };
    let (ticket, ()) = tokio::join!(take(&limiter), damage);
    ticket.finish();
    assert!((Duration::from_secs(1)..Duration::from_secs(3)).contains(&start.elapsed()));
    assert_eq!(limiter.warning(), None);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_user_can_read_the_file_and_its_folder() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("state/limits");
    take(&limiter(&folder, "20/min")).await.finish();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("test.lim")), 0o600);
}
