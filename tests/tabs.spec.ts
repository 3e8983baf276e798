// Two tabs of one plan in one browser follow each other, with a network and without.

import type { Page } from "@playwright/test";
import { PlanPage } from "./support/plan-page.js";
import { type Person, expect, test } from "./support/test.js";
import { begin, join } from "./support/visitor.js";

const FIRST = "Samarbeid om innsiktsarbeid og kartlegging for bustadstrategi";

/** Opens the same plan in a second tab. */
async function secondTab(person: Person, path: string): Promise<PlanPage> {
  const page: Page = await person.context.newPage();
  await page.goto(new URL(path, person.home).href);
  const plan = new PlanPage(page);
  await expect(plan.measureRows(1)).toHaveCount(6);
  return plan;
}

/** Both show the same document, and all of it is saved. */
async function alike(one: PlanPage, other: PlanPage): Promise<void> {
  await expect
    .poll(async () => {
      const heads = await Promise.all([one.heads(), other.heads()]);
      return heads[0] !== "" && heads[0] === heads[1];
    })
    .toBe(true);
  await one.saved();
  await other.saved();
}

test("what is written in one tab stands in the other", async ({ arrive }) => {
  const person = await arrive("Tokke");
  const one = await begin(person);
  const other = await secondTab(person, one.path);

  await one.addMeasure(1, "Felles tomtebank");
  await expect(other.measure(1, "Felles tomtebank").row).toBeVisible();
  await other.measure(1, FIRST).write("Utfordring", "Ingen veit kor mange hus som står tome.");
  await expect(one.paper.getByText("Ingen veit kor mange hus som står tome.")).toBeVisible();
  await alike(one, other);
});

test("two tabs follow each other without a network, and reloading keeps all", async ({ arrive }) => {
  const person = await arrive("Vinje");
  const one = await begin(person);
  const other = await secondTab(person, one.path);
  await person.installed();
  await one.synchronised();
  await person.goOffline();

  await one.measure(1, FIRST).setTimeFrame("2027–2028");
  const frame = other.measure(1, FIRST).row.getByRole("combobox", { name: /^Tidsramme/ });
  await expect(frame).toHaveValue("2027–2028");
  await other.addMeasure(1, "Utleigebustader i Åmot");
  await expect(one.measure(1, "Utleigebustader i Åmot").row).toBeVisible();
  await alike(one, other);

  const heads = await one.heads();
  const measures = await one.measures(1);
  await one.page.reload();
  await other.page.reload();
  for (const tab of [one, other]) {
    await expect(tab.measureRows(1)).toHaveCount(7);
    expect(await tab.measures(1)).toEqual(measures);
    await expect(tab.measure(1, FIRST).row.getByRole("combobox", { name: /^Tidsramme/ })).toHaveValue("2027–2028");
    await expect(tab.paper).toHaveAttribute("data-heads", heads);
  }

  await person.goOnline();
  await one.synchronised();
  await other.synchronised();
});

test("two tabs that write in one paragraph at once keep both", async ({ arrive }) => {
  const person = await arrive("Seljord");
  const one = await begin(person);
  const other = await secondTab(person, one.path);

  await Promise.all([
    one.writeInChapter(4, "Styringsgruppa møtest fire gonger i året."),
    other.writeInChapter(4, "Arbeidsgruppene melder frå til prosjektleiaren."),
  ]);
  for (const tab of [one, other]) {
    const text = tab.page.getByRole("textbox", { name: "Tekst, kapittel 4" });
    await expect(text).toContainText("Styringsgruppa møtest fire gonger i året.");
    await expect(text).toContainText("Arbeidsgruppene melder frå til prosjektleiaren.");
  }
  await alike(one, other);
});

test("what is called by a title follows the title while it is written", async ({ arrive }) => {
  const person = await arrive("Fyresdal");
  const plan = await begin(person);
  await plan.title.fill("Plan for bygdene");
  await expect(person.page.getByRole("banner")).toContainText("Plan for bygdene");
  await expect(person.page).toHaveTitle(/^Plan for bygdene – /);

  await plan.paper.getByRole("textbox", { name: "Tittel, delmål 1" }).fill("Hus til alle");
  await expect(person.page.getByRole("table", { name: "Tiltak: Hus til alle" })).toBeVisible();
  const outline = person.page.getByRole("navigation", { name: "Innhald" });
  await expect(outline.getByRole("link", { name: "Hus til alle" })).toBeVisible();
});

test("who leaves a plan's page leaves nothing open, and the last words are saved and sent", async ({ arrive }) => {
  const [tokke, vinje] = [await arrive("Tokke"), await arrive("Vinje")];
  let open = 0;
  tokke.page.on("websocket", (socket) => {
    open += 1;
    socket.on("close", () => (open -= 1));
  });
  const here = await begin(tokke);
  await here.synchronised();
  const there = await join(vinje, await here.editLink());
  const write = async (words: string): Promise<void> => {
    await here.title.press("End");
    await here.title.pressSequentially(words);
  };
  const leave = () => tokke.page.getByRole("link", { name: /Alle planar/ }).click();
  const again = () => tokke.page.getByRole("main").getByRole("listitem").getByRole("link").click();

  await write(" for regionen");
  await leave();
  await expect(there.title).toHaveValue("Handlingsplan for regionen");
  await expect.poll(() => open, { timeout: 20_000 }).toBe(0);

  // Also for who comes back before all of it is let go.
  for (const words of [" Vest", "-", "Telemark"]) {
    await again();
    await expect(here.title).toBeVisible();
    await write(words);
    await leave();
  }
  await expect(there.title).toHaveValue("Handlingsplan for regionen Vest-Telemark");
  await again();
  await expect(here.title).toHaveValue("Handlingsplan for regionen Vest-Telemark");
  await here.synchronised();
  await expect.poll(() => here.heads()).toBe(await there.heads());
  expect(open).toBe(1);
});
