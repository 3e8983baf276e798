// What it costs to come here for the first time, and that it costs nothing after.

import { expect, test } from "./support/test.js";

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
