//! A record in the browser.

use super::{Ctx, Done};
use crate::api::groups::RecordPath;
use crate::api::{self, records};
use crate::error::Error;
use crate::link;
use crate::output::Item;
use crate::resolve::reference;
use crate::text;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::io::IsTerminal as _;
use std::process::{Command, Stdio};

/// Open a record in the browser
///
/// Without a terminal it prints the URL instead. BROWSER names the browser.
///
/// Example: attio-crm open acme.com
#[derive(Debug, clap::Args)]
pub struct Open {
    /// UUID, Attio URL, domain (company), email (person), or name:Exact Name
    #[arg(value_name = "REF")]
    reference: String,
    /// Object of the record: companies, people, deals or any slug [default: as REF tells]
    #[arg(long, value_name = "OBJECT", value_parser = text::slug)]
    object: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    web_url: String,
}

impl Open {
    pub async fn run(self, ctx: &Ctx) -> Result<Done<'_>, Error> {
        let record = reference::record(&ctx.resolver, self.object.as_deref(), &self.reference).await?;
        let get = records::Get { record: RecordPath::new(&record.object, &record.record_id) };
        let raw: Box<RawValue> = api::one(&ctx.client, &get).await?;
        let Page { web_url } = api::read(&raw)?;
        // What a browser is told to open is a page of Attio's, whatever an answer says.
        link::parse(&web_url)?;
        if std::io::stdout().is_terminal() && !ctx.client.is_dry_run() {
            show(&web_url)?;
        }
        Ok(Done::One(Item::own([("web_url".to_owned(), web_url.into())].into_iter().collect())))
    }
}

/// Hands the address to a browser and does not wait for it.
fn show(url: &str) -> Result<(), Error> {
    let own = std::env::var("BROWSER").ok().filter(|browser| !browser.trim().is_empty());
    let usual = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    // Several browsers stand in a row, the first one first.
    let browser = own.as_deref().and_then(|browsers| browsers.split(':').next()).unwrap_or(usual).to_owned();
    let mut command = Command::new(&browser);
    command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.env_remove(crate::config::API_KEY);
    // Ctrl-C and the end of the terminal are not meant for the browser.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().map(drop).map_err(|error| {
        Error::failure(format!("cannot start {browser}")).why(error.to_string()).hint(format!("open {url}"))
    })
}
