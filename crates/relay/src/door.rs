//! Counts open sockets, all and by address, and lets no more in than allowed.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The open sockets.
#[derive(Clone)]
pub(crate) struct Door {
    open: Arc<Mutex<Open>>,
    most: usize,
    most_by_address: usize,
}

#[derive(Default)]
struct Open {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// Held by an open socket; dropping it makes room for another.
pub(crate) struct Ticket {
    door: Door,
    address: IpAddr,
}

impl Door {
    pub(crate) fn new(most: usize, most_by_address: usize) -> Self {
        Self {
            open: Arc::default(),
            most,
            most_by_address,
        }
    }

    /// Lets a socket in, or answers `None` when there are enough.
    pub(crate) fn enter(&self, address: IpAddr) -> Option<Ticket> {
        let mut open = self.lock();
        let here = open.by_address.get(&address).copied().unwrap_or(0);
        if open.all >= self.most || here >= self.most_by_address {
            return None;
        }
        open.all += 1;
        open.by_address.insert(address, here + 1);
        Some(Ticket {
            door: self.clone(),
            address,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut open = self.door.lock();
        open.all -= 1;
        if let Some(here) = open.by_address.get_mut(&self.address) {
            *here -= 1;
            if *here == 0 {
                open.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn one_address_cannot_take_all_the_room() {
        let door = Door::new(3, 2);
        let _held = [door.enter(HERE), door.enter(HERE)];
        assert!(door.enter(HERE).is_none());
        assert!(door.enter(THERE).is_some());
    }

    #[test]
    fn who_leaves_makes_room() {
        let door = Door::new(1, 1);
        let ticket = door.enter(HERE);
        assert!(door.enter(THERE).is_none());
        drop(ticket);
        assert!(door.enter(THERE).is_some());
    }
}
