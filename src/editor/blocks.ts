// The plan's running text as a ProseMirror document, and back.
//
// A text in the plan is a row of blocks, and here each block is one textblock. A
// list is the items that follow one another. Only tables are nested here: they
// are the cells that follow one another, where each of level 1 opens a row.

import type { Mark as PmMark, MarkType, Node as PmNode } from "prosemirror-model";
import { DOMParser, Schema } from "prosemirror-model";

import { PastedParser, levelOf, line, linkOf, listOf } from "./pasted";

/** What a block is, as the plan's edits write it. */
export type Kind =
  | "paragraph"
  | "note"
  | { heading: number }
  | { bullet: number }
  | { numbered: number }
  | { cell: number }
  | { head: number };

/** A mark over a run of text. */
export type Mark = "bold" | "italic" | { link: string };

/** Text under the same marks. */
export interface Run {
  text: string;
  marks?: Mark[];
}

/** One block of running text. */
export interface Block {
  kind: Kind;
  runs: Run[];
}

const level = { default: 1, validate: "number" };

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: {
      group: "block",
      content: "text*",
      toDOM: () => ["p", 0],
      parseDOM: [
        { tag: "p" },
        // What Word for the web puts at the end of a paragraph, or alone in one to
        // leave a space, and beside a line break.
        { tag: "p:has(> .EOP:only-child), .EOP, .LineBreakBlob span", ignore: true, priority: 60 },
      ],
    },
    heading: {
      group: "block",
      content: "text*",
      defining: true,
      attrs: { level },
      // A section's own heading is at level 4.
      toDOM: (node) => [`h${4 + Number(node.attrs.level)}`, 0],
      parseDOM: [{ tag: "h1, h2, h3, h4, h5, h6, [role=heading]", getAttrs: levelOf, priority: 60 }],
    },
    item: {
      group: "block",
      content: "text*",
      defining: true,
      attrs: { level, ordered: { default: false, validate: "boolean" } },
      toDOM: (node) => ["div", { class: node.attrs.ordered ? "item numbered" : "item", "data-level": String(node.attrs.level) }, 0],
      parseDOM: [{ tag: "li, .item", getAttrs: listOf, contentElement: line }],
    },
    note: {
      group: "block",
      content: "text*",
      defining: true,
      toDOM: () => ["p", { class: "note" }, 0],
      parseDOM: [{ tag: "p.note", priority: 60 }],
    },
    table: {
      group: "block",
      content: "row+",
      isolating: true,
      // Else a Backspace beside it would select it, and the next key replace it.
      selectable: false,
      toDOM: () => ["table", ["tbody", 0]],
      parseDOM: [{ tag: "table" }],
    },
    row: { content: "(cell | head)+", selectable: false, toDOM: () => ["tr", 0], parseDOM: [{ tag: "tr" }] },
    head: {
      content: "text*",
      isolating: true,
      toDOM: () => ["th", { scope: "col" }, 0],
      parseDOM: [{ tag: "th, thead td, td[role=columnheader]", contentElement: line }],
    },
    cell: {
      content: "text*",
      isolating: true,
      toDOM: () => ["td", 0],
      parseDOM: [{ tag: "td", contentElement: line }],
    },
    text: {},
  },
  marks: {
    bold: {
      toDOM: () => ["strong", 0],
      parseDOM: [
        { tag: "strong" },
        // Some programs wrap what they copy in a <b> that is not bold.
        { tag: "b", getAttrs: (element) => element.style.fontWeight !== "normal" && null },
        { style: "font-weight=400", clearMark: (mark) => mark.type.name === "bold" },
        { style: "font-weight", getAttrs: (value) => /^(bold(er)?|[5-9]\d{2,})$/.test(value) && null },
      ],
    },
    italic: {
      toDOM: () => ["em", 0],
      parseDOM: [
        { tag: "em" },
        { tag: "i" },
        { style: "font-style=italic" },
        { style: "font-style=normal", clearMark: (mark) => mark.type.name === "italic" },
      ],
    },
    link: {
      // What is typed at its end is no part of it.
      inclusive: false,
      attrs: { href: { validate: "string" } },
      toDOM: (mark) => ["a", { href: mark.attrs.href as string, rel: "noreferrer" }, 0],
      parseDOM: [{ tag: "a[href]", getAttrs: (element) => linkOf(element.getAttribute("href")) }],
    },
  },
});

/** Reads what another program has put on the clipboard. */
export const clipboardParser = new PastedParser(schema, DOMParser.fromSchema(schema).rules);

/** The document of these blocks; an empty text is one empty paragraph. */
export function documentOf(blocks: Block[]): PmNode {
  const nodes: PmNode[] = [];
  let rows: PmNode[][] = [];
  const endTable = () => {
    if (rows.length > 0) {
      nodes.push(schema.node("table", null, rows.map((cells) => schema.node("row", null, cells))));
      rows = [];
    }
  };
  for (const { kind, runs } of blocks) {
    const [name, attrs] = nodeOf(kind);
    const text = runs.filter((run) => run.text !== "").map((run) => schema.text(run.text, run.marks?.map(markOf)));
    const node = schema.node(name, attrs, text);
    if (name !== "cell" && name !== "head") {
      endTable();
      nodes.push(node);
      continue;
    }
    // A table whose first row has lost its first cell still begins with a row.
    if (attrs.level === 1 || rows.length === 0) {
      rows.push([]);
    }
    rows.at(-1)?.push(node);
  }
  endTable();
  return schema.node("doc", null, nodes.length > 0 ? nodes : [schema.node("paragraph")]);
}

/** The node type and attributes of a kind of block; a type takes those it has. */
export function nodeOf(kind: Kind): [string, { level: number; ordered: boolean }] {
  const [name, level] = typeAndLevel(kind);
  const ordered = name === "numbered";
  return [ordered || name === "bullet" ? "item" : name, { level, ordered }];
}

/** The name of what a block is, and its level; 1 for what has none. */
export function typeAndLevel(kind: Kind): [name: string, level: number] {
  return typeof kind === "string" ? [kind, 1] : (Object.entries(kind)[0] as [string, number]);
}

function markOf(mark: Mark): PmMark {
  return typeof mark === "string" ? schema.mark(mark) : schema.mark("link", { href: mark.link });
}

/** The blocks of a document. */
export function blocksOf(doc: PmNode): Block[] {
  const blocks: Block[] = [];
  doc.descendants((node, _position, _parent, index) => {
    if (node.isTextblock) {
      const runs = node.children.map((text) => ({
        text: (text.text ?? "").toWellFormed(),
        ...(text.marks.length > 0 && { marks: text.marks.map(planMarkOf) }),
      }));
      blocks.push({ kind: kindOf(node, index), runs });
    }
    return !node.isTextblock;
  });
  return blocks;
}

/** What a block is; a cell, the one with this index in its row. */
export function kindOf(node: PmNode, index = 0): Kind {
  const { level, ordered } = node.attrs as { level: number; ordered: boolean };
  const place = index === 0 ? 1 : 2;
  switch (node.type.name) {
    case "heading":
      return { heading: level };
    case "item":
      return ordered ? { numbered: level } : { bullet: level };
    case "cell":
      return { cell: place };
    case "head":
      return { head: place };
    case "note":
      return "note";
    default:
      return "paragraph";
  }
}

/** A mark as the plan's edits write it. */
export function planMarkOf(mark: PmMark): Mark {
  return mark.type.name === "link" ? { link: mark.attrs.href as string } : (mark.type.name as "bold" | "italic");
}

/**
 * The position in the plan's text of a position in the document: UTF-16 units,
 * one for each break between blocks. Between two blocks it is the first's end.
 */
export function plainPosition(doc: PmNode, position: number): number {
  // No break stands before the first block.
  let plain = -1;
  doc.nodesBetween(0, position, (node, start) => {
    if (node.isTextblock) {
      plain += 1 + Math.min(position - start - 1, node.content.size);
    }
    return !node.isTextblock;
  });
  return Math.max(plain, 0);
}

/** The inverse of {@link plainPosition}; what lies beyond the end is the end. */
export function documentPosition(doc: PmNode, plain: number): number {
  let position = 0;
  let rest = Math.max(plain, 0);
  doc.descendants((node, start) => {
    if (node.isTextblock && rest >= 0) {
      position = start + 1 + Math.min(rest, node.content.size);
      rest -= node.content.size + 1;
    }
    return !node.isTextblock && rest >= 0;
  });
  return position;
}

/** The text with a line break between blocks. */
export function plainText(doc: PmNode): string {
  return doc.textBetween(0, doc.content.size, "\n");
}

/** The type of a mark, by the name the plan has for it. */
export function markType(name: "bold" | "italic" | "link"): MarkType {
  return schema.marks[name] as MarkType;
}
