// A plan as large as any is likely to become: 2,000 measures and 1 MB of text.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../support/command-line.js";

const GOALS = 20;
const MEASURES_A_GOAL = 100;
const SECTIONS = ["challenge", "description"] as const;
/** UTF-16 units; with two sections a measure, 1 MB of text in the plan. */
const SECTION_LENGTH = 262;

const SENTENCES = [
  "Kommunane går saman om kartlegginga og deler det dei finn med kvarandre.",
  "Ansvaret ligg hjå kvar kommune, og rådet samordnar framdrifta.",
  "Tiltaket blir vurdert kvart år når planen blir rullert.",
  "Fylkeskommunen og departementet er med der rammene må endrast.",
];

function prose(of: number): string {
  let text = "";
  for (let next = of; text.length < SECTION_LENGTH; next += 1) {
    text += `${SENTENCES[next % SENTENCES.length]} `;
  }
  return text.slice(0, SECTION_LENGTH);
}

function* edits(): Generator<unknown> {
  for (let goal = 1; goal <= GOALS; goal += 1) {
    yield { add: { entity: { kind: "goal", id: `g${goal}` }, fields: [{ goal: { level: "sub_goal" } }] } };
    yield { splice: { id: `g${goal}`, text: { goal: "title" }, at: 0, delete: 0, insert: `Delmål nummer ${goal}` } };
    for (let number = 1; number <= MEASURES_A_GOAL; number += 1) {
      const id = `m${goal}-${number}`;
      const fields = [{ measure: { goal: `g${goal}` } }, { measure: { time_frame: { years: [2025, 2028] } } }];
      yield { add: { entity: { kind: "measure", id }, fields } };
      yield { splice: { id, text: { measure: "title" }, at: 0, delete: 0, insert: `Tiltak ${number} for delmål ${goal}` } };
      yield { include: { id, member: { measure: { leads: "vest-telemarkrådet" } } } };
      yield { include: { id, member: { measure: { partners: "husbanken" } } } };
      for (const [index, kind] of SECTIONS.entries()) {
        yield { ensure: { section: { measure: id, kind } } };
        yield {
          splice: { id: `${id}.${kind}`, text: { section: "body" }, at: 0, delete: 0, insert: prose(goal + number + index) },
        };
      }
    }
  }
}

/** Makes the plan and hands its edit link at `relay` to `use`. */
export async function withLargePlan(relay: string, use: (link: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "samskriv-large-"));
  try {
    const [file, lines] = [join(folder, "plan"), join(folder, "edits.jsonl")];
    await run("plan", "new", "--template", "bygdevekst", "--title", "Stor plan", file);
    await writeFile(lines, [...edits()].map((edit) => JSON.stringify(edit)).join("\n"));
    await run("plan", "apply", file, lines);
    const [link] = (await run("share", file, "--relay", relay)).match(/\S+#\S+/) ?? [];
    if (link === undefined) {
      throw new Error("no link was printed");
    }
    await run("sync", file);
    await use(link);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
