//! What a commit holds: the log as it was opened, and the rows of its plans.

use std::collections::{BTreeSet, HashMap};

use deadpool_postgres::{GenericClient, Transaction};
use sync::ids::{LogId, PlanId};

use super::{Trouble, placing::PlanRow, schema::IN_USE};
use crate::store::group::Job;

/// Makes sure, until the transaction's end, that the store is the one that was
/// opened and is not being moved. Answers the database's time, in milliseconds
/// since 1970: one clock for all relays.
pub(super) async fn log(transaction: &Transaction<'_>, log_id: LogId) -> Result<i64, Trouble> {
    let statement = transaction
        .prepare_cached(
            "SELECT id, pg_try_advisory_xact_lock_shared($1),
                    (extract(epoch FROM now()) * 1000)::bigint
             FROM samskriv.log",
        )
        .await?;
    let row = transaction
        .query_opt(&statement, &[&IN_USE])
        .await?
        .ok_or(Trouble::Replaced)?;
    if row.get::<_, &[u8]>(0) != log_id.as_bytes() {
        return Err(Trouble::Replaced);
    }
    if !row.get::<_, bool>(1) {
        return Err(Trouble::Moving);
    }
    Ok(row.get(2))
}

/// Locks the rows of a group's plans and makes those that are new. Always in the
/// order of their ids, so that two relays never wait for each other.
pub(super) async fn plans(
    transaction: &Transaction<'_>,
    group: &[Job],
) -> Result<HashMap<PlanId, PlanRow>, Trouble> {
    let plans: BTreeSet<_> = group.iter().map(|job| job.plan).collect();
    let plans: Vec<_> = plans.iter().map(|plan| &plan.as_bytes()[..]).collect();
    let insert = transaction
        .prepare_cached(
            "INSERT INTO samskriv.plans (plan)
             SELECT new.plan FROM unnest($1::bytea[]) AS new (plan)
             WHERE NOT EXISTS (SELECT FROM samskriv.plans old WHERE old.plan = new.plan)
             ORDER BY new.plan
             ON CONFLICT DO NOTHING",
        )
        .await?;
    transaction.execute(&insert, &[&plans]).await?;
    let lock = transaction
        .prepare_cached(
            "SELECT id, plan, last_cursor, bytes FROM samskriv.plans
             WHERE plan = ANY ($1::bytea[]) ORDER BY plan FOR UPDATE",
        )
        .await?;
    let rows = transaction.query(&lock, &[&plans]).await?;
    Ok(rows
        .iter()
        .filter_map(|row| {
            let plan = <[u8; 32]>::try_from(row.get::<_, &[u8]>(1)).ok()?;
            let row = PlanRow {
                id: row.get(0),
                last: row.get(2),
                bytes: row.get(3),
            };
            Some((PlanId(plan), row))
        })
        .collect())
}
