//! Does the limiter hold with many processes? Counts at a server on loopback.
//!
//!     cargo run --release --example limit-soak -- --procs 50 --requests 1000 --window 3 --check
//!     cargo run --release --example limit-soak -- --fresh --kill 15 --check
//!     cargo run --release --example limit-soak -- cost

#![expect(clippy::print_stdout, reason = "a program for developers, apart from the crate's output")]

mod soak;

use std::error::Error;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use attio_crm::client::limit::{Claim, Limiter};
use clap::{Parser, Subcommand};

/// Run many processes against one limiter and count at the server
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    plan: soak::Plan,
    /// Fail if any window holds more than the limit, or (without --kill) the rate is below 98 %
    #[arg(long)]
    check: bool,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Subcommand)]
enum Part {
    /// Be one of the processes
    #[command(hide = true)]
    Work,
    /// Measure taking and finishing a ticket when nobody else does
    Cost,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args = Args::parse();
    match args.part {
        Some(Part::Work) => soak::work().map(|()| ExitCode::SUCCESS),
        Some(Part::Cost) => cost().map(|()| ExitCode::SUCCESS),
        None => count(&args),
    }
}

fn count(args: &Args) -> Result<ExitCode, Box<dyn Error>> {
    let plan = &args.plan;
    let program = std::env::current_exe()?;
    let outcome = soak::run(plan, || {
        let mut command = Command::new(&program);
        command.arg("work");
        command
    })?;
    let part = |percent: usize| {
        let at = outcome.waits.len().saturating_sub(1) * percent / 100;
        outcome.waits.get(at).map_or(0.0, Duration::as_secs_f64)
    };
    println!("requests at the server   {} in {:.1} s", outcome.arrived, outcome.took.as_secs_f64());
    println!("processes killed         {}", outcome.killed);
    println!("most in a {} s window     {} (limit {})", plan.window, outcome.most, plan.count);
    println!("windows over the limit   {}", outcome.over);
    println!("rate                     {:.1} % of the limit", outcome.rate);
    println!("wait median, longest     {:.2} s, {:.2} s", part(50), part(100));
    let failed = outcome.over > 0 || (plan.kill == 0 && outcome.rate < 98.0);
    Ok(ExitCode::from(u8::from(args.check && failed)))
}

fn cost() -> Result<(), Box<dyn Error>> {
    let (rounds, tickets) = (40, 5000);
    let folder = tempfile::tempdir()?;
    let mut took = Duration::ZERO;
    tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
        for round in 0..rounds {
            // A new file each time: the highest limit would be used up within a tenth of a second.
            let limiter = Limiter::new(folder.path(), &format!("cost-{round}"), "6000/s".parse()?);
            let start = Instant::now();
            for _ in 0..tickets {
                limiter.take(Claim::default(), None, &mut |_| {}).await?.finish();
            }
            took += start.elapsed();
        }
        Ok::<_, Box<dyn Error>>(())
    })?;
    println!("take and finish          {:.2} µs", took.as_secs_f64() * 1e6 / f64::from(rounds * tickets));
    Ok(())
}
