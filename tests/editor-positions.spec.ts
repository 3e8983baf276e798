// A place in the editor's document is the same place in the plan's text, in
// tables too, and what is typed there is told as one splice of it.

import { expect, test } from "@playwright/test";
import { EditorState, TextSelection } from "prosemirror-state";

import { Binding } from "../src/editor/binding.js";
import type { Change } from "../src/editor/binding.js";
import type { Block } from "../src/editor/blocks.js";
import { blocksOf, documentOf, documentPosition, plainPosition, plainText } from "../src/editor/blocks.js";

const BLOCKS: Block[] = [
  { kind: "paragraph", runs: [{ text: "Tilskot:" }] },
  { kind: { head: 1 }, runs: [{ text: "Kommune" }] },
  { kind: { head: 2 }, runs: [] },
  { kind: { cell: 1 }, runs: [{ text: "Tokke" }] },
  { kind: { bullet: 1 }, runs: [{ text: "a" }] },
  { kind: { cell: 1 }, runs: [{ text: "Vinje" }] },
  { kind: { cell: 2 }, runs: [{ text: "b" }] },
];
const PLAIN = "Tilskot:\nKommune\n\nTokke\na\nVinje\nb";

test("each position of the plan's text has one in the document, and back", () => {
  const doc = documentOf(BLOCKS);
  expect(plainText(doc)).toBe(PLAIN);
  const places = Array.from({ length: PLAIN.length + 1 }, (_, plain) => documentPosition(doc, plain));
  expect(places.map((place) => plainPosition(doc, place))).toEqual(places.map((_, plain) => plain));
  const within = places.map((place) => doc.resolve(place).parent);
  expect(within.filter((parent) => !parent.isTextblock)).toEqual([]);
  const after = places.map((place) => doc.textBetween(place, Math.min(place + 1, doc.content.size)) || "\n");
  expect(after.join("")).toBe(`${PLAIN}\n`);
});

test("a position between blocks is the end of the one before, and what is beyond is the end", () => {
  const doc = documentOf(BLOCKS);
  const table = doc.child(0).nodeSize;
  expect(plainPosition(doc, table)).toBe("Tilskot:".length);
  expect(plainPosition(doc, table + doc.child(1).nodeSize)).toBe("Tilskot:\nKommune\n\nTokke".length);
  expect(plainPosition(doc, 0)).toBe(0);
  expect(plainPosition(doc, doc.content.size)).toBe(PLAIN.length);
  expect(documentPosition(doc, PLAIN.length + 9)).toBe(documentPosition(doc, PLAIN.length));
});

test("a letter typed in a cell is told as one splice", () => {
  const told: Change[][] = [];
  const binding = new Binding(EditorState.create({ doc: documentOf(BLOCKS) }), {
    edit: (changes) => {
      told.push(changes);
      return blocksOf(binding.state.doc);
    },
    editLate: () => [],
    select: () => undefined,
    selected: () => ({ anchor: 0, head: 0 }),
  });
  const end = documentPosition(binding.state.doc, PLAIN.length);
  binding.apply(binding.state.tr.insertText("🏔", end));
  binding.apply(binding.state.tr.delete(end - 1, end));
  expect(told).toEqual([
    [{ splice: { at: PLAIN.length, delete: 0, insert: "🏔" } }],
    [{ splice: { at: PLAIN.length - 1, delete: 1, insert: "" } }],
  ]);
});

test("a step that would leave half a character is told as the whole text", () => {
  const told: Change[][] = [];
  const half: Block[] = [{ kind: { cell: 1 }, runs: [{ text: "a🏔" }] }];
  const binding = new Binding(EditorState.create({ doc: documentOf(half) }), {
    edit: (changes) => {
      told.push(changes);
      return half;
    },
    editLate: () => [],
    select: () => undefined,
    selected: () => ({ anchor: 3, head: 3 }),
  });
  const within = documentPosition(binding.state.doc, 2);
  binding.apply(binding.state.tr.setSelection(TextSelection.create(binding.state.doc, within)));
  binding.apply(binding.state.tr.delete(within - 1, within));
  expect(told[0]).toEqual([{ write: { blocks: [{ kind: { cell: 1 }, runs: [{ text: "a\ufffd" }] }] } }]);
  expect(blocksOf(binding.state.doc)).toEqual(half);
});
