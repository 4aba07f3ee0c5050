//! The process: what it leaves behind when it crashes, and the signals that end it.

use std::cell::Cell;

/// Keeps the key out of core dumps, and other processes of this user out of its memory. What the system
/// does not offer, it does not get.
pub fn harden() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// Why the process ends before its command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Ctrl-C.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// SIGHUP: the terminal is gone.
    HangUp,
}

impl Stop {
    /// The exit code that shells and supervisors expect: 128 and the signal's number.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
            Self::HangUp => 129,
        }
    }

    /// What happened.
    pub fn message(self) -> &'static str {
        match self {
            Self::Interrupt => "interrupted",
            Self::Terminate => "terminated",
            Self::HangUp => "the terminal hung up",
        }
    }
}

/// Whether the process was started to outlive its terminal, as with nohup; to listen would undo that.
#[cfg(unix)]
fn outlives_hang_up() -> bool {
    use std::io::IsTerminal as _;
    if std::io::stderr().is_terminal() {
        return false;
    }
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return true };
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|signals| u64::from_str_radix(signals.trim(), 16).ok());
    ignored.is_none_or(|signals| signals & 1 != 0)
}

/// The signals that end the process, listened to from now on. Where that cannot be, they end it at once.
pub struct Signals {
    #[cfg(unix)]
    listening: Vec<(Stop, tokio::signal::unix::Signal)>,
}

impl Signals {
    /// Begins to listen.
    pub fn listen() -> Self {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            // A file that would grow beyond the limit (ulimit -f) fails to be written; it does not end the process.
            let _ = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()));
            let kinds = [
                (Stop::Interrupt, SignalKind::interrupt()),
                (Stop::Terminate, SignalKind::terminate()),
                (Stop::HangUp, SignalKind::hangup()),
            ];
            let listening =
                kinds.into_iter().filter(|(stop, _)| *stop != Stop::HangUp || !outlives_hang_up());
            let listening = listening.filter_map(|(stop, kind)| Some((stop, signal(kind).ok()?)));
            Self { listening: listening.collect() }
        }
        #[cfg(not(unix))]
        Self {}
    }

    /// Until one comes. While somebody is `away` in another program of the terminal, Ctrl-C is for that one.
    #[cfg(unix)]
    pub async fn stop(mut self, away: &Cell<bool>) -> Stop {
        std::future::poll_fn(|context| {
            for (stop, signal) in &mut self.listening {
                while signal.poll_recv(context).is_ready() {
                    if *stop != Stop::Interrupt || !away.get() {
                        return std::task::Poll::Ready(*stop);
                    }
                }
            }
            std::task::Poll::Pending
        })
        .await
    }

    /// Until somebody presses Ctrl-C.
    #[cfg(not(unix))]
    pub async fn stop(self, away: &Cell<bool>) -> Stop {
        loop {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            if !away.get() {
                return Stop::Interrupt;
            }
        }
    }
}
