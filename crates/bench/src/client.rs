//! A device at the level of frames: it seals and sends what it is given.

use anyhow::{Result, bail};
use minicbor::bytes::ByteVec;
use sync::{
    content::Content,
    envelope::Envelope,
    frame::{ClientFrame, Hello, RelayFrame},
    ids::{ChunkHash, Cursor},
    keys::{DeviceKey, EditSecret, PlanKeys},
    seal::{self, Place},
};

use crate::socket::Socket;

/// The keys of a plan that nobody has yet.
pub fn new_plan() -> PlanKeys {
    PlanKeys::edit(EditSecret::generate(&mut entropy))
}

/// Randomness from the system.
pub fn entropy(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the system has random bytes");
}

/// A socket that is subscribed to a plan and has caught up.
pub struct Client {
    pub socket: Socket,
}

impl Client {
    pub async fn join(address: &str, keys: &PlanKeys) -> Result<Self> {
        let mut client = Self::subscribe(address, keys).await?;
        while client.logged_chunk().await?.is_some() {}
        Ok(client)
    }

    /// Asks for all of the plan's log.
    pub async fn subscribe(address: &str, keys: &PlanKeys) -> Result<Self> {
        let mut socket = Socket::open(address).await?;
        let RelayFrame::Challenge { nonce, .. } = socket.next().await? else {
            bail!("the relay did not begin with a challenge");
        };
        let hello = ClientFrame::Hello(Hello::new(keys, &nonce));
        socket.send(&hello).await?;
        let RelayFrame::Welcome { .. } = socket.next().await? else {
            bail!("the relay did not say welcome");
        };
        let after = Cursor(0);
        socket.send(&ClientFrame::Subscribe { after }).await?;
        Ok(Self { socket })
    }

    /// Sends a chunk and waits until the relay says that it is stored.
    pub async fn append(&mut self, chunk: &Sealed) -> Result<()> {
        self.socket.send_bytes(chunk.frame.clone()).await?;
        loop {
            match self.socket.next().await? {
                RelayFrame::Ack { hash, .. } if hash == chunk.hash => return Ok(()),
                RelayFrame::Error { code, detail, .. } => bail!("refused ({code:?}): {detail}"),
                _ => {}
            }
        }
    }

    /// The next chunk of what was stored before; none when all of it has come.
    pub async fn logged_chunk(&mut self) -> Result<Option<Vec<u8>>> {
        loop {
            match self.socket.next().await? {
                RelayFrame::Chunk { envelope, .. } => return Ok(Some(envelope)),
                RelayFrame::CaughtUp { .. } => return Ok(None),
                _ => {}
            }
        }
    }

    /// The next chunk of another device.
    pub async fn chunk(&mut self) -> Result<Vec<u8>> {
        loop {
            if let RelayFrame::Chunk { envelope, .. } = self.socket.next().await? {
                return Ok(envelope);
            }
        }
    }
}

/// Who seals chunks, one after another.
pub struct Writer {
    keys: PlanKeys,
    device: DeviceKey,
    place: Place,
}

/// A chunk that is ready to be sent.
pub struct Sealed {
    pub hash: ChunkHash,
    frame: Vec<u8>,
}

impl Writer {
    pub fn new(keys: &PlanKeys) -> Self {
        Self {
            keys: keys.clone(),
            device: DeviceKey::generate(&mut entropy),
            place: Place {
                number: 1,
                previous: None,
            },
        }
    }

    /// Seals a change as the device's next chunk.
    pub fn seal(&mut self, change: &[u8]) -> Result<Sealed> {
        let envelope = self.seal_envelope(change)?;
        let append = ClientFrame::Append {
            envelope: envelope.to_bytes(),
        };
        Ok(Sealed {
            hash: envelope.hash(),
            frame: append.to_bytes(),
        })
    }

    /// The chunk by itself.
    pub fn seal_envelope(&mut self, change: &[u8]) -> Result<Envelope> {
        let content = Content {
            changes: vec![ByteVec::from(change.to_vec())],
            ..Content::default()
        };
        let (keys, device) = (&self.keys, &self.device);
        let envelope = seal::seal_changes(keys, device, self.place, &content, &mut entropy)?;
        self.place = Place {
            number: self.place.number + 1,
            previous: Some(envelope.hash()),
        };
        Ok(envelope)
    }
}
