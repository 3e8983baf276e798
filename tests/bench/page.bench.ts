// How long it takes to open a plan from the installed app, and from a key to its
// letter on the screen: in a plan as large as the example, and in one of 2,000
// measures and 1 MB of text.

import type { Locator, Page } from "@playwright/test";

import { PlanPage } from "../support/plan-page.js";
import { type Person, expect, test } from "../support/test.js";
import { begin, introduce } from "../support/visitor.js";
import { withLargePlan } from "./large-plan.js";

/** How often the browser is started anew, and how often the plan is opened in the last one after that. */
const STARTS = 7;
const OPENINGS = 7;
const KEYS = 300;
/** For so many milliseconds an opening is left alone, and the page before the next. */
const REST = 3000;
/** A quick writer's pace, in milliseconds between two keys. */
const PACE = 80;
/** Of S1's size and of the largest, in milliseconds. */
const GOALS = { small: 500, large: 2000, key: 16 };

interface Times {
  /** For each start of the browser: its first opening. */
  firsts: Opening[];
  /** Each opening in a browser that has opened the plan before. */
  openings: Opening[];
  /** For each key: until the next frame is drawn. */
  keys: number[];
}

interface Opening {
  /** From asking for the page until the plan is drawn, in milliseconds. */
  drawn: number;
  /** The same until its document is open: until then what is written waits. */
  ready: number;
}

test("a plan of the example's size", async ({ arrive }) => {
  const person = await arrive("Fyresdal");
  const plan = await begin(person);
  await plan.saved();
  report("example", GOALS.small, await measure(person, plan.path));
});

test("a plan of 2,000 measures and 1 MB of text", async ({ arrive, relay }) => {
  const person = await arrive("Vinje");
  await withLargePlan(relay.url, async (link) => {
    await person.page.goto(link);
    await introduce(person.page, "Vinjes prosjektleiar", "Vinje kommune");
    await expect(new PlanPage(person.page).title).toBeVisible();
    await new PlanPage(person.page).synchronised();
  });
  const { path } = new PlanPage(person.page);
  report("2,000 measures", GOALS.large, await measure(person, path));
});

test("a field alone, which tells what the browser itself takes here", async ({ arrive }) => {
  const { page } = await arrive("Tokke");
  await page.addInitScript(watch);
  await page.goto("data:text/html,<textarea aria-label='Tekst'></textarea>");
  row("a field alone: key press to paint", await press(page, page.getByRole("textbox")), GOALS.key);
});

async function measure(person: Person, path: string): Promise<Times> {
  await person.installed();
  // The page keeps what the plan reads as once it has been quiet for a while.
  await person.page.waitForTimeout(5000);
  const firsts: Opening[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    await person.closeBrowser();
    await person.openBrowser();
    await person.page.addInitScript(watch);
    firsts.push(await open(person, path));
  }
  const openings: Opening[] = [];
  for (let opening = 0; opening < OPENINGS; opening += 1) {
    openings.push(await open(person, path));
  }
  const { page } = person;
  const text = page.getByRole("textbox", { name: "Utfordring, tiltak 1" }).first();
  return { firsts, openings, keys: await press(page, text) };
}

async function open(person: Person, path: string): Promise<Opening> {
  const page = await person.visit(path);
  // Whoever asks the page how far it is runs code of their own in it. And what it
  // goes on with must not hold up the next opening.
  await page.waitForTimeout(REST);
  const marks = await page.waitForFunction(
    () => {
      const { marks } = window as unknown as Marked;
      return marks.ready && marks;
    },
    undefined,
    { polling: 500 },
  );
  const { drawn, ready } = (await marks.jsonValue()) as Marked["marks"];
  await page.waitForTimeout(REST);
  return { drawn, ready };
}

/** Runs in the page, before anything of it: notes when its title, or its only field, is drawn, and when each key's letter is. */
function watch(): void {
  // Called as a frame begins: what comes next is that it is drawn.
  const afterThisFrame = (then: () => void) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(0);
  };
  const drawn = (then: () => void) => requestAnimationFrame(() => afterThisFrame(then));
  const marks: Marked["marks"] = { drawn: 0, ready: 0, keys: [] };
  Object.assign(window, { marks });
  const look = () =>
    document.querySelector("main h1 textarea, body > textarea")
      ? afterThisFrame(() => (marks.drawn = performance.now()))
      : requestAnimationFrame(look);
  requestAnimationFrame(look);
  const lookAgain = () =>
    document.querySelector("main:not([data-heads=''])[data-heads]")
      ? (marks.ready = performance.now())
      : setTimeout(lookAgain, 10);
  lookAgain();
  addEventListener("keydown", ({ timeStamp }) => drawn(() => marks.keys.push(performance.now() - timeStamp)), true);
}

/** Writes at the end of a field; how long each key took. */
async function press(page: Page, field: Locator): Promise<number[]> {
  await field.scrollIntoViewIfNeeded();
  await field.focus();
  await field.press("ControlOrMeta+End");
  // Until what that key changes is drawn.
  await page.waitForTimeout(500);
  await page.evaluate(() => ((window as unknown as Marked).marks.keys = []));
  for (let key = 0; key < KEYS; key += 1) {
    await page.keyboard.press("tiltak "[key % 7] ?? " ", { delay: 10 });
    await page.waitForTimeout(PACE - 10);
  }
  const keys = await page.evaluate(() => (window as unknown as Marked).marks.keys);
  expect(keys).toHaveLength(KEYS);
  return keys;
}

interface Marked {
  marks: Opening & { keys: number[] };
}

function report(what: string, goal: number, { firsts, openings, keys }: Times): void {
  row(`${what}: first opening after the browser's start`, firsts.map(({ drawn }) => drawn), goal);
  row(`${what}: the same until the document is open`, firsts.map(({ ready }) => ready));
  row(`${what}: opening again`, openings.map(({ drawn }) => drawn), goal);
  row(`${what}: the same until the document is open`, openings.map(({ ready }) => ready));
  row(`${what}: key press to paint`, keys, GOALS.key);
}

function row(name: string, times: number[], goal?: number): void {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (of: number) => `${(sorted[Math.ceil(of * sorted.length) - 1] ?? NaN).toFixed(1)} ms`;
  console.log(`${name}: median ${at(0.5)}, 95 % within ${at(0.95)}${goal ? `, goal ${goal} ms` : ""}`);
}
