//! What may be deleted: only what two snapshots have superseded, and not soon.
//!
//! The relay can't look into a snapshot, so it trusts none of them alone. It
//! keeps the last two with everything after what the older covers, and deletes
//! what came before only after a grace time in which every device that comes by
//! can notice that a snapshot lacks something.

use rusqlite::Transaction;

/// Makes room for a snapshot that is about to be stored: deletes the chunks of
/// its plan that the second newest snapshot covers, with this one counted, and
/// that were stored no later than `stored_before` (milliseconds since 1970). One
/// that a device sends again after that is stored again, which is harmless. As it
/// is done before, the file need not have room for three snapshots.
///
/// «Newest» is by what a snapshot covers, so that one which was long on its way
/// never takes the place of a fuller one.
pub(super) fn prune(
    transaction: &Transaction<'_>,
    plan: i64,
    covers: i64,
    stored_before: i64,
) -> rusqlite::Result<()> {
    let mut newest: Vec<i64> = transaction
        .prepare_cached(
            "SELECT covers FROM chunks
             WHERE plan = ?1 AND covers IS NOT NULL AND envelope IS NOT NULL
             ORDER BY covers DESC LIMIT 2",
        )?
        .query_map([plan], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    newest.push(covers);
    newest.sort_unstable_by(|one, other| other.cmp(one));
    let Some(&covered) = newest.get(1) else {
        return Ok(());
    };

    let (through, bytes): (Option<i64>, i64) = transaction
        .prepare_cached(
            "SELECT max(cursor), coalesce(sum(length(envelope)), 0) FROM chunks
             WHERE plan = ?1 AND cursor <= ?2 AND stored_at <= ?3 AND envelope IS NOT NULL",
        )?
        .query_row([plan, covered, stored_before], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let Some(through) = through else {
        return Ok(());
    };

    transaction
        .prepare_cached("DELETE FROM chunks WHERE plan = ?1 AND cursor <= ?2 AND stored_at <= ?3")?
        .execute([plan, covered, stored_before])?;
    transaction
        .prepare_cached(
            "UPDATE plans SET bytes = bytes - ?2, pruned_through = max(pruned_through, ?3)
             WHERE id = ?1",
        )?
        .execute([plan, bytes, through])?;
    Ok(())
}
