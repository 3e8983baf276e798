//! The browser app as static files, with the headers that guard it.

use std::path::Path;

use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header, response::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use tower_http::services::{ServeDir, ServeFile};

/// What the app's pages may load and do.
///
/// - Scripts and styles come from here only, and none stand in the page; the
///   wasm needs `wasm-unsafe-eval`, which allows compiling wasm and no `eval`.
/// - `connect-src`: a plan may live at another relay than the one the app came
///   from (its link says which), so any `wss:` is allowed; unsealed `ws:` only to
///   this machine, for trying things out. What passes a socket is sealed.
/// - Images may be `data:` and `blob:`, because pictures in a plan are stored in
///   the plan.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; \
    script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; \
    img-src 'self' data: blob:; \
    font-src 'self'; \
    connect-src 'self' wss: ws://localhost:* ws://127.0.0.1:*; \
    worker-src 'self'; \
    manifest-src 'self'; \
    base-uri 'none'; \
    form-action 'none'; \
    frame-ancestors 'none'";

/// Sent with every answer.
const NO_SNIFFING: (HeaderName, &str) = (header::X_CONTENT_TYPE_OPTIONS, "nosniff");

/// Sent with all that can be a page or a worker. What a page only loads is under
/// the page's own, and would carry them for nothing: 3 KB on the first visit.
const GUARDS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    // A plan's address says which plan somebody reads; no other site learns it.
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Names under `/assets/` hold a hash of their content, so they never change.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Everything else is asked for again each time (and mostly answered with 304):
/// a kept `sw.js` or `index.html` would hold back a new version of the app.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// Routes for the built app in `directory`, or for a relay without one.
pub(crate) fn routes(directory: Option<&Path>) -> Router {
    let Some(directory) = directory else {
        return Router::new().route("/", get(no_app));
    };
    let index = ServeFile::new(directory.join("index.html"))
        .precompressed_br()
        .precompressed_gzip();
    let pages = Router::new()
        .fallback_service(index)
        .layer(middleware::from_fn(pages_only));
    Router::new().fallback_service(
        ServeDir::new(directory)
            .precompressed_br()
            .precompressed_gzip()
            .fallback(pages),
    )
}

/// Puts the guarding headers and the cache rule on each answer.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let hashed = request.uri().path().starts_with("/assets/");
    let (mut parts, body) = next.run(request).await.into_parts();
    let is_loaded = hashed && is_content(&parts);
    let guards: &[_] = if is_loaded { &[] } else { &GUARDS };
    for (name, value) in guards.iter().chain([&NO_SNIFFING]) {
        parts.headers.insert(name, HeaderValue::from_static(value));
    }
    let cache = if is_loaded { FOREVER } else { REVALIDATE };
    parts.headers.insert(header::CACHE_CONTROL, cache);
    Response::from_parts(parts, body)
}

fn is_content(parts: &Parts) -> bool {
    parts.status.is_success() || parts.status == StatusCode::NOT_MODIFIED
}

/// The app's own routes (`/join`, `/plan/…`) are all answered by `index.html`;
/// a missing file is missing. Files have an extension, routes have none.
async fn pages_only(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_file = path.starts_with("/assets/")
        || path
            .rsplit('/')
            .next()
            .is_some_and(|name| name.contains('.'));
    if is_file {
        StatusCode::NOT_FOUND.into_response()
    } else {
        next.run(request).await
    }
}

async fn no_app() -> &'static str {
    "This is a Samskriv relay. It has no app to show: start it with --app and the built app.\n"
}
