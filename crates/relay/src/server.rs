//! The HTTP side: what is answered where, and how the relay starts and stops.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
};

use axum::{
    Router,
    extract::{ConnectInfo, State, WebSocketUpgrade},
    http::{HeaderMap, StatusCode},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
    serve::ListenerExt,
};
use tokio::{
    net::TcpListener,
    sync::{mpsc, watch},
    task::JoinSet,
    time::timeout,
};

use crate::{
    Limits, Proxies, Store, app,
    bus::Bus,
    connection,
    door::{Door, Full},
    follow,
    metrics::{self, Metrics, Now},
    room::Rooms,
};

/// Bytes that are set aside for reading from each socket, also an idle one. An
/// append of a few letters is less, and the 128 KiB that are usual were nearly
/// all that a connection cost.
const READ_BUFFER: usize = 1024;

/// What a relay is started with, beside its listener and its store.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The built app to serve. Without one, the relay only relays.
    pub app_dir: Option<PathBuf>,
    /// What strangers may ask of it.
    pub limits: Limits,
    /// What stands between it and them.
    pub proxies: Proxies,
}

/// Why a relay did not start, or ended on its own.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The app's directory has no `index.html`.
    #[error("{path} holds no built app (no index.html)", path = .0.display())]
    NoApp(PathBuf),
    /// The store can't be used.
    #[error(transparent)]
    Store(#[from] crate::Unavailable),
    /// The listener failed.
    #[error("the listener failed: {0}")]
    Listener(#[from] io::Error),
}

/// What every socket shares.
pub(crate) struct Shared<S> {
    pub(crate) store: S,
    pub(crate) rooms: Rooms,
    pub(crate) limits: Limits,
    /// Becomes true when the relay is asked to stop.
    pub(crate) stopping: watch::Receiver<bool>,
    pub(crate) metrics: Metrics,
    proxies: Proxies,
    door: Door,
    /// Says by being dropped that nobody uses the store any more. Stands last,
    /// because fields drop in the order they stand.
    _in_use: mpsc::Sender<()>,
}

/// A relay that is ready to serve.
///
/// It is made before the listener is bound, so that nothing listens that can't
/// answer, and takes any listener, so that a test can use port 0.
pub struct Relay<S> {
    store: S,
    options: Options,
    metrics: Option<TcpListener>,
}

impl<S: Store> Relay<S> {
    /// Checks that the store and the app can be served.
    ///
    /// # Errors
    ///
    /// [`ServeError::NoApp`] or [`ServeError::Store`].
    pub async fn new(store: S, options: Options) -> Result<Self, ServeError> {
        if let Some(directory) = &options.app_dir
            && !directory.join("index.html").is_file()
        {
            return Err(ServeError::NoApp(directory.clone()));
        }
        store.check().await?;
        Ok(Self {
            store,
            options,
            metrics: None,
        })
    }

    /// Lets the relay answer `/metrics` on a listener of its own.
    #[must_use]
    pub fn with_metrics(mut self, listener: TcpListener) -> Self {
        self.metrics = Some(listener);
        self
    }

    /// Serves sockets and the app until `shutdown` is ready, then drains: appends
    /// that have arrived are stored and acknowledged, sockets are closed with
    /// code 1001 («going away»), and the answer comes when all have gone, or
    /// after [`Limits::drain`].
    ///
    /// # Errors
    ///
    /// [`ServeError::Listener`].
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> Result<(), ServeError> {
        let Options {
            app_dir,
            limits,
            proxies,
        } = self.options;
        let (stop, stopping) = watch::channel(false);
        let (in_use, free) = mpsc::channel(1);
        let bus = self.store.bus();
        let voice = bus.as_ref().map(|bus| bus.voice.clone());
        let shared = Arc::new(Shared {
            store: self.store,
            rooms: Rooms::new(voice.clone()),
            limits,
            stopping: stopping.clone(),
            metrics: Metrics::default(),
            proxies,
            door: Door::new(limits.sockets, limits.address_sockets),
            _in_use: in_use,
        });
        if let Some(Bus { heard, .. }) = bus {
            tokio::spawn(follow::run(Arc::downgrade(&shared), heard));
        }
        // Ends with this function, by being dropped.
        let mut beside = JoinSet::new();
        if let Some(listener) = self.metrics {
            beside.spawn(show_metrics(listener, &shared));
        }
        let router = router(app_dir.as_deref(), shared);
        // Small frames go out at once: what somebody types should not wait for more.
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "could not set TCP_NODELAY");
            }
        });
        let router = router.into_make_service_with_connect_info::<SocketAddr>();
        let server = axum::serve(listener, router).with_graceful_shutdown(stopped(stopping));
        let mut server = pin!(server.into_future());

        tokio::select! {
            ended = &mut server => return Ok(ended?),
            () = shutdown => {}
        }
        tracing::info!("stopping");
        stop.send_replace(true);
        let drained = async {
            let ended = server.await;
            until_dropped(free).await;
            if let Some(voice) = voice {
                voice.leave().await;
            }
            ended
        };
        match timeout(limits.drain, drained).await {
            Ok(ended) => {
                tracing::info!("stopped; every connection has ended");
                Ok(ended?)
            }
            Err(_) => {
                tracing::warn!("some connections did not end in time");
                Ok(())
            }
        }
    }
}

fn router<S: Store>(app_dir: Option<&Path>, shared: Arc<Shared<S>>) -> Router {
    Router::new()
        .route("/sync", get(upgrade::<S>))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready::<S>))
        .with_state(shared)
        .merge(app::routes(app_dir))
        .layer(middleware::from_fn(app::guard))
}

/// Answers what the relay counts, until the task is ended.
fn show_metrics<S: Store>(
    listener: TcpListener,
    shared: &Arc<Shared<S>>,
) -> impl Future<Output = ()> + use<S> {
    let (metrics, commits) = (shared.metrics.clone(), shared.store.commits());
    let shared = Arc::downgrade(shared);
    let now = move || {
        let shared = shared.upgrade()?;
        Some(Now {
            sockets: shared.door.open(),
            rooms: shared.rooms.count(),
        })
    };
    async move {
        if let Err(error) = metrics::serve(listener, metrics, commits, now).await {
            tracing::error!(%error, "the metrics are no longer answered");
        }
    }
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    // An error means that the sender is gone: the relay has ended.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Ends when the last socket has let go of the store. Nothing is ever sent.
async fn until_dropped(mut in_use: mpsc::Receiver<()>) {
    in_use.recv().await;
}

/// Opens a socket.
///
/// The `Origin` is not checked: what protects a plan is its keys, which no other
/// site's page has, and there is no cookie or account that such a page could
/// borrow. And a plan may live at another relay than its app came from.
async fn upgrade<S: Store>(
    State(shared): State<Arc<Shared<S>>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if *shared.stopping.borrow() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    let client = shared.proxies.client(peer.ip(), &headers);
    let ticket = match shared.door.enter(client) {
        Ok(ticket) => ticket,
        Err(full) => {
            shared.metrics.turned_away(match full {
                Full::Relay => "relay_full",
                Full::Address => "address_full",
            });
            return (StatusCode::TOO_MANY_REQUESTS, "too many sockets\n").into_response();
        }
    };
    upgrade
        .read_buffer_size(READ_BUFFER)
        .max_message_size(shared.limits.frame_bytes)
        .max_frame_size(shared.limits.frame_bytes)
        .on_upgrade(move |socket| async move {
            connection::run(socket, shared).await;
            drop(ticket);
        })
}

/// Ready means that a device can store chunks now.
async fn ready<S: Store>(State(shared): State<Arc<Shared<S>>>) -> Response {
    if *shared.stopping.borrow() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    match shared.store.check().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the store is not available\n",
            )
                .into_response()
        }
    }
}
