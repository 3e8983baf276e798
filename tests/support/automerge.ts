// A plan's texts as any automerge library reads them from the file, and as the
// command shows them, in one form: a map from `collection/id/field` to the text,
// a line a block. Empty texts are left out.

import { readFile } from "node:fs/promises";
import * as automerge from "@automerge/automerge";

export type Texts = Record<string, string>;

/** What automerge puts where a block begins. */
const BLOCK = "\u{fffc}";

/** The texts of a plan's file, read by automerge's own JavaScript library. */
export async function textsInFile(file: string): Promise<Texts> {
  const doc = automerge.load<Record<string, unknown>>(await readFile(file));
  // Registers of words are immutable strings, which are objects; what is left are texts.
  return collect(doc, (value) => (typeof value === "string" ? value.split(BLOCK).filter(Boolean).join("\n") : ""));
}

/** The texts of `samskriv plan show --json`. */
export function textsShown(json: string): Texts {
  return collect(JSON.parse(json), (value, field) => {
    if (typeof value === "string") {
      return field === "id" ? "" : value;
    }
    return isRichText(value) ? value.blocks.map(({ runs }) => runs.map(({ text }) => text).join("")).join("\n") : "";
  });
}

function collect(plan: Record<string, unknown>, textOf: (value: unknown, field: string) => string): Texts {
  const texts: Texts = {};
  for (const [collection, entities] of entries(plan)) {
    for (const [id, entity] of entries(entities)) {
      for (const [field, value] of entries(entity)) {
        const text = textOf(value, field);
        if (text) {
          texts[`${collection}/${id}/${field}`] = text;
        }
      }
    }
  }
  return texts;
}

function entries(value: unknown): [string, unknown][] {
  return value && typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [];
}

interface RichText {
  blocks: { runs: { text: string }[] }[];
}

function isRichText(value: unknown): value is RichText {
  return typeof value === "object" && value !== null && "blocks" in value;
}
