//! Many processes against one limiter file and one counting server.
//!
//! The server notes when each connection is accepted, before it answers; what it saw is what
//! Attio would have counted. The command-line tool and the test suite share this file.

use std::error::Error;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use attio_crm::client::limit::{Claim, Limiter};
use attio_crm::config::Rate;

/// What to try.
#[derive(Clone, Debug, clap::Args)]
pub struct Plan {
    /// Processes at a time
    #[arg(long, default_value_t = 50)]
    pub procs: usize,
    /// Requests in all
    #[arg(long, default_value_t = 1000)]
    pub requests: usize,
    /// Requests allowed in a window
    #[arg(long, default_value_t = 100)]
    pub count: usize,
    /// The window in seconds, also a part of one
    #[arg(long, default_value_t = 3.0)]
    pub window: f64,
    /// A process for each request
    #[arg(long)]
    pub fresh: bool,
    /// Kill this percentage of the processes at a random moment
    #[arg(long, default_value_t = 0)]
    pub kill: u8,
    /// Up to so many milliseconds pass between the turn and the connection
    #[arg(long, default_value_t = 0)]
    pub jitter: u64,
}

/// What came of it.
pub struct Outcome {
    /// Requests that reached the server.
    pub arrived: usize,
    /// The most in any half-open window, at the server.
    pub most: usize,
    /// Windows with more than the limit.
    pub over: usize,
    /// From the first arrival to the last.
    pub took: Duration,
    /// The time that a perfect limiter needs for as many, in percent of `took`.
    pub rate: f64,
    /// Waits for a turn, shortest first.
    pub waits: Vec<Duration>,
    /// Processes that were killed.
    pub killed: usize,
}

/// Runs the plan; `worker` makes the command of a process that calls [`work`].
pub fn run(plan: &Plan, worker: impl Fn() -> Command) -> io::Result<Outcome> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    let folder = tempfile::tempdir()?;
    let (sender, arrivals) = mpsc::channel();
    std::thread::spawn(move || serve(&listener, &sender));

    let (processes, each) =
        if plan.fresh { (plan.requests, 1) } else { (plan.procs, plan.requests / plan.procs.max(1)) };
    let killed =
        supervise(plan, processes, || worker().envs(job(plan, &address, folder.path(), each)).spawn())?;
    Ok(judge(plan, arrivals.try_iter().collect(), killed))
}

/// What tells a process its part.
pub fn job(plan: &Plan, server: &str, folder: &Path, requests: usize) -> [(&'static str, String); 6] {
    [
        ("SOAK_SERVER", server.to_owned()),
        ("SOAK_FOLDER", folder.display().to_string()),
        ("SOAK_COUNT", plan.count.to_string()),
        ("SOAK_WINDOW", plan.window.to_string()),
        ("SOAK_REQUESTS", requests.to_string()),
        ("SOAK_JITTER", plan.jitter.to_string()),
    ]
}

impl Plan {
    /// The limit as a rate, with windows shorter than people may ask for.
    pub fn rate(&self) -> Rate {
        let count = u32::try_from(self.count).unwrap_or(u32::MAX);
        Rate::Shared { count, per: Duration::from_secs_f64(self.window) }
    }
}

/// Answers whoever connects, and notes when, and how long its process had waited.
pub fn serve(listener: &TcpListener, seen: &mpsc::Sender<(Instant, Duration)>) {
    while let Ok((mut stream, _)) = listener.accept() {
        let now = Instant::now();
        let mut wait = [0; 8];
        // A process killed here has made its request nevertheless.
        let _ = stream.read_exact(&mut wait);
        if seen.send((now, Duration::from_micros(u64::from_le_bytes(wait)))).is_err() {
            return;
        }
        let _ = stream.write_all(b"!");
    }
}

/// Keeps `plan.procs` processes going until `processes` have run. Returns how many were killed.
fn supervise(plan: &Plan, processes: usize, start: impl Fn() -> io::Result<Child>) -> io::Result<usize> {
    let (mut started, mut killed) = (0, 0);
    let mut running: Vec<(Child, Option<Instant>)> = Vec::new();
    while started < processes || !running.is_empty() {
        while started < processes && running.len() < plan.procs {
            running.push((start()?, doom(plan)));
            started += 1;
        }
        for (child, doom) in &mut running {
            if doom.is_some_and(|doom| doom < Instant::now()) {
                child.kill()?;
                (*doom, killed) = (None, killed + 1);
            }
        }
        let mut still_running = Vec::new();
        for (mut child, doom) in running {
            match child.try_wait()? {
                None => still_running.push((child, doom)),
                Some(status) if status.success() || plan.kill > 0 => {}
                Some(status) => return Err(io::Error::other(format!("a process failed: {status}"))),
            }
        }
        running = still_running;
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(killed)
}

/// When a process is to be killed, if at all.
fn doom(plan: &Plan) -> Option<Instant> {
    let life = if plan.fresh { Duration::from_millis(20) } else { ideal(plan, plan.requests) / 2 };
    let delay = life.mul_f64(fastrand::f64());
    (fastrand::u8(0..100) < plan.kill).then(|| Instant::now() + delay)
}

/// The time that a perfect limiter needs: a full burst at the start of each window.
fn ideal(plan: &Plan, requests: usize) -> Duration {
    let windows = requests.saturating_sub(1) / plan.count;
    Duration::from_secs_f64(plan.window * windows as f64)
}

fn judge(plan: &Plan, mut seen: Vec<(Instant, Duration)>, killed: usize) -> Outcome {
    seen.sort_unstable();
    let window = Duration::from_secs_f64(plan.window);
    let in_window = |first: usize| {
        let end = seen[first].0 + window;
        seen[first..].iter().take_while(|(at, _)| *at < end).count()
    };
    let counts: Vec<usize> = (0..seen.len()).map(in_window).collect();
    let took = seen.last().zip(seen.first()).map_or(Duration::ZERO, |(last, first)| last.0 - first.0);
    let mut waits: Vec<Duration> = seen.iter().map(|(_, wait)| *wait).collect();
    waits.sort_unstable();
    Outcome {
        arrived: seen.len(),
        most: counts.iter().copied().max().unwrap_or(0),
        over: counts.iter().filter(|count| **count > plan.count).count(),
        took,
        rate: 100.0 * ideal(plan, seen.len()).as_secs_f64() / took.as_secs_f64(),
        waits,
        killed,
    }
}

/// The part of one process: takes turns and connects, as told by the environment.
pub fn work() -> Result<(), Box<dyn Error>> {
    let server = std::env::var("SOAK_SERVER")?;
    let folder = std::env::var("SOAK_FOLDER")?;
    let count = std::env::var("SOAK_COUNT")?.parse()?;
    let window = std::env::var("SOAK_WINDOW")?.parse()?;
    let requests: usize = std::env::var("SOAK_REQUESTS")?.parse()?;
    let jitter: u64 = std::env::var("SOAK_JITTER")?.parse()?;
    let listing = std::env::var_os("SOAK_LISTING").is_some();
    let rate = Rate::Shared { count, per: Duration::from_secs_f64(window) };
    let limiter = Limiter::new(Path::new(&folder), "soak", rate);
    tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
        for nth in 0..requests {
            request(&limiter, Claim { paced: listing && nth > 0, ..Claim::default() }, &server, jitter)
                .await?;
        }
        match limiter.warning() {
            Some(warning) => Err(warning.into()),
            None => Ok(()),
        }
    })
}

/// One request, its turn included. Returns how long it waited for that.
pub async fn request(
    limiter: &Limiter,
    claim: Claim,
    server: &str,
    jitter: u64,
) -> Result<Duration, Box<dyn Error>> {
    let asked = Instant::now();
    let ticket = limiter.take(claim, None, &mut |_| {}).await?;
    let wait = asked.elapsed();
    tokio::time::sleep(Duration::from_millis(fastrand::u64(0..=jitter))).await;
    let mut stream = TcpStream::connect(server)?;
    stream.write_all(&u64::try_from(wait.as_micros())?.to_le_bytes())?;
    stream.read_exact(&mut [0])?;
    ticket.finish().await;
    Ok(wait)
}
