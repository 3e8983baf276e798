//! Which place each chunk of a group gets.

use std::collections::HashMap;

use sync::ids::{ChunkHash, PlanId};

use crate::store::{
    AppendError, NewChunk, Policy,
    group::{Appended, Job},
    sql,
};

/// A plan's row, locked by this transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlanRow {
    pub(super) id: i64,
    pub(super) last: i64,
    pub(super) bytes: i64,
}

/// The chunks that are in the log, or will be with this transaction.
pub(super) type Known = HashMap<(i64, ChunkHash), i64>;

/// A chunk with the place it gets.
pub(super) struct Placed<'a> {
    pub(super) plan: i64,
    pub(super) cursor: i64,
    pub(super) covers: Option<i64>,
    pub(super) chunk: &'a NewChunk,
}

/// Gives each chunk of a group the next place in its plan's log, unless it has
/// one or the plan is full. Answers what to say of each, and what to store;
/// `plans` and `known` are then as they will be after the commit.
pub(super) fn place<'a>(
    group: &'a [Job],
    plans: &mut HashMap<PlanId, PlanRow>,
    known: &mut Known,
    policy: &Policy,
) -> (Vec<Appended>, Vec<Placed<'a>>) {
    let mut placed = Vec::new();
    let mut place = |job: &'a Job| {
        let Some(plan) = plans.get_mut(&job.plan) else {
            return Err(crate::Unavailable::new("the plan's row is not there").into());
        };
        if let Some(cursor) = known.get(&(plan.id, job.chunk.hash)) {
            return Ok(sql::as_cursor(*cursor));
        }
        let size = sql::size(&job.chunk);
        if !policy.has_room(plan.bytes, size) {
            let limit = policy.plan_bytes;
            return Err(AppendError::PlanFull { limit });
        }
        plan.last += 1;
        plan.bytes += size;
        known.insert((plan.id, job.chunk.hash), plan.last);
        placed.push(Placed {
            plan: plan.id,
            cursor: plan.last,
            covers: sql::covers(&job.chunk, plan.last),
            chunk: &job.chunk,
        });
        Ok(sql::as_cursor(plan.last))
    };
    let answers = group.iter().map(&mut place).collect();
    (answers, placed)
}
