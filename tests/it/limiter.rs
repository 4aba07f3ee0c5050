//! The limiter over many processes: counted at the server, never timed.

#[expect(dead_code, reason = "the program for developers measures more than is asserted here")]
#[path = "../../examples/limit-soak/soak.rs"]
mod soak;

use std::process::{Command, Stdio};

/// One of the processes of the tests below.
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
fn fifty_processes_stay_within_the_limit_and_all_are_served() {
    let plan =
        soak::Plan { procs: 50, requests: 100, count: 20, window: 0.3, fresh: false, kill: 0, jitter: 0 };
    let outcome = soak::run(&plan, soak_worker_command).unwrap();
    assert_eq!(outcome.arrived, 100);
    assert_eq!(outcome.over, 0, "{} requests in a window, limit 20", outcome.most);
}

#[test]
fn a_process_for_each_request_and_slow_connections_do_not_lift_the_limit() {
    let plan =
        soak::Plan { procs: 30, requests: 50, count: 20, window: 0.3, fresh: true, kill: 0, jitter: 100 };
    let outcome = soak::run(&plan, soak_worker_command).unwrap();
    assert_eq!((outcome.arrived, outcome.killed), (50, 0));
    assert_eq!(outcome.over, 0, "{} requests in a window, limit 20", outcome.most);
}
