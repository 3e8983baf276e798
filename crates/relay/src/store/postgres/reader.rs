//! Reads, each from one snapshot of the database.

use deadpool_postgres::{GenericClient, Pool, Transaction};
use sync::ids::{Cursor, PlanId};
use tokio_postgres::IsolationLevel;

use super::Trouble;
use crate::store::{
    PAGE_BYTES, Page, StoredChunk, StoredSnapshot,
    sql::{as_cursor, as_sql},
};

/// The most chunks that are looked at for one page, so that a page of a long log
/// of small ones does not read all of it.
const PAGE_CHUNKS: i64 = 1024;

/// The newest place in a plan's log.
pub(super) async fn last_cursor(pool: &Pool, plan: PlanId) -> Result<Cursor, Trouble> {
    let client = pool.get().await?;
    let statement = client
        .prepare_cached("SELECT last_cursor FROM samskriv.plans WHERE plan = $1")
        .await?;
    let row = client
        .query_opt(&statement, &[&&plan.as_bytes()[..]])
        .await?;
    Ok(as_cursor(row.map_or(0, |row| row.get(0))))
}

/// See [`crate::Store::read_after`].
pub(super) async fn page(pool: &Pool, plan: PlanId, after: Cursor) -> Result<Page, Trouble> {
    let mut client = pool.get().await?;
    let transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await?;
    let page = page_in(&transaction, plan, after).await?;
    transaction.commit().await?;
    Ok(page)
}

async fn page_in(
    transaction: &Transaction<'_>,
    plan: PlanId,
    after: Cursor,
) -> Result<Page, Trouble> {
    let statement = transaction
        .prepare_cached(
            "SELECT id, last_cursor, pruned_through FROM samskriv.plans WHERE plan = $1",
        )
        .await?;
    let Some(row) = transaction
        .query_opt(&statement, &[&&plan.as_bytes()[..]])
        .await?
    else {
        return Ok(Page::default());
    };
    let (id, last, pruned_through): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
    let after = Some(as_sql(after))
        .filter(|after| *after <= last)
        .unwrap_or(0);
    let snapshot = if after == 0 || after < pruned_through {
        latest_snapshot(transaction, id).await?
    } else {
        None
    };
    let after = snapshot
        .as_ref()
        .map_or(after, |snapshot| as_sql(snapshot.covers));
    let budget = PAGE_BYTES.saturating_sub(snapshot.as_ref().map_or(0, |s| s.envelope.len()));
    let chunks = chunks(transaction, id, after, budget).await?;

    // Whatever cut the page short, the next one goes on after its last chunk.
    let bytes: usize = chunks.iter().map(|chunk| chunk.envelope.len()).sum();
    let is_cut = bytes >= budget || i64::try_from(chunks.len()).is_ok_and(|n| n >= PAGE_CHUNKS);
    let last = as_cursor(last);
    let through = match chunks.last() {
        Some(chunk) if is_cut => chunk.cursor,
        _ => last,
    };
    Ok(Page {
        snapshot,
        chunks,
        through,
        last,
    })
}

/// Chunks until they exceed the budget, and always one where there is one.
async fn chunks(
    transaction: &Transaction<'_>,
    plan: i64,
    after: i64,
    budget: usize,
) -> Result<Vec<StoredChunk>, Trouble> {
    let statement = transaction
        .prepare_cached(
            // The sizes are known without reading the envelopes themselves.
            "SELECT cursor, envelope FROM (
                 SELECT cursor, envelope,
                        sum(octet_length(envelope)) OVER (ORDER BY cursor)
                            - octet_length(envelope) AS before
                 FROM (
                     SELECT cursor, envelope FROM samskriv.chunks
                     WHERE plan = $1 AND cursor > $2 AND envelope IS NOT NULL
                     ORDER BY cursor LIMIT $4
                 ) AS next
             ) AS counted
             WHERE before = 0 OR before < $3 ORDER BY cursor",
        )
        .await?;
    let budget = i64::try_from(budget).unwrap_or(i64::MAX);
    let rows = transaction
        .query(&statement, &[&plan, &after, &budget, &PAGE_CHUNKS])
        .await?;
    Ok(rows
        .iter()
        .map(|row| StoredChunk {
            cursor: as_cursor(row.get(0)),
            envelope: row.get(1),
        })
        .collect())
}

async fn latest_snapshot(
    transaction: &Transaction<'_>,
    plan: i64,
) -> Result<Option<StoredSnapshot>, Trouble> {
    let statement = transaction
        .prepare_cached(
            "SELECT cursor, covers, envelope FROM samskriv.chunks
             WHERE plan = $1 AND covers IS NOT NULL AND envelope IS NOT NULL
             ORDER BY covers DESC, cursor DESC LIMIT 1",
        )
        .await?;
    let row = transaction.query_opt(&statement, &[&plan]).await?;
    Ok(row.map(|row| StoredSnapshot {
        cursor: as_cursor(row.get(0)),
        covers: as_cursor(row.get(1)),
        envelope: row.get(2),
    }))
}
