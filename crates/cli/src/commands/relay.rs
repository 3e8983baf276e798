//! `samskriv relay`: serves until it is told to stop.

use std::{
    io::{self, IsTerminal},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use relay::{
    ForwardedHeader, Limits, Options, Policy, PostgresStore, Proxies, Relay, SqliteStore, Store,
};
use tokio::{net::TcpListener, runtime::Runtime};
use tracing_subscriber::EnvFilter;

use crate::{
    args::{ProxyHeader, Serve},
    failure::Failure,
};

pub fn run(args: Serve) -> Result<(), Failure> {
    log_to_stderr();
    Runtime::new()?.block_on(open(args))
}

async fn open(args: Serve) -> Result<(), Failure> {
    let policy = Policy {
        grace: Duration::from_secs(u64::from(args.keep_days) * 24 * 60 * 60),
        plan_bytes: u64::from(args.plan_limit) * 1024 * 1024,
    };
    let failure = |cause| Failure::RelayStore { cause };
    match &args.database {
        Some(database) => {
            let url = database.database().map_err(failure)?;
            let store = PostgresStore::open(&url, policy).await.map_err(failure)?;
            serve(store, args).await
        }
        None => {
            let store = SqliteStore::open(&args.data, policy).map_err(failure)?;
            serve(store, args).await
        }
    }
}

async fn serve(store: impl Store, args: Serve) -> Result<(), Failure> {
    let options = Options {
        app_dir: args.app,
        limits: Limits {
            address_sockets: args.address_limit,
            ..Limits::default()
        },
        proxies: Proxies {
            networks: args.behind_proxy,
            header: match args.proxy_header {
                ProxyHeader::XForwardedFor => ForwardedHeader::XForwardedFor,
                ProxyHeader::Forwarded => ForwardedHeader::Forwarded,
            },
        },
    };
    let mut relay = Relay::new(store, options).await?;
    if let Some(address) = args.metrics {
        let (listener, address) = listen(address).await?;
        tracing::info!("metrics are at http://{address}/metrics");
        relay = relay.with_metrics(listener);
    }
    let (listener, address) = listen(args.listen).await?;
    let shutdown = stop_signal()?;
    // The one line on standard output: a script waits for it.
    println!("Samskriv is at http://{}", to_open(address));
    relay.serve(listener, shutdown).await?;
    Ok(())
}

/// A listener, and where it really is.
async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let failure = |cause| Failure::Listen { address, cause };
    let listener = TcpListener::bind(address).await.map_err(failure)?;
    let address = listener.local_addr().map_err(failure)?;
    Ok((listener, address))
}

/// An address that a browser on this machine can open.
fn to_open(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Logs are for people at a terminal and for programs elsewhere. `RUST_LOG`
/// says how much.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    if io::stderr().is_terminal() {
        logs.init();
    } else {
        logs.json().init();
    }
}

/// Ready when somebody presses Ctrl-C or the system asks the process to end.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        let terminated = terminate.recv();
        #[cfg(not(unix))]
        let terminated = std::future::pending::<Option<()>>();
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => {
                if let Err(error) = pressed {
                    tracing::warn!(%error, "can't listen for Ctrl-C; stopping");
                }
            }
            _ = terminated => {}
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_address_shown_can_be_opened() {
        let shown = |address: &str| to_open(address.parse().unwrap()).to_string();
        assert_eq!(shown("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(shown("[::]:8080"), "127.0.0.1:8080");
        assert_eq!(shown("192.0.2.7:80"), "192.0.2.7:80");
    }
}
