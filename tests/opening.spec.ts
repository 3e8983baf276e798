// A plan is shown by what it last read as, before its document is open: that must
// be the plan, and what is written at once must be in it.

import type { Page } from "@playwright/test";
import { PlanPage } from "./support/plan-page.js";
import { expect, test } from "./support/test.js";
import { begin, reopen } from "./support/visitor.js";

/** The plan's part of the store that holds it: its entries, and under 0 what they read as. */
type Names = { entries: string[]; view: boolean };

/** What the page's database has of the plan, after `change` was made to its entries. */
async function stored(page: Page, change: "none" | "damage" = "none"): Promise<Names> {
  return page.evaluate(async (change) => {
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, fail) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
      });
    const database = await answer(indexedDB.open("samskriv"));
    const store = database.transaction("changes", "readwrite").objectStore("changes");
    const keys = (await answer(store.getAllKeys())) as [string, string | number][];
    const entries = keys.filter(([, name]) => typeof name === "string");
    if (change === "damage") {
      for (const key of entries) {
        const record: Uint8Array = await answer(store.get(key));
        // In the middle of what the document is compressed to.
        record.fill(0, record.length / 2, record.length / 2 + 40);
        await answer(store.put(record, key));
      }
    }
    database.close();
    return { entries: entries.map(([, name]) => `${name}`), view: keys.some(([, name]) => name === 0) };
  }, change);
}

/** Waits until the page has kept what the plan reads as, and says of which entries. */
async function viewIsKept(plan: PlanPage): Promise<Names> {
  await expect.poll(async () => (await stored(plan.page)).view, { timeout: 15_000 }).toBe(true);
  return stored(plan.page);
}

test("what is written into a plan before its document is open is in it", async ({ arrive }) => {
  const person = await arrive("Fyresdal");
  const plan = await begin(person);
  await plan.saved();
  await viewIsKept(plan);
  const { path } = plan;
  // The page does not get to what it does once it is drawn.
  await plan.page.addInitScript(() => {
    window.requestIdleCallback = () => 0;
    const { setTimeout } = window;
    const later = (then: TimerHandler, wait = 0) => setTimeout(then, wait === 200 ? 3_000 : wait);
    window.setTimeout = later as typeof window.setTimeout;
  });
  const opened = await reopen(person, path);
  await expect(opened.paper).toHaveAttribute("data-heads", "");
  const measures = await opened.measures(1);
  await opened.title.fill("Skriven med det same");
  await opened.saved();
  const again = await reopen(person, path);
  await expect(again.title).toHaveValue("Skriven med det same");
  expect(await again.measures(1)).toEqual(measures);
});

test("a view that is older than the plan is not shown", async ({ arrive }) => {
  const person = await arrive("Vinje");
  const plan = await begin(person);
  await plan.saved();
  const kept = await viewIsKept(plan);
  const { path } = plan;
  await plan.title.fill("Nyare enn det som er teke vare på");
  await plan.saved();
  await person.killTab();
  await person.visit("/");
  const left = await stored(person.page);
  expect(left.view).toBe(true);
  expect(left.entries.length).toBeGreaterThan(kept.entries.length);
  await expect((await reopen(person, path)).title).toHaveValue("Nyare enn det som er teke vare på");
});

test("a view is not shown for long where the document can't be opened", async ({ arrive }) => {
  const person = await arrive("Tokke");
  const plan = await begin(person);
  await plan.saved();
  const kept = await viewIsKept(plan);
  const { path } = plan;
  await person.installed();
  await person.goOffline();
  await person.visit("/");
  await stored(person.page, "damage");
  const opened = new PlanPage(await person.visit(path));
  // What was there is set aside, and the plan waits for others to bring it.
  await expect(opened.paper).not.toHaveAttribute("data-heads", "");
  await expect(opened.title).toHaveCount(0);
  await expect.poll(async () => (await stored(opened.page)).entries).not.toEqual(kept.entries);
});
