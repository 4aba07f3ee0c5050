//! Settings: flag, then environment, then `.env`, then default; and the key, which cannot be printed.
//!
//! Owns every environment variable's name and the rules for the key and the base URL. Leaves to
//! others what the settings mean.

mod dotenv;
mod key;
mod lines;
mod rate;

pub use key::{NoKey, Token};
pub use rate::Rate;

use crate::error::Error;
use dotenv::Dotenv;
use lines::Settings;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// Every variable, with what it is for.
pub const ALL: [(&str, &str); 6] = [
    (API_KEY, "API key"),
    (BASE_URL, "server, as --base-url"),
    (RATE_LIMIT, "rate limit, as --rate-limit"),
    (READ_ONLY, "1 refuses every write, as --read-only"),
    (SANDBOX, "1 uses the local workspace, as --sandbox"),
    (STATE_DIR, "folder of the audit log, the limiter, the cache and the sandbox"),
];

/// The key.
pub const API_KEY: &str = "ATTIO_API_KEY";
/// Another server than Attio's.
pub const BASE_URL: &str = "ATTIO_BASE_URL";
/// The rate limit, as `--rate-limit`.
pub const RATE_LIMIT: &str = "ATTIO_RATE_LIMIT";
/// Refuse every write.
pub const READ_ONLY: &str = "ATTIO_READ_ONLY";
/// Use the embedded sandbox.
pub const SANDBOX: &str = "ATTIO_SANDBOX";
/// The folder of the limiter's files, the audit log and the sandbox.
pub const STATE_DIR: &str = "ATTIO_STATE_DIR";

const ATTIO: &str = "https://api.attio.com";

/// What the command line says; the rest is found elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--base-url`
    pub base_url: Option<String>,
    /// `--rate-limit`
    pub rate_limit: Option<Rate>,
    /// `--read-only`
    pub read_only: bool,
    /// `--sandbox`
    pub sandbox: bool,
    /// `--timeout`
    pub timeout: Option<Duration>,
    /// `--dry-run`
    pub dry_run: bool,
    /// `--yes`
    pub yes: bool,
    /// The command stays on this machine, so the server's settings do not matter.
    pub local: bool,
}

/// The settings of one run.
#[derive(Clone, Debug)]
pub struct Config {
    /// The server.
    pub base: Url,
    /// The server was named on the command line, so another command has to name it too.
    pub base_typed: bool,
    /// The key, or why there is none; looked at when the first request is sent.
    pub token: Result<Token, NoKey>,
    /// The rate limit.
    pub rate: Rate,
    /// Refuse writes.
    pub read_only: bool,
    /// Answer from the embedded workspace.
    pub sandbox: bool,
    /// The time for the whole command, when one was asked for.
    pub timeout: Option<Duration>,
    /// Show the write instead of sending it.
    pub dry_run: bool,
    /// Deletes are confirmed.
    pub yes: bool,
    /// The folder of everything kept between runs.
    pub state: PathBuf,
    /// Things a person should know, to be shown as remarks.
    pub warnings: Vec<String>,
}

/// Where settings are looked up, besides the flags. A value of its own so that tests need no process.
#[derive(Debug, Default)]
pub struct Sources {
    /// Environment variables.
    environment: BTreeMap<&'static str, String>,
    /// Our lines of `.env`; one that is damaged stops nobody who does not ask for it.
    dotenv: Settings,
    /// What a person should know of `.env`.
    remarks: Vec<String>,
}

impl Sources {
    /// Reads the process environment and `.env` in the current folder.
    pub fn read() -> Self {
        let value = |name| Some((name, std::env::var_os(name)?.to_string_lossy().into_owned()));
        let environment = ALL.into_iter().filter_map(|(name, _)| value(name)).collect();
        let Dotenv { settings, remarks } = dotenv::read(Path::new(".env"));
        Self { environment, dotenv: settings, remarks }
    }

    /// The value of a variable, or what is wrong with its line.
    fn look_up(&self, name: &str) -> Result<Option<&str>, &str> {
        match (self.environment.get(name), self.dotenv.get(name)) {
            (Some(value), _) | (None, Some(Ok(value))) => Ok(Some(value)),
            (None, Some(Err(why))) => Err(why),
            (None, None) => Ok(None),
        }
    }

    /// What stands for the key, usable or not: nothing that is to be printed.
    pub fn key(&self) -> Option<&str> {
        self.look_up(API_KEY).ok().flatten().map(|text| text.trim().trim_matches(['"', '\'']))
    }

    fn get(&self, name: &str) -> Result<Option<&str>, Error> {
        self.look_up(name).map_err(|why| damaged(name, why))
    }

    fn token(&self, warnings: &mut Vec<String>) -> Result<Token, NoKey> {
        let text = self.look_up(API_KEY).map_err(|why| NoKey::Damaged(why.to_owned()))?;
        Token::parse(text, warnings)
    }

    fn switch(&self, name: &str) -> Result<bool, Error> {
        // A variable that is set to nothing does not undo what .env says.
        let typed = self.environment.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
        let value = match (typed, self.dotenv.get(name)) {
            (Some(typed), _) => Some(typed),
            (None, Some(Ok(line))) => Some(line.trim()),
            (None, Some(Err(why))) => return Err(damaged(name, why)),
            (None, None) => None,
        };
        match value {
            None | Some("" | "0" | "false" | "no" | "off") => Ok(false),
            Some("1" | "true" | "yes" | "on") => Ok(true),
            Some(other) => Err(Error::usage(format!("{name} is neither 1 nor 0: {other:?}"))),
        }
    }
}

/// A line of `.env` that is needed and cannot be used.
fn damaged(name: &str, why: &str) -> Error {
    Error::usage(format!("cannot use {name} of .env")).why(why)
}

impl Config {
    /// Puts flags and sources together.
    ///
    /// # Errors
    /// Usage errors for a base URL or a value that cannot be used. A missing key is no error yet.
    pub fn new(flags: Flags, sources: &Sources) -> Result<Self, Error> {
        let mut warnings = sources.remarks.clone();
        // A server that was typed goes before a sandbox that was not.
        let sandbox = flags.sandbox || (flags.base_url.is_none() && sources.switch(SANDBOX)?);
        let own_key = sources.environment.contains_key(API_KEY);
        let base = match server(&flags, sources) {
            // Whoever sends nothing to it is not stopped by it.
            Err(_) if sandbox || flags.local => base_url(ATTIO)?,
            base => base?,
        };
        let rate = flags.rate_limit.map_or_else(|| rate(sources), Ok)?;
        if flags.sandbox && flags.base_url.is_some() {
            return Err(Error::usage("--sandbox and --base-url cannot be used together")
                .hint("use sandbox serve to give it a URL; the sandbox inside this program has none"));
        }
        if sandbox && own_key && !flags.sandbox && !sources.environment.contains_key(SANDBOX) {
            warnings.push(format!("this is the sandbox, not Attio: {SANDBOX} is set in .env"));
        }
        Ok(Self {
            base,
            base_typed: flags.base_url.is_some(),
            token: sources.token(&mut warnings),
            rate,
            read_only: flags.read_only || sources.switch(READ_ONLY)?,
            sandbox,
            timeout: flags.timeout,
            dry_run: flags.dry_run,
            yes: flags.yes,
            state: state_dir(sources)?,
            warnings,
        })
    }

    /// The folder for what is remembered of the workspace; none in the sandbox, which answers at once.
    pub fn cache(&self) -> Option<PathBuf> {
        let token = self.token.as_ref().ok().filter(|_| !self.sandbox)?;
        Some(self.state.join("cache").join(token.scope(&self.base)))
    }

    /// The sandbox's file.
    pub fn sandbox_file(&self) -> PathBuf {
        self.state.join("sandbox.db")
    }
}

/// The server that flags and sources name.
fn server(flags: &Flags, sources: &Sources) -> Result<Url, Error> {
    let (base, from_dotenv) = match (&flags.base_url, sources.environment.get(BASE_URL)) {
        (Some(url), _) => (url.as_str(), false),
        (None, Some(url)) if url.trim().is_empty() => {
            return Err(Error::usage(format!("{BASE_URL} is empty; was a variable not set?"))
                .hint(format!("unset {BASE_URL} to use Attio")));
        }
        (None, Some(url)) => (url.as_str(), false),
        (None, None) => sources.get(BASE_URL)?.map_or((ATTIO, false), |url| (url, true)),
    };
    // A .env that somebody left in a folder must not be able to send a key elsewhere, not even to a
    // port of this machine, where another user may listen.
    if from_dotenv && sources.environment.contains_key(API_KEY) {
        return Err(Error::usage("the base URL of .env is used only with a key of the same file")
            .why("ATTIO_API_KEY comes from the environment, ATTIO_BASE_URL from .env")
            .hint("give the URL with --base-url if you trust it"));
    }
    base_url(base)
}

fn rate(sources: &Sources) -> Result<Rate, Error> {
    match sources.get(RATE_LIMIT)? {
        Some(text) => text.trim().parse().map_err(|e| Error::usage(format!("{RATE_LIMIT}: {e}"))),
        None => Ok(Rate::default()),
    }
}

/// Attio, another https host, or this machine; an origin and nothing else but the `/v2` that other tools
/// want at its end.
fn base_url(text: &str) -> Result<Url, Error> {
    let bad = |why: &str| {
        let message = format!("not a usable base URL: {:?}", without_userinfo(text));
        Error::usage(message).why(why).hint("give https://HOST, or http://127.0.0.1:PORT for a local server")
    };
    let typed = text.trim().trim_end_matches('/');
    let typed = typed.strip_suffix("/v2").unwrap_or(typed);
    let url = Url::parse(typed).map_err(|e| bad(&e.to_string()))?;
    // The parser understands many spellings of a host; one that hides which host it is, is refused.
    let plain = url.host_str().is_some_and(|host| typed.to_ascii_lowercase().contains(host));
    if !plain || !typed.is_ascii() {
        return Err(bad("its host is not written plainly"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("it carries a user name or password"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(bad("it has a path, query or fragment"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(bad("http would send the key in the open")),
        _ => Err(bad("neither https nor http")),
    }
}

/// `user:pass@` of a URL may be a secret and must not reach an error message.
fn without_userinfo(text: &str) -> &str {
    text.rsplit_once('@').map_or(text, |(_, rest)| rest)
}

/// Whether a URL leads to this machine and no further.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn state_dir(sources: &Sources) -> Result<PathBuf, Error> {
    // Not from .env: a folder that somebody hands over must not move the state.
    if let Some(dir) = sources.environment.get(STATE_DIR).filter(|dir| !dir.is_empty()) {
        return Ok(PathBuf::from(dir));
    }
    let base = dirs::state_dir().or_else(dirs::data_local_dir);
    base.map(|dir| dir.join("attio-crm")).ok_or_else(|| {
        Error::failure("no folder for the state of attio-crm").hint(format!("set {STATE_DIR} to a folder"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn sources(environment: &[(&str, &str)], dotenv: &[(&str, &str)]) -> Sources {
        let known = |name: &str| ALL.into_iter().find(|(known, _)| *known == name).unwrap().0;
        let environment =
            environment.iter().map(|(name, value)| (known(name), (*value).to_owned())).collect();
        let text: String = dotenv.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        Sources { environment, dotenv: lines::parse(&text), remarks: Vec::new() }
    }

    #[test]
    fn a_key_is_trimmed_with_a_warning_and_never_shown() {
        let config = Config::new(Flags::default(), &sources(&[(API_KEY, " canary\n")], &[])).unwrap();
        assert_eq!(config.token.as_ref().unwrap().expose(), "canary");
        assert_eq!(config.warnings.len(), 1);
        assert!(!format!("{config:?}").contains("canary"));
    }

    #[test]
    fn a_key_that_is_none() {
        for (value, why) in [("", NoKey::Empty), ("  ", NoKey::Empty), ("a b", NoKey::Malformed)] {
            // An empty variable is a decision: the key of .env is not used instead.
            let config = Config::new(Flags::default(), &sources(&[(API_KEY, value)], &[(API_KEY, "k")]));
            assert_eq!(config.unwrap().token.unwrap_err(), why);
        }
        let config = Config::new(Flags::default(), &Sources::default()).unwrap();
        assert_eq!(config.token.unwrap_err(), NoKey::Missing);
    }

    #[test]
    fn base_urls() {
        for good in [
            "https://api.attio.com",
            "https://proxy.corp:8443/",
            "http://127.0.0.1:1",
            "http://[::1]:1",
            "https://API.attio.com/v2",
            "https://api.attio.com/v2/",
        ] {
            assert!(base_url(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.attio.com",
            "http://127.0.0.1.evil.tld",
            "https://user:secret@api.attio.com",
            "https://api.attio.com/v1",
            "https://api.attio.com/v2/notes",
            "https://api.attio.com/?a=b",
            "http://１２７.0.0.1:1",
            "http://127.1:1",
            "http://0x7f000001",
            "http://%31%32%37.0.0.1",
            "https://api.attio.com\u{ad}",
            "ftp://api.attio.com",
            "api.attio.com",
            "",
        ] {
            let error = base_url(bad).unwrap_err();
            assert_eq!(error.kind(), Kind::Usage, "{bad}");
            assert!(!error.to_lines().concat().contains("secret"));
        }
    }

    #[test]
    fn a_base_url_of_dotenv_needs_the_key_of_dotenv() {
        let evil = &[(BASE_URL, "https://evil.example"), (API_KEY, "theirs")];
        let error = Config::new(Flags::default(), &sources(&[(API_KEY, "mine")], evil)).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage);
        let config = Config::new(Flags::default(), &sources(&[], evil)).unwrap();
        assert_eq!(config.base.host_str(), Some("evil.example"));
        let local = &[(BASE_URL, "http://127.0.0.1:9")];
        assert!(Config::new(Flags::default(), &sources(&[(API_KEY, "mine")], local)).is_err());
        for flags in [Flags { sandbox: true, ..Flags::default() }, Flags { local: true, ..Flags::default() }]
        {
            for odd in ["", "nonsense", "https://attio/v1"] {
                assert!(Config::new(flags.clone(), &sources(&[(BASE_URL, odd)], evil)).is_ok(), "{odd}");
            }
        }
        assert!(Config::new(Flags::default(), &sources(&[(BASE_URL, "")], &[])).is_err());
    }

    #[test]
    fn a_damaged_line_stops_only_whoever_needs_it() {
        let config = |flags: &Flags, environment: &[_], dotenv: &[_]| {
            Config::new(flags.clone(), &sources(environment, dotenv))
        };
        let (plain, local) = (Flags::default(), Flags { local: true, ..Flags::default() });
        for (name, good) in [(READ_ONLY, "0"), (SANDBOX, "0"), (RATE_LIMIT, "7/s"), (BASE_URL, ATTIO)] {
            let line = [(name, "'1")];
            assert_eq!(config(&plain, &[], &line).unwrap_err().kind(), Kind::Usage, "{name}");
            assert!(config(&plain, &[(name, good)], &line).is_ok(), "{name}");
        }
        assert!(config(&local, &[], &[(BASE_URL, "'1")]).is_ok());
        let token = config(&plain, &[], &[(API_KEY, "'1")]).unwrap().token;
        assert_eq!(token.unwrap_err().error().kind(), Kind::Usage);
    }

    #[test]
    fn the_sandbox_is_not_mistaken_for_attio() {
        let settings = sources(&[(API_KEY, "mine")], &[(SANDBOX, "1")]);
        let config = Config::new(Flags::default(), &settings).unwrap();
        assert!(config.sandbox && config.warnings[0].contains("not Attio"));
        let base_url = Some("https://api.attio.com".to_owned());
        let both = Flags { sandbox: true, base_url, ..Flags::default() };
        assert_eq!(Config::new(both, &Sources::default()).unwrap_err().kind(), Kind::Usage);
    }

    #[test]
    fn switches() {
        for (text, on) in [("1", true), ("true", true), ("0", false), ("", false)] {
            let config = Config::new(Flags::default(), &sources(&[(READ_ONLY, text)], &[])).unwrap();
            assert_eq!(config.read_only, on);
        }
        let hidden = sources(&[(READ_ONLY, " ")], &[(READ_ONLY, "1")]);
        assert!(Config::new(Flags::default(), &hidden).unwrap().read_only, "nothing is no 0");
        let base_url = Some("https://api.attio.com".to_owned());
        let typed = Config::new(Flags { base_url, ..Flags::default() }, &sources(&[(SANDBOX, "1")], &[]));
        assert!(!typed.unwrap().sandbox, "a flag goes before the environment");
        // A typo must not open the door.
        assert!(Config::new(Flags::default(), &sources(&[(READ_ONLY, "ture")], &[])).is_err());
    }
}
