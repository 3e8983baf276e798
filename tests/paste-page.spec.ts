// What is pasted into a text of the plan, under the policy that the relay sends
// with the page: what the clipboard says with styles must not be lost to it.
// paste.spec.ts pastes into the editor alone.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "@playwright/test";

import type { Block } from "../src/editor/blocks.js";
import { PlanPage } from "./support/plan-page.js";
import { expect, test } from "./support/test.js";
import { begin, introduce, newEmpty, reopen } from "./support/visitor.js";

const FIXTURES = join(import.meta.dirname, "fixtures/paste");
const names = readdirSync(FIXTURES)
  .filter((file) => file.endsWith(".html"))
  .map((file) => file.replace(".html", ""));
/** The module that reads Word's HTML. */
const READER_OF_WORD = /^\/assets\/word-.*\.js$/;

function clipboard(name: string): string {
  return readFileSync(join(FIXTURES, `${name}.html`), "utf8");
}

function copied(name: string): Block[] {
  return JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), "utf8")) as Block[];
}

function text(plan: PlanPage, chapter = 1): Locator {
  return plan.paper.getByRole("textbox", { name: `Tekst, kapittel ${chapter}` });
}

/** Pastes in place of all that stands in a text. */
async function paste(field: Locator, html: string): Promise<void> {
  await field.focus();
  await expect(field).toHaveAttribute("contenteditable", "true");
  await field.press("ControlOrMeta+a");
  await field.press("Delete");
  await field.evaluate((element, html) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", new DOMParser().parseFromString(html, "text/html").body.innerText);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, html);
}

/** The blocks that a text shows that is not in hand, told from its elements. */
function shown(field: Locator): Promise<Block[]> {
  return field.evaluate((place) => {
    const runsOf = (element: Element): Block["runs"] => {
      const runs: Block["runs"] = [];
      const walk = (node: Node, marks: NonNullable<Block["runs"][number]["marks"]>): void => {
        if (node instanceof Text) {
          runs.push({ text: node.data, ...(marks.length > 0 && { marks }) });
          return;
        }
        const mark =
          node instanceof HTMLAnchorElement
            ? { link: node.getAttribute("href") ?? "" }
            : node.nodeName === "STRONG"
              ? "bold"
              : node.nodeName === "EM"
                ? "italic"
                : undefined;
        node.childNodes.forEach((child) => walk(child, mark === undefined ? marks : [...marks, mark]));
      };
      element.childNodes.forEach((child) => walk(child, []));
      return runs;
    };
    const kindOf = (element: Element): Block["kind"] => {
      const opens = element.matches(":first-child") ? 1 : 2;
      switch (element.nodeName) {
        case "H5":
          return { heading: 1 };
        case "H6":
          return { heading: 2 };
        case "LI": {
          const level = element.matches(".deep") ? 2 : 1;
          return element.matches("ol > *") ? { numbered: level } : { bullet: level };
        }
        case "TH":
          return { head: opens };
        case "TD":
          return { cell: opens };
        default:
          return element.matches(".note") ? "note" : "paragraph";
      }
    };
    const lines = place.querySelectorAll("p, h5, h6, li, th, td");
    return [...lines].map((line) => ({ kind: kindOf(line), runs: runsOf(line) }));
  });
}

/** Without what has no order: the marks of a run, and where runs under the same marks meet. */
function plain(blocks: Block[]): unknown[] {
  return blocks.map(({ kind, runs }) => {
    const joined: { text: string; marks: string }[] = [];
    for (const { text, marks = [] } of runs) {
      const said = marks.map((mark) => JSON.stringify(mark)).sort().join();
      const last = joined.at(-1);
      if (last?.marks === said) {
        last.text += text;
      } else {
        joined.push({ text, marks: said });
      }
    }
    return { kind, runs: joined };
  });
}

test("each clipboard's headings, lists, tables, links and marks are on the page", async ({ arrive }) => {
  const person = await arrive("Vinje");
  const { page } = person;
  await person.visit();
  await introduce(page, "Vinjes prosjektleiar", "Vinje kommune");
  const plan = await newEmpty(page, "Limt inn");
  const field = text(plan);
  for (const name of names) {
    await test.step(name, async () => {
      await paste(field, clipboard(name));
      const expected = copied(name);
      // Word's reader is on its way the first time.
      await expect(field).toContainText(expected.at(-1)?.runs[0]?.text ?? expected[0]?.runs[0]?.text ?? "");
      await plan.title.focus();
      await expect(field).not.toHaveAttribute("contenteditable", "true");
      expect(plain(await shown(field))).toEqual(plain(expected));
      // It reads as such, too.
      const of = (kind: string) => expected.filter((block) => typeof block.kind === "object" && kind in block.kind);
      await expect(field.getByRole("heading")).toHaveCount(of("heading").length);
      await expect(field.getByRole("listitem")).toHaveCount(of("bullet").length + of("numbered").length);
      await expect(field.getByRole("columnheader")).toHaveCount(of("head").length);
    });
  }

  const last = names.at(-1) ?? "";
  await plan.saved();
  await page.reload();
  await expect(plan.title).toBeVisible();
  expect(plain(await shown(field))).toEqual(plain(copied(last)));
});

test("Word's reader is fetched when Word's text is pasted, and kept from then on", async ({ arrive }) => {
  const person = await arrive("Tokke");
  const { page } = person;
  const plan = await begin(person);
  await person.installed();
  // The worker has the page in hand from the second visit on.
  await page.reload();
  await expect(plan.title).toBeVisible();
  const fetched = () => person.line.requests.filter((path) => READER_OF_WORD.test(path));
  await expect(text(plan)).toBeVisible();
  expect(fetched()).toEqual([]);

  // Without a network and before it was ever used, the words at least are there.
  await person.goOffline();
  await paste(text(plan), clipboard("word"));
  await expect(text(plan)).toContainText("Busetjing og bustader");
  await expect(text(plan)).toContainText("Bustadkontor");

  await person.goOnline();
  await page.reload();
  await expect(plan.title).toBeVisible();
  await paste(text(plan), clipboard("word"));
  await expect(text(plan).getByRole("heading", { name: "Bustadkontor" })).toBeVisible();
  expect(fetched()).toHaveLength(1);

  await plan.saved();
  const { path } = plan;
  await person.closeBrowser();
  await person.goOffline();
  await person.openBrowser();
  const again = await reopen(person, path);
  await paste(text(again), clipboard("word-lists"));
  await expect(text(again)).toContainText("Avtale med Husbanken");
  await again.title.focus();
  expect(plain(await shown(text(again)))).toEqual(plain(copied("word-lists")));
});
