// A plan that was moved to new keys: who was chosen comes along, with what was
// written meanwhile; who was not sees that it has moved, and by whom.

import { run } from "./support/command-line.js";
import { PlanPage } from "./support/plan-page.js";
import { expect, test } from "./support/test.js";
import { begin, join, reopen } from "./support/visitor.js";

test("the chosen come along with all they wrote, the others see that the plan has moved", async ({ arrive, file }) => {
  const [tokke, vinje, left] = [await arrive("Tokke"), await arrive("Vinje"), await arrive("Seljord")];
  const here = await begin(tokke);
  await here.addMeasure(1, "Bygdetun i Dalen");
  await here.synchronised();
  const there = await join(vinje, await here.editLink());
  await expect(there.measure(1, "Bygdetun i Dalen").row).toBeVisible();
  await there.addMeasure(1, "Fjellstove i Rauland");
  await there.synchronised();
  const { path } = there;
  const looking = await join(left, await here.editLink());
  await expect(looking.measure(1, "Fjellstove i Rauland").row).toBeVisible();
  await looking.addMeasure(1, "Skrive av ein som ikkje blir med");
  await looking.synchronised();

  await run("join", await here.editLink(), "-o", file);
  await vinje.goOffline();
  await there.addMeasure(1, "Skrive utan nett");
  await there.saved();
  await run("rekey", file, "--keep", "Tokkes prosjektleiar", "--keep", "Vinjes prosjektleiar");

  await expect(here.page.getByRole("alert")).toContainText("flytta til nye nøklar");
  await here.page.getByRole("button", { name: "Bli med vidare" }).click();
  const moved = new PlanPage(here.page);
  await expect(moved.title).toBeVisible();
  await expect.poll(() => moved.path).not.toBe(path);
  await moved.synchronised();
  await moved.addMeasure(1, "Skrive under dei nye nøklane");

  await vinje.goOnline();
  await expect(there.page.getByRole("alert")).toContainText("flytta til nye nøklar", { timeout: 90_000 });
  await there.page.getByRole("button", { name: "Bli med vidare" }).click();
  const along = new PlanPage(there.page);
  await expect.poll(() => along.path).toBe(moved.path);
  for (const plan of [moved, along]) {
    for (const title of ["Fjellstove i Rauland", "Skrive utan nett", "Skrive under dei nye nøklane"]) {
      await expect(plan.measure(1, title).row).toBeVisible({ timeout: 60_000 });
    }
    await plan.synchronised();
  }
  expect(await moved.heads()).toBe(await along.heads());

  // The old one is no longer in the list, and what is still written in it can be brought.
  await tokke.visit();
  await expect(tokke.page.getByRole("main").getByRole("listitem")).toHaveCount(1);
  const old = await reopen(tokke, path);
  await old.addMeasure(1, "Skrive i den gamle");
  await old.page.getByRole("button", { name: "Bli med vidare" }).click();
  await expect.poll(() => old.path).toBe(moved.path);
  await expect(moved.measure(1, "Skrive i den gamle").row).toBeVisible();

  await expect(looking.page.getByRole("alert")).toContainText("Be om den nye lenkja");
  await expect(looking.page.getByRole("button", { name: "Bli med vidare" })).toHaveCount(0);
  await expect(looking.measure(1, "Skrive av ein som ikkje blir med").row).toBeVisible();
});
