//! The app as the relay serves it: right files, right headers.

#![allow(clippy::unwrap_used)]

mod harness;

use std::{collections::HashMap, fs};

use harness::TestRelay;
use relay::{Options, Policy, Relay, ServeError, SqliteStore};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const SCRIPT: &str = "console.log('samskriv')";

/// A relay with a small app: a page, a worker, a hashed script with its packed
/// siblings. The packed files only need to be told apart.
async fn relay() -> (TestRelay, TempDir) {
    let app = TempDir::new().unwrap();
    let file = |name: &str, content: &str| fs::write(app.path().join(name), content).unwrap();
    fs::create_dir(app.path().join("assets")).unwrap();
    file("index.html", "<!doctype html>index");
    file("index.html.br", "index packed");
    file("sw.js", "worker");
    file("manifest.webmanifest", "{}");
    file("assets/app-1a2b3c.js", SCRIPT);
    file("assets/app-1a2b3c.js.br", "script packed");
    file("assets/app-1a2b3c.js.gz", "script zipped");
    file("assets/app_bg-1a2b3c.wasm", "\0asm");
    let app_dir = Some(app.path().to_owned());
    (
        TestRelay::with(Options {
            app_dir,
            ..Options::default()
        })
        .await,
        app,
    )
}

struct Answer {
    status: u16,
    headers: HashMap<String, String>,
    body: String,
}

impl Answer {
    #[track_caller]
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// One request, on a connection of its own.
async fn get(relay: &TestRelay, path: &str, encodings: &str) -> Answer {
    let mut stream = TcpStream::connect(relay.address).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: relay.example\r\nAccept-Encoding: {encodings}\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let headers = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    Answer {
        status,
        headers,
        body: body.to_owned(),
    }
}

#[tokio::test]
async fn the_packed_sibling_is_sent_to_who_can_unpack_it() {
    let (relay, _app) = relay().await;
    let script = "/assets/app-1a2b3c.js";
    for (accepted, encoding, body) in [
        ("br, gzip", "br", "script packed"),
        ("gzip", "gzip", "script zipped"),
        ("identity", "", SCRIPT),
    ] {
        let answer = get(&relay, script, accepted).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, body));
        assert_eq!(answer.header("content-encoding"), encoding);
        assert_eq!(answer.header("content-type"), "text/javascript");
    }
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_the_rest_is_asked_for_again() {
    let (relay, _app) = relay().await;
    let hashed = get(&relay, "/assets/app-1a2b3c.js", "br").await;
    assert_eq!(
        hashed.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    for path in [
        "/",
        "/index.html",
        "/sw.js",
        "/manifest.webmanifest",
        "/join",
    ] {
        let answer = get(&relay, path, "br").await;
        assert_eq!(
            (answer.status, answer.header("cache-control")),
            (200, "no-cache"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn routes_of_the_app_are_its_page_and_missing_files_are_missing() {
    let (relay, _app) = relay().await;
    for path in ["/", "/join", "/plan/0123abcd", "/plan/0123abcd/history"] {
        let answer = get(&relay, path, "identity").await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (200, "<!doctype html>index"),
            "{path}"
        );
        assert_eq!(answer.header("content-type"), "text/html");
    }
    assert_eq!(get(&relay, "/join", "br").await.body, "index packed");
    for path in [
        "/assets/old-99.js",
        "/assets/gone",
        "/workbox-99.js",
        "/../Cargo.toml",
    ] {
        let answer = get(&relay, path, "br").await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
    }
}

#[tokio::test]
async fn all_that_can_be_a_page_carries_the_guarding_headers() {
    let (relay, _app) = relay().await;
    for path in ["/", "/assets/gone", "/healthz", "/sync"] {
        let answer = get(&relay, path, "br").await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none';"),
            "{path}: {policy}"
        );
        assert!(
            policy.contains("script-src 'self' 'wasm-unsafe-eval';"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert!(
            answer.header("permissions-policy").contains("camera=()"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_a_page_loads_is_not_guessed_at_and_carries_no_more() {
    let (relay, _app) = relay().await;
    let answer = get(&relay, "/assets/app-1a2b3c.js", "br").await;
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-security-policy"), "");
}

#[tokio::test]
async fn wasm_has_the_type_that_browsers_compile_while_loading() {
    let (relay, _app) = relay().await;
    let answer = get(&relay, "/assets/app_bg-1a2b3c.wasm", "identity").await;
    assert_eq!(answer.header("content-type"), "application/wasm");
}

#[tokio::test]
async fn health_and_readiness_are_answered() {
    let (relay, _app) = relay().await;
    assert_eq!(get(&relay, "/healthz", "").await.body, "ok\n");
    let ready = get(&relay, "/readyz", "").await;
    assert_eq!((ready.status, ready.body.as_str()), (200, "ready\n"));
}

#[tokio::test]
async fn a_relay_without_an_app_says_so() {
    let relay = TestRelay::start().await;
    assert!(get(&relay, "/", "").await.body.contains("--app"));
    assert_eq!(get(&relay, "/join", "").await.status, 404);
}

#[tokio::test]
async fn a_directory_that_holds_no_app_is_refused_at_the_start() {
    let (data, empty) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let store = SqliteStore::open(data.path(), Policy::default()).unwrap();
    let options = Options {
        app_dir: Some(empty.path().to_owned()),
        ..Options::default()
    };
    let relay = Relay::new(store, options).await;
    assert!(matches!(relay, Err(ServeError::NoApp(_))));
}
