//! A bad network: between devices and the relay, and cut as chance has it.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

/// Of so many pieces that pass, one is cut through, and its connection with it.
const ONE_IN: u64 = 60;

/// Listens on an address of its own and passes everything on to the relay.
pub struct Proxy {
    pub address: SocketAddr,
    network: Arc<Network>,
}

struct Network {
    relay: SocketAddr,
    chance: AtomicU64,
    is_calm: AtomicBool,
    open: Mutex<Vec<Weak<Connection>>>,
}

/// Closed once both directions have ended.
struct Connection {
    device: TcpStream,
    relay: TcpStream,
}

impl Proxy {
    pub fn start(relay: SocketAddr, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let network = Arc::new(Network {
            relay,
            chance: AtomicU64::new(seed),
            is_calm: AtomicBool::new(false),
            open: Mutex::default(),
        });
        thread::spawn({
            let network = network.clone();
            // Ends with the test's process.
            move || {
                for device in listener.incoming().flatten() {
                    // A relay that is down takes no connection: this one is dropped.
                    if let Ok(relay) = TcpStream::connect(network.relay) {
                        network.join(Connection { device, relay });
                    }
                }
            }
        });
        Self { address, network }
    }

    /// Cuts every connection that there is.
    pub fn cut_all(&self) {
        let open = std::mem::take(&mut *self.network.open.lock().unwrap());
        for connection in open.iter().filter_map(Weak::upgrade) {
            connection.cut();
        }
    }

    /// From now on nothing is cut.
    pub fn calm(&self) {
        self.network.is_calm.store(true, Ordering::Relaxed);
    }
}

impl Connection {
    fn cut(&self) {
        for stream in [&self.device, &self.relay] {
            // It may have ended by itself.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Network {
    fn join(self: &Arc<Self>, connection: Connection) {
        let connection = Arc::new(connection);
        self.open.lock().unwrap().push(Arc::downgrade(&connection));
        for is_upwards in [true, false] {
            let (network, connection) = (self.clone(), connection.clone());
            thread::spawn(move || {
                let Connection { device, relay } = &*connection;
                if is_upwards {
                    network.pass_on(device, relay);
                } else {
                    network.pass_on(relay, device);
                }
                connection.cut();
            });
        }
    }

    /// Passes on what comes, until the connection ends or is to be cut.
    fn pass_on(&self, mut from: &TcpStream, mut to: &TcpStream) {
        let mut piece = [0; 2048];
        while let Ok(length @ 1..) = from.read(&mut piece) {
            let is_cut = self.cuts();
            let passed = if is_cut { length / 2 } else { length };
            if to.write_all(&piece[..passed]).is_err() || is_cut {
                return;
            }
        }
    }

    /// Whether chance cuts here.
    fn cuts(&self) -> bool {
        // Knuth's multiplier; its high bits are random enough.
        let step = |state: u64| {
            Some(
                state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1),
            )
        };
        let drawn = self
            .chance
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, step)
            .unwrap_or_default();
        !self.is_calm.load(Ordering::Relaxed) && (drawn >> 33).is_multiple_of(ONE_IN)
    }
}
