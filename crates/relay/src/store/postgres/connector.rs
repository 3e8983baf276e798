//! Where the database is, and how a connection to it is made.

use std::{fmt, net::IpAddr, str::FromStr, time::Duration};

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::{
    Client, Config, Connection, NoTls, Socket,
    config::{Host, SslMode},
    tls::TlsStream,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::line::{Notifications, pump};
use crate::store::OpenError;

/// How long a connection may take to be made, or a free one to be found.
const CONNECT: Duration = Duration::from_secs(5);

/// After how long a silence the system asks whether the other side is still there.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// The database ends what takes longer, so that no forgotten statement holds a
/// plan's lock.
const SESSION: &str = "-c statement_timeout=30s -c lock_timeout=10s \
                       -c idle_in_transaction_session_timeout=60s";

/// A database's address, such as `postgres://user:password@host:5432/name`.
///
/// It shows neither password nor options, wherever it is printed.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(Box<Config>);

impl FromStr for DatabaseUrl {
    type Err = OpenError;

    fn from_str(text: &str) -> Result<Self, OpenError> {
        // The parser would take `host=… password=…` too, and its own error may
        // quote a part of a password.
        let is_url = ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| text.starts_with(scheme));
        match text.parse::<Config>() {
            Ok(config) if is_url && !config.get_hosts().is_empty() => Ok(Self(config.into())),
            _ => Err(OpenError::Address),
        }
    }
}

impl DatabaseUrl {
    /// The same with a password, unless it has one.
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        if self.0.get_password().is_none() {
            self.0.password(password);
        }
        self
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        for (place, host) in self.0.get_hosts().iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            match host {
                Host::Tcp(name) => write!(f, "{comma}{name}")?,
                #[cfg(unix)]
                Host::Unix(path) => write!(f, "{comma}{}", path.display())?,
            }
        }
        write!(f, "/{}", self.0.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// Makes connections.
#[derive(Clone)]
pub(super) struct Connector {
    config: Config,
    /// Without it, connections are not encrypted: see [`wants_tls`].
    tls: Option<MakeRustlsConnect>,
}

impl Connector {
    pub(super) fn new(url: &DatabaseUrl) -> Result<Self, OpenError> {
        let mut config = (*url.0).clone();
        let options = config.get_options().unwrap_or_default();
        config
            .options(format!("{options} {SESSION}"))
            .connect_timeout(CONNECT)
            .keepalives_idle(KEEPALIVE)
            .tcp_user_timeout(KEEPALIVE);
        if config.get_application_name().is_none() {
            config.application_name("samskriv");
        }
        let tls = if wants_tls(&config) {
            config.ssl_mode(SslMode::Require);
            let (tls, passed_over) =
                MakeRustlsConnect::with_native_certs().map_err(|_| OpenError::NoCertificates)?;
            for error in passed_over {
                tracing::warn!(%error, "passed over a certificate of the system");
            }
            Some(tls)
        } else {
            config.ssl_mode(SslMode::Disable);
            None
        };
        Ok(Self { config, tls })
    }

    /// A pool that makes connections when they are asked for and drops those
    /// that broke.
    pub(super) fn pool(&self, size: usize) -> Result<Pool, OpenError> {
        let how = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let config = self.config.clone();
        let manager = match &self.tls {
            Some(tls) => Manager::from_config(config, tls.clone(), how),
            None => Manager::from_config(config, NoTls, how),
        };
        Pool::builder(manager)
            .max_size(size)
            .wait_timeout(Some(CONNECT))
            .create_timeout(Some(CONNECT))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| OpenError::Postgres(error.to_string()))
    }

    /// A connection of its own, with the notifications that come over it.
    pub(super) async fn connect(&self) -> Result<(Client, Notifications), tokio_postgres::Error> {
        match &self.tls {
            Some(tls) => Ok(run(self.config.connect(tls.clone()).await?)),
            None => Ok(run(self.config.connect(NoTls).await?)),
        }
    }
}

fn run<T: TlsStream + Unpin + Send + 'static>(
    (client, connection): (Client, Connection<Socket, T>),
) -> (Client, Notifications) {
    (client, pump(connection))
}

/// TLS, with the certificate checked, for every database on another machine,
/// unless its address says `sslmode=disable`; for one on this machine only if
/// the address says `sslmode=require`, as its certificate is hardly ever one
/// that can be checked.
fn wants_tls(config: &Config) -> bool {
    match config.get_ssl_mode() {
        SslMode::Disable => false,
        SslMode::Require => true,
        _ => !config.get_hosts().iter().all(is_here),
    }
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        let url: DatabaseUrl = "postgres://relay:hunter2@db.example:5433/plans?sslmode=require"
            .parse()
            .unwrap();
        assert_eq!(url.to_string(), "postgres://db.example/plans");
        assert_eq!(
            format!("{url:?}"),
            "DatabaseUrl(postgres://db.example/plans)"
        );
    }

    #[test]
    fn an_address_that_is_none_is_not_repeated() {
        for text in [
            "host=h password=hunter2",
            "postgres://h/d?hunter2=1",
            "mysql://u:hunter2@h/d",
            "",
        ] {
            let error = text.parse::<DatabaseUrl>().unwrap_err();
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn what_leaves_the_machine_is_encrypted_unless_the_address_says_otherwise() {
        let wants = |text: &str| wants_tls(&text.parse::<DatabaseUrl>().unwrap().0);
        assert!(wants("postgres://db.example/d"));
        assert!(wants("postgres://localhost,db.example/d"));
        assert!(wants("postgres://localhost/d?sslmode=require"));
        assert!(!wants("postgres://db.example/d?sslmode=disable"));
        assert!(!wants("postgres://localhost/d"));
        assert!(!wants("postgres://127.0.0.1:5433/d"));
        assert!(!wants("postgres://%2Fvar%2Frun%2Fpostgresql/d"));
    }
}
