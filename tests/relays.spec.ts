// A plan at two relays: when one is gone, everyone meets at the other.

import type { PlanPage } from "./support/plan-page.js";
import { Relay } from "./support/relay.js";
import { type Person, expect, test as base } from "./support/test.js";
import { begin, join } from "./support/visitor.js";

// A second relay, which serves nothing else.
const test = base.extend<{ other: Relay }>({
  other: async ({}, use) => {
    const other = await Relay.start();
    await use(other);
    await other.dispose();
  },
});

async function openShare(plan: PlanPage) {
  await plan.page.getByRole("button", { name: "Del", exact: true }).click();
  return plan.page.getByRole("dialog", { name: "Del planen" });
}

/** Names another relay in the plan. */
async function nameRelay(plan: PlanPage, address: string): Promise<void> {
  const dialog = await openShare(plan);
  await dialog.getByLabel("Adressa til ein annan formidlar").fill(address);
  await dialog.getByRole("button", { name: "Legg til formidlar" }).click();
  await expect(dialog.getByRole("listitem").filter({ hasText: address })).toBeVisible();
  await dialog.getByRole("button", { name: "Lukk" }).click();
}

test("a relay that is gone for good costs nothing but the time to name another", async ({ arrive, relay, other }) => {
  const [tokke, vinje] = [await arrive("Tokke"), await arrive("Vinje")];
  for (const person of [tokke, vinje] satisfies Person[]) {
    person.line.leadTo(new URL(other.url).host);
  }
  const here = await begin(tokke);
  const there = await join(vinje, await here.editLink());
  await nameRelay(here, other.url);
  const heard = await openShare(there);
  await expect(heard.getByRole("listitem").filter({ hasText: other.url })).toBeVisible();
  await heard.getByRole("button", { name: "Lukk" }).click();

  await relay.kill();
  await here.addMeasure(1, "Bygdetun i Dalen");
  await expect(there.measure(1, "Bygdetun i Dalen").row).toBeVisible({ timeout: 90_000 });
  await there.addMeasure(1, "Fjellstove i Rauland");
  await expect(here.measure(1, "Fjellstove i Rauland").row).toBeVisible();
  await here.synchronised();
  await there.synchronised();
  expect(await here.heads()).toBe(await there.heads());

  // The one that is gone is taken out; a link then leads to the other.
  const dialog = await openShare(here);
  await dialog.getByRole("button", { name: `Ta bort ${relay.url}` }).click();
  await expect(dialog.getByRole("listitem")).toHaveCount(1);
  await dialog.getByRole("button", { name: "Lukk" }).click();
  const link = await here.editLink();
  expect(new URL(link).host).toBe(new URL(other.url).host);

  const third = await arrive("Seljord");
  third.line.leadTo(new URL(other.url).host);
  const joined = await join(third, link);
  await expect(joined.measure(1, "Fjellstove i Rauland").row).toBeVisible({ timeout: 60_000 });
});

test("an address that leads to no relay is named to no one", async ({ arrive }) => {
  const plan = await begin(await arrive("Nissedal"));
  await plan.synchronised();
  const heads = await plan.heads();
  const dialog = await openShare(plan);
  const address = dialog.getByLabel("Adressa til ein annan formidlar");
  const add = dialog.getByRole("button", { name: "Legg til formidlar" });
  await address.fill("kommunen");
  await add.click();
  await expect(address).toHaveAccessibleDescription(/inga adresse til ein formidlar/);
  await address.fill("http://127.0.0.1:9");
  await add.click();
  await expect(address).toHaveAccessibleDescription(/Ingen formidlar svarar/);
  await expect(dialog.getByRole("listitem")).toHaveCount(1);
  expect(await plan.heads()).toBe(heads);
});
