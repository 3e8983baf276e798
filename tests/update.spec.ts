// A new version of the app is offered, never forced.

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtApp } from "./support/relay.js";
import { type Person, expect, test as base } from "./support/test.js";

// An app of the test's own, so that it can be replaced under the reader. Without
// its compressed copies, which would still be the old version.
const test = base.extend({
  app: async ({}, use) => {
    const app = await mkdtemp(join(tmpdir(), "samskriv-app-"));
    await cp(builtApp, app, { recursive: true, filter: (file) => !/\.(br|gz)$/.test(file) });
    await use(app);
    await rm(app, { recursive: true, force: true });
  },
});

/** Puts a new version in the place of the one that is served: a page that says it is the next. */
async function release(app: string): Promise<void> {
  const page = join(app, "index.html");
  const worker = join(app, "sw.js");
  const html = await readFile(page, "utf8");
  const script = await readFile(worker, "utf8");
  const revision = /"?index\.html"?,revision:"([0-9a-f]+)"/.exec(script)?.[1];
  expect(revision, "the worker names the page's revision").toBeTruthy();
  await writeFile(page, html.replace("<html ", "<html data-next "));
  await writeFile(worker, script.replace(revision ?? "", "0".repeat(32)));
}

/** Opens the app so that a service worker has its page, and marks the page when it is offered an update. */
async function open(person: Person): Promise<void> {
  await person.page.addInitScript(() => {
    addEventListener("samskriv:update", () => document.documentElement.setAttribute("data-offered", ""));
  });
  await person.visit();
  await person.installed();
  await person.page.reload();
  await expect(person.page.getByRole("heading", { level: 1 })).toBeVisible();
}

test("a new version waits until the reader takes it", async ({ app, arrive }) => {
  const person = await arrive("Nissedal");
  await open(person);
  const next = person.page.locator("html[data-next]");
  const offered = person.page.locator("html[data-offered]");

  await release(app);
  // The app looks for a new version when the reader comes back to its tab.
  await person.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await expect(offered).toBeAttached();
  await expect(next).not.toBeAttached();

  // It goes on waiting: opened again without a yes, the app is the old one, and
  // the new one is offered once more.
  await person.page.reload();
  await expect(offered).toBeAttached();
  await expect(next).not.toBeAttached();

  await person.page.evaluate(() => dispatchEvent(new CustomEvent("samskriv:apply-update")));
  await expect(next).toBeAttached();
});

test("another tab is left alone when one takes the new version", async ({ app, arrive }) => {
  const person = await arrive("Vinje");
  await open(person);
  const other = await person.context.newPage();
  await other.goto(person.home);
  await expect(other.getByRole("heading", { level: 1 })).toBeVisible();
  await other.evaluate(() => {
    document.body.setAttribute("data-writing", "");
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      document.body.setAttribute("data-taken-over", "");
    });
  });

  await release(app);
  await person.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await expect(person.page.locator("html[data-offered]")).toBeAttached();
  await person.page.evaluate(() => dispatchEvent(new CustomEvent("samskriv:apply-update")));
  await expect(person.page.locator("html[data-next]")).toBeAttached();

  await expect(other.locator("body[data-taken-over][data-writing]")).toBeAttached();
});
