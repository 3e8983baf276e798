// All of it with the keyboard alone: from the first visit to a settled clash, also
// where the page is enlarged or on a phone.

import type { Locator, Page } from "@playwright/test";

import { Keyboard, expectNoSidewaysScroll } from "./support/keyboard.js";
import { PlanPage } from "./support/plan-page.js";
import { type Person, expect, test } from "./support/test.js";
import { begin, join } from "./support/visitor.js";

const SECOND = "Risikoreduserande tiltak ved bustadbygging";
const FIFTH = "Vandrande bygdevekstseminar";
/** As many stops as one has patience for. */
const FEW = 10;

test.describe.configure({ timeout: 240_000 });

/** Answers the first visit's questions. */
async function introduce(keys: Keyboard, municipality: string): Promise<void> {
  const { page } = keys;
  await expect(page.getByLabel("Namnet ditt")).toBeVisible();
  await keys.write(page.getByLabel("Namnet ditt"), `${municipality}s prosjektleiar`);
  await keys.write(page.getByLabel("Kven skriv du for?"), `${municipality} kommune`);
  // The browser's offers close, and leave the form as it is.
  await keys.press("Escape");
  await keys.choose(page.getByRole("button", { name: "Kom i gang" }));
}

/** Makes a plan with Vest-Telemark's facts. */
async function newExample(keys: Keyboard): Promise<PlanPage> {
  const { page } = keys;
  await expect(page.getByRole("button", { name: "Ny plan" })).toBeVisible();
  await keys.choose(page.getByRole("button", { name: "Ny plan" }));
  await keys.goTo(page.getByRole("radio", { name: /^Tom plan/ }));
  await keys.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /^Utfylt døme/ })).toBeChecked();
  await keys.choose(page.getByRole("button", { name: "Lag planen" }));
  const plan = new PlanPage(page);
  await expect(plan.title).toBeVisible();
  return plan;
}

/** The link for writing, read in the dialog. */
async function editLink(keys: Keyboard): Promise<string> {
  const { page } = keys;
  const share = page.getByRole("button", { name: "Del", exact: true });
  // Back from the content, where the new page began.
  await keys.goTo(share, "Shift+Tab");
  await keys.press("Enter");
  const field = page.getByLabel("Lenkje for å skrive", { exact: true });
  await expect(field).toHaveValue(/\/join#./);
  await keys.goTo(field);
  const link = await field.inputValue();
  await keys.press("Escape");
  await expect(share).toBeFocused();
  return link;
}

function outline(plan: PlanPage): Locator {
  return plan.page.getByRole("navigation", { name: "Innhald" });
}

function panel(plan: PlanPage): Locator {
  return plan.page.getByRole("complementary", { name: "Sidepanel" });
}

/** From the top of the page to a measure, by the outline. */
async function goToMeasure(keys: Keyboard, plan: PlanPage, title: string): Promise<void> {
  await keys.press("ControlOrMeta+Home");
  await keys.choose(outline(plan).getByRole("link", { name: title }));
}

test("one deletes a measure, one writes in it, and someone decides", async ({ arrive }) => {
  const [one, other] = [await arrive("Tokke"), await arrive("Seljord")];
  const [tokke, seljord] = [new Keyboard(one.page), new Keyboard(other.page)];
  await one.visit();
  await introduce(tokke, "Tokke");
  const plan = await newExample(tokke);
  await other.page.goto(await editLink(tokke));
  await introduce(seljord, "Seljord");
  const partner = new PlanPage(other.page);
  await expect(partner.title).toBeVisible();
  await partner.synchronised();
  await plan.synchronised();

  for (const person of [one, other]) {
    await person.installed();
    await person.goOffline();
  }
  await goToMeasure(tokke, plan, FIFTH);
  const measure = await plan.measure(1, FIFTH).section();
  // The keyboard goes on from where the link led.
  expect(await tokke.choose(measure.getByRole("button", { name: "Slett tiltak 5" }))).toBeLessThan(FEW);
  await expect(outline(plan).getByRole("link", { name: FIFTH })).toHaveCount(0);
  await plan.saved();

  await goToMeasure(seljord, partner, FIFTH);
  const section = await partner.measure(1, FIFTH).section();
  await seljord.goTo(section.getByRole("textbox", { name: /, tiltak 5$/ }).and(section.locator("[aria-multiline]")));
  await seljord.press("ControlOrMeta+End");
  await seljord.type(" Seljord held det fyrste.");
  await seljord.press("Tab");
  await partner.saved();

  await one.goOnline();
  await other.goOnline();
  for (const each of [plan, partner]) {
    await each.synchronised();
    await expect(panel(each).getByText(/^Sletta av .*Tokke kommune.*, endra av .*Seljord kommune/)).toBeVisible();
  }

  await tokke.choose(panel(plan).getByRole("button", { name: "Behald" }));
  for (const each of [plan, partner]) {
    await expect(panel(each).getByRole("button", { name: "Behald" })).toHaveCount(0);
    await expect(outline(each).getByRole("link", { name: FIFTH })).toHaveCount(1);
    await expect(each.paper.getByText("Seljord held det fyrste.")).toBeVisible();
  }
});

/** Two who set the time frame of one measure apart, and have met. */
async function clash(arrive: (name: string) => Promise<Person>): Promise<[Person, PlanPage, PlanPage]> {
  const [one, other] = [await arrive("Vinje"), await arrive("Fyresdal")];
  const plan = await begin(one);
  const partner = await join(other, await plan.editLink());
  await partner.synchronised();
  for (const [person, each, frame] of [
    [one, plan, "2025–2027"],
    [other, partner, "2027–2028"],
  ] as const) {
    await person.installed();
    await person.goOffline();
    await each.measure(1, SECOND).setTimeFrame(frame);
    await each.saved();
  }
  for (const person of [one, other]) {
    await person.goOnline();
  }
  for (const each of [plan, partner]) {
    await each.synchronised();
    await expect(panel(each).getByRole("group", { includeHidden: true })).toHaveCount(1);
  }
  return [one, plan, partner];
}

/** The window of someone who reads at 200 % has half as many pixels, each twice as large. */
const WINDOWS = [
  { name: "a wide window", width: 1440, height: 1000, scale: 1 },
  { name: "200 % zoom", width: 720, height: 500, scale: 2 },
  { name: "a phone", width: 360, height: 740, scale: 3 },
];

for (const { name, scale, ...size } of WINDOWS) {
  test(`a measure is found, commented on and its clash settled: ${name}`, async ({ arrive }) => {
    const [person, plan, partner] = await clash(arrive);
    const { page } = person;
    const keys = new Keyboard(page);
    await page.setViewportSize(size);
    const session = await person.context.newCDPSession(page);
    await session.send("Emulation.setDeviceMetricsOverride", { ...size, deviceScaleFactor: scale, mobile: false });
    await page.reload();
    await expect(plan.title).toBeVisible();

    // Where there is room for one thing at a time, buttons lead from one to the other.
    const oneAtATime = !(await outline(plan).isVisible());
    const views = page.getByRole("navigation", { name: "Vising" });
    if (oneAtATime) {
      expect(await keys.choose(views.getByRole("button", { name: "Innhald" }))).toBeLessThan(FEW);
      await expectNoSidewaysScroll(page);
    }
    await keys.write(page.getByRole("searchbox", { name: "Finn i planen" }), "risikoreduserande");
    await expect(outline(plan).getByRole("status")).toHaveText(/treff/);
    await keys.choose(outline(plan).getByRole("link", { name: /^Tiltak 2/ }));
    const measure = page.locator(":target");
    await expect(measure).toBeInViewport();
    await expectNoSidewaysScroll(page);

    expect(await keys.choose(measure.getByRole("button", { name: "Kommenter Tiltak 2" }))).toBeLessThan(FEW);
    await expect(panel(plan).getByRole("textbox", { name: "Kommenter Tiltak 2" })).toBeFocused();
    await expectNoSidewaysScroll(page);
    await keys.type("Kan vi bli samde om ei tidsramme?");
    await keys.choose(panel(plan).getByRole("button", { name: "Legg til kommentar" }));
    await expect(panel(plan).getByText("Kan vi bli samde om ei tidsramme?")).toBeVisible();

    await keys.goTo(panel(plan).getByRole("tab", { name: /^Kommentar/ }));
    await keys.press("ArrowLeft");
    await expect(panel(plan).getByRole("tab", { name: "Usemje 1" })).toBeFocused();
    const group = panel(plan).getByRole("group", { name: "Tidsramme, Tiltak 2" });
    await keys.choose(group.getByRole("button", { name: /^Vel 2027–2028/ }));
    await expect(group).toHaveCount(0);
    await expectNoSidewaysScroll(page);
    await expect(partner.measure(1, SECOND).row.getByRole("combobox", { name: /^Tidsramme/ })).toHaveValue("2027–2028");

    if (oneAtATime) {
      await keys.choose(views.getByRole("button", { name: "Plan", exact: true }));
      await expect(plan.title).toBeVisible();
    }
    await expectNoSidewaysScroll(page);
    for (const path of ["/", "/settings", "/help", "/accessibility", "/join", "/nowhere"]) {
      await person.visit(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectNoSidewaysScroll(page);
    }
  });
}

test("the skip link is the first stop, and leads to the content", async ({ arrive }) => {
  const person = await arrive("Nissedal");
  const plan = await begin(person);
  const keys = new Keyboard(person.page);
  await plan.saved();
  await person.page.reload();
  await expect(plan.title).toBeVisible();
  await keys.press("Tab");
  await expect(person.page.getByRole("link", { name: "Til innhaldet" })).toBeFocused();
  await keys.press("Enter", "Tab");
  await expect(plan.title).toBeFocused();
});

test("every stop shows that it has the focus, and passing changes nothing", async ({ arrive }) => {
  const person = await arrive("Kviteseid");
  const plan = await begin(person);
  const { page } = person;
  await plan.synchronised();
  await page.reload();
  await expect(plan.title).toBeVisible();
  const before = await plan.heads();
  for (const key of ["Tab", "Shift+Tab"]) {
    const stops = await walk(page, key);
    expect(stops.length, "stops on the way").toBeGreaterThan(150);
    expect(stops.filter(({ shown }) => !shown)).toEqual([]);
    expect(stops.filter(({ named }) => !named)).toEqual([]);
  }
  await plan.saved();
  expect(await plan.heads()).toBe(before);
});

interface Stop {
  /** What it is, for whoever reads that a test failed. */
  what: string;
  /** Whether it looks otherwise than without the focus. */
  shown: boolean;
  /** Whether a screen reader has something to call it. */
  named: boolean;
}

/** Presses a key until the focus is where it began or has left the page. */
async function walk(page: Page, key: string): Promise<Stop[]> {
  const stops: Stop[] = [];
  for (;;) {
    await page.keyboard.press(key);
    const stop = await page.evaluate(() => {
      const active = document.activeElement;
      if (!(active instanceof HTMLElement) || active === document.body || active.dataset.walked === "yes") {
        return undefined;
      }
      active.dataset.walked = "yes";
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(active);
      const labels = active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement ? active.labels : null;
      const name = active.ariaLabel ?? labels?.[0]?.textContent ?? active.textContent ?? "";
      return {
        what: `${active.nodeName} ${active.className} ${name}`.slice(0, 120),
        shown: (outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0) || boxShadow !== "none",
        named: name.trim() !== "",
      };
    });
    if (stop === undefined) {
      await page.evaluate(() => document.querySelectorAll("[data-walked]").forEach((each) => each.removeAttribute("data-walked")));
      return stops;
    }
    stops.push(stop);
  }
}

test("a dialog keeps the focus while it is open, and gives it back", async ({ arrive }) => {
  const person = await arrive("Tokke");
  const plan = await begin(person);
  const { page } = person;
  const keys = new Keyboard(page);
  const dialogs = [
    page.getByRole("button", { name: "Del", exact: true }),
    page.getByRole("button", { name: /^Hovudansvarleg, tiltak 1/ }).first(),
  ];
  await plan.saved();
  for (const opener of dialogs) {
    await page.reload();
    await expect(plan.title).toBeVisible();
    await keys.choose(opener);
    const dialog = page.getByRole("dialog");
    await expect(dialog).toBeVisible();
    for (const key of ["Tab", "Shift+Tab"]) {
      for (let stops = 0; stops < 40; stops += 1) {
        await keys.press(key);
        const within = await dialog.evaluate((dialog) => {
          const { activeElement } = document;
          // At its end the browser's own controls have their turn.
          return activeElement === document.body || dialog.contains(activeElement);
        });
        expect(within, "the focus is in the dialog").toBe(true);
      }
    }
    await keys.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(opener).toBeFocused();
  }
});

test("Tab leads out of a text, and in a list first a level in", async ({ arrive }) => {
  const person = await arrive("Vinje");
  const plan = await begin(person);
  const { page } = person;
  const keys = new Keyboard(page);
  const text = plan.paper.getByRole("textbox", { name: "Tekst, kapittel 1" });
  await keys.goTo(text);
  await keys.press("ControlOrMeta+a", "Delete");
  await keys.type("Slik:");
  await keys.press("Tab");
  await expect(text).not.toBeFocused();

  // The way back passes what was the next stop, and the text's own buttons are before it.
  await keys.press("Shift+Tab");
  await expect(text).toBeFocused();
  await keys.press("Shift+Tab");
  const buttons = plan.paper.getByRole("toolbar", { name: "Formatering" }).getByRole("button");
  await expect(buttons.first()).toBeFocused();
  await keys.press("Shift+Tab");
  await expect(plan.paper.getByRole("textbox", { name: "Overskrift, kapittel 1" })).toBeFocused();

  await keys.goTo(text);
  await keys.press("ControlOrMeta+End", "Enter");
  await keys.type("- tomter");
  const item = text.locator(".item");
  await expect(item).toHaveAttribute("data-level", "1");
  await keys.press("Tab");
  await expect(item).toHaveAttribute("data-level", "2");
  await expect(text).toBeFocused();
  await keys.press("Tab");
  await expect(text).not.toBeFocused();
  await expect(text.getByRole("listitem")).toHaveClass("deep");

  // To pass through again changes nothing.
  await keys.press("Shift+Tab", "Shift+Tab");
  await expect(buttons.first()).toBeFocused();
  await expect(text.locator(".item")).toHaveAttribute("data-level", "2");
});
