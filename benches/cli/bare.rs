//! The bare client: what the same libraries cost without anything of ours around them.
//!
//! It asks for one page after the other and writes the rows: raw as they came, or typed, as a program
//! would that knows this one workspace. It is this benchmark itself, called by another name.

use crate::records::PAGE;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
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
    values: Values<'a>,
}

#[derive(Deserialize)]
struct Id<'a> {
    record_id: &'a str,
}

/// The attributes by name, as in a program made for this one workspace.
macro_rules! values {
    ($($slug:ident: $of:ident,)*) => {
        #[derive(Deserialize)]
        struct Values<'a> {$(
            #[serde(borrow)]
            $slug: Vec<$of<'a>>,
        )*}

        /// The attributes that are set, each as its plain value.
        #[derive(Serialize)]
        struct Plain<'a> {$(
            #[serde(skip_serializing_if = "Vec::is_empty")]
            $slug: Vec<<$of<'a> as Shown<'a>>::As>,
        )*}

        impl<'a> Values<'a> {
            fn plain(&self) -> Plain<'a> {
                Plain {$($slug: self.$slug.iter().map(Shown::shown).collect(),)*}
            }
        }
    };
}

values! {
    domains: Domain,
    name: Text,
    description: Text,
    team: Reference,
    categories: Choice,
    primary_location: Place,
    linkedin: Text,
    twitter_follower_count: Text,
    estimated_arr_usd: Choice,
    funding_raised_usd: Money,
    foundation_date: Text,
    employee_range: Choice,
    associated_deals: Reference,
    created_at: Text,
    created_by: Actor,
}

/// What a value looks like without its envelope.
trait Shown<'a> {
    type As: Serialize;
    fn shown(&self) -> Self::As;
}

/// A type of value, of which the named parts are shown.
macro_rules! shown {
    ($name:ident { $($field:ident: $of:ty),* } as $as:ty = |$it:ident| $shown:expr) => {
        #[derive(Clone, Copy, Deserialize)]
        struct $name<'a> {$(#[serde(borrow)] $field: $of,)*}

        impl<'a> Shown<'a> for $name<'a> {
            type As = $as;
            fn shown(&self) -> $as {
                let $it = self;
                $shown
            }
        }
    };
}

shown!(Text { value: &'a RawValue } as &'a RawValue = |it| it.value);
shown!(Domain { domain: &'a str } as &'a str = |it| it.domain);
shown!(Choice { option: Title<'a> } as &'a str = |it| it.option.title);
shown!(Reference { target_object: &'a str, target_record_id: &'a str } as Pair<'a>
    = |it| Pair { object: it.target_object, record_id: it.target_record_id });
shown!(Money { currency_value: &'a RawValue, currency_code: &'a str } as Amount<'a>
    = |it| Amount { amount: it.currency_value, currency: it.currency_code });
shown!(Actor { referenced_actor_type: &'a str, referenced_actor_id: &'a str } as Who<'a>
    = |it| Who { r#type: it.referenced_actor_type, id: it.referenced_actor_id });
shown!(Place { locality: &'a RawValue, region: &'a RawValue, country_code: &'a RawValue } as Where<'a>
    = |it| Where { locality: it.locality, region: it.region, country_code: it.country_code });

#[derive(Clone, Copy, Deserialize)]
struct Title<'a> {
    title: &'a str,
}

#[derive(Serialize)]
struct Pair<'a> {
    object: &'a str,
    record_id: &'a str,
}

#[derive(Serialize)]
struct Amount<'a> {
    amount: &'a RawValue,
    currency: &'a str,
}

#[derive(Serialize)]
struct Who<'a> {
    r#type: &'a str,
    id: &'a str,
}

#[derive(Serialize)]
struct Where<'a> {
    locality: &'a RawValue,
    region: &'a RawValue,
    country_code: &'a RawValue,
}

#[derive(Serialize)]
struct Line<'a> {
    record_id: &'a str,
    web_url: &'a str,
    created_at: &'a str,
    values: Plain<'a>,
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
        let shown = Line {
            record_id: row.id.record_id,
            web_url: row.web_url,
            created_at: row.created_at,
            values: row.values.plain(),
        };
        serde_json::to_writer(&mut *out, &shown)?;
        out.write_all(b"\n")?;
    }
    Ok(rows.data.len())
}
