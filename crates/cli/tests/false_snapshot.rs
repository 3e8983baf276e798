//! A member who lies about what a snapshot holds, at a real relay.

#![allow(clippy::unwrap_used)]

mod harness;

use futures_util::{SinkExt as _, StreamExt as _};
use harness::{Desk, Relay, add_measure};
use plan::{DeviceName, PlanDoc};
use sync::{
    content::Content,
    envelope::Envelope,
    frame::{ClientFrame, Hello, RelayFrame},
    ids::{ChangeHash, Cursor},
    keys::DeviceKey,
    link::Link,
    seal::{Place, seal_snapshot},
};
use tokio_tungstenite::{connect_async, tungstenite::Message};

/// An empty plan, sealed as if it were all that the log holds up to `covers`.
fn false_snapshot(link: &Link, heads: Vec<ChangeHash>, covers: Cursor) -> Envelope {
    let member = DeviceKey::from_bytes(&[66; 32]);
    let name = DeviceName::from_public_key(member.id().as_bytes());
    let content = Content {
        changes: vec![PlanDoc::create(&name).save().into()],
        heads,
        vouches: vec![],
        closing: None,
    };
    let place = Place {
        number: 1,
        previous: None,
    };
    let mut entropy = |bytes: &mut [u8]| getrandom::fill(bytes).unwrap();
    seal_snapshot(&link.keys, &member, place, covers, &content, &mut entropy).unwrap()
}

/// Joins with the link and puts a false snapshot after all that there is.
async fn deceive(link: &Link, heads: Vec<ChangeHash>) {
    let url = link.relay.as_ref().unwrap().socket_url();
    let (mut socket, _) = connect_async(url).await.unwrap();
    let mut last = Cursor::START;
    while let Some(Ok(message)) = socket.next().await {
        let Message::Binary(bytes) = message else {
            continue;
        };
        let answer = match RelayFrame::parse(&bytes).unwrap() {
            RelayFrame::Challenge { nonce, .. } => {
                ClientFrame::Hello(Hello::new(&link.keys, &nonce))
            }
            RelayFrame::Welcome { last: end, .. } => {
                last = end;
                ClientFrame::Subscribe { after: end }
            }
            RelayFrame::CaughtUp { .. } => ClientFrame::Append {
                envelope: false_snapshot(link, heads.clone(), last).to_bytes(),
            },
            RelayFrame::Ack { .. } => return,
            _ => continue,
        };
        let bytes = answer.to_bytes();
        socket.send(Message::Binary(bytes.into())).await.unwrap();
    }
    panic!("the relay took no snapshot");
}

#[tokio::test]
async fn what_a_false_snapshot_hides_is_brought_back_by_the_next_who_synchronises() {
    let relay = Relay::start();
    let (author, newcomer) = (Desk::new(), Desk::new());
    author.example("p");
    let (edit, _) = author.share("p", &relay);
    let heads: Vec<String> = serde_json::from_value(author.heads("p")).unwrap();
    let heads = heads.iter().map(|hash| hash.parse().unwrap()).collect();
    deceive(&Link::parse(&edit).unwrap(), heads).await;

    author.apply("p", &add_measure("x", "d1"));
    author.run(&["sync", "p"]).code(0);
    newcomer.run(&["join", &edit, "-o", "q"]).code(0);
    assert_eq!(newcomer.heads("q"), author.heads("p"));
}
