//! Does the limiter hold with many processes? Counts at a server on loopback.
//!
//!     cargo run --release --example limit-soak -- --procs 50 --requests 1000 --window 3 --check
//!     cargo run --release --example limit-soak -- --fresh --kill 15 --check
//!     cargo run --release --example limit-soak -- --window 60 killed
//!     cargo run --release --example limit-soak -- --window 6 beside

#![expect(clippy::print_stdout, reason = "a program for developers, apart from the crate's output")]

mod scenes;
mod soak;

use std::error::Error;
use std::process::{Command, ExitCode};
use std::time::Duration;

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
    /// Kill a queue of processes, then wait for one turn
    Killed {
        /// Processes in the queue
        #[arg(long, default_value_t = 250)]
        waiting: usize,
    },
    /// Measure the waits of a person's commands beside long listings
    Beside {
        /// Listings
        #[arg(long, default_value_t = 3)]
        listings: usize,
        /// Commands
        #[arg(long, default_value_t = 100)]
        commands: usize,
    },
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args = Args::parse();
    match args.part {
        Some(Part::Work) => soak::work().map(|()| ExitCode::SUCCESS),
        Some(Part::Killed { waiting }) => scenes::killed(&args.plan, waiting).map(|()| ExitCode::SUCCESS),
        Some(Part::Beside { listings, commands }) => {
            scenes::beside(&args.plan, listings, commands).map(|()| ExitCode::SUCCESS)
        }
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
