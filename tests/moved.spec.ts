// A plan that was moved to new keys: who was chosen comes along, with what was
// written meanwhile; who was not sees that it has moved, and by whom.

import type { Locator } from "@playwright/test";
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

/** Opens the form in the dialog that asks who comes along. */
async function membersOf(plan: PlanPage): Promise<Locator> {
  await plan.page.getByRole("button", { name: "Del", exact: true }).click();
  const dialog = plan.page.getByRole("dialog", { name: "Del planen" });
  await dialog.getByRole("button", { name: "Vel kven som blir med" }).click();
  return dialog;
}

test("a plan is moved from the page with those who are chosen", async ({ arrive }) => {
  const [tokke, vinje, kviteseid, seljord] = [
    await arrive("Tokke"),
    await arrive("Vinje"),
    await arrive("Kviteseid"),
    await arrive("Seljord"),
  ];
  const here = await begin(tokke);
  await here.synchronised();
  const link = await here.editLink();
  const { path } = here;
  const others: PlanPage[] = [];
  for (const person of [vinje, kviteseid, seljord]) {
    const there = await join(person, link);
    await there.synchronised();
    await there.addMeasure(1, `Tiltak frå ${person.name}`);
    await there.synchronised();
    others.push(there);
    await expect(here.measure(1, `Tiltak frå ${person.name}`).row).toBeVisible();
  }
  await vinje.goOffline();

  const dialog = await membersOf(here);
  await dialog.getByLabel("Kviteseids prosjektleiar, Kviteseid kommune").selectOption("Kan lese");
  await dialog.getByLabel("Seljords prosjektleiar, Seljord kommune").selectOption("Blir ikkje med");
  await dialog.getByRole("button", { name: "Flytt planen" }).click();
  const moved = new PlanPage(here.page);
  await expect.poll(() => moved.path, { timeout: 60_000 }).not.toBe(path);
  await moved.synchronised();
  await moved.addMeasure(1, "Skrive under dei nye nøklane");
  await moved.synchronised();
  expect(await moved.editLink()).not.toBe(link);
  const newPath = moved.path;
  await tokke.visit();
  await expect(tokke.page.getByRole("main").getByRole("listitem")).toHaveCount(1);

  await vinje.goOnline();
  const [there, reading, leaving] = others as [PlanPage, PlanPage, PlanPage];
  for (const plan of [there, reading]) {
    await expect(plan.page.getByRole("alert")).toContainText("flytta til nye nøklar", { timeout: 90_000 });
    await plan.page.getByRole("button", { name: "Bli med vidare" }).click();
    await expect.poll(() => plan.path).toBe(newPath);
    await expect(plan.measure(1, "Skrive under dei nye nøklane").row).toBeVisible({ timeout: 60_000 });
  }
  await expect(there.page.getByRole("button", { name: "Legg til tiltak i delmål 1" })).toBeVisible();
  await expect(reading.page.getByRole("button", { name: "Legg til tiltak i delmål 1" })).toHaveCount(0);
  await expect(leaving.page.getByRole("alert")).toContainText("Be om den nye lenkja");
});

test("a move that stops on the way can be given up, or gone on with", async ({ arrive }) => {
  const vinje = await arrive("Vinje");
  // While they are held, sockets that are opened anew lead nowhere.
  const sockets = { areHeld: false, held: 0 };
  await vinje.page.routeWebSocket(/.*/, (socket) => {
    if (sockets.areHeld) {
      sockets.held += 1;
    } else {
      socket.connectToServer();
    }
  });
  const plan = await begin(vinje);
  await plan.synchronised();
  const { path } = plan;

  await test.step("nothing is moved while something is not synchronised", async () => {
    await vinje.goOffline();
    await plan.addMeasure(1, "Skrive utan nett");
    const dialog = await membersOf(plan);
    await dialog.getByRole("button", { name: "Flytt planen" }).click();
    await expect(dialog.getByRole("alert")).toContainText("Alt må vere synkronisert fyrst");
    await dialog.getByRole("button", { name: "Lukk" }).click();
    await vinje.goOnline();
    await plan.synchronised();
  });

  /** The page ends once the plan is on its way to the relay under its new keys. */
  const stop = async (): Promise<Locator> => {
    const here = await reopen(vinje, path);
    await here.synchronised();
    const dialog = await membersOf(here);
    Object.assign(sockets, { areHeld: true, held: 0 });
    await dialog.getByRole("button", { name: "Flytt planen" }).click();
    await expect.poll(() => sockets.held).toBeGreaterThan(0);
    await expect(dialog.getByText("Flyttar planen")).toBeVisible();
    sockets.areHeld = false;
    const again = await reopen(vinje, path);
    await again.page.getByRole("button", { name: "Del", exact: true }).click();
    await expect(again.page.getByRole("dialog").getByText("ikkje ferdig")).toBeVisible();
    return again.page.getByRole("dialog");
  };
  const isAlone = async (): Promise<void> => {
    await vinje.visit();
    await expect(vinje.page.getByRole("main").getByRole("listitem")).toHaveCount(1);
  };
  await test.step("given up, it leaves nothing behind", async () => {
    const dialog = await stop();
    await isAlone();
    await reopen(vinje, path);
    await vinje.page.getByRole("button", { name: "Del", exact: true }).click();
    await dialog.getByRole("button", { name: "Gje opp flyttinga" }).click();
    await expect(dialog.getByRole("button", { name: "Vel kven som blir med" })).toBeVisible();
    await isAlone();
  });
  await test.step("gone on with, it comes to its end", async () => {
    const dialog = await stop();
    await dialog.getByRole("button", { name: "Hald fram med flyttinga" }).click();
    const moved = new PlanPage(vinje.page);
    await expect.poll(() => moved.path, { timeout: 60_000 }).not.toBe(path);
    await expect(moved.measure(1, "Skrive utan nett").row).toBeVisible();
    await moved.synchronised();
    await isAlone();
  });
});
