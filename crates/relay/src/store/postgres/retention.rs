//! What may be deleted: only what two snapshots have superseded, and not soon.
//! The reasons are those of the embedded store's retention.

use deadpool_postgres::{GenericClient, Transaction};

use super::Trouble;

/// Deletes the chunks of a plan that the second newest snapshot covers and that
/// were stored no later than `stored_before` (milliseconds since 1970).
///
/// «Newest» is by what a snapshot covers, so that one which was long on its way
/// never takes the place of a fuller one.
pub(super) async fn prune(
    transaction: &Transaction<'_>,
    plan: i64,
    stored_before: i64,
) -> Result<(), Trouble> {
    let superseded = transaction
        .prepare_cached(
            "WITH covered AS (
                 SELECT covers FROM samskriv.chunks
                 WHERE plan = $1 AND covers IS NOT NULL AND envelope IS NOT NULL
                 ORDER BY covers DESC, cursor DESC LIMIT 1 OFFSET 1
             )
             SELECT max(cursor), coalesce(sum(octet_length(envelope)), 0)::bigint
             FROM samskriv.chunks
             WHERE plan = $1 AND cursor <= (SELECT covers FROM covered)
               AND stored_at <= $2 AND envelope IS NOT NULL",
        )
        .await?;
    let row = transaction
        .query_one(&superseded, &[&plan, &stored_before])
        .await?;
    let Some(through) = row.get::<_, Option<i64>>(0) else {
        return Ok(());
    };
    let bytes: i64 = row.get(1);

    // All up to `through` that is old enough is what was just counted: the plan's
    // row is locked.
    let delete = transaction
        .prepare_cached(
            "DELETE FROM samskriv.chunks WHERE plan = $1 AND cursor <= $2 AND stored_at <= $3",
        )
        .await?;
    transaction
        .execute(&delete, &[&plan, &through, &stored_before])
        .await?;
    let note = transaction
        .prepare_cached(
            "UPDATE samskriv.plans
             SET bytes = bytes - $2, pruned_through = greatest(pruned_through, $3)
             WHERE id = $1",
        )
        .await?;
    transaction
        .execute(&note, &[&plan, &bytes, &through])
        .await?;
    Ok(())
}
