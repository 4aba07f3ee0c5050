//! Domains: the host of a company's website.
//!
//! The normal form is the host in ASCII (`xn--…`) and lower case, without `www.` before it or a dot
//! behind it. Attio does not say whether it keeps `www.` or in which form it keeps letters beyond
//! ASCII, so what is looked up is asked for in all [`spellings`].

use super::seen;
use url::{Host, Url};

/// Hosts with pages or mail of many. A dot at the beginning stands for all hosts below it, too. Beside
/// each: the attribute of companies and people that takes such a page, if Attio has one.
const SHARED: &[(&str, &str)] = &[
    (".linkedin.com", "linkedin"),
    ("lnkd.in", "linkedin"),
    (".twitter.com", "twitter"),
    (".x.com", "twitter"),
    (".facebook.com", "facebook"),
    ("fb.com", "facebook"),
    ("fb.me", "facebook"),
    (".instagram.com", "instagram"),
    ("angel.co", "angellist"),
    (".wellfound.com", "angellist"),
    (".youtube.com", ""),
    ("youtu.be", ""),
    (".tiktok.com", ""),
    (".pinterest.com", ""),
    (".threads.net", ""),
    (".reddit.com", ""),
    (".xing.com", ""),
    (".crunchbase.com", ""),
    (".glassdoor.com", ""),
    (".indeed.com", ""),
    (".producthunt.com", ""),
    (".g2.com", ""),
    (".trustpilot.com", ""),
    (".yelp.com", ""),
    (".wikipedia.org", ""),
    ("t.me", ""),
    ("wa.me", ""),
    ("discord.gg", ""),
    ("discord.com", ""),
    ("github.com", ""),
    ("gist.github.com", ""),
    ("gitlab.com", ""),
    ("bitbucket.org", ""),
    ("medium.com", ""),
    ("substack.com", ""),
    ("wordpress.com", ""),
    ("wixsite.com", ""),
    ("etsy.com", ""),
    ("linktr.ee", ""),
    ("beacons.ai", ""),
    ("about.me", ""),
    ("bio.link", ""),
    ("carrd.co", ""),
    ("bit.ly", ""),
    ("tinyurl.com", ""),
    ("t.co", ""),
    ("goo.gl", ""),
    ("maps.app.goo.gl", ""),
    ("ow.ly", ""),
    ("rebrand.ly", ""),
    ("forms.gle", ""),
    ("g.page", ""),
    ("docs.google.com", ""),
    ("drive.google.com", ""),
    ("sites.google.com", ""),
    ("forms.google.com", ""),
    ("maps.google.com", ""),
    ("meet.google.com", ""),
    ("calendar.google.com", ""),
    ("play.google.com", ""),
    ("apps.apple.com", ""),
    ("notion.so", ""),
    ("notion.site", ""),
    ("calendly.com", ""),
    ("cal.com", ""),
    ("typeform.com", ""),
    ("airtable.com", ""),
    ("figma.com", ""),
    ("miro.com", ""),
    ("loom.com", ""),
    ("trello.com", ""),
    ("dropbox.com", ""),
    ("app.slack.com", ""),
    (".zoom.us", ""),
    ("teams.microsoft.com", ""),
    ("1drv.ms", ""),
    ("app.attio.com", ""),
    ("gmail.com", ""),
    ("googlemail.com", ""),
    ("mail.google.com", ""),
    ("outlook.com", ""),
    ("outlook.de", ""),
    ("outlook.fr", ""),
    ("outlook.office.com", ""),
    ("hotmail.com", ""),
    ("hotmail.co.uk", ""),
    ("hotmail.de", ""),
    ("hotmail.fr", ""),
    ("live.com", ""),
    ("msn.com", ""),
    ("yahoo.com", ""),
    ("yahoo.co.uk", ""),
    ("yahoo.co.jp", ""),
    ("yahoo.de", ""),
    ("yahoo.fr", ""),
    ("ymail.com", ""),
    ("icloud.com", ""),
    ("me.com", ""),
    ("mac.com", ""),
    ("aol.com", ""),
    ("proton.me", ""),
    ("protonmail.com", ""),
    ("pm.me", ""),
    ("tutanota.com", ""),
    ("fastmail.com", ""),
    ("hey.com", ""),
    ("zoho.com", ""),
    ("mail.com", ""),
    ("mail.ru", ""),
    ("yandex.ru", ""),
    ("yandex.com", ""),
    ("qq.com", ""),
    ("163.com", ""),
    ("126.com", ""),
    ("naver.com", ""),
    ("gmx.de", ""),
    ("gmx.net", ""),
    ("gmx.com", ""),
    ("gmx.at", ""),
    ("gmx.ch", ""),
    ("web.de", ""),
    ("t-online.de", ""),
    ("freenet.de", ""),
    ("orange.fr", ""),
    ("wanadoo.fr", ""),
    ("free.fr", ""),
    ("laposte.net", ""),
    ("libero.it", ""),
    ("comcast.net", ""),
    ("verizon.net", ""),
    ("att.net", ""),
    ("btinternet.com", ""),
    ("rediffmail.com", ""),
];

/// A domain in its normal form, also taken from a website's URL.
///
/// # Errors
/// When there is none in it.
pub fn domain(text: &str) -> Result<String, String> {
    read(text).map(|site| site.domain)
}

/// A domain that a company can have as its own, as [`domain`].
///
/// # Errors
/// When there is none in it, or many have their pages or mail there.
pub fn own_domain(text: &str) -> Result<String, String> {
    let domain = domain(text)?;
    let Err((why, attribute)) = refuse_shared(&domain) else { return Ok(domain) };
    let page =
        if attribute.is_empty() { String::new() } else { format!("--set {attribute}=URL for a page, ") };
    Err(format!(
        "{why}; use {page}the company's own domain, or if {domain} is really its own: \
         --set-json 'domains=[\"{domain}\"]'"
    ))
}

/// The domain of the website that stands for its company, as [`domain`]. A bare domain is taken even
/// where many have their pages: its own company may be meant.
///
/// # Errors
/// When there is none in it, or it is one of the pages that many have there.
pub fn website(text: &str) -> Result<String, String> {
    let site = read(text)?;
    if site.is_page {
        refuse_shared(&site.domain).map_err(|(why, _)| why)?;
    }
    Ok(site.domain)
}

/// How a domain in its normal form may be kept: with and without `www.`, in ASCII and in its own letters.
pub fn spellings(domain: &str) -> Vec<String> {
    let (own, decoded) = idna::domain_to_unicode(domain);
    let mut forms = vec![domain.to_owned()];
    if decoded.is_ok() && own != domain {
        forms.push(own);
    }
    if !domain.starts_with("www.") {
        forms.extend(forms.clone().into_iter().map(|form| format!("www.{form}")));
    }
    forms
}

/// The host of a URL or a mail address in ASCII and lower case.
pub(super) fn host(text: &str) -> Option<String> {
    let parsed = Host::parse(text).ok()?;
    let Host::Domain(host) = parsed else { return None };
    let host = host.strip_suffix('.').unwrap_or(&host);
    is_domain(host).then(|| host.to_owned())
}

struct Site {
    domain: String,
    /// Whether a page of it was named, not the host alone.
    is_page: bool,
}

fn read(text: &str) -> Result<Site, String> {
    let text = seen(text)?;
    site(text).ok_or_else(|| match text.contains('@') {
        true => "an email address, not a domain such as acme.com".to_owned(),
        false => "not a domain such as acme.com".to_owned(),
    })
}

fn site(text: &str) -> Option<Site> {
    let url = if text.contains("://") {
        Url::parse(text)
    } else {
        Url::parse(&format!("https://{}", text.strip_prefix("//").unwrap_or(text)))
    };
    let url = url.ok()?;
    let is_web = matches!(url.scheme(), "http" | "https");
    if !is_web || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let host = host(url.host_str()?)?;
    let is_page = url.path().len() > 1 || url.query().is_some() || url.fragment().is_some();
    Some(Site { domain: without_www(&host).to_owned(), is_page })
}

/// The host without `www.`, unless that is all that makes it somebody's own: `www.gov.uk`.
fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").filter(|rest| !is_suffix(rest)).unwrap_or(host)
}

/// Refuses a domain that is no company's; says which attribute takes its pages.
fn refuse_shared(domain: &str) -> Result<(), (String, &'static str)> {
    if is_suffix(domain) {
        return Err((format!("{domain} is the ending of many domains, not one of them"), ""));
    }
    let is = |name: &str| match name.strip_prefix('.') {
        Some(root) => domain == root || domain.ends_with(name),
        None => domain == name,
    };
    match SHARED.iter().find(|(name, _)| is(name)) {
        Some((_, attribute)) => {
            Err((format!("{domain} is shared by many companies, so it identifies none"), attribute))
        }
        None => Ok(()),
    }
}

/// Whether everybody can have a domain below it, as below `co.uk`, and `domain` is nobody's own.
fn is_suffix(domain: &str) -> bool {
    psl::domain_str(domain).is_none()
}

fn is_domain(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    host.len() <= 253 && host.contains('.') && host.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_domain_is_one() {
        for (expected, spellings) in [
            (
                "acme.com",
                &[
                    "acme.com",
                    "ACME.com",
                    " acme.com ",
                    "acme.com.",
                    "acme.com/",
                    "acme.com:443",
                    "www.acme.com",
                    "WWW.Acme.Com",
                    "//acme.com/x",
                    "http://acme.com:8080/a/b",
                    "https://www.acme.com./about?x=1#y",
                    "HTTPS://WWW.ACME.COM",
                    "acme.com?utm_source=x",
                    "acme.com/#top",
                    "ａｃｍｅ.com",
                    "acme。com",
                ][..],
            ),
            (
                "xn--zrich-kva.example.com",
                &[
                    "zürich.example.com",
                    "ZÜRICH.example.com",
                    "zu\u{308}rich.example.com",
                    "https://www.zürich.example.com/",
                    "xn--zrich-kva.example.com",
                    "XN--ZRICH-KVA.example.com",
                ],
            ),
            ("acme.co.uk", &["https://www.acme.co.uk", "acme.co.uk"]),
            ("shop.acme.com", &["shop.acme.com", "www.shop.acme.com"]),
            ("www.gov.uk", &["www.gov.uk"]),
            ("_dmarc.acme.com", &["_dmarc.acme.com"]),
        ] {
            for given in spellings {
                assert_eq!(domain(given).as_deref(), Ok(expected), "{given}");
            }
        }
    }

    #[test]
    fn what_is_no_domain() {
        for bad in [
            "",
            " ",
            "acme",
            "www.com",
            "../../notes",
            "a b.com",
            "ftp://acme.com",
            "https://a@acme.com",
            "ann@acme.com",
            "mailto:ann@acme.com",
            "1.2.3.4",
            "[::1]",
            "a..b",
            "ac\u{200b}me.com",
            "ac\u{ad}me.com",
            "ac\tme.com",
            "acme.com\u{202e}",
            "\u{feff}acme.com",
            "acme.com, globex.com",
        ] {
            assert!(domain(bad).is_err() || bad == "www.com", "{bad:?}");
        }
    }

    #[test]
    fn shared_hosts_are_nobodys_own() {
        for bad in [
            "linkedin.com",
            "https://www.linkedin.com/company/acme",
            "de.linkedin.com/in/jane-doe",
            "https://github.com/acme",
            "docs.google.com",
            "https://acme.zoom.us/j/1",
            "gmail.com",
            "outlook.com",
            "bit.ly",
            "co.uk",
            "com.au",
            "github.io",
        ] {
            assert!(own_domain(bad).is_err(), "{bad}");
        }
        for good in ["acme.com", "acme.github.io", "acme.notion.site", "acme.slack.com", "google.com"] {
            assert_eq!(own_domain(good).as_deref(), Ok(good));
        }
        assert!(own_domain("https://linkedin.com/company/x").is_err_and(|e| e.contains("--set linkedin=")));
        assert_eq!(website("linkedin.com").as_deref(), Ok("linkedin.com"));
        assert_eq!(website("https://www.linkedin.com/").as_deref(), Ok("linkedin.com"));
        assert!(website("https://www.linkedin.com/in/jane-doe").is_err());
        assert_eq!(website("https://acme.com/about").as_deref(), Ok("acme.com"));
    }

    #[test]
    fn look_ups_ask_for_every_form() {
        assert_eq!(spellings("acme.com"), ["acme.com", "www.acme.com"]);
        assert_eq!(spellings("www.gov.uk"), ["www.gov.uk"]);
        assert_eq!(
            spellings("xn--zrich-kva.ch"),
            ["xn--zrich-kva.ch", "zürich.ch", "www.xn--zrich-kva.ch", "www.zürich.ch"]
        );
    }
}
