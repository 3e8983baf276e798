// The relay, and whoever listens, learns nothing of what a plan says.

import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { run } from "./support/command-line.js";
import { recordFrames } from "./support/frames.js";
import { expect, test } from "./support/test.js";
import { begin, join } from "./support/visitor.js";

/** Shorter ones turn up in random bytes by chance. */
const SHORTEST = 6;

const TITLE = "Tun med småhus i Morgedal";
const PROSE = "Grunneigaren vil selje, men berre til kommunen.";

/** The bytes that a text may stand as. */
function encodings(text: string): Buffer[] {
  const utf16 = Buffer.from(text, "utf16le");
  return [Buffer.from(text, "utf8"), utf16, Buffer.from(utf16).swap16()];
}

/** Those of `texts` that stand in `bytes`, in any encoding. */
function found(bytes: Buffer, texts: Iterable<string>): string[] {
  return [...texts].filter((text) => encodings(text).some((encoded) => bytes.includes(encoded)));
}

/** Every line and every longer word of a plan as the command shows it. */
function textsOf(shown: string): Set<string> {
  const lines = shown.split("\n").map((line) => line.trim());
  const words = shown.split(/[^\p{L}\p{N}]+/u);
  return new Set([...lines, ...words].filter((text) => Buffer.byteLength(text) >= SHORTEST));
}

/** All that stands in the files of a folder and the folders in it. */
async function contents(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  expect(files).not.toEqual([]);
  return Buffer.concat(await Promise.all(files.map((file) => readFile(joinPath(file.parentPath, file.name)))));
}

/** The secret in a link: what stands between its two first bytes and its checksum. */
function secretOf(link: string): Buffer {
  return Buffer.from(link.split("#")[1] ?? "", "base64url").subarray(2, -4);
}

test("neither what is stored nor what crosses the socket holds a text of the plan", async ({ arrive, relay }) => {
  const [tokke, kviteseid] = [await arrive("Tokke"), await arrive("Kviteseid")];
  const frames = [tokke, kviteseid].map(({ page }) => recordFrames(page));
  const plan = await begin(tokke);
  const link = await plan.editLink();
  const other = await join(kviteseid, link);
  await (await plan.addMeasure(2, TITLE)).beginSection("Utfordring");
  await plan.measure(2, TITLE).write("Utfordring", PROSE);
  await expect(other.paper.getByText(PROSE)).toBeVisible();
  await other.writeInChapter(2, "Kviteseid har sett av pengar i budsjettet.");
  await expect(plan.paper.getByText("Kviteseid har sett av pengar i budsjettet.")).toBeVisible();
  await plan.synchronised();
  await other.synchronised();

  // What the plan says, by a third device that has it from the relay alone.
  const folder = await mkdtemp(joinPath(tmpdir(), "samskriv-secrecy-"));
  const file = joinPath(folder, "plan.automerge");
  await run("join", link, "-o", file);
  const texts = textsOf(await run("plan", "show", file));
  await rm(folder, { recursive: true });
  for (const known of [TITLE, PROSE, "Fleire eigna bustader i Vest-Telemark [60 %]", "Husbanken", "budsjettet"]) {
    expect([...texts].some((text) => text.includes(known)), known).toBe(true);
  }
  const people = ["Tokke kommune", "Kviteseid kommune", "Tokkes prosjektleiar", "Kviteseids prosjektleiar"];
  people.forEach((name) => texts.add(name));

  const seen = {
    stored: await contents(relay.data),
    "sent by Tokke": Buffer.concat(frames[0]?.sent ?? []),
    "received by Tokke": Buffer.concat(frames[0]?.received ?? []),
    "sent by Kviteseid": Buffer.concat(frames[1]?.sent ?? []),
    "received by Kviteseid": Buffer.concat(frames[1]?.received ?? []),
  };
  for (const [where, bytes] of Object.entries(seen)) {
    // There was something to find it in, and the search would have found it.
    expect(bytes.length, where).toBeGreaterThan(1000);
    for (const planted of encodings(PROSE)) {
      const half = bytes.length >> 1;
      const withPlant = Buffer.concat([bytes.subarray(0, half), planted, bytes.subarray(half)]);
      expect(found(withPlant, texts), where).toContain(PROSE);
    }
    expect(found(bytes, texts), where).toEqual([]);
    expect(bytes.includes(secretOf(link)), `the link's secret, ${where}`).toBe(false);
    expect(bytes.includes(link.split("#")[1] ?? ""), `the link, ${where}`).toBe(false);
  }

  // What is asked for over HTTP names no text either, and no part of the link.
  const asked = Buffer.from([...tokke.line.requests, ...kviteseid.line.requests].map(decodeURIComponent).join("\n"));
  expect(found(asked, [...texts, link.split("#")[1] ?? ""])).toEqual([]);
});
