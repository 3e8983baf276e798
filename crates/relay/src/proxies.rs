//! Whose address a socket has when reverse proxies stand in front of the relay.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use ipnet::IpNet;

/// The proxies that may say for whom they speak.
///
/// Anybody can write these headers, so they are believed only from an address
/// named here, and only the one header that this proxy is known to write: another
/// may have passed through it as a stranger wrote it.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    /// Where they are. Empty when there is none.
    pub networks: Vec<ProxyNetwork>,
    /// Which header they write.
    pub header: ForwardedHeader,
}

/// A proxy's address, or the network it is in: `127.0.0.1`, `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProxyNetwork(IpNet);

/// How a proxy names the address it speaks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`, which nearly every proxy writes.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl FromStr for ProxyNetwork {
    type Err = ipnet::AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse::<IpAddr>() {
            Ok(address) => Ok(Self(address.into())),
            Err(_) => text.parse().map(Self),
        }
    }
}

impl Proxies {
    /// The address of whoever has opened a connection that came from `peer`.
    ///
    /// Each proxy adds the address it was reached from at the end, so the last
    /// one that is no trusted proxy is the client's.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trusts(client) {
            return client;
        }
        let values: Vec<_> = headers
            .get_all(self.header.name())
            .iter()
            .filter_map(|value| HeaderValue::to_str(value).ok())
            .flat_map(|value| value.split(','))
            .collect();
        for hop in values.into_iter().rev() {
            // Before one that can't be read, nothing can be believed.
            let Some(address) = self.header.address(hop) else {
                break;
            };
            client = address;
            if !self.trusts(client) {
                break;
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.networks
            .iter()
            .any(|network| network.0.contains(&address))
    }
}

impl ForwardedHeader {
    fn name(self) -> HeaderName {
        match self {
            Self::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            Self::Forwarded => header::FORWARDED,
        }
    }

    /// The address in one element of the header.
    fn address(self, element: &str) -> Option<IpAddr> {
        let node = match self {
            Self::XForwardedFor => element.trim(),
            Self::Forwarded => element.split(';').find_map(|pair| {
                let (name, value) = pair.split_once('=')?;
                let is_for = name.trim().eq_ignore_ascii_case("for");
                is_for.then(|| value.trim().trim_matches('"'))
            })?,
        };
        // With or without a port; IPv6 in brackets when there is one.
        let bare = node.trim_start_matches('[').trim_end_matches(']');
        let address = bare
            .parse()
            .ok()
            .or_else(|| Some(node.parse::<SocketAddr>().ok()?.ip()))?;
        Some(address.to_canonical())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn client(networks: &[&str], header: ForwardedHeader, peer: &str, values: &[&str]) -> String {
        let proxies = Proxies {
            networks: networks.iter().map(|text| text.parse().unwrap()).collect(),
            header,
        };
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header.name(), value.parse().unwrap());
        }
        let client = proxies.client(peer.parse().unwrap(), &headers);
        client.to_string()
    }

    fn by_x_forwarded_for(networks: &[&str], peer: &str, values: &[&str]) -> String {
        client(networks, ForwardedHeader::XForwardedFor, peer, values)
    }

    #[test]
    fn nobody_but_a_named_proxy_is_believed() {
        assert_eq!(
            by_x_forwarded_for(&[], "127.0.0.1", &["192.0.2.7"]),
            "127.0.0.1"
        );
        let proxy = ["10.0.0.1"];
        assert_eq!(
            by_x_forwarded_for(&proxy, "10.0.0.2", &["192.0.2.7"]),
            "10.0.0.2"
        );
        assert_eq!(
            by_x_forwarded_for(&proxy, "10.0.0.1", &["192.0.2.7"]),
            "192.0.2.7"
        );
        assert_eq!(by_x_forwarded_for(&proxy, "10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn what_a_stranger_wrote_before_the_proxy_is_not_believed() {
        let forged = ["203.0.113.9, 192.0.2.7"];
        assert_eq!(
            by_x_forwarded_for(&["10.0.0.0/8"], "10.0.0.1", &forged),
            "192.0.2.7"
        );
        let in_two_lines = ["203.0.113.9", "192.0.2.7"];
        assert_eq!(
            by_x_forwarded_for(&["10.0.0.0/8"], "10.0.0.1", &in_two_lines),
            "192.0.2.7"
        );
        let unreadable = ["192.0.2.7, unknown"];
        assert_eq!(
            by_x_forwarded_for(&["10.0.0.0/8"], "10.0.0.1", &unreadable),
            "10.0.0.1"
        );
    }

    #[test]
    fn a_chain_of_proxies_leads_to_the_client() {
        let chain = ["192.0.2.7, 10.0.0.9"];
        assert_eq!(
            by_x_forwarded_for(&["10.0.0.0/8"], "10.0.0.1", &chain),
            "192.0.2.7"
        );
        let mapped = by_x_forwarded_for(&["10.0.0.0/8"], "::ffff:10.0.0.1", &["192.0.2.7:4711"]);
        assert_eq!(mapped, "192.0.2.7");
    }

    #[test]
    fn forwarded_is_read_as_its_rfc_writes_it() {
        let forwarded = |value| {
            client(
                &["10.0.0.1"],
                ForwardedHeader::Forwarded,
                "10.0.0.1",
                &[value],
            )
        };
        assert_eq!(
            forwarded("for=192.0.2.43, For=192.0.2.60;proto=http"),
            "192.0.2.60"
        );
        assert_eq!(
            forwarded("proto=https;for=\"[2001:db8:cafe::17]:4711\""),
            "2001:db8:cafe::17"
        );
        assert_eq!(forwarded("for=\"[2001:db8::17]\""), "2001:db8::17");
        assert_eq!(forwarded("for=_hidden"), "10.0.0.1");
        assert_eq!(forwarded("192.0.2.7"), "10.0.0.1");
    }
}
