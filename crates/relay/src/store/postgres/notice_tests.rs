#![allow(clippy::unwrap_used)]

use super::*;

const PLAN: PlanId = PlanId([7; 32]);
const ME: RelayId = RelayId(u64::MAX);
const OTHER: RelayId = RelayId(2);

/// The message that comes out of an assembly when these parts go in.
fn assemble(assembly: &mut Assembly, from: RelayId, parts: &[Said]) -> Option<Bytes> {
    parts.iter().fold(None, |whole, said| {
        let Said::Part {
            plan,
            part,
            parts,
            bytes,
        } = said
        else {
            panic!("{said:?} is no part");
        };
        assert_eq!(whole, None, "nothing follows a whole message");
        assembly.add(from, *plan, (*part, *parts), bytes)
    })
}

fn message(bytes: usize) -> Vec<u8> {
    (0u8..=250).cycle().take(bytes).collect()
}

#[test]
fn a_notice_is_read_as_it_was_written() {
    let said = [
        Said::Grown {
            plan: PLAN,
            cursor: Cursor(u64::MAX),
        },
        Said::Beat,
        Said::Members {
            plan: PLAN,
            count: 3,
            ask: true,
        },
        Said::Leave,
    ];
    for said in said {
        let notice = Notice::new(ME, 9, said);
        assert_eq!(Notice::decode(&notice.encode()), Some(notice));
    }
}

#[test]
fn what_is_no_notice_is_none() {
    for payload in ["", "hello", "////", "gw"] {
        assert_eq!(Notice::decode(payload), None, "{payload}");
    }
}

#[test]
fn every_part_of_the_largest_message_fits_in_a_payload() {
    for said in parts(PLAN, &message(64 * 1024)) {
        let payload = Notice::new(ME, u64::MAX, said).encode();
        assert!(payload.len() < 8_000, "{}", payload.len());
    }
}

#[test]
fn messages_come_out_as_they_went_in() {
    let mut assembly = Assembly::default();
    for size in [1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 64 * 1024] {
        let sent = message(size);
        let parts: Vec<_> = parts(PLAN, &sent).collect();
        assert_eq!(assemble(&mut assembly, OTHER, &parts).unwrap(), sent);
    }
}

#[test]
fn a_message_that_lacks_a_part_is_dropped_and_the_next_one_is_whole() {
    let mut assembly = Assembly::default();
    let sent = message(3 * PART_BYTES);
    let all: Vec<_> = parts(PLAN, &sent).collect();
    assert_eq!(
        assemble(&mut assembly, OTHER, &[all[0].clone(), all[2].clone()]),
        None
    );
    assert_eq!(
        assemble(&mut assembly, OTHER, &all[1..]),
        None,
        "its beginning was lost"
    );
    assert_eq!(assemble(&mut assembly, OTHER, &all).unwrap(), sent);
}

#[test]
fn two_relays_can_speak_at_once() {
    let mut assembly = Assembly::default();
    let (one, two) = (message(PART_BYTES + 1), message(PART_BYTES + 9));
    let one_parts: Vec<_> = parts(PLAN, &one).collect();
    let two_parts: Vec<_> = parts(PLAN, &two).collect();
    assert_eq!(assemble(&mut assembly, ME, &one_parts[..1]), None);
    assert_eq!(assemble(&mut assembly, OTHER, &two_parts).unwrap(), two);
    assert_eq!(assemble(&mut assembly, ME, &one_parts[1..]).unwrap(), one);
}
