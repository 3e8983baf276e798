// How every page and state looks, at three widths, light and dark: the pictures are
// in test-results/looks/ after a run, for whoever changes the look. What a machine
// can tell of them is that nothing is wider than the window.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";

import { type PlanPage, drawn } from "./support/plan-page.js";
import { expect, test } from "./support/test.js";
import { begin, introduce, join as joinPlan, newExample, reopen } from "./support/visitor.js";

const LOOKS = join(import.meta.dirname, "../test-results/looks");
const WIDTHS = [1440, 768, 360] as const;
const HEIGHT = 900;

interface Look {
  /** What is to be at the top of the window. */
  from?: Locator;
  widths?: readonly number[];
  /** All of the page, also what is below the window. */
  whole?: boolean;
}

/** Takes the page's picture in every look that it can have. */
async function picture(page: Page, name: string, { from, widths = WIDTHS, whole = false }: Look = {}): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: HEIGHT });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await from?.evaluate((element) => element.scrollIntoView());
      await drawn(page);
      const path = join(LOOKS, `${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: whole });
      expect((await stat(path)).size).toBeGreaterThan(0);
      const [content, window] = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return [scrollWidth, clientWidth] as const;
      });
      expect(content, `${name} at ${width} px scrolls sideways`).toBeLessThanOrEqual(window);
    }
  }
  await page.setViewportSize({ width: 1440, height: HEIGHT });
}

test.describe.configure({ timeout: 300_000 });

test("the pages around the plan", async ({ arrive }) => {
  const person = await arrive("Tokke");
  const { page } = person;
  await person.visit();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await picture(page, "first-visit", { whole: true });
  await page.getByRole("button", { name: "Kom i gang" }).click();
  await picture(page, "first-visit-unanswered", { whole: true });
  await introduce(page, "Tone Dalen", "Tokke kommune");
  await expect(page.getByText("Her er det ingen planar enno")).toBeVisible();
  await picture(page, "plans-none", { whole: true });
  await page.getByRole("button", { name: "Ny plan" }).click();
  await picture(page, "new-plan");
  await page.keyboard.press("Escape");
  await newExample(page);
  await person.visit();
  await expect(page.getByRole("link", { name: /^Handlingsplan/ })).toBeVisible();
  await picture(page, "plans-one", { whole: true });

  await person.visit("/join");
  await page.getByRole("textbox").fill("https://example.org/join#1");
  await page.getByRole("button", { name: "Bli med" }).click();
  await expect(page.getByRole("alert")).not.toBeEmpty();
  await picture(page, "join-bad-link", { whole: true });
  for (const [path, name] of [
    ["/settings", "settings"],
    ["/help", "help"],
    ["/accessibility", "accessibility"],
    ["/nowhere", "not-found"],
  ] as const) {
    await person.visit(path);
    await expect(page.getByRole("heading", { level: name === "not-found" ? 1 : 2 }).first()).toBeVisible();
    await picture(page, name, { whole: true });
  }
});

test("the plan", async ({ arrive }) => {
  const person = await arrive("Seljord");
  const { page } = person;
  const plan = await begin(person);
  await plan.saved();
  await picture(page, "plan");
  await picture(page, "plan-measures", { from: page.getByRole("table", { name: /^Tiltak: / }).first() });
  const measure = await plan.measure(1, "Risikoreduserande tiltak ved bustadbygging").section();
  await picture(page, "plan-measure", { from: measure });
  await measure.getByRole("textbox", { name: /^Utfordring/ }).focus();
  await picture(page, "plan-writing", { from: measure });
  await page.getByText(/^Logg \(/).click();
  await picture(page, "plan-log", { from: page.getByText(/^Logg \(/) });
  for (const [name, heading] of [
    ["plan-anchoring", /^Overskrift, kapittel 5/],
    ["plan-approvals", /^Overskrift, kapittel 8/],
  ] as const) {
    await picture(page, name, { from: page.getByRole("textbox", { name: heading }) });
  }

  const chapter = page.getByRole("textbox", { name: "Tekst, kapittel 4" });
  await writeTable(plan, chapter);
  await picture(page, "plan-writing-table", { from: page.getByRole("textbox", { name: "Overskrift, kapittel 4" }) });
  // In the middle of a text its buttons are below the bar, whole.
  const cell = chapter.getByRole("cell", { name: "annankvar veke" });
  await picture(page, "plan-writing-table-below", { from: cell });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    await cell.evaluate((element) => element.scrollIntoView());
    await drawn(page);
    const buttons = page.getByRole("toolbar", { name: "Formatering" }).getByRole("button");
    await expect(buttons).toHaveCount(13);
    expect(await covered(buttons), `covered at ${width} px`).toEqual([]);
  }
  await page.setViewportSize({ width: 1440, height: HEIGHT });

  await page.getByRole("button", { name: /^Hovudansvarleg, tiltak 1/ }).first().click();
  await picture(page, "parties");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Del", exact: true }).click();
  await expect(page.getByLabel("Lenkje for å skrive", { exact: true })).toHaveValue(/./);
  await picture(page, "share");
  await page.keyboard.press("Escape");

  const find = page.getByRole("searchbox", { name: "Finn i planen" });
  await find.fill("hus");
  await expect(page.getByText(/treff/).first()).toBeVisible();
  await picture(page, "plan-finding", { widths: [1440, 768] });
  await page.setViewportSize({ width: 360, height: HEIGHT });
  await page.getByRole("button", { name: "Innhald" }).click();
  await picture(page, "phone-finding", { widths: [360] });
  await page.setViewportSize({ width: 360, height: HEIGHT });
  await find.fill("");
  await expect(page.getByText(/treff/)).toHaveCount(0);
  await expect(page.getByRole("navigation", { name: "Innhald" }).getByRole("link").nth(8)).toBeVisible();
  await picture(page, "phone-outline", { widths: [360] });
});

/**
 * Those of the buttons that something else lies over, or that are outside of the
 * window. Where the row is too long, it scrolls by itself.
 */
function covered(buttons: Locator): Promise<string[]> {
  return buttons.evaluateAll((all) =>
    (all as HTMLElement[])
      .filter((button) => {
        const row = button.parentElement as HTMLElement;
        row.scrollLeft += button.getBoundingClientRect().left - row.getBoundingClientRect().left;
        const { left, top, width, height } = button.getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height / 2) !== button;
      })
      .map((button) => button.title),
  );
}

/** A small table with words in it, the caret in a cell. */
async function writeTable(plan: PlanPage, field: Locator): Promise<void> {
  const { keyboard } = plan.page;
  await field.focus();
  await expect(field).toHaveAttribute("contenteditable", "true");
  await keyboard.press("ControlOrMeta+End");
  await drawn(plan.page);
  await keyboard.press("Enter");
  await plan.page.getByRole("toolbar").getByRole("button", { name: "Tabell", exact: true }).click();
  for (const words of ["Kommune", "Kontakt", "Møte", "Vinje", "Rådgjevar i plan og næring", "annankvar veke"]) {
    await keyboard.type(words);
    await keyboard.press("Tab");
  }
}

test("what asks for a decision", async ({ arrive }) => {
  const [one, other] = [await arrive("Tokke"), await arrive("Vinje")];
  const plan = await begin(one);
  const partner = await joinPlan(other, await plan.editLink());
  await partner.synchronised();
  const title = "Risikoreduserande tiltak ved bustadbygging";
  for (const [person, each, frame, words] of [
    [one, plan, "2025–2027", "Tokke har tomter."],
    [other, partner, "2027–2028", "Vinje har hytter."],
  ] as const) {
    await person.installed();
    await person.goOffline();
    await each.measure(1, title).setTimeFrame(frame);
    await each.writeInChapter(1, words);
    await each.saved();
  }
  await one.goOnline();
  await other.goOnline();
  await plan.synchronised();
  await partner.synchronised();
  const panel = one.page.getByRole("complementary", { name: "Sidepanel" });
  await expect(panel.getByRole("group")).toHaveCount(1);
  await picture(one.page, "clashes", { from: one.page.getByRole("table", { name: /^Tiltak: / }).first() });
  await one.page.setViewportSize({ width: 360, height: HEIGHT });
  await one.page.getByRole("navigation", { name: "Vising" }).getByRole("button", { name: /^Usemje \d/ }).click();
  await picture(one.page, "phone-panel", { widths: [360] });

  // Opened where there is no room for the panel beside the plan, it is over it.
  await one.page.setViewportSize({ width: 1024, height: HEIGHT });
  const again = await reopen(one, plan.path);
  await again.page.getByRole("banner").getByRole("button", { name: /^Usemje/ }).click();
  await picture(one.page, "panel-over-plan", { widths: [1024] });
});
