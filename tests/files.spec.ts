// Plans by file: two offices that never reach the same relay, a backup, and
// files that are not what they should be.

import { type Handed, choose, downloaded } from "./support/files.js";
import { PlanPage } from "./support/plan-page.js";
import { expect, test } from "./support/test.js";
import { begin, introduce, join, newEmpty, reopen } from "./support/visitor.js";

/** The open plan as a file, from the dialog. */
async function exported(plan: PlanPage, button: string): Promise<Handed> {
  await plan.page.getByRole("button", { name: "Del", exact: true }).click();
  const file = await downloaded(plan.page, button);
  await plan.page.getByRole("dialog").getByRole("button", { name: "Lukk" }).click();
  return file;
}

test("two offices stay in step by files alone", async ({ arrive }) => {
  const [fyresdal, vinje] = [await arrive("Fyresdal"), await arrive("Vinje")];
  const here = await begin(fyresdal);
  await here.synchronised();
  const there = await join(vinje, await here.editLink());
  await there.synchronised();
  const { path } = here;
  await fyresdal.goOffline();
  await vinje.goOffline();

  await here.addMeasure(1, "Bygdetun i Fyresdal");
  await here.saved();
  await there.addMeasure(1, "Fjellstove i Rauland");
  await there.saved();

  const first = await exported(here, "Last ned forsegla fil");
  expect(first.name).toMatch(/\.samskriv$/);
  expect(first.buffer.includes("Bygdetun i Fyresdal")).toBe(false);
  await vinje.visit();
  await choose(vinje.page, first);
  await expect(vinje.page.getByText(/endringar? frå fila er fletta inn|Éi endring frå fila/)).toBeVisible();
  const merged = await reopen(vinje, path);
  const both = [/Bygdetun i Fyresdal$/, /Fjellstove i Rauland$/];
  for (const title of both) {
    await expect.poll(() => merged.measures(1)).toContainEqual(expect.stringMatching(title));
  }

  const answer = await exported(merged, "Last ned forsegla fil");
  await fyresdal.visit();
  await choose(fyresdal.page, answer);
  await fyresdal.page.getByRole("link", { name: /^Opne «/ }).click();
  const back = new PlanPage(fyresdal.page);
  await expect(back.title).toBeVisible();
  await expect.poll(() => back.measures(1)).toEqual(await merged.measures(1));

  // The same file once more changes nothing, and says so.
  await fyresdal.visit();
  await choose(fyresdal.page, answer);
  await expect(fyresdal.page.getByText("hadde alt frå fila frå før")).toBeVisible();

  // What came by file goes on to the relay by itself.
  await fyresdal.goOnline();
  await vinje.goOnline();
  const [one, other] = [await reopen(fyresdal, path), await reopen(vinje, path)];
  await one.synchronised();
  await other.synchronised();
  await expect.poll(() => one.heads()).toBe(await other.heads());
});

test("a backup brings every plan back on another device, and needs its password", async ({ arrive }) => {
  const person = await arrive("Seljord");
  const plan = await begin(person);
  await plan.addMeasure(2, "Bustader på Flatdal");
  await plan.saved();
  const measures = await plan.measures(2);
  await person.visit();
  const second = await newEmpty(person.page, "Planen for Kviteseid");
  await second.saved();

  const { page } = person;
  await person.visit("/settings");
  await page.getByLabel("Passord", { exact: true }).fill("for kort");
  await page.getByRole("button", { name: "Lag tryggingskopi" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Bruk minst 12 teikn" })).toBeVisible();
  await page.getByLabel("Passord", { exact: true }).fill("blå sau på fjellet");
  await page.getByLabel("Passordet ein gong til").fill("blå sau i fjøset");
  await page.getByRole("button", { name: "Lag tryggingskopi" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "ikkje like" })).toBeVisible();
  await page.getByLabel("Passordet ein gong til").fill("blå sau på fjellet");
  const backup = await downloaded(page, "Lag tryggingskopi");
  await expect(page.getByText("Tryggingskopien med 2 planar er lasta ned")).toBeVisible();
  expect(backup.buffer.includes("Flatdal")).toBe(false);

  const other = await arrive("Tokke");
  await other.visit();
  await introduce(other.page, "Tokkes prosjektleiar", "Tokke kommune");
  await choose(other.page, backup);
  await other.page.getByLabel("Passord", { exact: true }).fill("blå sau i fjøset");
  await other.page.getByRole("button", { name: "Hent tilbake" }).click();
  await expect(other.page.getByRole("alert").filter({ hasText: "ikkje laga med dette passordet" })).toBeVisible();
  await other.page.getByLabel("Passord", { exact: true }).fill("blå sau på fjellet");
  await other.page.getByRole("button", { name: "Hent tilbake" }).click();
  await expect(other.page.getByText("2 planar er henta tilbake.")).toBeVisible();
  await expect(other.page.getByRole("main").getByRole("listitem")).toHaveCount(2);
  await other.page.getByRole("link", { name: /Handlingsplan/ }).click();
  const restored = new PlanPage(other.page);
  await expect.poll(() => restored.measures(2)).toEqual(measures);
  // It is the same plan, with its keys: what is written goes to where it was.
  await plan.page.goto(new URL(restored.path, person.home).href);
  await restored.addMeasure(2, "Frå den nye eininga");
  await expect.poll(() => plan.measures(2)).toContainEqual(expect.stringMatching(/Frå den nye eininga$/));
});

test("an open file of a plan that is not here can begin a plan of its own", async ({ arrive }) => {
  const person = await arrive("Nissedal");
  const plan = await begin(person);
  const measures = await plan.measures(1);
  const file = await exported(plan, "Last ned planen som fil");
  expect(file.name).toMatch(/\.automerge$/);

  // Here it is known, though it doesn't say which plan it is.
  await person.visit();
  await choose(person.page, file);
  await expect(person.page.getByText("hadde alt frå fila frå før")).toBeVisible();

  const other = await arrive("Kviteseid");
  await other.visit();
  await introduce(other.page, "Kviteseids prosjektleiar", "Kviteseid kommune");
  await choose(other.page, file);
  await other.page.getByRole("button", { name: "Begynn ein ny plan av fila" }).click();
  const begun = new PlanPage(other.page);
  await expect(begun.title).toBeVisible();
  await expect.poll(() => begun.measures(1)).toEqual(measures);
  expect(begun.path).not.toBe(plan.path);
});

test("a file that can't be used says why, and the plans here stay as they are", async ({ arrive }) => {
  const [person, other] = [await arrive("Tokke"), await arrive("Vinje")];
  const plan = await begin(person);
  const sealed = await exported(plan, "Last ned forsegla fil");
  const heads = await plan.heads();
  const { path } = plan;
  const changed = (change: (bytes: Buffer) => void) => {
    const buffer = Buffer.from(sealed.buffer);
    change(buffer);
    return { ...sealed, buffer };
  };
  const bad: [string, Handed, RegExp][] = [
    ["an empty one", { ...sealed, buffer: Buffer.alloc(0) }, /inga fil med ein plan/],
    ["some other file", { ...sealed, buffer: Buffer.from("%PDF-1.7 Handlingsplan") }, /inga fil med ein plan/],
    ["one of a newer version", changed((bytes) => (bytes[9] = 9)), /nyare versjon/],
    ["one damaged at its beginning", changed((bytes) => (bytes[50] = bytes.readUInt8(50) ^ 1)), /skadd/],
    ["one damaged further on", changed((bytes) => (bytes[900] = bytes.readUInt8(900) ^ 1)), /skadd/],
    ["a cut one", { ...sealed, buffer: sealed.buffer.subarray(0, -9) }, /skadd/],
  ];
  await person.visit();
  for (const [what, file, message] of bad) {
    await test.step(what, async () => {
      await choose(person.page, file);
      await expect(person.page.getByRole("alert")).toHaveText(message);
    });
  }
  await expect(person.page.getByRole("main").getByRole("listitem")).toHaveCount(1);
  expect(await (await reopen(person, path)).heads()).toBe(heads);

  await other.visit();
  await introduce(other.page, "Vinjes prosjektleiar", "Vinje kommune");
  await choose(other.page, sealed);
  await expect(other.page.getByRole("alert")).toHaveText(/Bli med i planen med lenkja fyrst/);
});
