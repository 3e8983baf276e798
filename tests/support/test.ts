// `test` with a relay and people who come and go. Everything is gone afterwards.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "@playwright/test";
import { Person } from "./person.js";
import { Relay, builtApp } from "./relay.js";

export { expect } from "@playwright/test";
export type { Person, Relay };

interface Fixtures {
  /** The folder that the relay serves; a test may use another. */
  app: string;
  /** A relay of this test's own. */
  relay: Relay;
  /** Someone new to the app, with a browser profile of their own. */
  arrive: (name: string) => Promise<Person>;
  /** Where the command may keep a plan. */
  file: string;
}

export const test = base.extend<Fixtures>({
  app: builtApp,

  relay: async ({ app }, use) => {
    const relay = await Relay.start(app);
    await use(relay);
    await relay.dispose();
  },

  arrive: async ({ playwright, relay }, use) => {
    const people: Person[] = [];
    await use(async (name) => {
      const person = await Person.arrive(playwright.chromium, name, relay.url);
      people.push(person);
      return person;
    });
    await Promise.all(people.map((person) => person.dispose()));
  },

  file: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "samskriv-file-"));
    await use(join(folder, "plan.automerge"));
    await rm(folder, { recursive: true });
  },
});
