// What browsers do to a page's database: close it under the page, end what it was
// writing, throw all of it away, and have no more room for it.

import type { Page } from "@playwright/test";

declare global {
  interface Window {
    /** What the page has open, and how many of its writes are still to be ended. */
    faults: { databases: IDBDatabase[]; toEnd: number };
  }
}

/** Keeps hold of the databases that a page opens from now on. */
export async function watchStorage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const faults = { databases: [] as IDBDatabase[], toEnd: 0 };
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (...asked) {
      const request = open.apply(this, asked);
      request.addEventListener("success", () => faults.databases.push(request.result));
      return request;
    };
    const { commit } = IDBTransaction.prototype;
    IDBTransaction.prototype.commit = function () {
      if (faults.toEnd > 0) {
        faults.toEnd -= 1;
        this.abort();
      } else {
        commit.call(this);
      }
    };
    window.faults = faults;
  });
}

/** Closes the page's database, as WebKit does when the app has been in the background. */
export async function closeDatabases(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const database of window.faults.databases.splice(0)) {
      database.close();
    }
  });
}

/** Ends the next writes of the page before they are done. */
export async function endWrites(page: Page, count: number): Promise<void> {
  await page.evaluate((count) => {
    window.faults.toEnd = count;
  }, count);
}

/** Throws away all that the browser keeps for the page in databases, while it is open. */
export async function throwAway(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "indexeddb" });
  await session.detach();
}

/** Leaves the page no more room than this, in bytes, until the answer is called. */
export async function fillUp(page: Page, room: number): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: room });
  return async () => {
    await session.send("Storage.overrideQuotaForOrigin", { origin });
    await session.detach();
  };
}

/** Someone looks at the page again. */
export async function comeBack(page: Page): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
}
