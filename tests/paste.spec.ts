// What Word, Word for the web and Google Docs put on the clipboard becomes the
// blocks of a plan. fixtures/paste/ has each clipboard's HTML and, beside it, the
// blocks it stands for.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";

import type { Block } from "../src/editor/blocks.js";
import { expect, test } from "./support/editor-test.js";

const FIXTURES = join(import.meta.dirname, "fixtures/paste");
const names = readdirSync(FIXTURES)
  .filter((file) => file.endsWith(".html"))
  .map((file) => file.replace(".html", ""));

declare const editor: typeof import("./support/editor-page.js");

function clipboard(name: string): string {
  return readFileSync(join(FIXTURES, `${name}.html`), "utf8");
}

function paste(page: Page, html: string): Promise<Block[]> {
  return page.evaluate((html) => editor.paste(html), html);
}

for (const name of names) {
  test(`${name}: the blocks are those that were copied`, async ({ page }) => {
    const expected = JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), "utf8")) as Block[];
    expect(await paste(page, clipboard(name))).toEqual(expected);
  });
}

test("only what Word itself wrote goes through the module for it", async ({ page }) => {
  const told = Object.fromEntries(
    await page.evaluate(
      (all) => all.map(([name, html]) => [name, editor.isFromWord(html)] as const),
      names.map((name) => [name, clipboard(name)] as const),
    ),
  );
  expect(told).toEqual({
    "google-docs": false,
    word: true,
    "word-fragment": true,
    "word-lists": true,
    "word-tables": true,
    "word-web": false,
  });
});

/** A block of plain text. */
function block(kind: Block["kind"], text: string): Block {
  return { kind, runs: text === "" ? [] : [{ text }] };
}

const SMALL: [what: string, html: string, blocks: Block[]][] = [
  [
    "a heading that Google Docs numbers",
    "<ol><li><h2>Mål</h2></li></ol><p>a</p>",
    [block({ heading: 1 }, "Mål"), block("paragraph", "a")],
  ],
  ["an item of two paragraphs", "<ul><li><p>a</p><p>b</p></li></ul>", [block({ bullet: 1 }, "a b")]],
  [
    "a list in an item",
    "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>",
    [block({ numbered: 1 }, "a"), block({ bullet: 2 }, "b"), block({ numbered: 1 }, "c")],
  ],
  [
    "the highest heading copied, and one below",
    "<h3>a</h3><h4>b</h4>",
    [block({ heading: 1 }, "a"), block({ heading: 2 }, "b")],
  ],
  ["a line break", "<p>a<br>b</p>", [block("paragraph", "a b")]],
  [
    "a cell with a list and a table",
    "<table><tr><td>a</td><td>b<ul><li>c</li></ul><table><tr><td>d</td></tr></table></td></tr></table>",
    [block({ cell: 1 }, "a"), block({ cell: 2 }, "b c d")],
  ],
  [
    "a table with heads",
    "<table><thead><tr><td>a</td></tr></thead><tbody><tr><th>b</th></tr></tbody></table>",
    [block({ head: 1 }, "a"), block({ head: 1 }, "b")],
  ],
  ["a link that leads nowhere", '<p>a <a href="javascript:b()">b</a></p>', [block("paragraph", "a b")]],
];

for (const [what, html, expected] of SMALL) {
  test(`any program's HTML: ${what}`, async ({ page }) => {
    expect(await paste(page, html)).toEqual(expected);
  });
}

test("what is copied here is pasted as it was", async ({ page }) => {
  const blocks = [
    block({ heading: 2 }, "a"),
    block({ heading: 1 }, "b"),
    block({ bullet: 1 }, "c"),
    block({ bullet: 2 }, "d"),
    block({ numbered: 2 }, "e"),
    block("note", "f"),
    block({ head: 1 }, "g"),
    block({ head: 2 }, ""),
    block({ cell: 1 }, "h"),
    block("paragraph", "i"),
  ];
  expect(await page.evaluate((blocks) => editor.copied(blocks), blocks)).toEqual(blocks);
});

test("what is pasted into a cell stays in it", async ({ page }) => {
  const table = [block({ cell: 1 }, "a"), block({ cell: 2 }, "b"), block("paragraph", "c")];
  const html = "<h1>x</h1><table><tr><td>y</td><td>z</td></tr></table>";
  expect(await page.evaluate(([table, html]) => editor.pasteInto(table, 0, html), [table, html] as const)).toEqual([
    block({ cell: 1 }, "ax y z"),
    block({ cell: 2 }, "b"),
    block("paragraph", "c"),
  ]);
});
