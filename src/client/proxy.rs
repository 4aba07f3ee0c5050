//! What the environment says about proxies, as far as errors are concerned. The routing itself is
//! reqwest's; here is told what cannot work, and which variable is to be mended.

use crate::error::Error;
use url::Url;

/// A proxy that requests to a host go through, and the variable that says so.
#[derive(Debug)]
pub struct Proxy {
    /// Name of the variable.
    pub variable: &'static str,
    /// Host and port; a password stays in the variable.
    pub shown: String,
}

/// The proxy for `base`, if the environment names one.
///
/// # Errors
/// When its value is no URL, or of a kind that is not supported: requests would go around it.
pub fn of(base: &Url) -> Result<Option<Proxy>, Error> {
    from(base, |name| std::env::var(name).ok())
}

fn from(base: &Url, get: impl Fn(&str) -> Option<String>) -> Result<Option<Proxy>, Error> {
    let names: &[&'static str] = match base.scheme() {
        "https" => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        _ => &["http_proxy", "all_proxy", "ALL_PROXY"],
    };
    let set =
        |name: &&'static str| get(name).filter(|value| !value.trim().is_empty()).map(|value| (*name, value));
    let Some((variable, value)) = names.iter().find_map(set) else { return Ok(None) };
    let except = get("no_proxy").or_else(|| get("NO_PROXY")).unwrap_or_default();
    if is_excepted(base.host_str().unwrap_or_default(), &except) {
        return Ok(None);
    }
    let url = if value.contains("://") { value.clone() } else { format!("http://{value}") };
    let refuse = |why: &str| {
        Error::failure(format!("{variable} does not name a proxy that can be used"))
            .why(why)
            .hint(format!("set {variable} to http://HOST:PORT, or unset it; nothing was sent"))
    };
    let url = Url::parse(url.trim()).map_err(|_| refuse("it is not a URL"))?;
    match (url.scheme(), url.host_str()) {
        ("http" | "https", Some(host)) => {
            let port = url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
            Ok(Some(Proxy { variable, shown: format!("{host}{port}") }))
        }
        (scheme, _) => Err(refuse(&format!("{scheme} is not supported, only http and https"))),
    }
}

/// Whether a list of hosts, domains and `*` takes a host out.
fn is_excepted(host: &str, list: &str) -> bool {
    list.split(',').map(|entry| entry.trim().trim_start_matches('.')).any(|entry| {
        let below = || host.strip_suffix(entry).is_some_and(|rest| rest.ends_with('.'));
        entry == "*" || (!entry.is_empty() && (host.eq_ignore_ascii_case(entry) || below()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        let Ok(base) = Url::parse("https://api.attio.com") else { return Err("no URL".to_owned()) };
        let get =
            |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        from(&base, get).map(|proxy| proxy.map(|proxy| proxy.shown)).map_err(|error| error.full_message())
    }

    #[test]
    fn what_cannot_be_a_proxy_is_refused_and_named() {
        assert_eq!(proxy(&[]), Ok(None));
        assert_eq!(proxy(&[("HTTPS_PROXY", "")]), Ok(None));
        assert_eq!(proxy(&[("HTTPS_PROXY", "http://u:secret@p:8080")]), Ok(Some("p:8080".to_owned())));
        assert_eq!(proxy(&[("ALL_PROXY", "p:3128")]), Ok(Some("p:3128".to_owned())));
        assert_eq!(proxy(&[("HTTPS_PROXY", "socks5://p:1"), ("NO_PROXY", "attio.com")]), Ok(None));
        for bad in ["socks5://p:1080", "http://", "http://[", "ftp://p"] {
            let error = proxy(&[("HTTPS_PROXY", bad)]);
            assert!(error.as_ref().is_err_and(|e| e.contains("HTTPS_PROXY")), "{bad}: {error:?}");
        }
    }
}
