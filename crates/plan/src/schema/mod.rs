//! The shape of the document, version by version.
//!
//! The root of the automerge document holds `schema` (a number), the map
//! `plan` and one map for each kind of entity, from id to entity. An entity is
//! a flat map:
//!
//! | key | what |
//! |---|---|
//! | a register's name | a scalar; structured values as their JSON text |
//! | a text's name | an automerge Text |
//! | a set's name | a map from member to `true`; one that was added to schema 1 later is not there before its first member |
//! | `order` | an [`OrderKey`](crate::OrderKey) |
//! | `deleted` | `true` while the entity is deleted |
//!
//! Entities never hold lists of objects: automerge has no move, and an edit
//! inside an object that someone else deletes is lost without a conflict. Who
//! deleted, and when, is read from the change that put the mark.

mod entities;
mod genesis;
mod macros;
mod store;

pub use entities::*;
pub(crate) use genesis::{create_entity, genesis, genesis_hash, shared_actor};
pub use store::{AnyEntity, SharedEntity};
pub(crate) use store::{Entities, Reread};

/// The schema that this version of the crate writes, and the newest it reads.
pub const SCHEMA: u32 = 1;

/// The key of the root's schema number.
pub(crate) const SCHEMA_KEY: &str = "schema";
/// The key of an entity's order.
pub(crate) const ORDER_KEY: &str = "order";
/// The key of an entity's deletion mark.
pub(crate) const DELETED_KEY: &str = "deleted";
