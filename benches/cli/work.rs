//! What is measured, against what, and what is promised of it.

use crate::bare::Form;

/// A command line of the program and the yardstick for it.
pub struct Work {
    /// What a person reads.
    pub name: &'static str,
    /// Arguments.
    pub args: &'static [&'static str],
    /// What it is compared with.
    pub yardstick: Yardstick,
    /// How often it runs in a shell loop for one measurement; 1 means without a shell.
    pub repeats: usize,
    /// Measurements; the median counts.
    pub rounds: usize,
    /// The most of the yardstick's time that it may take.
    pub target: f64,
    /// The most memory, in MiB.
    pub memory: Option<f64>,
    /// The least of Attio's JSON that it must take in, in MB a second; it reads all records.
    pub speed: Option<f64>,
}

/// Something whose time says what the machine can do.
#[derive(Clone, Copy, PartialEq)]
pub enum Yardstick {
    /// A Rust program that does nothing.
    Empty,
    /// `curl` with the same requests, in one process, to an http server.
    Curl,
    /// The same to an https server, with the system's roots from one file on both sides.
    CurlTls,
    /// The same libraries with nothing of ours around them.
    Bare(Form),
}

impl Yardstick {
    /// What a person reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty program",
            Self::Curl => "curl",
            Self::CurlTls => "curl, https",
            Self::Bare(Form::Raw) => "bare client",
            Self::Bare(Form::Typed) => "bare, typed",
        }
    }
}

const URL: &str = "https://app.attio.com/acme/company/5a6a8a32-0000-4000-8000-000000000001";

/// Everything that is promised and can be timed.
pub const WORKS: &[Work] = &[
    start("parse-url", &["parse-url", URL]),
    start("--help", &["--help"]),
    start("--version", &["--version"]),
    Work { target: 0.33, ..search("search, 10 records", &["search-companies", "acme"]) },
    Work {
        yardstick: Yardstick::CurlTls,
        target: 0.15,
        ..search("search, 10 records, https", &["search-companies", "acme"])
    },
    Work {
        rounds: 40,
        target: 1.0,
        memory: Some(10.0),
        // The program asks for one more than it shows, to know whether there are more.
        ..search("search, 500 records", &["search-companies", "acme", "--limit", "499"])
    },
    Work {
        args: &["search-companies", "acme", "--rate-limit", "6000/min"],
        repeats: 100,
        rounds: 7,
        target: 0.30,
        ..search("100 searches in a shell, limited", &[])
    },
    Work {
        target: 1.0,
        memory: Some(20.0),
        speed: Some(850.0),
        ..all(
            "50,000 records, raw",
            Form::Raw,
            &["search-companies", "acme", "--all", "--raw", "-o", "ndjson"],
        )
    },
    Work {
        target: 1.2,
        memory: Some(20.0),
        speed: Some(500.0),
        ..all("50,000 records, compact", Form::Typed, &["search-companies", "acme", "--all", "-o", "ndjson"])
    },
    Work {
        target: 1.2,
        speed: Some(500.0),
        ..all(
            "50,000 records, CSV",
            Form::Typed,
            &["search-companies", "acme", "--all", "-o", "csv", "--no-names"],
        )
    },
];

/// Reading everything, beside the bare client.
const fn all(name: &'static str, form: Form, args: &'static [&'static str]) -> Work {
    Work { yardstick: Yardstick::Bare(form), rounds: 9, ..search(name, args) }
}

const fn start(name: &'static str, args: &'static [&'static str]) -> Work {
    Work {
        name,
        args,
        yardstick: Yardstick::Empty,
        repeats: 1,
        rounds: 200,
        target: 1.4,
        memory: None,
        speed: None,
    }
}

const fn search(name: &'static str, args: &'static [&'static str]) -> Work {
    Work {
        name,
        args,
        yardstick: Yardstick::Curl,
        repeats: 1,
        rounds: 100,
        target: 0.0,
        memory: None,
        speed: None,
    }
}
