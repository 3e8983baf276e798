// What it costs to come here for the first time, and that it costs nothing after.

import { PlanPage } from "./support/plan-page.js";
import { expect, test } from "./support/test.js";
import { introduce, newExample } from "./support/visitor.js";

/** In bytes on the line. automerge's own JavaScript package alone is 793 KB. */
const FIRST_VISIT = 700_000;

test("the first visit is small, the second fetches nothing", async ({ arrive }) => {
  const person = await arrive("Kviteseid");
  await person.visit();
  await expect(person.page.getByRole("heading", { level: 1 })).toBeVisible();
  await person.installed();

  const received = person.line.received;
  expect(person.line.requests).toContain("/sw.js");
  expect(person.line.requests.filter((path) => path.endsWith(".wasm"))).toHaveLength(1);
  expect(received, `the first visit: ${received} bytes`).toBeLessThanOrEqual(FIRST_VISIT);
  test.info().annotations.push({ type: "first visit", description: `${received} bytes` });

  const before = person.line.requests.length;
  await person.page.reload();
  await expect(person.page.getByRole("heading", { level: 1 })).toBeVisible();
  // A browser asks by itself whether the worker has a new version; the socket
  // is no part of the app.
  const own = ["/sw.js", new URL(person.home).host];
  const fetched = person.line.requests.slice(before).filter((request) => !own.includes(request));
  expect(fetched).toEqual([]);
});

test("the app opens in a new browser with relay and network gone", async ({ arrive, relay }) => {
  const person = await arrive("Seljord");
  await person.visit();
  await person.installed();

  await person.closeBrowser();
  await person.goOffline();
  await relay.kill();
  await person.openBrowser();

  await person.visit();
  await expect(person.page.getByRole("heading", { level: 1 })).toBeVisible();
  await person.visit("/settings");
  await expect(person.page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("the example is kept once it was used, and is said to be missing before", async ({ arrive }) => {
  const person = await arrive("Vinje");
  await person.visit();
  await introduce(person.page, "Vinjes prosjektleiar", "Vinje kommune");
  await person.installed();
  await person.visit();

  await person.goOffline();
  await person.page.getByRole("button", { name: "Ny plan" }).click();
  await person.page.getByLabel("Utfylt døme").check();
  await person.page.getByRole("button", { name: "Lag planen" }).click();
  await expect(person.page.getByRole("alert").filter({ hasText: "Dømet er ikkje henta" })).toBeVisible();
  await person.goOnline();
  await person.page.getByRole("button", { name: "Lag planen" }).click();
  await expect(new PlanPage(person.page).title).toHaveValue("Handlingsplan");

  await person.goOffline();
  await person.visit();
  const plan = await newExample(person.page);
  await expect(plan.title).toHaveValue("Handlingsplan");
});

test("the help opens without a network once it was opened, and says when it can't", async ({ arrive }) => {
  const person = await arrive("Nissedal");
  await person.visit();
  await person.installed();
  await person.visit();
  const { page } = person;
  const footer = page.getByRole("contentinfo");
  const section = page.getByRole("heading", { name: "Skriv utan nett" });
  const missing = page.getByRole("alert").filter({ hasText: "ikkje henta" });

  // Open to those too who have not said who they are.
  await person.goOffline();
  await footer.getByRole("link", { name: "Hjelp" }).click();
  await expect(missing).toBeVisible();
  await expect(section).toBeHidden();

  await person.goOnline();
  await page.reload();
  await expect(section).toBeVisible();

  await person.goOffline();
  await page.reload();
  await expect(section).toBeVisible();
  await footer.getByRole("link", { name: "Tilgjengelegheit" }).click();
  await expect(missing).toBeVisible();
});

test("the page runs under the relay's strict policy", async ({ arrive }) => {
  const person = await arrive("Tokke");
  const refused: string[] = [];
  person.page.on("console", (message) => {
    if (message.type() === "error") {
      refused.push(message.text());
    }
  });
  const response = await person.page.goto(person.home);
  await expect(person.page.getByRole("heading", { level: 1 })).toBeVisible();

  const policy = response?.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("unsafe-inline");
  expect(policy).not.toContain("'unsafe-eval'");
  expect(refused).toEqual([]);
});
