//! What is measured, against what, and what is promised of it.

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
}

impl Yardstick {
    /// What a person reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty program",
            Self::Curl => "curl",
            Self::CurlTls => "curl, https",
        }
    }
}

const URL: &str = "https://app.attio.com/acme/company/5a6a8a32-0000-4000-8000-000000000001";

/// Everything that is promised and can be timed.
pub const WORKS: &[Work] = &[
    start("parse-url", &["parse-url", URL]),
    start("--help", &["--help"]),
    start("--version", &["--version"]),
    Work { target: 0.45, ..search("search, 10 records", &["search-companies", "acme"]) },
    Work {
        yardstick: Yardstick::CurlTls,
        target: 0.20,
        ..search("search, 10 records, https", &["search-companies", "acme"])
    },
    Work {
        rounds: 40,
        target: 2.0,
        memory: Some(10.0),
        // The program asks for one more than it shows, to know whether there are more.
        ..search("search, 500 records", &["search-companies", "acme", "--limit", "499"])
    },
    Work {
        args: &["search-companies", "acme", "--rate-limit", "6000/min"],
        repeats: 100,
        rounds: 7,
        target: 0.45,
        ..search("100 searches in a shell, limited", &[])
    },
    Work {
        rounds: 7,
        target: 3.0,
        memory: Some(20.0),
        ..search(
            "search, 50,000 records, raw",
            &["search-companies", "acme", "--all", "--raw", "-o", "ndjson"],
        )
    },
];

const fn start(name: &'static str, args: &'static [&'static str]) -> Work {
    Work { name, args, yardstick: Yardstick::Empty, repeats: 1, rounds: 200, target: 1.5, memory: None }
}

const fn search(name: &'static str, args: &'static [&'static str]) -> Work {
    Work { name, args, yardstick: Yardstick::Curl, repeats: 1, rounds: 100, target: 0.0, memory: None }
}
