// WCAG 2.1 AA, as far as a machine can tell, on every page and in every state,
// light and dark, wide and on a phone, in each language.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type { AxeResults } from "axe-core";

import { choose, downloaded } from "./support/files.js";
import { type Person, expect, test } from "./support/test.js";
import { begin } from "./support/visitor.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];

/** The page as it stands, in every look it can have. */
async function expectAccessible(page: Page, state: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1440, 360]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 1000 });
      const violations = await check(page);
      expect(violations, `${state}, ${colorScheme}, ${width} px`).toEqual([]);
    }
  }
  await page.setViewportSize({ width: 1440, height: 1000 });
}

async function check(page: Page): Promise<string[]> {
  // The page's policy allows no script but its own; this one comes from outside.
  await page.evaluate(AXE);
  const results = (await page.evaluate(
    (values) =>
      (window as unknown as { axe: typeof import("axe-core") }).axe.run({ runOnly: { type: "tag", values } }),
    RULES,
  )) as AxeResults;
  expect(results.passes.length, "rules that were checked").toBeGreaterThan(4);
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

test.describe.configure({ timeout: 600_000 });

/** The names by which the way is found, in each language. */
const LANGUAGES = [
  {
    language: "Nynorsk",
    openFile: "Opne ei fil",
    backUp: "Lag tryggingskopi",
    begin: "Kom i gang",
    newPlan: "Ny plan",
    log: /^Logg \(/,
    leads: "Hovudansvarleg",
    text: "Tekst, kapittel 4",
    table: "Tabell",
    comment: "Kommenter Tiltak 1",
    share: "Del",
    read: { "/help": "Hjelp", "/accessibility": "Tilgjengelegheit" },
  },
  {
    language: "Bokmål",
    openFile: "Åpne en fil",
    backUp: "Lag sikkerhetskopi",
    begin: "Kom i gang",
    newPlan: "Ny plan",
    log: /^Logg \(/,
    leads: "Hovedansvarlig",
    text: "Tekst, kapittel 4",
    table: "Tabell",
    comment: "Kommenter Tiltak 1",
    share: "Del",
    read: { "/help": "Hjelp", "/accessibility": "Tilgjengelighet" },
  },
  {
    language: "English",
    openFile: "Open a file",
    backUp: "Make a backup",
    begin: "Get started",
    newPlan: "New plan",
    log: /^Log \(/,
    leads: "Lead parties",
    text: "Text, chapter 4",
    table: "Table",
    comment: "Comment on Measure 1",
    share: "Share",
    read: { "/help": "Help", "/accessibility": "Accessibility" },
  },
];

for (const { language, ...words } of LANGUAGES) {
  test(`every page in every state is accessible: ${language}`, async ({ arrive }) => {
    const person = await arrive("Fyresdal");
    const { page } = person;
    await person.visit();
    await page.getByRole("radio", { name: language }).check();
    await expectAccessible(page, "the first visit");
    await page.getByRole("button", { name: words.begin }).click();
    await expectAccessible(page, "the first visit with its questions unanswered");
    await page.getByRole("radio", { name: "Nynorsk" }).check();
    const plan = await begin(person);

    await speak(person, language);
    await person.visit("/settings");
    await expectAccessible(page, "the settings");
    await page.getByRole("button", { name: words.backUp }).click();
    await expectAccessible(page, "a backup without a password");
    for (const field of await page.locator('input[type="password"]').all()) {
      await field.fill("blå sau på fjellet");
    }
    const backup = await downloaded(page, words.backUp);
    await expectAccessible(page, "a backup that was made");
    await person.installed();
    await person.goOffline();
    await person.visit("/help");
    await expect(page.getByRole("alert")).toBeVisible();
    await expectAccessible(page, "a page to read that isn't here");
    await person.goOnline();
    for (const [path, name] of Object.entries(words.read)) {
      await person.visit(path);
      await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
      await expectAccessible(page, path);
      await expectEveryLinkToLead(page);
    }
    await person.visit("/nowhere");
    await expectAccessible(page, "an address of nothing");
    await person.visit("/join");
    await page.getByRole("textbox").fill("https://example.org/join#1");
    await page.getByRole("textbox").press("Enter");
    await expect(page.getByRole("alert")).not.toBeEmpty();
    await expectAccessible(page, "a link that can't be followed");

    await person.visit("/");
    await expectAccessible(page, "the list of plans");
    await choose(page, { ...backup, buffer: Buffer.from("?") }, words.openFile);
    await expect(page.getByRole("alert")).toBeVisible();
    await expectAccessible(page, "a file that can't be used");
    await choose(page, backup, words.openFile);
    await expect(page.locator('input[type="password"]')).toBeVisible();
    await expectAccessible(page, "a backup that asks for its password");
    await page.getByRole("button", { name: words.newPlan }).click();
    await expectAccessible(page, "a new plan");
    await page.keyboard.press("Escape");

    await page.getByRole("link", { name: /Handlingsplan/ }).click();
    await expect(plan.paper.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessible(page, "a plan");
    await page.getByText(words.log).click();
    await plan.paper.getByRole("textbox").nth(2).focus();
    await expectAccessible(page, "a plan with its log open and the focus in a field");
    await plan.paper.getByRole("textbox", { name: words.text }).focus();
    await page.getByRole("toolbar").getByRole("button", { name: words.table, exact: true }).click();
    await page.keyboard.type("kva");
    await expectAccessible(page, "a table being written in a text");
    await page.getByRole("searchbox").fill("bustad");
    await expect(page.getByRole("navigation").getByText("bustad").first()).toBeVisible();
    await expectAccessible(page, "what was found in the plan");
    await page.getByRole("searchbox").fill("");
    await page.getByRole("button", { name: words.comment, exact: true }).first().click();
    await expectAccessible(page, "a comment being written");
    await page.keyboard.type("Dette må vi snakke om.");
    await page.getByRole("complementary").getByRole("button").first().click();
    await expectAccessible(page, "what is said of the plan");
    await page.getByRole("button", { name: words.leads }).first().click();
    await expectAccessible(page, "the choice of parties");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: words.share, exact: true }).click();
    await expectAccessible(page, "sharing");
  });
}

/** The contents of a page to read lead to its sections. */
async function expectEveryLinkToLead(page: Page): Promise<void> {
  for (const link of await page.getByRole("main").locator('a[href^="#"]').all()) {
    await link.click();
    await expect(page.locator(":target")).toBeInViewport();
    await expect(page.locator(":target")).toHaveText((await link.textContent()) ?? "");
  }
}

async function speak(person: Person, language: string): Promise<void> {
  await person.visit("/settings");
  await person.page.getByRole("radio", { name: language }).check();
}

test("a page that is gone to has the focus and its name in the title", async ({ arrive }) => {
  const person = await arrive("Nissedal");
  const { page } = person;
  const plan = await begin(person);
  await expect(page).toHaveTitle(/^Handlingsplan – /);
  await expect(plan.paper).toBeFocused();

  await page.getByRole("link", { name: "Samskriv: Alle planar" }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveTitle(/^Planar på denne eininga – /);
  await expect(page.getByRole("main")).toBeFocused();

  await page.getByRole("contentinfo").getByRole("link", { name: "Hjelp" }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveTitle(/^Hjelp – /);
  await expect(page.getByRole("heading", { name: "Skriv utan nett" })).toBeVisible();
  await expect(page.getByRole("main")).toBeFocused();

  await page.goBack();
  await page.goBack();
  await expect(page).toHaveTitle(/^Handlingsplan – /);
  await expect(plan.paper).toBeFocused();
});

test("an address with a place in the plan shows that place", async ({ arrive }) => {
  const person = await arrive("Nissedal");
  const plan = await begin(person);
  await plan.saved();
  const measure = plan.measure(2, "Grøn region Vest-Telemark");
  const anchor = await measure.row.getByRole("link").first().getAttribute("href");
  await person.visit(`${plan.path}${anchor}`);
  await person.page.reload();
  await expect(await measure.section()).toBeInViewport();
});
