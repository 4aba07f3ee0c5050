//! The program against its yardsticks, beside what is promised. Exit 1 when a promise is missed.
//!
//!     cargo bench --bench cli
//!     cargo bench --bench cli -- search                                # lines with this word
//!     cargo bench --bench cli -- --program target/release/attio-crm    # exactly what is shipped
//!
//! Everything runs on this machine: the server is a thread of this process.

#![expect(clippy::print_stdout, reason = "a program for developers, apart from the crate's output")]

mod bare;
mod limiter;
mod measure;
mod records;
mod sandbox;
mod server;
mod setup;
mod tls;
mod work;

use bare::Form;
use clap::{Parser as _, ValueEnum as _};
use setup::{Args, Setup};
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;
use work::{WORKS, Work};

/// What the program may weigh, in MB.
const SIZE: f64 = 10.0;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args = Args::parse();
    if let [form, origin] = args.bare.as_slice() {
        let form = Form::from_str(form, false)?;
        bare::run(form, origin)?;
        return Ok(ExitCode::SUCCESS);
    }
    if !args.bench {
        println!("run it with cargo bench: a debug build says nothing");
        return Ok(ExitCode::SUCCESS);
    }
    let setup = Setup::new(args)?;
    let mut report = Report { missed: 0 };
    println!("{:<36}{:>13}{:>13}  {:<14}{:>7}{:>8}", "", "attio-crm", "yardstick", "", "figure", "target");
    for work in WORKS.iter().filter(|work| setup.wants(work.name)) {
        report.work(&setup, work)?;
    }
    if setup.wants("sandbox") {
        report.sandbox(&setup)?;
    }
    if setup.wants("size") {
        let size = std::fs::metadata(&setup.program)?.len() as f64 / 1e6;
        report.line("size of the program", "", size, SIZE, "MB");
    }
    if setup.wants("crates") {
        println!("{:<36}{:>13}", "crates in the program", setup::crates()?);
    }
    if setup.wants("limiter") {
        println!("{:<36}{:>10.2} µs", "limiter: take and finish", limiter::cost()?);
    }
    Ok(ExitCode::from(u8::from(report.missed > 0)))
}

struct Report {
    missed: usize,
}

impl Report {
    fn work(&mut self, setup: &Setup, work: &Work) -> Result<(), Box<dyn Error>> {
        let (mut ours, mut other) = match setup.commands(work) {
            Ok(commands) => commands,
            Err(why) => {
                println!("{:<36}left out: {why}", work.name);
                return Ok(());
            }
        };
        let (mine, others) = measure::compare(work.rounds, &mut ours, &mut other)?;
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        let times = format!(
            "{:>10.2} ms{:>10.2} ms  {}",
            milliseconds(mine),
            milliseconds(others),
            work.yardstick.name()
        );
        self.line(work.name, &times, mine.as_secs_f64() / others.as_secs_f64(), work.target, "×");
        if let Some(least) = work.speed {
            let speed = setup.bytes() as f64 / 1e6 / mine.as_secs_f64();
            self.at_least("  JSON taken in", speed, least, "MB/s");
        }
        if let Some(limit) = work.memory {
            self.memory(setup, work, limit)?;
        }
        Ok(())
    }

    fn memory(&mut self, setup: &Setup, work: &Work, limit: f64) -> Result<(), Box<dyn Error>> {
        let name = "  memory at its peak";
        match setup.peak(work) {
            Ok(peak) => self.line(name, "", peak as f64 / 1024.0, limit, "MiB"),
            Err(why) => println!("{name:<36}left out (it needs GNU time): {why}"),
        }
        Ok(())
    }

    fn at_least(&mut self, name: &str, figure: f64, target: f64, unit: &str) {
        let missed = figure < target;
        self.missed += usize::from(missed);
        let verdict = if missed { "  MISSED" } else { "" };
        println!("{name:<36}{:<42}{figure:>7.0}{target:>8.0} {unit}{verdict}", "");
    }

    fn sandbox(&mut self, setup: &Setup) -> Result<(), Box<dyn Error>> {
        let full = setup.file("full");
        let costs = sandbox::fill(&full.join("sandbox.db"))?;
        for (name, cost) in [("create", costs.create), ("query by a domain", costs.query), ("get", costs.get)]
        {
            let name = format!("sandbox, {} records: {name}", sandbox::RECORDS);
            self.line(&name, "", cost.as_secs_f64() * 1e3, 1.0, "ms");
        }
        let (mut full, mut small) = setup.sandboxes(&full, &sandbox::domain(4711));
        let (mine, others) = measure::compare(100, &mut full, &mut small)?;
        let times = format!(
            "{:>10.2} ms{:>10.2} ms  25 records",
            mine.as_secs_f64() * 1e3,
            others.as_secs_f64() * 1e3
        );
        self.line(
            "  get-company --sandbox in it",
            &times,
            mine.as_secs_f64() / others.as_secs_f64(),
            1.1,
            "×",
        );
        Ok(())
    }

    fn line(&mut self, name: &str, times: &str, figure: f64, target: f64, unit: &str) {
        let missed = figure > target;
        self.missed += usize::from(missed);
        let verdict = if missed { "  MISSED" } else { "" };
        println!("{name:<36}{times:<42}{figure:>7.2}{target:>8.2} {unit}{verdict}");
    }
}
