//! The bare client: what the same libraries cost without anything of ours around them.
//!
//! It asks for one page after the other and writes the rows: raw as they came, or typed, as a program
//! would that knows this one workspace. It is this benchmark itself, called by another name.

use crate::records::PAGE;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufWriter, Write};
use std::sync::Arc;

/// How the rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// As they came.
    Raw,
    /// As the values they hold.
    Typed,
}

#[derive(Deserialize)]
struct Rows<T> {
    data: Vec<T>,
}

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    id: Id<'a>,
    created_at: &'a str,
    web_url: &'a str,
    #[serde(borrow)]
    values: BTreeMap<&'a str, Vec<Held<'a>>>,
}

#[derive(Deserialize)]
struct Id<'a> {
    record_id: &'a str,
}

/// A value of any type that the companies have.
#[derive(Deserialize)]
struct Held<'a> {
    #[serde(borrow)]
    value: Option<Scalar<'a>>,
    domain: Option<&'a str>,
    #[serde(borrow)]
    option: Option<Choice<'a>>,
    target_object: Option<&'a str>,
    target_record_id: Option<&'a str>,
    currency_value: Option<f64>,
    currency_code: Option<&'a str>,
    referenced_actor_type: Option<&'a str>,
    referenced_actor_id: Option<&'a str>,
    locality: Option<&'a str>,
    country_code: Option<&'a str>,
}

#[derive(Deserialize, Serialize)]
#[serde(untagged)]
enum Scalar<'a> {
    Number(f64),
    #[serde(borrow)]
    Text(Cow<'a, str>),
}

#[derive(Deserialize)]
struct Choice<'a> {
    title: &'a str,
}

#[derive(Serialize)]
struct Shown<'a> {
    record_id: &'a str,
    web_url: &'a str,
    created_at: &'a str,
    values: BTreeMap<&'a str, Vec<Plain<'a>>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Plain<'a> {
    Scalar(&'a Scalar<'a>),
    Text(&'a str),
    Reference { object: &'a str, record_id: &'a str },
    Money { amount: f64, currency: &'a str },
    Actor { r#type: &'a str, id: &'a str },
    Place { locality: Option<&'a str>, country_code: Option<&'a str> },
}

/// Reads everything that `origin` has and writes it to standard output, an object a line.
pub fn run(form: Form, origin: &str) -> Result<(), Box<dyn Error>> {
    let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build()?;
    let url = format!("{origin}/v2/objects/companies/records/query");
    let mut out = BufWriter::with_capacity(64 * 1024, std::io::stdout().lock());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        for page in 0.. {
            let body = format!(r#"{{"limit":{PAGE},"offset":{}}}"#, page * PAGE);
            let text = client.post(&url).body(body).send().await?.error_for_status()?.bytes().await?;
            let text = std::str::from_utf8(&text)?;
            let rows = match form {
                Form::Raw => raw(text, &mut out)?,
                Form::Typed => typed(text, &mut out)?,
            };
            if rows < PAGE {
                break;
            }
        }
        Ok(out.flush()?)
    })
}

fn raw(text: &str, out: &mut impl Write) -> Result<usize, Box<dyn Error>> {
    let rows: Rows<&RawValue> = serde_json::from_str(text)?;
    for row in &rows.data {
        out.write_all(row.get().as_bytes())?;
        out.write_all(b"\n")?;
    }
    Ok(rows.data.len())
}

fn typed(text: &str, out: &mut impl Write) -> Result<usize, Box<dyn Error>> {
    let rows: Rows<Record<'_>> = serde_json::from_str(text)?;
    for row in &rows.data {
        let set = row.values.iter().filter(|(_, held)| !held.is_empty());
        let values = set.map(|(slug, held)| (*slug, held.iter().filter_map(plain).collect())).collect();
        let shown =
            Shown { record_id: row.id.record_id, web_url: row.web_url, created_at: row.created_at, values };
        serde_json::to_writer(&mut *out, &shown)?;
        out.write_all(b"\n")?;
    }
    Ok(rows.data.len())
}

fn plain<'a>(held: &'a Held<'a>) -> Option<Plain<'a>> {
    let scalar = held.value.as_ref().map(Plain::Scalar);
    let text = || held.domain.or(held.option.as_ref().map(|option| option.title)).map(Plain::Text);
    let reference =
        || Some(Plain::Reference { object: held.target_object?, record_id: held.target_record_id? });
    let money = || Some(Plain::Money { amount: held.currency_value?, currency: held.currency_code? });
    let actor = || Some(Plain::Actor { r#type: held.referenced_actor_type?, id: held.referenced_actor_id? });
    let place = || Plain::Place { locality: held.locality, country_code: held.country_code };
    scalar.or_else(text).or_else(reference).or_else(money).or_else(actor).or_else(|| Some(place()))
}
