#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn edit_link() -> Link {
    Link {
        keys: PlanKeys::edit(EditSecret::from_bytes([0x5A; 32])),
        relay: None,
    }
}

fn relay() -> RelayUrl {
    RelayUrl::parse("https://relay.example").unwrap()
}

#[track_caller]
fn refused(text: &str) -> LinkError {
    Link::parse(text).unwrap_err()
}

#[test]
fn a_link_carries_keys_and_relay() {
    let link = Link::parse(&edit_link().url(&relay())).unwrap();
    assert_eq!(link.keys.id(), edit_link().keys.id());
    assert!(link.keys.can_write());
    assert_eq!(link.relay, Some(relay()));
}

#[test]
fn a_read_link_is_for_the_same_plan_and_for_reading_only() {
    let url = edit_link().to_read_only().url(&relay());
    let link = Link::parse(&url).unwrap();
    assert_eq!(link.keys.id(), edit_link().keys.id());
    assert!(!link.keys.can_write());
    assert!(link.keys.edit_secret().is_none());
}

#[test]
fn the_fragment_alone_is_enough() {
    let link = Link::parse(&edit_link().to_fragment()).unwrap();
    assert_eq!(link.keys.id(), edit_link().keys.id());
    assert_eq!(link.relay, None);
}

#[test]
fn a_wrapped_and_quoted_link_is_put_together_again() {
    let url = edit_link().url(&relay());
    let (first, rest) = url.split_at(40);
    let mailed = format!("  <{first}\r\n  {rest}>.\n");
    let link = Link::parse(&mailed).unwrap();
    assert_eq!(link.keys.id(), edit_link().keys.id());
}

#[test]
fn nothing_is_empty() {
    assert_eq!(refused(""), LinkError::Empty);
    assert_eq!(refused(" \n <> "), LinkError::Empty);
}

#[test]
fn other_texts_are_not_links() {
    for text in [
        "hei",
        "https://www.regjeringen.no/no/dokumenter#tekst",
        "mailto:post@example.no",
        "javascript:alert(1)#AQ",
        "ftp://relay.example/join#AQ",
    ] {
        assert_eq!(refused(text), LinkError::NotALink, "{text}");
    }
}

#[test]
fn every_cut_is_noticed() {
    let url = edit_link().url(&relay());
    let after_hash = url.find('#').unwrap() + 1;
    for end in after_hash..url.len() {
        // The first characters alone hold no version yet.
        let error = refused(&url[..end]);
        assert_eq!(error, LinkError::Cut, "cut at {end}");
    }
    assert_eq!(refused("https://relay.example/join"), LinkError::Cut);
}

#[test]
fn a_newer_link_says_so() {
    let newer = URL_SAFE_NO_PAD.encode([2; 70]);
    assert_eq!(refused(&newer), LinkError::NewerVersion(2));
}

#[test]
fn messages_say_what_to_do() {
    assert!(LinkError::Cut.to_string().contains("copy the whole"));
    assert!(LinkError::NewerVersion(3).to_string().contains("update"));
}

proptest! {
    #[test]
    fn garbage_never_panics(text in "\\PC{0,200}") {
        let _ = Link::parse(&text);
    }

    #[test]
    fn one_wrong_character_is_noticed(at in 0_usize..51, wrong in "[A-Za-z0-9_-]") {
        let fragment = edit_link().to_fragment();
        let mut damaged = fragment.to_string();
        damaged.replace_range(at..=at, &wrong);
        prop_assume!(damaged != *fragment);
        // The last character holds two bits that carry nothing.
        match Link::parse(&damaged) {
            Ok(link) => prop_assert_eq!(link.keys.id(), edit_link().keys.id()),
            Err(error) => prop_assert_ne!(error, LinkError::Empty),
        }
    }

    #[test]
    fn every_secret_comes_back(secret in any::<[u8; 32]>()) {
        let link = Link { keys: PlanKeys::edit(EditSecret::from_bytes(secret)), relay: None };
        let parsed = Link::parse(&link.to_fragment()).unwrap();
        prop_assert_eq!(parsed.keys.id(), link.keys.id());
    }
}
