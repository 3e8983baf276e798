// The plan's running text as a ProseMirror document, and back.
//
// Both are flat: a text is a row of blocks, and a list is the items that follow
// one another. So each block here is one block there, and no document exists on
// one side that the other can't say.

import type { Mark as PmMark, MarkType, Node as PmNode } from "prosemirror-model";
import { Schema } from "prosemirror-model";

/** What a block is, as the plan's edits write it. */
export type Kind = "paragraph" | "note" | { heading: number } | { bullet: number } | { numbered: number };

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
    paragraph: { group: "block", content: "text*", toDOM: () => ["p", 0], parseDOM: [{ tag: "p" }] },
    heading: {
      group: "block",
      content: "text*",
      defining: true,
      attrs: { level },
      // A section's own heading is at level 4.
      toDOM: (node) => [`h${4 + Number(node.attrs.level)}`, 0],
      parseDOM: [1, 2, 3, 4, 5, 6].map((at) => ({ tag: `h${at}`, attrs: { level: at > 5 ? 2 : 1 } })),
    },
    item: {
      group: "block",
      content: "text*",
      defining: true,
      attrs: { level, ordered: { default: false, validate: "boolean" } },
      toDOM: (node) => ["div", { class: node.attrs.ordered ? "item numbered" : "item", "data-level": String(node.attrs.level) }, 0],
      parseDOM: [{ tag: "li", getAttrs: (element) => listOf(element) }],
    },
    note: {
      group: "block",
      content: "text*",
      defining: true,
      toDOM: () => ["p", { class: "note" }, 0],
      parseDOM: [{ tag: "p.note", priority: 60 }],
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

function listOf(element: HTMLElement): { ordered: boolean; level: number } {
  const ordered = element.parentElement?.nodeName === "OL";
  const outer = element.parentElement?.parentElement?.closest("ul, ol");
  return { ordered, level: outer ? 2 : 1 };
}

/** Only what leads somewhere that a plan may point to. */
function linkOf(href: string | null): { href: string } | false {
  return href !== null && /^(https?:|mailto:|plan:)/i.test(href) ? { href } : false;
}

/** The document of these blocks; an empty text is one empty paragraph. */
export function documentOf(blocks: Block[]): PmNode {
  const nodes = blocks.map((block) => {
    const [name, attrs] = nodeOf(block.kind);
    const runs = block.runs.filter((run) => run.text !== "");
    return schema.node(
      name,
      attrs,
      runs.map((run) => schema.text(run.text, run.marks?.map(markOf))),
    );
  });
  return schema.node("doc", null, nodes.length > 0 ? nodes : [schema.node("paragraph")]);
}

/** The node type and attributes of a kind of block. */
export function nodeOf(kind: Kind): [string, Record<string, unknown>?] {
  if (typeof kind === "string") {
    return [kind];
  }
  if ("heading" in kind) {
    return ["heading", { level: kind.heading }];
  }
  return "bullet" in kind
    ? ["item", { ordered: false, level: kind.bullet }]
    : ["item", { ordered: true, level: kind.numbered }];
}

function markOf(mark: Mark): PmMark {
  return typeof mark === "string" ? schema.mark(mark) : schema.mark("link", { href: mark.link });
}

/** The blocks of a document. */
export function blocksOf(doc: PmNode): Block[] {
  return doc.children.map((node) => ({
    kind: kindOf(node),
    runs: node.children.map((text) => ({
      text: (text.text ?? "").toWellFormed(),
      ...(text.marks.length > 0 && { marks: text.marks.map(planMarkOf) }),
    })),
  }));
}

/** What a block is. */
export function kindOf(node: PmNode): Kind {
  const { level, ordered } = node.attrs as { level: number; ordered: boolean };
  switch (node.type.name) {
    case "heading":
      return { heading: level };
    case "item":
      return ordered ? { numbered: level } : { bullet: level };
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
 * one for each break between blocks.
 */
export function plainPosition(doc: PmNode, position: number): number {
  // A block has two boundaries here, and there one break before it.
  return position - 1 - doc.resolve(position).index(0);
}

/** The inverse of {@link plainPosition}; what lies beyond the end is the end. */
export function documentPosition(doc: PmNode, plain: number): number {
  let start = 0;
  for (const [index, block] of doc.children.entries()) {
    const end = start + block.content.size;
    if (plain <= end) {
      return Math.max(plain, start) + 1 + index;
    }
    start = end + 1;
  }
  return doc.content.size - 1;
}

/** The text with a line break between blocks. */
export function plainText(doc: PmNode): string {
  return doc.textBetween(0, doc.content.size, "\n");
}

/** The type of a mark, by the name the plan has for it. */
export function markType(name: "bold" | "italic" | "link"): MarkType {
  return schema.marks[name] as MarkType;
}
