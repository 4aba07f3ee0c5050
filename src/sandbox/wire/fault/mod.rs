//! Faults on demand: what a network and a busy API do to a client on a bad day.
//!
//! This module owns the grammar of a fault and the counting of how often it fires. What each action
//! puts on the wire is in [`effect`]; the server asks [`Faults::take`] once for each request.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::{HeaderValue, Method};
use thiserror::Error;

pub mod effect;

/// The grammar as text, for help and for the message about a bad fault.
pub const GRAMMAR: &str = "\
[METHOD ]PATH=ACTION[:ARG][*TIMES]

PATH is the beginning of a path, or * for all. TIMES is how often the fault fires: once unless it is
given, for ever if it is left empty (\"/v2/notes=reset*\"). The first fault that fits and has not
fired that often takes the request.

Not processed:
  status:N           an error answer with status N (200 to 599)
  retry-after:VALUE  a 429 with this Retry-After header; none at all if VALUE is empty
  reset              connection reset, no answer
  hang               no answer, connection open
  html:N             the web page of a captive portal, with status N
  redirect:URL       a 302 to URL
  bad-json           a 200 whose JSON ends in the middle
  big                a 200 whose body never ends
Processed:
  commit-reset       connection reset, no answer
  commit-status:N    an error answer with status N
  commit-hang        no answer, connection open
  commit-cut         the connection closes in the middle of the body
  drip[:MS]          the body comes one byte every MS milliseconds (10)
  close              the right answer, then the connection closes unannounced
  pass               the right answer; lets requests through to a later fault of the same path";

/// One fault: which requests it takes, what it does to them, and how often.
///
/// Parsed from and printed in the form of [`GRAMMAR`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    method: Option<Method>,
    /// Beginning of the path; empty for all paths.
    path: String,
    action: Action,
    /// `None` is for ever.
    times: Option<u32>,
}

/// What happens to a request that a fault takes; [`GRAMMAR`] describes each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Status(u16),
    RetryAfter(String),
    Reset,
    Hang,
    Html(u16),
    Redirect(String),
    BadJson,
    Big,
    CommitReset,
    CommitStatus(u16),
    CommitHang,
    CommitCut,
    Drip(Duration),
    Close,
    Pass,
}

/// A fault that does not follow [`GRAMMAR`].
#[derive(Debug, Error, PartialEq, Eq)]
#[error("bad fault {spec:?}: {reason}\n\nA fault is written as {GRAMMAR}")]
pub struct BadFault {
    spec: String,
    reason: String,
}

impl FromStr for Fault {
    type Err = BadFault;

    fn from_str(spec: &str) -> Result<Self, BadFault> {
        parse(spec.trim()).map_err(|reason| BadFault { spec: spec.to_owned(), reason })
    }
}

fn parse(spec: &str) -> Result<Fault, String> {
    let (target, effect) = spec.split_once('=').ok_or("no \"=\" between the path and the action")?;
    let (method, path) = match target.trim().split_once(char::is_whitespace) {
        Some((method, path)) => (Some(parse_method(method)?), path.trim_start()),
        None => (None, target.trim()),
    };
    let (action, times) = split_times(effect.trim())?;
    Ok(Fault { method, path: parse_path(path)?, action: action.parse()?, times })
}

/// Only methods of the API: any other word is taken for a slip, since it would never match.
fn parse_method(word: &str) -> Result<Method, String> {
    [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE]
        .into_iter()
        .find(|method| method.as_str().eq_ignore_ascii_case(word))
        .ok_or_else(|| format!("{word:?} is not one of GET, POST, PUT, PATCH, DELETE"))
}

fn parse_path(path: &str) -> Result<String, String> {
    match path {
        "*" => Ok(String::new()),
        _ if !path.starts_with('/') => Err(format!("path {path:?} begins neither with / nor is *")),
        _ if path.contains(|c: char| c.is_whitespace() || c == '?') => {
            Err(format!("path {path:?} has a blank or a query string, which no path has"))
        }
        _ => Ok(path.to_owned()),
    }
}

/// Splits `*TIMES` off the end. A star that is followed by anything but digits belongs to ARG.
fn split_times(effect: &str) -> Result<(&str, Option<u32>), String> {
    match effect.rsplit_once('*') {
        Some((action, "")) => Ok((action, None)),
        Some((action, digits)) if digits.bytes().all(|byte| byte.is_ascii_digit()) => match digits.parse() {
            Ok(0) => Err("a fault that fires 0 times".to_owned()),
            Ok(times) => Ok((action, Some(times))),
            Err(_) => Err(format!("{digits} is too often")),
        },
        _ => Ok((effect, Some(1))),
    }
}

impl FromStr for Action {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, argument) = match text.split_once(':') {
            Some((name, argument)) => (name, Some(argument)),
            None => (text, None),
        };
        let action = match (name, argument) {
            ("status", Some(code)) => Self::Status(status(code)?),
            ("retry-after", Some(value)) => Self::RetryAfter(header(value)?),
            ("reset", None) => Self::Reset,
            ("hang", None) => Self::Hang,
            ("html", Some(code)) => Self::Html(status(code)?),
            ("redirect", Some(url)) => Self::Redirect(header(url)?),
            ("bad-json", None) => Self::BadJson,
            ("big", None) => Self::Big,
            ("commit-reset", None) => Self::CommitReset,
            ("commit-status", Some(code)) => Self::CommitStatus(status(code)?),
            ("commit-hang", None) => Self::CommitHang,
            ("commit-cut", None) => Self::CommitCut,
            ("drip", None) => Self::Drip(Duration::from_millis(10)),
            ("drip", Some(pause)) => Self::Drip(milliseconds(pause)?),
            ("close", None) => Self::Close,
            ("pass", None) => Self::Pass,
            _ => return Err(format!("no action {text:?}")),
        };
        Ok(action)
    }
}

fn status(code: &str) -> Result<u16, String> {
    code.parse()
        .ok()
        .filter(|code| (200..600).contains(code))
        .ok_or_else(|| format!("{code:?} is not a status from 200 to 599"))
}

fn milliseconds(pause: &str) -> Result<Duration, String> {
    pause
        .parse::<u32>()
        .map(|pause| Duration::from_millis(pause.into()))
        .map_err(|_| format!("{pause:?} is not a number of milliseconds"))
}

fn header(value: &str) -> Result<String, String> {
    match HeaderValue::from_str(value) {
        Ok(_) => Ok(value.to_owned()),
        Err(_) => Err(format!("{value:?} cannot stand in a header")),
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(method) = &self.method {
            write!(f, "{method} ")?;
        }
        let path = if self.path.is_empty() { "*" } else { &self.path };
        write!(f, "{path}={}", self.action)?;
        match self.times {
            None => f.write_str("*"),
            Some(times) => write!(f, "*{times}"),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(code) => write!(f, "status:{code}"),
            Self::RetryAfter(value) => write!(f, "retry-after:{value}"),
            Self::Reset => f.write_str("reset"),
            Self::Hang => f.write_str("hang"),
            Self::Html(code) => write!(f, "html:{code}"),
            Self::Redirect(url) => write!(f, "redirect:{url}"),
            Self::BadJson => f.write_str("bad-json"),
            Self::Big => f.write_str("big"),
            Self::CommitReset => f.write_str("commit-reset"),
            Self::CommitStatus(code) => write!(f, "commit-status:{code}"),
            Self::CommitHang => f.write_str("commit-hang"),
            Self::CommitCut => f.write_str("commit-cut"),
            Self::Drip(pause) => write!(f, "drip:{}", pause.as_millis()),
            Self::Close => f.write_str("close"),
            Self::Pass => f.write_str("pass"),
        }
    }
}

/// The faults of one server, in the order given, with what is left of each.
#[derive(Debug)]
pub struct Faults(Mutex<Vec<Armed>>);

#[derive(Debug)]
struct Armed {
    fault: Fault,
    fired: u32,
}

impl Faults {
    pub fn new(faults: Vec<Fault>) -> Self {
        let armed = faults.into_iter().map(|fault| Armed { fault, fired: 0 });
        Self(Mutex::new(armed.collect()))
    }

    /// The action for this request, which counts as fired; `None` when no fault takes it.
    pub fn take(&self, method: &Method, path: &str) -> Option<Action> {
        let mut armed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = armed.iter_mut().find(|armed| armed.takes(method, path))?;
        next.fired = next.fired.saturating_add(1);
        Some(next.fault.action.clone())
    }

    /// The faults that have not fired as often as they were meant to (those for ever: not once).
    /// A rehearsal that ends with one of these has rehearsed something else.
    pub fn unfired(&self) -> Vec<Fault> {
        let armed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        armed
            .iter()
            .filter(|armed| armed.fired < armed.fault.times.unwrap_or(1))
            .map(|armed| armed.fault.clone())
            .collect()
    }
}

impl Armed {
    fn takes(&self, method: &Method, path: &str) -> bool {
        let fault = &self.fault;
        fault.times.is_none_or(|times| self.fired < times)
            && fault.method.as_ref().is_none_or(|wanted| wanted == method)
            && path.starts_with(&fault.path)
    }
}
