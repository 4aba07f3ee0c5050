//! The embedded workspace: serve it over HTTP, reset it, find its file.

use super::{Ctx, Done};
use crate::config::Rate;
use crate::error::{Error, Kind};
use crate::output::Item;
use crate::sandbox::Sandbox as Workspace;
use crate::sandbox::fault::{Fault, GRAMMAR};
use crate::sandbox::server::{Options, RateLimit, Server};
use serde_json::{Map, Value};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The local workspace behind --sandbox
#[derive(Debug, clap::Args)]
pub struct Sandbox {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Serve it over HTTP on this machine, for any Attio client
    ///
    /// Prints its base URL and serves until it is interrupted. Use that URL with --base-url and any text
    /// as the key. With --rate-limit, such as 25/s, further requests are answered with 429.
    ///
    /// Example: attio-crm sandbox serve --port 8080
    Serve(Serve),
    /// Put it back to its first state
    ///
    /// Example: attio-crm sandbox reset
    Reset,
    /// Show where its file is
    ///
    /// Example: attio-crm sandbox path
    Path,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = format!("Faults:\n{GRAMMAR}"))]
struct Serve {
    /// Port; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// State file [default: that of --sandbox]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Milliseconds to wait before each answer
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,
    /// Break requests on purpose (repeatable; see below)
    #[arg(long = "fault", value_name = "SPEC")]
    faults: Vec<Fault>,
}

/// What is lost by a reset.
const LOSS: &str = "Everything written to the local workspace is lost.";

impl Sandbox {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        match self.action {
            Action::Serve(serve) => serve.run(ctx).await,
            Action::Reset if ctx.client.is_read_only() => {
                Err(Error::new(Kind::Refused, "sandbox reset: refused in read-only mode"))
            }
            Action::Reset if ctx.client.is_dry_run() => {
                Ok(Done::One(item([("file", path(&ctx.sandbox_file)), ("reset", false.into())])))
            }
            Action::Reset if !ctx.client.confirms("sandbox reset", LOSS).await? => {
                Err(Error::new(Kind::Refused, "sandbox reset: not confirmed").hint("nothing was changed"))
            }
            Action::Reset => {
                let patience = ctx.time_limit.unwrap_or(Duration::MAX);
                let workspace = Workspace::open(&ctx.sandbox_file).waiting(patience);
                workspace.reset().map_err(|e| {
                    Error::failure(format!("cannot reset {}", ctx.sandbox_file.display()))
                        .why(e.why)
                        .hint(e.hint)
                })?;
                Ok(Done::One(item([("file", path(&ctx.sandbox_file)), ("reset", true.into())])))
            }
            Action::Path => Ok(Done::One(item([("file", path(&ctx.sandbox_file))]))),
        }
    }
}

impl Serve {
    async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let file = self.file.unwrap_or_else(|| ctx.sandbox_file.clone());
        let workspace = Workspace::open(&file);
        let options = Options {
            port: self.port,
            rate_limit: server_limit(ctx.rate_limit)?,
            latency: Duration::from_millis(self.latency),
            faults: self.faults,
            ..Options::default()
        };
        let server = Server::bind(options, Arc::new(move |request| workspace.handle(request)))
            .await
            .map_err(|e| Error::failure(format!("cannot listen on port {}", self.port)).why(e.to_string()))?;
        let base_url = format!("http://{}", server.address());
        Ok(Done::Serving(item([("base_url", base_url.into()), ("file", path(&file))]), server))
    }
}

/// What --rate-limit means to a server: more requests than that are answered with 429.
fn server_limit(rate: Option<Rate>) -> Result<Option<RateLimit>, Error> {
    match rate {
        None | Some(Rate::Off) => Ok(None),
        Some(Rate::Shared { count, per }) => Ok(Some(RateLimit { count: count as usize, per })),
        Some(Rate::Attio) => Err(Error::usage("sandbox serve has one limit for all requests")
            .hint("give --rate-limit N/s or N/min")),
    }
}

fn path(file: &std::path::Path) -> Value {
    file.display().to_string().into()
}

fn item<const N: usize>(parts: [(&str, Value); N]) -> Item {
    Item::own(parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}
