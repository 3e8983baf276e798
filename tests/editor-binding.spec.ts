// The editor and the plan never disagree, whatever people do in it and whenever
// devices meet. Random histories on two and three devices, each with the
// editor's own state and the plan's document as the app's compiler makes it; a
// history is repeated exactly from its seed.

import { expect, test } from "@playwright/test";
import { history, redo, undo } from "prosemirror-history";
import type { Node as PmNode } from "prosemirror-model";
import { Fragment, Slice } from "prosemirror-model";
import type { Command, Transaction } from "prosemirror-state";
import { EditorState, TextSelection } from "prosemirror-state";
import { canJoin, canSplit } from "prosemirror-transform";

import type { Block } from "../src/editor/blocks.js";
import { documentOf, documentPosition, markType, plainPosition, schema } from "../src/editor/blocks.js";
import { Binding } from "../src/editor/binding.js";
import {
  addColumnAfter,
  addRowAfter,
  deleteColumn,
  deleteRow,
  deleteTable,
  goToCellBelow,
  goToNextCell,
  insertTable,
} from "../src/editor/table.js";
import { Device } from "../target/web/device/device.js";

const HISTORIES = 2000;
const STEPS = 25;

/** A number from 0 up to `below`. */
type Random = (below: number) => number;

function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    // Mulberry32: small, and the same everywhere.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Device names are drawn from the system's randomness; here it has a seed. */
function seedSystem(random: Random): void {
  crypto.getRandomValues = <T extends ArrayBufferView | null>(array: T): T => {
    if (array instanceof Uint8Array) {
      array.forEach((_, index) => (array[index] = random(256)));
    }
    return array;
  };
}

/** A person at an editor. */
class Writer {
  readonly binding: Binding;
  composing = false;

  constructor(readonly device: Device) {
    const parse = (json: string) => JSON.parse(json) as Block[];
    const state = EditorState.create({ doc: documentOf(parse(device.blocks())), plugins: [history()] });
    this.binding = new Binding(state, {
      edit: (changes) => parse(device.edit(JSON.stringify(changes))),
      editLate: ({ at, delete: length, insert }, { anchor, head }) =>
        parse(device.edit_late(at, length, insert, anchor, head)),
      select: ({ anchor, head }) => device.select(anchor, head),
      selected: () => {
        const [anchor = 0, head = 0] = device.selected();
        return { anchor, head };
      },
    });
  }

  get state(): EditorState {
    return this.binding.state;
  }

  do(change: (transaction: Transaction) => Transaction): void {
    this.binding.apply(change(this.state.tr));
  }

  meet(other: Writer): void {
    this.device.merge(other.device);
    this.binding.show(this.blocks(), this.composing);
  }

  endComposition(): void {
    this.composing = false;
    this.binding.catchUp();
  }

  blocks(): Block[] {
    return JSON.parse(this.device.blocks()) as Block[];
  }
}

const WORDS = ["a", "bø", "plan ", "🏔", "tiltak", " ", "é", "10 %"];

/** One thing that a person may do, with a name for the history that failed. */
const STEPS_OF: [name: string, step: (writer: Writer, random: Random) => void][] = [
  ["type", (w, r) => w.do((tr) => tr.insertText(word(r), position(tr.doc, r)))],
  ["type on", (w, r) => w.do((tr) => tr.insertText(word(r)))],
  ["replace", (w, r) => w.do((tr) => tr.insertText(word(r), ...range(tr.doc, r)))],
  ["delete", (w, r) => w.do((tr) => tr.delete(...range(tr.doc, r)))],
  ["split", (w, r) => w.do((tr) => tr.split(position(tr.doc, r)))],
  ["split as", (w, r) => w.do((tr) => splitAs(tr, position(tr.doc, r), kind(r)))],
  ["join", (w, r) => w.do((tr) => join(tr, r))],
  [
    "make a",
    (w, r) =>
      w.do((tr) => {
        const { type, attrs } = kind(r);
        const [from, to] = range(tr.doc, r);
        return tr.setBlockType(from, to, type, attrs);
      }),
  ],
  ["mark", (w, r) => w.do((tr) => tr.addMark(...range(tr.doc, r), mark(r)))],
  ["unmark", (w, r) => w.do((tr) => tr.removeMark(...range(tr.doc, r), r(2) ? mark(r).type : undefined))],
  ["paste", (w, r) => w.do((tr) => tr.replace(...range(tr.doc, r), pasted(r)))],
  [
    "insert a table",
    (w, r) => {
      caret(w, r);
      command(w, insertTable(1 + r(3), 1 + r(3)));
    },
  ],
  ["change a table", (w, r) => inTable(w, r) && command(w, CHANGES_OF_TABLES[r(CHANGES_OF_TABLES.length)]!)],
  ["delete across cells", (w, r) => w.do((tr) => acrossCells(tr, r))],
  ["select", (w, r) => w.do((tr) => tr.setSelection(TextSelection.create(tr.doc, ...range(tr.doc, r))))],
  ["undo", (w) => void undo(w.state, (tr) => w.binding.apply(tr))],
  ["redo", (w) => void redo(w.state, (tr) => w.binding.apply(tr))],
];

function word(random: Random): string {
  return WORDS[random(WORDS.length)] ?? "";
}

/** A place where a caret can stand: within a block, not within a character. */
function position(doc: PmNode, random: Random): number {
  const text = doc.textBetween(0, doc.content.size, "\n");
  const plain = random(text.length + 1);
  return documentPosition(doc, /[\udc00-\udfff]/.test(text[plain] ?? "") ? plain - 1 : plain);
}

function range(doc: PmNode, random: Random): [number, number] {
  const one = position(doc, random);
  // Mostly near each other, as people's are; at times across everything.
  const other = random(4) === 0 ? position(doc, random) : near(doc, one, random);
  return one < other ? [one, other] : [other, one];
}

function near(doc: PmNode, at: number, random: Random): number {
  const text = doc.textBetween(0, doc.content.size, "\n");
  const plain = Math.min(plainPosition(doc, at) + random(6), text.length);
  return documentPosition(doc, /[\udc00-\udfff]/.test(text[plain] ?? "") ? plain + 1 : plain);
}

function kind(random: Random) {
  const level = 1 + random(2);
  const { paragraph, heading, item, note, cell, head } = schema.nodes;
  const kinds = [
    { type: paragraph, attrs: {} },
    { type: heading, attrs: { level } },
    { type: item, attrs: { level, ordered: false } },
    { type: item, attrs: { level, ordered: true } },
    { type: note, attrs: {} },
    { type: cell, attrs: {} },
    { type: head, attrs: {} },
  ] as const;
  const chosen = kinds[random(kinds.length)] ?? kinds[0];
  return { type: chosen.type ?? schema.nodes.doc!, attrs: chosen.attrs };
}

function mark(random: Random) {
  const marks = [
    () => markType("bold").create(),
    () => markType("italic").create(),
    () => markType("link").create({ href: `https://example.org/${random(2)}` }),
  ];
  return (marks[random(3)] ?? marks[0]!)();
}

function splitAs(tr: Transaction, at: number, as: ReturnType<typeof kind>): Transaction {
  return canSplit(tr.doc, at, 1, [as]) ? tr.split(at, 1, [as]) : tr;
}

/** Joins two blocks, rows, cells or tables that stand beside each other. */
function join(tr: Transaction, random: Random): Transaction {
  const boundaries: number[] = [];
  tr.doc.descendants((node, at) => {
    const { nodeBefore } = tr.doc.resolve(at);
    if (canJoin(tr.doc, at) && nodeBefore?.isTextblock === node.isTextblock) {
      boundaries.push(at);
    }
  });
  const boundary = boundaries[random(boundaries.length)];
  return boundary === undefined ? tr : tr.join(boundary);
}

const CHANGES_OF_TABLES = [
  addRowAfter,
  addRowAfter,
  addColumnAfter,
  addColumnAfter,
  deleteRow,
  deleteColumn,
  deleteTable,
  goToNextCell(1),
  goToNextCell(-1),
  goToCellBelow,
];

function command(writer: Writer, perform: Command): void {
  perform(writer.state, (tr) => writer.binding.apply(tr));
}

function caret(writer: Writer, random: Random): void {
  writer.do((tr) => tr.setSelection(TextSelection.create(tr.doc, position(tr.doc, random))));
}

/** The positions in which cells' content begins. */
function cells(doc: PmNode): number[] {
  const starts: number[] = [];
  doc.descendants((node, at) => void (/cell|head/.test(node.type.name) && starts.push(at + 1)));
  return starts;
}

/** Puts the caret into a cell; says whether there is any. */
function inTable(writer: Writer, random: Random): boolean {
  const starts = cells(writer.state.doc);
  const start = starts[random(starts.length)];
  if (start !== undefined) {
    writer.do((tr) => tr.setSelection(TextSelection.create(tr.doc, start)));
  }
  return start !== undefined;
}

/** Deletes from one cell's beginning to another's, or to somewhere else. */
function acrossCells(tr: Transaction, random: Random): Transaction {
  const starts = cells(tr.doc);
  const from = starts[random(starts.length)];
  if (from === undefined) {
    return tr;
  }
  const to = starts[random(starts.length + 1)] ?? position(tr.doc, random);
  return tr.delete(Math.min(from, to), Math.max(from, to));
}

function pasted(random: Random): Slice {
  const blocks = Array.from({ length: 1 + random(3) }, () => {
    const { type, attrs } = kind(random);
    const text = random(4) === 0 ? [] : [schema.text(word(random), random(3) === 0 ? [mark(random)] : [])];
    return type.create(attrs, text);
  });
  const open = random(2);
  return new Slice(Fragment.from(blocks), open, open);
}

function play(seed: number): void {
  const random = randomFrom(seed);
  seedSystem(random);
  const first = new Device();
  const writers = [new Writer(first)];
  for (let number = 1; number < 2 + (seed % 2); number += 1) {
    writers.push(new Writer(first.partner(number)));
  }
  const done: string[] = [];
  try {
    for (let step = 0; step < STEPS; step += 1) {
      const who = random(writers.length);
      const writer = writers[who]!;
      const what = random(STEPS_OF.length + 4);
      if (what < STEPS_OF.length) {
        const [name, perform] = STEPS_OF[what]!;
        done.push(`${who} ${name}`);
        perform(writer, random);
      } else if (what === STEPS_OF.length) {
        done.push(`${who} ${writer.composing ? "ends" : "begins"} a word`);
        if (writer.composing) {
          writer.endComposition();
        } else {
          writer.composing = true;
        }
      } else {
        const from = (who + 1 + random(writers.length - 1)) % writers.length;
        done.push(`${who} hears from ${from}`);
        writer.meet(writers[from]!);
      }
      if (!writer.composing) {
        agrees(writer);
      }
    }
    for (const writer of writers) {
      writer.endComposition();
    }
    for (const round of [0, 1]) {
      for (const writer of writers) {
        writers.filter((other) => other !== writer).forEach((other) => writer.meet(other));
        done.push(`all meet, round ${round}`);
      }
    }
    for (const writer of writers) {
      agrees(writer);
      expect(writer.device.heads()).toEqual(first.heads());
      expect(writer.state.doc.toJSON()).toEqual(writers[0]!.state.doc.toJSON());
    }
  } catch (error) {
    throw new Error(`seed ${seed}: ${done.join(", ")}`, { cause: error });
  }
  writers.forEach((writer) => writer.device.free());
}

/** What the editor shows is what the plan has. */
function agrees(writer: Writer): void {
  const shown = writer.state.doc;
  if (!shown.eq(documentOf(writer.blocks()))) {
    expect(shown.toJSON()).toEqual(documentOf(writer.blocks()).toJSON());
  }
}

test("the editor shows what the plan has after every step, and devices that met agree", () => {
  test.setTimeout(900_000);
  for (let seed = 1; seed <= HISTORIES; seed += 1) {
    play(seed);
  }
});
