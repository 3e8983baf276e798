//! Counts open sockets, all and by address, and lets no more in than allowed.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
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

/// Why a socket is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// The relay has as many as it allows.
    Relay,
    /// The address has.
    Address,
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

    /// Lets a socket in, or says why not.
    pub(crate) fn enter(&self, address: IpAddr) -> Result<Ticket, Full> {
        let address = one_customer(address);
        let mut open = self.lock();
        let here = open.by_address.get(&address).copied().unwrap_or(0);
        if open.all >= self.most {
            return Err(Full::Relay);
        }
        if here >= self.most_by_address {
            return Err(Full::Address);
        }
        open.all += 1;
        open.by_address.insert(address, here + 1);
        Ok(Ticket {
            door: self.clone(),
            address,
        })
    }

    /// How many sockets are open.
    pub(crate) fn open(&self) -> usize {
        self.lock().all
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one customer of a network has: an IPv4 address, or the first half of an
/// IPv6 address, behind which each of them has as many as they like (RFC 6177).
fn one_customer(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            Ipv6Addr::from(network).into()
        }
        v4 => v4,
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
    #![allow(clippy::unwrap_used)]

    use std::net::Ipv4Addr;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn one_address_cannot_take_all_the_room() {
        let door = Door::new(3, 2);
        let _held = [door.enter(HERE), door.enter(HERE)];
        assert_eq!(door.enter(HERE).err(), Some(Full::Address));
        let _third = door.enter(THERE).unwrap();
        assert_eq!(door.enter(THERE).err(), Some(Full::Relay));
    }

    #[test]
    fn the_addresses_of_one_ipv6_network_count_as_one() {
        let door = Door::new(9, 1);
        let enter = |address: &str| door.enter(address.parse().unwrap());
        let _held = [enter("2001:db8:0:1::1"), enter("::ffff:192.0.2.1")];
        assert_eq!(enter("2001:db8:0:1:ffff::2").err(), Some(Full::Address));
        assert_eq!(door.enter(HERE).err(), Some(Full::Address));
        assert!(enter("2001:db8:0:2::1").is_ok());
    }

    #[test]
    fn who_leaves_makes_room() {
        let door = Door::new(1, 1);
        let ticket = door.enter(HERE);
        assert!(door.enter(THERE).is_err());
        drop(ticket);
        assert!(door.enter(THERE).is_ok());
    }
}
