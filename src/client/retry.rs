//! When a request may be repeated, and after how long. Pure: no network, no clock of its own.
//!
//! [`classify`] is the whole policy, by the class of the operation and by what is known of the
//! attempt: a read or an idempotent write may be repeated after anything transient; a create only
//! where the server surely did nothing, because Attio has no idempotency key.
//!
//! The `backoff` crate supplies the exponential policy, here and nowhere else. It is unmaintained
//! (RUSTSEC-2025-0012, and RUSTSEC-2024-0384 for `instant` below it) and has no known defect; the
//! replacement is `backon`, or [`Delays`] with four lines of arithmetic.

use super::operation::Effect;
use backoff::ExponentialBackoff;
use backoff::backoff::Backoff as _;
use std::time::{Duration, SystemTime};

/// What is known about one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// No byte of the request was sent (name lookup, connection, TLS handshake).
    NotSent,
    /// The server's certificate is not trusted; nothing was sent.
    Untrusted,
    /// No connection can be made, now or later: the proxy wants a login, the port speaks no TLS. Nothing
    /// was sent.
    Hopeless,
    /// The file of the embedded workspace cannot be used; nothing was done. Says what to try.
    NoWorkspace(&'static str),
    /// Sent, and no answer came (reset, time-out, end of file).
    Lost,
    /// The status came, the body did not come whole.
    Cut(u16),
    /// An answer that no repeat makes usable: too large, or not JSON.
    Unreadable(u16),
    /// A whole answer with this status.
    Status(u16),
    /// 409 `concurrent_write_conflict`: the write was refused because another was under way.
    ConcurrentWrite,
}

/// What follows from an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It worked.
    Done,
    /// Repeat it.
    Again,
    /// It failed, and a repeat would fail too.
    Stop,
    /// It may have been done; a repeat could do it twice.
    Ambiguous,
}

/// Decides what follows from an attempt of an operation with this effect.
pub const fn classify(effect: Effect, seen: Seen) -> Verdict {
    let unknown = match effect {
        Effect::Read | Effect::Idempotent => Verdict::Again,
        Effect::Create => Verdict::Ambiguous,
    };
    match seen {
        Seen::NotSent | Seen::Status(429) => Verdict::Again,
        Seen::ConcurrentWrite => match effect {
            Effect::Read => Verdict::Stop,
            Effect::Idempotent | Effect::Create => Verdict::Again,
        },
        Seen::Lost | Seen::Cut(200..=299) => unknown,
        Seen::Unreadable(200..=299) => match effect {
            Effect::Read => Verdict::Stop,
            Effect::Idempotent | Effect::Create => Verdict::Ambiguous,
        },
        Seen::Status(status) | Seen::Cut(status) | Seen::Unreadable(status) => match status {
            200..=299 => Verdict::Done,
            408 | 429 | 500 | 502..=504 | 520..=529 => unknown,
            // Not listed as transient, but nobody says that nothing was done either.
            505.. => match effect {
                Effect::Read => Verdict::Stop,
                Effect::Idempotent | Effect::Create => Verdict::Ambiguous,
            },
            _ => Verdict::Stop,
        },
        Seen::Untrusted | Seen::Hopeless | Seen::NoWorkspace(_) => Verdict::Stop,
    }
}

/// The longest `Retry-After` that is waited for; beyond it the command ends and says so.
pub const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The waits between the attempts of one call.
#[derive(Debug)]
pub struct Delays {
    policy: ExponentialBackoff,
    left: u32,
    left_after_conflict: u32,
}

impl Delays {
    /// Five attempts for a read, four for a write; full jitter under 0.5 s, 1 s, 2 s … 20 s.
    pub fn new(effect: Effect) -> Self {
        let half = Duration::from_millis(250);
        let policy = ExponentialBackoff {
            current_interval: half,
            initial_interval: half,
            // Around half of the cap by all of it: a random wait from zero to the cap.
            randomization_factor: 1.0,
            multiplier: 2.0,
            max_interval: Duration::from_secs(10),
            max_elapsed_time: None,
            ..ExponentialBackoff::default()
        };
        let left = if effect == Effect::Read { 4 } else { 3 };
        Self { policy, left, left_after_conflict: 3 }
    }

    /// The wait before the next attempt, or `None` when there were enough. `asked`: what the server
    /// asked for, honoured with up to a second of jitter so that waiting processes do not wake at
    /// once (its dates have a resolution of a second).
    pub fn next(&mut self, seen: Seen, asked: Option<Duration>) -> Option<Duration> {
        if seen == Seen::ConcurrentWrite {
            self.left_after_conflict = self.left_after_conflict.checked_sub(1)?;
        }
        self.left = self.left.checked_sub(1)?;
        let own = self.policy.next_backoff()?;
        Some(match (asked, seen) {
            (Some(asked), _) => asked.saturating_add(Duration::from_secs_f64(fastrand::f64())),
            // A 429 without a usable Retry-After waits a second at the least.
            (None, Seen::Status(429)) => own + Duration::from_secs(1),
            (None, _) => own,
        })
    }
}

/// Reads `Retry-After` (RFC 9110 10.2.3): seconds, or one of the three date forms, which count from
/// the `Date` of the same response, because the clock of this machine may be wrong. `None` for zero,
/// the past, anything malformed, and two different values.
pub fn retry_after(values: &[&str], date: Option<&str>, now: SystemTime) -> Option<Duration> {
    let (first, rest) = values.split_first()?;
    if rest.iter().any(|other| other != first) {
        return None;
    }
    let value = first.trim();
    let wait = if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        Duration::from_secs(value.parse().unwrap_or(u64::MAX))
    } else {
        let until = httpdate::parse_http_date(value).ok()?;
        let from = date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
        until.duration_since(from).ok()?
    };
    (!wait.is_zero()).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Again, Ambiguous, Done, Stop};
    use proptest::prelude::*;

    /// The golden table: every status that is not `Stop` for everybody, by read, idempotent, create.
    fn golden(status: u16) -> [Verdict; 3] {
        match status {
            200..=299 => [Done, Done, Done],
            429 => [Again, Again, Again],
            408 | 500 | 502 | 503 | 504 | 520..=529 => [Again, Again, Ambiguous],
            505..=519 | 530..=999 => [Stop, Ambiguous, Ambiguous],
            _ => [Stop, Stop, Stop],
        }
    }

    fn by_effect(seen: Seen) -> [Verdict; 3] {
        [Effect::Read, Effect::Idempotent, Effect::Create].map(|effect| classify(effect, seen))
    }

    #[test]
    fn every_status_by_class() {
        for status in 100..=999 {
            assert_eq!(by_effect(Seen::Status(status)), golden(status), "{status}");
        }
    }

    #[test]
    fn every_other_outcome_by_class() {
        assert_eq!(by_effect(Seen::NotSent), [Again, Again, Again]);
        assert_eq!(by_effect(Seen::Untrusted), [Stop, Stop, Stop]);
        assert_eq!(by_effect(Seen::Hopeless), [Stop, Stop, Stop]);
        assert_eq!(by_effect(Seen::NoWorkspace("reset it")), [Stop, Stop, Stop]);
        assert_eq!(by_effect(Seen::Lost), [Again, Again, Ambiguous]);
        assert_eq!(by_effect(Seen::ConcurrentWrite), [Stop, Again, Again]);
        assert_eq!(by_effect(Seen::Cut(200)), [Again, Again, Ambiguous]);
        assert_eq!(by_effect(Seen::Cut(502)), [Again, Again, Ambiguous]);
        assert_eq!(by_effect(Seen::Cut(404)), [Stop, Stop, Stop]);
        assert_eq!(by_effect(Seen::Unreadable(200)), [Stop, Ambiguous, Ambiguous]);
        assert_eq!(by_effect(Seen::Unreadable(404)), [Stop, Stop, Stop]);
    }

    #[test]
    fn attempts_are_counted_and_waits_bounded() {
        for _ in 0..200 {
            let mut delays = Delays::new(Effect::Read);
            for cap in [500, 1000, 2000, 4000] {
                let wait = delays.next(Seen::Lost, None);
                assert!(wait.is_some_and(|w| w <= Duration::from_millis(cap + 1)), "{wait:?} over {cap}");
            }
            assert_eq!(delays.next(Seen::Lost, None), None);
        }
        let mut delays = Delays::new(Effect::Create);
        let asked = Duration::from_secs(7);
        let waits: Vec<_> = std::iter::from_fn(|| delays.next(Seen::Status(429), Some(asked))).collect();
        assert_eq!(waits.len(), 3);
        assert!(waits.iter().all(|w| (asked..asked + Duration::from_secs(1)).contains(w)));
    }

    /// Headers, `Date`, this machine's clock, and the seconds to wait.
    type Case<'a> = (&'a [&'a str], Option<&'a str>, SystemTime, Option<u64>);

    #[test]
    fn retry_after_in_every_form() {
        let date = "Tue, 23 May 2023 14:42:00 GMT";
        let now = httpdate::parse_http_date(date).unwrap_or(SystemTime::UNIX_EPOCH);
        let slow = now - Duration::from_secs(300);
        let fast = now + Duration::from_secs(300);
        let cases: [Case<'_>; 24] = [
            (&["1"], None, now, Some(1)),
            (&["60"], None, now, Some(60)),
            (&[" 5 "], None, now, Some(5)),
            (&["3600"], None, now, Some(3600)),
            (&["0"], None, now, None),
            (&["-1"], None, now, None),
            (&["1.5"], None, now, None),
            (&[""], None, now, None),
            (&["soon"], None, now, None),
            (&["99999999999999999999"], None, now, Some(u64::MAX)),
            (&["5", "5"], None, now, Some(5)),
            (&["5", "6"], None, now, None),
            (&[], None, now, None),
            (&["Tue, 23 May 2023 14:42:01 GMT"], Some(date), now, Some(1)),
            (&["Tuesday, 23-May-23 14:42:01 GMT"], Some(date), now, Some(1)),
            (&["Tue May 23 14:42:01 2023"], Some(date), now, Some(1)),
            (&["Tue, 23 May 2023 14:42:01 GMT"], Some(date), slow, Some(1)),
            (&["Tue, 23 May 2023 14:42:01 GMT"], Some(date), fast, Some(1)),
            (&["Tue, 23 May 2023 14:42:01 GMT"], None, now, Some(1)),
            (&["Tue, 23 May 2023 14:42:01 GMT"], Some("garbage"), now, Some(1)),
            (&["Tue, 23 May 2023 14:42:00 GMT"], Some(date), now, None),
            (&["Tue, 23 May 2023 14:41:00 GMT"], Some(date), now, None),
            (&["Wed, 24 May 2023 14:42:00 GMT"], Some(date), now, Some(86400)),
            (&["Tue, 23 May 2023 14:42:01 CET"], Some(date), now, None),
        ];
        for (values, date, now, expected) in cases {
            assert_eq!(
                retry_after(values, date, now),
                expected.map(Duration::from_secs),
                "{values:?} {date:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_header_is_a_wait_or_none(value in "\\PC{0,40}", date in prop::option::of("\\PC{0,40}")) {
            let wait = retry_after(&[&value], date.as_deref(), SystemTime::UNIX_EPOCH);
            prop_assert!(wait.is_none_or(|wait| !wait.is_zero()));
        }

        #[test]
        fn seconds_are_seconds(seconds in any::<u64>(), zeros in 0..3_usize, blank in "[ \t]{0,3}") {
            let value = format!("{blank}{}{seconds}{blank}", "0".repeat(zeros));
            let expected = (seconds > 0).then(|| Duration::from_secs(seconds));
            prop_assert_eq!(retry_after(&[&value], None, SystemTime::UNIX_EPOCH), expected);
        }

        /// A date counts from the `Date` of the answer, whatever the clock here says.
        #[test]
        fn dates_count_from_the_servers_clock(
            from in 0..4_000_000_000_u64, ahead in 0..1_000_000_u64, here in 0..4_000_000_000_u64,
        ) {
            let at = |seconds: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            let (date, until) = (httpdate::fmt_http_date(at(from)), httpdate::fmt_http_date(at(from + ahead)));
            let expected = (ahead > 0).then(|| Duration::from_secs(ahead));
            prop_assert_eq!(retry_after(&[&until], Some(&date), at(here)), expected);
            prop_assert_eq!(retry_after(&[&date], Some(&until), at(here)), None, "the past");
        }
    }
}
