//! Files that Attio answers with a link to: the link is followed here, and without the key.
//!
//! The link is signed, so whoever has it may read; the key stays with Attio's own host. The second
//! request is no call of Attio's API and costs nothing of its rate limit.

use super::http::Outcome;
use super::operation::Effect;
use super::retry::{Delays, Seen, Verdict, classify};
use super::{Client, Link, local, refusal};
use crate::config::is_loopback;
use crate::error::{Error, Kind};
use std::time::Duration;
use url::Url;

/// A file may take its time, as long as bytes come; --timeout shortens this.
const LONGEST: Duration = Duration::from_secs(3600);

impl Client {
    /// Reads the file that a link of Attio's leads to, and repeats that as reads are repeated.
    ///
    /// # Errors
    /// `Unavailable` after all retries; failure for a link that is not followed, or that is refused.
    pub async fn fetch(&self, location: &str) -> Result<Vec<u8>, Error> {
        let url = self.followable(location)?;
        let mut delays = Delays::new(Effect::Read);
        loop {
            let limit = self.remaining().unwrap_or(LONGEST);
            let outcome = match &self.wire()?.link {
                Link::Http(http) => {
                    self.trace(|| format!("> GET the file from {}", url.host_str().unwrap_or_default()));
                    http.fetch(&url, limit).await
                }
                Link::Local(workspace) => local::fetch(workspace, &url),
            };
            let (seen, why) = match outcome {
                Outcome::Answer(answer) if answer.status == 200 => return Ok(answer.body),
                Outcome::Answer(ref answer) => (Seen::Status(answer.status), refusal::describe(answer)),
                Outcome::Broken { seen, ref why, .. } => (seen, why.clone()),
            };
            if classify(Effect::Read, seen) != Verdict::Again {
                return Err(Error::failure("the file cannot be fetched from where Attio keeps it").why(why));
            }
            let wait = self.next_wait(&mut delays, &outcome, seen).map_err(|_| {
                let message = "the file cannot be fetched from where Attio keeps it";
                Error::new(Kind::Unavailable, message).why(&why).hint("try again later")
            })?;
            self.pause(wait, &outcome).await;
        }
    }

    /// The link as a whole URL: https, or from this machine to this machine.
    fn followable(&self, location: &str) -> Result<Url, Error> {
        let base = &self.config.base;
        match base.join(location) {
            Ok(url) if !location.is_empty() && url.scheme() == "https" => Ok(url),
            Ok(url) if url.scheme() == "http" && is_loopback(&url) && is_loopback(base) => Ok(url),
            _ => Err(Error::failure("Attio's link to the file is not followed").why("it is not https")),
        }
    }
}
