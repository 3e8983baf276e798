// What may go wrong with the browser's storage, and with the browser itself, while
// someone writes: nothing that was called saved is lost, and what is not saved is
// not called so.

import type { Page } from "@playwright/test";
import { choose, downloaded } from "./support/files.js";
import { PlanPage, drawn } from "./support/plan-page.js";
import { type Person, expect, test } from "./support/test.js";
import { closeDatabases, comeBack, endWrites, fillUp, throwAway, watchStorage } from "./support/storage.js";
import { begin, introduce, join, newEmpty, reopen } from "./support/visitor.js";

/** Someone who has begun a plan, and whose browser is about to misbehave. */
async function beginWatched(person: Person): Promise<PlanPage> {
  await watchStorage(person.page);
  const plan = await begin(person);
  await plan.synchronised();
  await plan.saved();
  return plan;
}

/** The measures of the first goal after the page is loaded again, by nothing but the disk. */
async function measuresOnDisk(person: Person, plan: PlanPage): Promise<string[]> {
  await person.installed();
  await person.goOffline();
  await plan.page.reload();
  await expect(plan.title).toBeVisible();
  const measures = await plan.measures(1);
  await person.goOnline();
  return measures;
}

test("a database that the browser closes is opened again", async ({ arrive }) => {
  const person = await arrive("Tokke");
  const plan = await beginWatched(person);
  await closeDatabases(plan.page);
  await plan.addMeasure(1, "Bygdetun i Dalen");
  await plan.saved();
  await closeDatabases(plan.page);
  await plan.addMeasure(1, "Kurs i lafting");
  await plan.saved();
  await plan.synchronised();
  const measures = await plan.measures(1);
  expect(measures.at(-1)).toContain("Kurs i lafting");
  expect(await measuresOnDisk(person, plan)).toEqual(measures);
});

test("a write that the browser ends is not called saved, and is made again", async ({ arrive }) => {
  const person = await arrive("Vinje");
  const plan = await beginWatched(person);
  await endWrites(plan.page, 1_000);
  await plan.addMeasure(1, "Fjellstove i Rauland");
  await expect(plan.state).toContainText("Ikkje lagra");
  await expect(plan.page.getByRole("alert")).toContainText("får ikkje lagra det du skriv");
  await plan.addMeasure(1, "Skiløype til Åmot");
  await endWrites(plan.page, 0);
  await plan.saved();
  await expect(plan.page.getByRole("alert")).toHaveCount(0);
  const measures = await plan.measures(1);
  expect(await measuresOnDisk(person, plan)).toEqual(measures);
  await plan.synchronised();
});

test("what the browser throws away under an open page is written anew", async ({ arrive }) => {
  const [person, partner] = [await arrive("Seljord"), await arrive("Kviteseid")];
  const plan = await beginWatched(person);
  const other = await join(partner, await plan.editLink());
  await throwAway(plan.page);
  // The first who notices is the page that is looked at again.
  await comeBack(plan.page);
  await other.addMeasure(1, "Sykkelstig i Morgedal");
  await expect(plan.measure(1, "Sykkelstig i Morgedal").row).toBeVisible();
  await throwAway(plan.page);
  await plan.addMeasure(1, "Marknadsplass i Seljord");
  await plan.saved();
  await expect(other.measure(1, "Marknadsplass i Seljord").row).toBeVisible();
  await other.addMeasure(1, "Brygge i Kviteseid");
  await expect(plan.measure(1, "Brygge i Kviteseid").row).toBeVisible();
  const measures = await plan.measures(1);
  expect(await measuresOnDisk(person, plan)).toEqual(measures);

  // The device goes on with its partner, and the plan is in the list as before.
  await plan.synchronised();
  await plan.addMeasure(1, "Etter at alt vart borte");
  await expect(other.measure(1, "Etter at alt vart borte").row).toBeVisible();
  await plan.synchronised();
  await other.synchronised();
  expect(await plan.heads()).toBe(await other.heads());
  const { path } = plan;
  await person.visit();
  await expect(person.page.getByRole("main").getByRole("link", { name: /^Handlingsplan/ })).toHaveAttribute("href", path);
});

test("a full disk is told at once, the plan can be taken along as a file, and all is saved once there is room", async ({
  arrive,
}) => {
  const [person, partner] = [await arrive("Fyresdal"), await arrive("Nissedal")];
  const plan = await beginWatched(person);
  const other = await join(partner, await plan.editLink());
  await other.synchronised();

  const makeRoom = await fillUp(plan.page, 1);
  const subtitle = plan.paper.getByRole("textbox", { name: "Undertittel" });
  await expect(async () => {
    // For half a minute Chromium goes by the room there was.
    await subtitle.press("End");
    await subtitle.pressSequentially("x");
    await expect(plan.state).toContainText("Ikkje lagra", { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await plan.addMeasure(1, "Bygdekino");
  await expect(plan.state).toContainText("Ikkje lagra");
  const alert = plan.page.getByRole("alert");
  await expect(alert).toContainText("Det er fullt på denne eininga");
  const file = await downloaded(plan.page, "Last ned planen som fil");
  // What is not durable here goes to no one.
  await other.addMeasure(1, "Treningspark");
  await other.synchronised();
  expect(await other.measures(1)).not.toContainEqual(expect.stringContaining("Bygdekino"));

  await makeRoom();
  await plan.saved();
  await expect(other.measure(1, "Bygdekino").row).toBeVisible({ timeout: 60_000 });
  await expect(plan.measure(1, "Treningspark").row).toBeVisible();
  await plan.synchronised();
  const measures = await plan.measures(1);
  expect(await measuresOnDisk(person, plan)).toEqual(measures);

  // The file has what could not be saved.
  const third = await arrive("Tokke");
  await third.visit();
  await introduce(third.page, "Tokkes prosjektleiar", "Tokke kommune");
  await choose(third.page, file);
  await third.page.getByRole("button", { name: "Begynn ein ny plan av fila" }).click();
  const copy = new PlanPage(third.page);
  await expect(copy.measure(1, "Bygdekino").row).toBeVisible();
});

test("who is killed while writing loses at most the last half second", async ({ arrive }) => {
  const person = await arrive("Vinje");
  await person.visit();
  await introduce(person.page, "Vinjes prosjektleiar", "Vinje kommune");
  let plan = await newEmpty(person.page, "Plan");
  await plan.saved();
  const { path } = plan;
  for (const kill of ["tab", "browser"] as const) {
    // The page's clock stands still unless it is told otherwise.
    await plan.page.clock.install();
    await plan.page.clock.pauseAt(Date.now() + 1_000);
    await plan.title.press("End");
    await plan.title.pressSequentially(` ${kill}`);
    await plan.page.clock.runFor(500);
    await plan.saved();
    await plan.title.pressSequentially(" og litt til");
    await expect(plan.state).toContainText("Lagrar");
    await (kill === "tab" ? person.killTab() : person.killBrowser());
    plan = await reopen(person, path);
    expect((await plan.title.inputValue()).split(" og ")[0]).toMatch(new RegExp(` ${kill}$`));
    await plan.title.fill(`Plan ${kill}`);
    await plan.saved();
  }
});

test("what was called saved is there whenever the tab or the browser is killed", async ({ arrive }) => {
  test.setTimeout(300_000);
  const person = await arrive("Seljord");
  await person.visit();
  await introduce(person.page, "Seljords prosjektleiar", "Seljord kommune");
  let plan = await newEmpty(person.page, "Plan");
  const { path } = plan;
  let written = "";
  for (let round = 0; round < 12; round += 1) {
    const text = await chapterInHand(plan.page);
    expect(await text.textContent()).toBe(written);
    let calledSaved = written.length;
    // Another moment each time, some of them within a save.
    for (let word = 0; word < 5 + 3 * round; word += 1) {
      await plan.page.keyboard.type(` ${round}.${word}`);
      written = (await text.textContent()) ?? "";
      if ((await plan.state.textContent())?.includes("Lagra her")) {
        calledSaved = written.length;
      }
    }
    await (round % 2 === 0 ? person.killTab() : person.killBrowser());
    plan = await reopen(person, path);
    const kept = (await chapter(plan.page).textContent()) ?? "";
    expect(written.startsWith(kept), `«${kept}» is how «${written}» begins`).toBe(true);
    expect(kept.length, "what was called saved is there").toBeGreaterThanOrEqual(calledSaved);
    written = kept;
  }
  expect(written.length).toBeGreaterThan(100);
});

function chapter(page: Page) {
  return page.getByRole("textbox", { name: "Tekst, kapittel 4" });
}

/** The end of a chapter, to write on. */
async function chapterInHand(page: Page) {
  const text = chapter(page);
  await text.focus();
  await expect(text).toHaveAttribute("contenteditable", "true");
  await text.press("ControlOrMeta+End");
  await drawn(page);
  return text;
}
