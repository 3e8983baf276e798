// A plan between the command and the browser, and its file in automerge's own library.

import { writeFile } from "node:fs/promises";
import { textsInFile, textsShown } from "./support/automerge.js";
import { run } from "./support/command-line.js";
import { type Relay, expect, test } from "./support/test.js";
import { join } from "./support/visitor.js";

const TITLE = "Handlingsplan for Vest-Telemark, utkast til hausten";
const MEASURE = "Bustadbank på nett";
const PROSE = "Kven som helst kan melde inn eit tomt hus – også «arvingar» langt unna 🏚.";

/** Puts a plan on the relay and answers with its edit link. */
async function share(file: string, relay: Relay): Promise<string> {
  const printed = await run("share", file, "--relay", relay.url);
  const link = /^edit: (\S+)$/m.exec(printed)?.[1];
  expect(link, printed).toBeTruthy();
  return link ?? "";
}

test("a plan from the command is joined in the browser, and its edits come back to the file", async ({
  arrive,
  file,
  relay,
}) => {
  await run("plan", "new", "--template", "bygdevekst", "--example", "vest-telemark", file);
  const link = await share(file, relay);

  const plan = await join(await arrive("Nissedal"), link);
  await expect(plan.title).toHaveValue("Handlingsplan");
  expect(await plan.measures(1)).toHaveLength(6);
  await plan.title.fill(TITLE);
  const measure = await plan.addMeasure(3, MEASURE);
  await measure.beginSection("Utfordring");
  await measure.write("Utfordring", PROSE);
  await plan.synchronised();

  await run("sync", file);
  const shown = await run("plan", "show", file);
  expect(shown.split("\n")[0]).toBe(TITLE);
  expect(shown).toMatch(new RegExp(`^ +3-5 ${MEASURE}$`, "m"));
  expect(shown).toContain(PROSE);

  // Any automerge library reads the file, and finds in it what the command shows.
  const texts = await textsInFile(file);
  expect(texts["plan/plan/title"]).toBe(TITLE);
  expect(Object.values(texts)).toContain(MEASURE);
  expect(Object.values(texts)).toContain(PROSE);
  expect(texts["sections/d1-1.further_planning/body"]).toBe(
    "Arbeidsgruppa set opp framdrift, milepælar og finansiering.",
  );
  expect(texts).toEqual(textsShown(await run("plan", "show", "--json", file)));
});

test("what the command writes comes to the page without a reload", async ({ arrive, file, relay }) => {
  await run("plan", "new", "--template", "bygdevekst", file);
  const link = await share(file, relay);
  const person = await arrive("Fyresdal");
  const plan = await join(person, link);
  await plan.synchronised();
  await person.page.evaluate(() => document.body.setAttribute("data-same-page", ""));

  const edits = `${file}.jsonl`;
  const rename = { splice: { id: "plan", text: { plan: "title" }, at: 0, delete: 0, insert: "Framlegg: " } };
  await writeFile(edits, JSON.stringify(rename));
  await run("plan", "apply", file, edits);
  await run("sync", file);

  await expect(plan.title).toHaveValue("Framlegg: Handlingsplan for bygdevekstavtale");
  await expect(person.page.locator("body[data-same-page]")).toBeAttached();
});
