//! Two scenes with a person in them, who runs commands while other processes use the limiter.

use std::error::Error;
use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use attio_crm::client::limit::{Claim, Limiter};

use crate::soak::{self, Plan};

/// A server, a folder, and what the server saw.
struct Stage<'p> {
    plan: &'p Plan,
    folder: tempfile::TempDir,
    server: String,
    seen: Receiver<(Instant, Duration)>,
}

impl<'p> Stage<'p> {
    fn new(plan: &'p Plan) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let server = listener.local_addr()?.to_string();
        let (sender, seen) = mpsc::channel();
        std::thread::spawn(move || soak::serve(&listener, &sender));
        Ok(Self { plan, folder: tempfile::tempdir()?, server, seen })
    }

    fn process(&self, requests: usize) -> io::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("work").envs(soak::job(self.plan, &self.server, self.folder.path(), requests));
        Ok(command)
    }

    fn limiter(&self) -> Limiter {
        Limiter::new(Path::new(self.folder.path()), "soak", self.plan.rate())
    }
}

fn kill(mut children: Vec<Child>) -> io::Result<()> {
    for child in &mut children {
        child.kill()?;
    }
    children.iter_mut().try_for_each(|child| child.wait().map(drop))
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_time().build()
}

/// Uses up the limit, lets `waiting` processes queue, kills them, and takes a turn.
pub fn killed(plan: &Plan, waiting: usize) -> Result<(), Box<dyn Error>> {
    let stage = Stage::new(plan)?;
    let start = Instant::now();
    let all = (0..plan.count + waiting).map(|_| stage.process(1)?.spawn());
    let children = all.collect::<Result<Vec<_>, _>>()?;
    for _ in 0..plan.count {
        stage.seen.recv()?;
    }
    std::thread::sleep(Duration::from_secs(3)); // time for all of them to queue
    kill(children)?;
    let killed = start.elapsed();
    let limiter = stage.limiter();
    let wait = runtime()?.block_on(soak::request(&limiter, Claim::default(), &stage.server, 0))?;
    println!("killed after             {:.1} s", killed.as_secs_f64());
    println!("the next command waited  {:.1} s (window {} s)", wait.as_secs_f64(), plan.window);
    Ok(())
}

/// Lets listings read on and on, while a person runs a command every 5 to 15 % of a window.
pub fn beside(plan: &Plan, listings: usize, commands: usize) -> Result<(), Box<dyn Error>> {
    let stage = Stage::new(plan)?;
    let all = (0..listings).map(|_| stage.process(usize::MAX)?.env("SOAK_LISTING", "1").spawn());
    let children = all.collect::<Result<Vec<_>, _>>()?;
    let limiter = stage.limiter();
    let start = Instant::now();
    let mut waits = runtime()?.block_on(async {
        let mut waits = Vec::new();
        for _ in 0..commands {
            let pause = plan.window * (0.05 + fastrand::f64() / 10.0);
            tokio::time::sleep(Duration::from_secs_f64(pause)).await;
            waits.push(soak::request(&limiter, Claim::default(), &stage.server, plan.jitter).await?);
        }
        Ok::<_, Box<dyn Error>>(waits)
    })?;
    let took = start.elapsed().as_secs_f64();
    kill(children)?;
    waits.sort_unstable();
    let part = |percent: usize| waits[(waits.len() - 1) * percent / 100].as_secs_f64();
    let per_window = stage.seen.try_iter().count() as f64 * plan.window / took;
    println!("commands                 {} in {took:.0} s, beside {listings} listings", waits.len());
    println!("wait p50, p95, longest   {:.2} s, {:.2} s, {:.2} s", part(50), part(95), part(100));
    println!("requests in a window     {per_window:.1} (limit {})", plan.count);
    Ok(())
}
