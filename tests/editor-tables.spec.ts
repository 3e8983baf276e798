// What each command does to a table. A row is written `a|b`, with a # before what
// heads a column, and the block with the caret is in brackets; a selection is from
// the first brackets to the last.

import type { Page } from "@playwright/test";
import type { Command } from "prosemirror-state";
import { EditorState, TextSelection } from "prosemirror-state";

import type { Block } from "../src/editor/blocks.js";
import { blocksOf, documentOf } from "../src/editor/blocks.js";
import {
  addColumnAfter,
  addRowAfter,
  clearCells,
  deleteColumn,
  deleteRow,
  deleteTable,
  goToCellBelow,
  goToNextCell,
  insertTable,
} from "../src/editor/table.js";
import { expect, test } from "./support/editor-test.js";

declare const editor: typeof import("./support/editor-page.js");

/** The text of these lines; those without a `|` are paragraphs. */
function stateOf(lines: string[]): EditorState {
  const blocks: Block[] = lines.flatMap((line) =>
    line.split("|").map((text, column, { length }) => {
      const kind = text.startsWith("#") ? "head" : "cell";
      const runs = [{ text: text.replace(/[#[\]]/g, "") }];
      return { kind: length > 1 ? ({ [kind]: column === 0 ? 1 : 2 } as Block["kind"]) : "paragraph", runs };
    }),
  );
  const state = EditorState.create({ doc: documentOf(blocks) });
  const marked = lines.flatMap((line) => line.split("|")).map((text) => text.includes("["));
  const places: number[] = [];
  state.doc.descendants((node, at) => {
    if (node.isTextblock && marked.shift()) {
      places.push(at + 1);
    }
  });
  const [from, to] = [places[0], places.at(-1)];
  if (from === undefined || to === undefined) {
    return state;
  }
  const head = to === from ? from : state.doc.resolve(to).end();
  return state.apply(state.tr.setSelection(TextSelection.create(state.doc, from, head)));
}

/** The inverse, with the block of the selection's head in brackets. */
function linesOf(state: EditorState): string[] {
  const lines: string[] = [];
  const carets: boolean[] = [];
  state.doc.descendants((node) => {
    if (node.isTextblock) {
      carets.push(node === state.selection.$head.parent);
    }
  });
  for (const { kind, runs } of blocksOf(state.doc)) {
    const text = runs.map((run) => run.text).join("");
    const isHead = typeof kind === "object" && "head" in kind;
    const shown = (isHead ? "#" : "") + (carets.shift() ? `[${text}]` : text);
    const continues = typeof kind === "object" && Object.values(kind)[0] === 2;
    if (continues) {
      lines.push(`${lines.pop()}|${shown}`);
    } else {
      lines.push(shown);
    }
  }
  return lines;
}

function check(command: Command, before: string[], after: string[] | false): void {
  const state = stateOf(before);
  let next = state;
  const applies = command(state, (transaction) => (next = state.apply(transaction)));
  expect(command(state), "what it says without doing it").toBe(applies);
  expect(applies && linesOf(next)).toEqual(after);
}

test("a table is inserted with heads and a paragraph to write on in", () => {
  check(insertTable(2, 2), ["a[]"], ["a", "#[]|#", "|", ""]);
  check(insertTable(2, 2), ["a", "[]", "b"], ["a", "#[]|#", "|", "b"]);
  check(insertTable(1, 2), ["[a]", "1|2"], ["a", "#[]|#", "", "1|2"]);
  check(insertTable(1, 2), ["1|2", "[]", "b"], ["1|2", "", "#[]|#", "b"]);
  check(insertTable(1, 2), ["1|[2]"], false);
});

test("rows and columns are added after the caret's", () => {
  check(addRowAfter, ["#a|#[b]", "1|2"], ["#a|#b", "|[]", "1|2"]);
  check(addColumnAfter, ["#[a]|#b", "1|2"], ["#a|#[]|#b", "1||2"]);
  check(addColumnAfter, ["a|[b]", "1|2|3", "x|y"], ["a|b|[]", "1|2||3", "x|y|"]);
  check(addRowAfter, ["[a]"], false);
});

test("rows, columns and tables are deleted", () => {
  check(deleteRow, ["#a|#b", "1|[2]", "3|4"], ["#a|#b", "3|[4]"]);
  check(deleteRow, ["p", "1|[2]"], ["[p]"]);
  check(deleteColumn, ["#a|#[b]", "1|2"], ["#[a]", "1"]);
  check(deleteColumn, ["a|b|[c]", "1|2", "x|y|z"], ["a|[b]", "1|2", "x|y"]);
  check(deleteTable, ["1|[2]"], ["[]"]);
  check(deleteTable, ["1|[2]", "p"], ["[p]"]);
});

test("Tab goes through the cells, and from the last to a new row", () => {
  check(goToNextCell(1), ["[a]|b", "1|2"], ["a|[b]", "1|2"]);
  check(goToNextCell(1), ["a|[b]", "1|2"], ["a|b", "[1]|2"]);
  check(goToNextCell(1), ["a|b", "1|[2]"], ["a|b", "1|2", "[]|"]);
  check(goToNextCell(-1), ["a|b", "[1]|2"], ["a|[b]", "1|2"]);
  check(goToNextCell(-1), ["[a]|b", "1|2"], false);
  check(goToNextCell(1), ["[a]"], false);
});

test("Enter goes to the cell below, and from the last row out of the table", () => {
  check(goToCellBelow, ["a|[b]", "1|2"], ["a|b", "1|[2]"]);
  check(goToCellBelow, ["a|b|[c]", "1|2"], ["a|b|c", "1|[2]"]);
  check(goToCellBelow, ["1|[2]", "p"], ["1|2", "[p]"]);
  check(goToCellBelow, ["1|[2]"], ["1|2", "[]"]);
});

test("deleting across cells empties them and leaves the table", () => {
  check(clearCells, ["#a|#[b]", "[1]|2"], ["#a|#[]", "|2"]);
  check(clearCells, ["[p]", "[1]|2"], ["[]", "|2"]);
  check(clearCells, ["1|2", "[p]", "[q]"], false);
  check(clearCells, ["[1]|2"], false);
});

async function write(page: Page, lines: string[], anchor: number, head: number, keys: string[]): Promise<Block[]> {
  const blocks = blocksOf(stateOf(lines).doc);
  const mounted = ([blocks, anchor, head]: [Block[], number, number]) => editor.mount(blocks, anchor, head);
  const now = await page.evaluateHandle(mounted, [blocks, anchor, head] as [Block[], number, number]);
  for (const key of keys) {
    await page.keyboard.press(key);
  }
  return now.evaluate((blocks) => blocks());
}

const KEYS: [what: string, before: string[], selection: [number, number], keys: string[], after: string[]][] = [
  ["Tab selects the next cell", ["a|b", "p"], [0, 0], ["Tab", "x"], ["a|x", "p"]],
  ["Tab adds a row", ["a|b", "p"], [2, 2], ["Tab", "x", "Tab", "y"], ["a|b", "x|y", "p"]],
  ["Shift+Tab goes back", ["a|b", "p"], [2, 2], ["Shift+Tab", "x"], ["x|b", "p"]],
  ["Enter goes down and out", ["a|b", "1|2", "p"], [0, 0], ["Enter", "x", "Enter", "y"], ["a|b", "1x|2", "yp"]],
  ["Backspace empties cells", ["a|b", "1|2", "p"], [0, 5], ["Backspace", "x"], ["x|", "|2", "p"]],
  ["Backspace stays in its cell", ["a|b", "p"], [2, 2], ["Backspace", "x"], ["a|xb", "p"]],
  ["Backspace after a table leaves it", ["a|b", "p"], [4, 4], ["Backspace", "Backspace", "x"], ["a|b", "xp"]],
  ["Delete before a table leaves it", ["p", "a|b", "q"], [1, 1], ["Delete", "Delete", "x"], ["px", "a|b", "q"]],
  ["typing over cells keeps them", ["a|b", "1|2", "p"], [0, 5], ["x"], ["x|", "|2", "p"]],
];

for (const [what, before, [anchor, head], keys, after] of KEYS) {
  test(`in the editor: ${what}`, async ({ page }) => {
    expect(await write(page, before, anchor, head, keys)).toEqual(blocksOf(stateOf(after).doc));
  });
}
