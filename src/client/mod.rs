//! The client: one call from policy to answer.
//!
//! ```text
//! Request -> policy -> limiter -> send -> classify -> (wait, again) -> Reply
//! ```
//!
//! It owns the network, the limiter, the retries, the deadline and the audit log. It knows no
//! resource: everything it decides follows from the request's [`Operation`].

pub mod answer;
pub mod audit;
mod connect;
pub mod fetch;
pub mod form;
pub mod http;
pub mod limit;
pub mod local;
pub mod newest;
pub mod operation;
pub mod pages;
pub mod path;
pub mod pause;
mod proxy;
pub mod refusal;
pub mod request;
pub mod retry;
mod trust;

use crate::config::{Config, NoKey, Rate};
use crate::error::{Error, Kind};
pub use answer::Reply;

use answer::{Meaning, judge, refuse_inactive, without_redirect};
use audit::{Audit, Ending, Line};
use http::{Answer, Http, Outcome};
use jiff::{SignedDuration, Timestamp};
use limit::{ATTEMPT_LIMIT, Claim, LimitError, Limiter, Ticket};
use local::Local;
use operation::Operation;
use refusal::Attempts;
use request::Request;
use retry::{Delays, LONGEST_WAIT, Seen};
use std::cell::{Cell, OnceCell};
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::Instant;

/// What is left of the time when a request is sent; less is no time for an answer.
const ANSWER_TIME: Duration = Duration::from_secs(1);

/// A person's answer to come.
pub type Answered = Pin<Box<dyn Future<Output = bool>>>;

/// Asks a person a question about a loss.
pub type Confirm = Box<dyn Fn(String) -> Answered>;

/// What the client has to tell while it works.
#[derive(Debug)]
pub enum Notice<'a> {
    /// For everybody: a wait, an odd key.
    Remark(&'a str),
    /// For `-v`: requests and answers.
    Trace(&'a str),
}

/// What the client needs from the program around it.
pub struct Hooks {
    /// The embedded workspace, when there is to be no network.
    pub local: Option<Local>,
    /// Shows a notice.
    pub notify: Box<dyn Fn(Notice<'_>)>,
    /// Asks whether to go on with a request that destroys something; `None` where nobody can answer.
    pub confirm: Option<Confirm>,
}

/// Calls operations. Building one opens nothing and sends nothing.
pub struct Client {
    config: Config,
    hooks: Hooks,
    audit: Audit,
    limit: Option<Duration>,
    begun: OnceCell<Instant>,
    wire: OnceCell<Wire>,
    unfinished: Cell<Option<&'static str>>,
    written: Cell<Option<&'static Operation>>,
    skew: Cell<SignedDuration>,
}

struct Wire {
    link: Link,
    limiter: Limiter,
}

enum Link {
    Http(Box<Http>),
    Local(Local),
}

impl Client {
    /// `command` names the command in the audit log; `limit` is the time for all of it, from the first
    /// request on: a person who types a note or answers a question is not to be hurried.
    pub fn new(config: Config, mut hooks: Hooks, command: String, limit: Option<Duration>) -> Self {
        let host = if config.sandbox { "sandbox" } else { config.base.host_str().unwrap_or_default() };
        let audit = Audit { file: audit::file_in(&config.state), command, host: host.to_owned() };
        let wire = OnceCell::new();
        if let Some(local) = hooks.local.take() {
            // The limit protects Attio; nobody shares this workspace's server.
            let limiter = Limiter::new(&config.state, "sandbox", Rate::Off);
            let _ = wire.set(Wire { link: Link::Local(local), limiter }); // empty until now
        }
        Self {
            config,
            hooks,
            audit,
            limit,
            begun: OnceCell::new(),
            wire,
            unfinished: Cell::new(None),
            written: Cell::new(None),
            skew: Cell::new(SignedDuration::ZERO),
        }
    }

    /// The words with which another command calls the same server.
    pub fn place(&self) -> Vec<String> {
        let typed = self.config.base_typed.then(|| self.config.base.as_str().trim_end_matches('/'));
        typed.into_iter().flat_map(|base| ["--base-url".to_owned(), base.to_owned()]).collect()
    }

    /// Whether writes are only shown.
    pub fn is_dry_run(&self) -> bool {
        self.config.dry_run
    }

    /// Whether writes are refused.
    pub fn is_read_only(&self) -> bool {
        self.config.read_only
    }

    /// For how long it has been at work: since the first request.
    pub fn working_for(&self) -> Option<Duration> {
        self.begun.get().map(Instant::elapsed)
    }

    /// Whether a write was sent.
    pub fn has_written(&self) -> bool {
        self.written.get().is_some()
    }

    /// The first write that was sent, if one was.
    pub fn written(&self) -> Option<&'static Operation> {
        self.written.get()
    }

    /// The folder for what is remembered of this workspace; none in the sandbox, which answers at once.
    pub fn cache(&self) -> Option<PathBuf> {
        self.config.cache()
    }

    /// How far the server's clock is ahead of this machine's, by its last answer (to the second).
    pub fn clock_skew(&self) -> SignedDuration {
        self.skew.get()
    }

    /// The write whose answer has not come yet, for the person who interrupts it.
    pub fn unfinished(&self) -> Option<&'static str> {
        self.unfinished.get()
    }

    /// Shows a remark.
    pub fn remark(&self, text: &str) {
        (self.hooks.notify)(Notice::Remark(text));
    }

    /// Calls an operation and repeats it as far as that is safe.
    ///
    /// # Errors
    /// By kind: `Refused` by policy, nothing sent; `Auth` without a usable key;
    /// `Unavailable` after all retries; `AmbiguousWrite` when a write may have been done; otherwise
    /// what Attio said.
    pub async fn call(&self, request: &Request) -> Result<Reply, Error> {
        self.permit(request).await?;
        let wire = self.wire()?;
        let writes = request.operation.writes();
        let log = if writes { Some(self.audit.open()?) } else { None };
        self.begun.get_or_init(Instant::now);
        let mut delays = Delays::new(request.operation.effect);
        let mut attempts = Attempts::default();
        loop {
            let ticket = self.turn(wire, request, &attempts).await?;
            let line =
                log.as_ref().map(|log| self.audit.begin(log, request, attempts.made + 1)).transpose()?;
            self.unfinished.set(writes.then_some(request.operation.name));
            self.written.set(self.written.get().or_else(|| writes.then_some(request.operation)));
            attempts.begin();
            let outcome = without_redirect(request, self.send(wire, request).await);
            self.unfinished.set(None);
            self.note_clock(&outcome);
            if let Some(line) = line {
                self.record(line, &outcome); // before anything that could be interrupted
            }
            settle(ticket, &outcome).await;
            let (seen, meaning) = judge(request, &outcome, &attempts);
            match meaning {
                Meaning::Done => return self.reply(request, outcome, &attempts),
                Meaning::Gone => return Ok(Reply { body: "null".to_owned() }),
                Meaning::Stop => return Err(refusal::stopped(request, &outcome)),
                Meaning::Unknown => return Err(refusal::ambiguous(request, &outcome, &attempts)),
                Meaning::Again => {
                    self.wait(wire, request, &mut delays, (&outcome, seen), &mut attempts).await?
                }
            }
        }
    }

    /// Waits before the next attempt.
    async fn wait(
        &self,
        wire: &Wire,
        request: &Request,
        delays: &mut Delays,
        (outcome, seen): (&Outcome, Seen),
        attempts: &mut Attempts,
    ) -> Result<(), Error> {
        attempts.unknown |= !matches!(seen, Seen::NotSent | Seen::Status(429) | Seen::ConcurrentWrite);
        let wait = self.next_wait(delays, outcome, seen);
        if seen == Seen::Status(429) {
            // Those who give up tell the others too.
            let asked = wait.unwrap_or_else(|after| Duration::from_secs(after.unwrap_or(1)));
            wire.limiter.cool_down(asked).await;
        }
        let wait = wait.map_err(|after| refusal::exhausted(request, outcome, attempts, after))?;
        self.pause(wait, outcome).await;
        Ok(())
    }

    /// Whether a call of `operation` would be shown only, not made: a write in a dry run.
    pub fn only_plans(&self, operation: &Operation) -> bool {
        self.config.dry_run && operation.writes()
    }

    /// Whether an operation may be called at all, told without any traffic: read-only mode, and what
    /// would have to be confirmed where nobody can be asked. Commands ask before they look anything up.
    ///
    /// # Errors
    /// `Refused`.
    pub fn may(&self, operation: &Operation) -> Result<(), Error> {
        if !operation.writes() || self.config.dry_run {
            return Ok(());
        }
        if self.config.read_only {
            let message = format!("{}: refused in read-only mode", operation.name);
            return Err(Error::new(Kind::Refused, message)
                .why("--read-only or ATTIO_READ_ONLY is set")
                .hint("nothing was sent"));
        }
        if self.must_ask(operation) && self.hooks.confirm.is_none() {
            return Err(needs_yes(operation.name, "sent"));
        }
        Ok(())
    }

    /// Whether a loss on this machine may happen: --yes, or a person's yes.
    ///
    /// # Errors
    /// `Refused` where nobody can be asked.
    pub async fn confirms(&self, what: &str, loss: &str) -> Result<bool, Error> {
        match &self.hooks.confirm {
            _ if self.config.yes => Ok(true),
            Some(ask) => Ok(ask(format!("{what}\n{loss} Go on? [y/N] ")).await),
            None => Err(needs_yes(what, "changed")),
        }
    }

    /// Whether a person will be asked before `operation` is called.
    pub fn will_ask(&self, operation: &Operation) -> bool {
        self.must_ask(operation) && self.hooks.confirm.is_some() && self.may(operation).is_ok()
    }

    fn must_ask(&self, operation: &Operation) -> bool {
        operation.destroys && !self.config.yes
    }

    /// The one gate that every request passes: what may not be called, what a dry run holds back, what
    /// a person does not confirm.
    async fn permit(&self, request: &Request) -> Result<(), Error> {
        let operation = request.operation;
        self.may(operation)?;
        if self.only_plans(operation) {
            return Err(Error::new(Kind::Refused, format!("{}: not sent in a dry run", operation.name)));
        }
        if !self.must_ask(operation) {
            return Ok(());
        }
        // Nobody is asked about something that cannot be done.
        self.wire()?;
        match &self.hooks.confirm {
            Some(ask) if !ask(question(request)).await => {
                Err(Error::new(Kind::Refused, format!("{}: not confirmed", operation.name))
                    .hint("nothing was sent"))
            }
            _ => Ok(()),
        }
    }

    /// Opens the connection's client and the limiter at the first request.
    fn wire(&self) -> Result<&Wire, Error> {
        if let Some(wire) = self.wire.get() {
            return Ok(wire);
        }
        let config = &self.config;
        let token = config.token.clone().map_err(NoKey::error)?;
        let limiter = Limiter::new(&config.state.join("limits"), &token.scope(&config.base), config.rate);
        let wire =
            Wire { link: Link::Http(Box::new(Http::new(config.base.clone(), token, self.limit)?)), limiter };
        Ok(self.wire.get_or_init(|| wire))
    }

    /// Waits for the limiter.
    async fn turn(&self, wire: &Wire, request: &Request, attempts: &Attempts) -> Result<Ticket, Error> {
        let claim =
            Claim { write: request.operation.writes(), lane: request.operation.lane, paced: request.paced };
        let mut announce = |wait: Duration| {
            self.remark(&format!("waiting {} s for the rate limit", wait.as_secs_f32().ceil()));
        };
        let ticket = wire.limiter.take(claim, self.latest(), &mut announce).await;
        if let Some(warning) = wire.limiter.warning() {
            self.remark(&warning);
        }
        ticket.map_err(|error| match error {
            LimitError::QueueTooLong { .. } if self.is_too_late(Duration::ZERO) => {
                refusal::too_late(request, attempts)
            }
            LimitError::QueueTooLong { wait } => {
                let seconds = wait.as_secs_f64().ceil() as u64;
                attempts.verdict(
                    request,
                    Error::new(Kind::Unavailable, "the rate limit is used up for longer than --timeout")
                        .why(format!("the next request may be sent in {seconds} s"))
                        .hint("try again then, or give a longer --timeout")
                        .retry_after(seconds),
                )
            }
            LimitError::Locked { file } => attempts.verdict(
                request,
                Error::new(Kind::Unavailable, "cannot lock the rate limiter's file")
                    .why(format!("another process holds {}", file.display()))
                    .hint("end that process, or wait for it"),
            ),
        })
    }

    /// After this nothing is sent: its answer could not come in time, and of a write nobody would know
    /// what became.
    fn latest(&self) -> Option<Instant> {
        Some(self.deadline()? - (self.limit? / 4).min(ANSWER_TIME))
    }

    fn is_too_late(&self, after: Duration) -> bool {
        self.latest().is_some_and(|latest| latest < Instant::now() + after)
    }

    async fn send(&self, wire: &Wire, request: &Request) -> Outcome {
        let begun = Instant::now();
        self.trace(|| format!("> {} {}", request.operation.method.as_str(), request.path));
        let longest = if request.form.is_some() { form::UPLOAD_LIMIT } else { ATTEMPT_LIMIT };
        let limit = self.remaining().map_or(longest, |left| left.min(longest));
        let outcome = match &wire.link {
            Link::Http(http) => http.send(request, limit).await,
            Link::Local(local) => local::answer(local, request),
        };
        self.trace(|| {
            let took = begun.elapsed().as_millis();
            match &outcome {
                Outcome::Answer(answer) => {
                    let id = answer.header("x-attio-execution-id").unwrap_or("none");
                    format!("< {} in {took} ms, request {id}", answer.status)
                }
                Outcome::Broken { why, .. } => format!("< no answer after {took} ms: {why}"),
            }
        });
        outcome
    }

    fn note_clock(&self, outcome: &Outcome) {
        let Outcome::Answer(answer) = outcome else { return };
        let date = answer.header("date").and_then(|date| httpdate::parse_http_date(date).ok());
        if let Some(date) = date.and_then(|date| Timestamp::try_from(date).ok()) {
            self.skew.set(date.duration_since(Timestamp::now()));
        }
    }

    fn trace(&self, text: impl FnOnce() -> String) {
        (self.hooks.notify)(Notice::Trace(&text()));
    }

    fn record(&self, line: Line<'_>, outcome: &Outcome) {
        let ending = match outcome {
            Outcome::Answer(answer) => Ending {
                status: Some(answer.status),
                request_id: answer.header("x-attio-execution-id"),
                body: &answer.body,
            },
            Outcome::Broken { .. } => Ending::default(),
        };
        // The write is made by now, so its result is worth more than an error about its line.
        if let Err(error) = line.end(&ending) {
            self.remark(&error.to_lines().join("; "));
        }
    }

    fn reply(&self, request: &Request, outcome: Outcome, attempts: &Attempts) -> Result<Reply, Error> {
        let Outcome::Answer(answer) = outcome else {
            return Err(attempts.verdict(request, Error::failure("an answer without a body")));
        };
        let Answer { status, headers, body } = answer;
        match String::from_utf8(body) {
            Ok(body) if body.is_empty() => Ok(Reply { body: "null".to_owned() }),
            Ok(body) if request.operation.identifies => refuse_inactive(Reply { body }),
            Ok(body) => Ok(Reply { body }),
            Err(error) => {
                Err(refusal::not_json(request, &Answer { status, headers, body: error.into_bytes() }))
            }
        }
    }

    /// How long to wait before the next attempt, or after how many seconds the server wants it, when
    /// that is later than this command may wait.
    fn next_wait(&self, delays: &mut Delays, outcome: &Outcome, seen: Seen) -> Result<Duration, Option<u64>> {
        let asked = match outcome {
            Outcome::Answer(answer) => answer.retry_after(),
            Outcome::Broken { .. } => None,
        };
        let after = asked.map(|asked| asked.as_secs());
        if asked.is_some_and(|asked| asked > LONGEST_WAIT) {
            return Err(after);
        }
        let wait = delays.next(seen, asked).ok_or(after)?;
        if self.is_too_late(wait) { Err(after) } else { Ok(wait) }
    }

    async fn pause(&self, wait: Duration, outcome: &Outcome) {
        if wait > Duration::from_secs(1) {
            let why = match outcome {
                Outcome::Answer(answer) => format!("HTTP {}", answer.status),
                Outcome::Broken { why, .. } => why.clone(),
            };
            self.remark(&format!("waiting {:.0} s to try again: {why}", wait.as_secs_f32().ceil()));
        }
        pause::pause(wait).await;
    }

    fn deadline(&self) -> Option<Instant> {
        Some(*self.begun.get()? + self.limit?)
    }

    fn remaining(&self) -> Option<Duration> {
        self.deadline().map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }
}

/// The refusal of a loss where nobody can be asked.
fn needs_yes(what: &str, done: &str) -> Error {
    Error::new(Kind::Refused, format!("{what}: needs --yes"))
        .why("it cannot be undone, and there is no terminal to ask at")
        .hint(format!("repeat it with --yes if you are sure; nothing was {done}"))
}

/// What a person is asked before something is lost at Attio.
fn question(request: &Request) -> String {
    let operation = request.operation;
    let what = match &request.subject {
        Some(subject) if operation.deletes() => format!("Delete {subject}"),
        Some(subject) => format!("{}: {subject}", operation.name),
        None => format!("{} {}?", operation.name, request.path),
    };
    format!("{what} {} [y/N] ", operation.loss())
}

/// Gives the ticket back as the attempt ended.
async fn settle(ticket: Ticket, outcome: &Outcome) {
    match outcome {
        Outcome::Broken {
            seen: Seen::NotSent | Seen::Untrusted | Seen::Hopeless | Seen::NoWorkspace(_),
            ..
        } => ticket.revoke().await,
        Outcome::Broken { timed_out: true, .. } => ticket.finish_after_timeout().await,
        Outcome::Answer(_) | Outcome::Broken { .. } => ticket.finish().await,
    }
}
