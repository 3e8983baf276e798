// What is wrong gets a clear message, and harms nothing that was there before.

import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { choose } from "./support/files.js";
import { PlanPage } from "./support/plan-page.js";
import { Stranger } from "./support/stranger.js";
import { expect, test } from "./support/test.js";
import { begin, introduce, join, newEmpty, reopen } from "./support/visitor.js";

const MIB = 1024 * 1024;

/** The link with its bytes changed, and its checksum left as it was. */
function changed(link: string, change: (bytes: Buffer) => void): string {
  const [address, fragment = ""] = link.split("#");
  const bytes = Buffer.from(fragment, "base64url");
  change(bytes);
  return `${address}#${bytes.toString("base64url")}`;
}

/** Pastes a link into the page for joining. */
async function paste(page: Page, link: string): Promise<void> {
  await page.getByLabel("Lenkje til planen").fill(link);
  await page.getByRole("button", { name: "Bli med" }).click();
}

/** What stands on the page, to see that it stays. */
async function contentOf(plan: PlanPage): Promise<unknown> {
  return { heads: await plan.heads(), title: await plan.title.inputValue(), measures: await plan.measures(1) };
}

test("a link that cannot be followed says why, and the plans here stay as they are", async ({ arrive }) => {
  const person = await arrive("Kviteseid");
  const plan = await begin(person);
  await plan.addMeasure(1, "Bustader i Brunkeberg");
  await plan.synchronised();
  const link = await plan.editLink();
  const { path } = plan;
  const before = await contentOf(plan);

  const bad: [string, string, RegExp][] = [
    ["an empty one", "  ", /Her er det inga lenkje/],
    ["a cut one", link.slice(0, -5), /Lenkja er ikkje heil/],
    ["one without its keys", link.slice(0, link.indexOf("#")), /Lenkja er ikkje heil/],
    ["a damaged one", changed(link, (bytes) => (bytes[9] = bytes.readUInt8(9) ^ 1)), /Lenkja er ikkje heil/],
    ["one of a newer version", changed(link, (bytes) => (bytes[0] = 2)), /nyare versjon av Samskriv/],
    ["some other text", "Hei! Sjå vedlagt handlingsplan.", /inga lenkje til ein plan/],
    ["some other address", "https://www.vest-telemark.no/bygdevekst#kapittel", /inga lenkje til ein plan/],
  ];
  await person.visit("/join");
  for (const [what, text, message] of bad) {
    await test.step(what, async () => {
      await paste(person.page, text);
      await expect(person.page.getByRole("alert")).toHaveText(message);
      await expect(person.page.getByLabel("Lenkje til planen")).toHaveAttribute("aria-invalid", "true");
    });
  }

  await person.visit();
  await expect(person.page.getByRole("main").getByRole("listitem")).toHaveCount(1);
  expect(await contentOf(await reopen(person, path))).toEqual(before);
});

test("a bad link that is opened says why, and the right one then leads on", async ({ arrive }) => {
  const [host, guest] = [await arrive("Fyresdal"), await arrive("Nissedal")];
  const link = await (await begin(host)).editLink();

  await guest.page.goto(link.slice(0, -5));
  await introduce(guest.page, "Nissedals prosjektleiar", "Nissedal kommune");
  await expect(guest.page.getByRole("alert")).toHaveText(/Lenkja er ikkje heil/);
  await paste(guest.page, link);
  await expect(guest.page.getByRole("textbox", { name: "Tittel", exact: true })).toHaveValue("Handlingsplan");
});

test("a link to a plan that no one has sent waits, and the plan comes once it is sent", async ({ arrive }) => {
  const [host, guest] = [await arrive("Tokke"), await arrive("Seljord")];
  await host.visit();
  await host.installed();
  await host.page.reload();
  await host.goOffline();
  await introduce(host.page, "Tokkes prosjektleiar", "Tokke kommune");
  const plan = await newEmpty(host.page, "Handlingsplan");
  const link = await plan.editLink();

  await guest.page.goto(link);
  await introduce(guest.page, "Seljords prosjektleiar", "Seljord kommune");
  await expect(guest.page.getByRole("main").getByRole("status")).toHaveText(/Ingen har sendt denne planen hit enno/);

  await host.goOnline();
  const title = guest.page.getByRole("textbox", { name: "Tittel", exact: true });
  await expect(title).toHaveValue("Handlingsplan", { timeout: 90_000 });
});

test("an address of no plan here says so", async ({ arrive }) => {
  const person = await arrive("Vinje");
  await person.visit();
  await introduce(person.page, "Vinjes prosjektleiar", "Vinje kommune");
  for (const id of ["0".repeat(64), "ikkje-ein-plan"]) {
    await person.visit(`/plan/${id}`);
    await expect(person.page.getByRole("alert")).toHaveText(/finst ikkje på eininga/);
  }
});

test("garbage and frames of 100 MB at the relay disturb nobody who writes", async ({ arrive, relay }) => {
  const [host, guest] = [await arrive("Vinje"), await arrive("Tokke")];
  const plan = await begin(host);
  const other = await join(guest, await plan.editLink());

  const attacks: [string, (stranger: Stranger) => void][] = [
    ["bytes that are no frame", (stranger) => stranger.sendRaw(Buffer.alloc(64 * 1024, 0xff))],
    ["frames of noise", (stranger) => [1, 100, 60_000].forEach((size) => stranger.send(randomBytes(size)))],
    ["a hello of nonsense", (stranger) => [1, 2, 3].forEach(() => stranger.send(Buffer.from("82008100", "hex")))],
    ["a frame of 100 MB", (stranger) => stranger.send(Buffer.alloc(100 * MIB))],
    ["a frame that claims 100 MB", (stranger) => stranger.send(Buffer.alloc(10), 100 * MIB)],
    ["a frame that claims all there is", (stranger) => stranger.send(Buffer.alloc(10), 2 ** 52)],
  ];
  for (const [what, attack] of attacks) {
    await test.step(what, async () => {
      const stranger = await Stranger.connect(relay.url);
      attack(stranger);
      await plan.addMeasure(2, `Skrive under ${what}`);
      await stranger.gone;
      await expect(other.measure(2, `Skrive under ${what}`).row).toBeVisible();
    });
  }

  await plan.synchronised();
  await other.synchronised();
  expect(await plan.measures(2)).toHaveLength(4 + attacks.length);
  await expect(other.paper).toHaveAttribute("data-heads", await plan.heads());
  await expect(plan.state).not.toContainText("lagd");

  // All of it is at the relay, for one who comes afterwards, and after it starts anew.
  await relay.restart();
  const late = await join(await arrive("Fyresdal"), await plan.editLink());
  await expect(late.paper).toHaveAttribute("data-heads", await plan.heads());
  expect(await late.measures(2)).toEqual(await plan.measures(2));
});

/** Parts that stand one after the other, each after its length in two bytes. */
function parts(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const begin = at + 2;
    at = begin + bytes.readUInt16BE(at);
    parts.push(bytes.subarray(begin, at));
  }
  return parts;
}

/** A change of automerge's format with the checksum that its bytes have. */
function mended(change: Buffer): Buffer {
  const checksum = createHash("sha256").update(change.subarray(8)).digest().subarray(0, 4);
  return Buffer.concat([change.subarray(0, 4), checksum, change.subarray(8)]);
}

test("a change with which the plan would never open again is refused", async ({ arrive }) => {
  const plan = await readFile("crates/hostile/src/small.plan");
  const changes = parts(await readFile("fuzz/crashes/changes/is-not-kept-as-it-was-made")).map(mended);
  const file = (buffer: Buffer) => ({ name: "plan.automerge", mimeType: "application/octet-stream", buffer });

  const person = await arrive("Nissedal");
  await person.visit();
  await introduce(person.page, "Nissedals prosjektleiar", "Nissedal kommune");
  await choose(person.page, file(plan));
  await person.page.getByRole("button", { name: "Begynn ein ny plan av fila" }).click();
  const here = new PlanPage(person.page);
  await expect(here.title).toBeVisible();
  await here.synchronised();
  const { path } = here;
  const before = await contentOf(here);

  await person.visit();
  await choose(person.page, file(Buffer.concat([plan, ...changes])));
  await expect(person.page.getByText("Noko i fila er skadd")).toBeVisible();
  const again = await reopen(person, path);
  expect(await contentOf(again)).toEqual(before);
  await again.title.fill("Skrive etterpå");
  await again.synchronised();
  await expect((await reopen(person, path)).title).toHaveValue("Skrive etterpå");
});
