//! The first change: the same bytes for every plan of a schema version.
//!
//! It makes every container once. Two plans, or two devices that begin the
//! same plan, therefore never make the same container twice, which automerge
//! would show as a conflict that hides one of them.

use std::sync::OnceLock;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, AutomergeError, ChangeHash, ObjType, ROOT, TextEncoding};
use sha2::{Digest, Sha256};

use super::{BEGUN_LATER, EntityKind, PLAN_ID, SCHEMA, SCHEMA_KEY};

/// A document that holds the first change only.
pub(crate) fn genesis() -> Result<AutoCommit, AutomergeError> {
    let mut doc = AutoCommit::new_with_encoding(TextEncoding::Utf16CodeUnit)
        .with_actor(shared_actor(&format!("schema/{SCHEMA}")));
    doc.put(ROOT, SCHEMA_KEY, i64::from(SCHEMA))?;
    for kind in EntityKind::ALL {
        let collection = doc.put_object(ROOT, kind.collection(), ObjType::Map)?;
        if *kind == EntityKind::Plan {
            create_entity(&mut doc, &collection, *kind, PLAN_ID)?;
        }
    }
    doc.commit_with(CommitOptions::default().with_time(0));
    Ok(doc)
}

/// The hash of the first change; a document without it is no plan. Made once:
/// it is asked for at every event of synchronisation.
pub(crate) fn genesis_hash() -> Result<ChangeHash, AutomergeError> {
    static HASH: OnceLock<ChangeHash> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(*hash);
    }
    let heads = genesis()?.get_heads();
    let hash = *heads.first().ok_or(AutomergeError::Fail)?;
    Ok(*HASH.get_or_init(|| hash))
}

/// The actor of a change that several devices make alike, named by its purpose.
pub(crate) fn shared_actor(purpose: &str) -> ActorId {
    let digest = Sha256::digest(format!("samskriv/1/shared/{purpose}"));
    ActorId::from(&digest[..16])
}

/// Makes an entity's map with all its containers, so that later edits only
/// fill them.
pub(crate) fn create_entity(
    doc: &mut AutoCommit,
    collection: &automerge::ObjId,
    kind: EntityKind,
    id: &str,
) -> Result<automerge::ObjId, AutomergeError> {
    let entity = doc.put_object(collection, id, ObjType::Map)?;
    for title in kind.titles() {
        doc.put_object(&entity, *title, ObjType::Text)?;
    }
    for text in kind.texts() {
        let text = doc.put_object(&entity, *text, ObjType::Text)?;
        crate::text::begin(doc, &text)?;
    }
    for set in kind.sets().iter().filter(|set| **set != BEGUN_LATER) {
        doc.put_object(&entity, *set, ObjType::Map)?;
    }
    Ok(entity)
}
