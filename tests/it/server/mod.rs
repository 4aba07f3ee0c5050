//! The sandbox server as a client sees it, byte by byte: who is answered, how much, how fast.

use std::time::{Duration, Instant};

use attio_crm::sandbox::server::{Options, RateLimit};
use tokio::net::TcpStream;

use raw::{End, MIB, Sandbox, get};

mod faults;
mod raw;

#[tokio::test]
async fn a_request_and_its_answer_pass_unchanged() {
    let sandbox = Sandbox::start(Options::default()).await;
    let request = "PATCH /v2/notes/1?a=%20b&c=o HTTP/1.1\r\nHost: LOCALHOST:80\r\n\
        X-One: two\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na\r\n\r\n2\r\n\u{e9}\r\n0\r\n\r\n";
    let answer = sandbox.ask(request).await;

    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["data"]["title"], "a note");
    assert_eq!(answer.header("x-attio-execution-id"), Some("of-the-handler"));
    assert!(answer.header("date").is_some());
    let processed = sandbox.processed.lock().unwrap();
    assert_eq!(processed[0].method(), "PATCH");
    assert_eq!(processed[0].uri(), "/v2/notes/1?a=%20b&c=o");
    assert_eq!(processed[0].headers()["x-one"], "two");
    assert_eq!(processed[0].body(), "a\r\n\u{e9}".as_bytes());
}

#[tokio::test]
async fn only_local_programs_are_answered() {
    let sandbox = Sandbox::start(Options::default()).await;
    let port = sandbox.address.port();
    let cases = [
        (200, format!("Host: 127.0.0.1:{port}")),
        (200, format!("Host: localhost:{port}")),
        (200, "Host: [::1]:1".to_owned()),
        (403, "Host: evil.example".to_owned()),
        (403, format!("Host: evil.example:{port}")),
        (403, "Host: localhost.evil.example".to_owned()),
        (403, "Host: 127.0.0.1.evil.example".to_owned()),
        (403, "Host: localhost@evil.example".to_owned()),
        (403, "Host: evil.example@localhost".to_owned()),
        (403, "Host: 192.168.1.10".to_owned()),
        (403, "Host:".to_owned()),
        (403, "X-None: 1".to_owned()),
        (403, "Host: localhost\r\nHost: evil.example".to_owned()),
        (403, "Host: localhost\r\nOrigin: https://evil.example".to_owned()),
        (403, "Host: localhost\r\nOrigin: http://localhost".to_owned()),
        (403, "Host: localhost\r\nOrigin: null".to_owned()),
    ];
    for (status, headers) in &cases {
        let answer = sandbox.ask(&format!("GET /v2/self HTTP/1.1\r\n{headers}\r\n\r\n")).await;
        assert_eq!(answer.status, *status, "{headers}");
        if *status == 403 {
            assert_eq!(answer.json()["code"], "unauthorized", "{headers}");
            assert_eq!(answer.json()["status_code"], 403);
            assert!(answer.header("x-attio-execution-id").is_some());
        }
    }
    let absolute = "GET http://evil.example/v2/self HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assert_eq!(sandbox.ask(absolute).await.status, 403);
    assert_eq!(sandbox.processed(), 3);
}

#[tokio::test]
async fn no_other_address_of_the_machine_is_bound() {
    let sandbox = Sandbox::start(Options::default()).await;
    assert_eq!(sandbox.address.ip().to_string(), "127.0.0.1");
    // Linux has the whole of 127/8: a server on all addresses would answer here.
    if cfg!(target_os = "linux") {
        let port = sandbox.address.port();
        assert!(TcpStream::connect(("127.0.0.2", port)).await.is_err());
        assert!(TcpStream::connect(("::1", port)).await.is_err());
    }
}

#[tokio::test]
async fn a_body_beyond_64_mib_is_refused_before_it_is_sent() {
    let sandbox = Sandbox::start(Options::default()).await;
    let announce = |length: usize| {
        format!("POST /v2/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n")
    };
    let answer = sandbox.ask(&announce(64 * MIB + 1)).await;
    assert_eq!(answer.status, 413);
    assert_eq!(answer.json()["type"], "invalid_request_error");
    let mut connection = sandbox.connect().await.impatient();
    let waits_for_the_body = connection.ask(&announce(64 * MIB)).await;
    assert_eq!(waits_for_the_body.end, End::Silent);
    assert_eq!(sandbox.processed(), 0);
}

#[tokio::test]
async fn a_thousand_requests_on_kept_alive_connections() {
    let sandbox = Sandbox::start(Options::default()).await;
    let mut connections = Vec::new();
    for _ in 0..4 {
        connections.push(sandbox.connect().await);
    }
    for _ in 0..250 {
        for connection in &mut connections {
            assert_eq!(connection.ask(&get("/v2/self")).await.status, 200);
        }
    }
    assert_eq!(sandbox.processed(), 1000);
}

#[tokio::test]
async fn beyond_the_rate_limit_comes_attios_429_with_a_date() {
    let sandbox = Sandbox::start(Options {
        rate_limit: Some(RateLimit { count: 5, per: Duration::from_secs(60) }),
        faults: vec!["/v2/notes=status:500*".parse().unwrap()],
        ..Options::default()
    })
    .await;
    assert_eq!(sandbox.ask(&get("/v2/notes")).await.status, 500, "a fault counts too");
    for _ in 0..4 {
        assert_eq!(sandbox.ask(&get("/v2/self")).await.status, 200);
    }
    for _ in 0..3 {
        let answer = sandbox.ask(&get("/v2/notes")).await;
        assert_eq!(answer.status, 429);
        assert_eq!(answer.json()["type"], "rate_limit_error");
        assert_eq!(answer.json()["code"], "rate_limit_exceeded");
        let date = |name| httpdate::parse_http_date(answer.header(name).unwrap()).unwrap();
        let wait = date("retry-after").duration_since(date("date")).unwrap().as_secs();
        assert!((58..=61).contains(&wait), "{answer:?}");
    }
    let mut connection = sandbox.connect().await;
    let large = format!(
        "POST /v2/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: {MIB}\r\n\r\n{}",
        "x".repeat(MIB)
    );
    for _ in 0..2 {
        assert_eq!(connection.ask(&large).await.status, 429, "the body is read, the connection kept");
    }
    assert_eq!(sandbox.processed(), 4);
}

#[tokio::test]
async fn what_is_sent_by_halves_is_dropped_after_a_while() {
    let patience = Duration::from_millis(100);
    let sandbox = Sandbox::start(Options { patience, ..Options::default() }).await;
    let halves = [
        "",
        "GET /v2/self HTT",
        "GET /v2/self HTTP/1.1\r\nHost: localhost\r\n",
        "POST /v2/notes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\n{\"da",
        "POST /v2/notes HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na",
    ];
    for half in halves {
        let answer = sandbox.ask(half).await;
        assert!(matches!(answer.end, End::Closed | End::Reset), "{half:?}: {answer:?}");
        assert_eq!(answer.status, 0, "{half:?}");
    }
    let mut connection = sandbox.connect().await;
    assert_eq!(connection.ask(&get("/v2/self")).await.status, 200);
    assert_eq!(connection.read_answer().await.end, End::Closed, "nor is a connection kept for ever");
    assert_eq!(sandbox.processed(), 1);
}

#[tokio::test]
async fn connections_beyond_the_most_wait_for_one_to_end() {
    let sandbox = Sandbox::start(Options::default()).await;
    let mut held = Vec::new();
    for _ in 0..256 {
        held.push(sandbox.connect().await);
    }
    for connection in &mut held {
        assert_eq!(connection.ask(&get("/v2/self")).await.status, 200);
    }
    let mut late = sandbox.connect().await.impatient();
    assert_eq!(late.ask(&get("/v2/self")).await.end, End::Silent);
    held.pop();
    assert_eq!(late.read_answer().await.status, 200);
}

#[tokio::test]
async fn latency_delays_each_answer() {
    let latency = Duration::from_millis(50);
    let sandbox = Sandbox::start(Options { latency, ..Options::default() }).await;
    let start = Instant::now();
    assert_eq!(sandbox.ask(&get("/v2/self")).await.status, 200);
    assert!(start.elapsed() >= latency);
}
