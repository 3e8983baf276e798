// How HTML that other programs made is read into blocks. What Word writes takes
// more than this, and is turned into plain HTML first, by word.ts.

import type { ParseOptions, Slice } from "prosemirror-model";
import { DOMParser } from "prosemirror-model";

/** Reads HTML from the clipboard with the rules it is given. */
export class PastedParser extends DOMParser {
  override parseSlice(dom: Element, options?: ParseOptions): Slice {
    // The page's policy lets the browser pass over styles in markup, but not those
    // that a script sets. What the browser doesn't know is gone from them then.
    for (const element of dom.querySelectorAll<HTMLElement>("[style]")) {
      element.style.cssText = element.getAttribute("style") ?? "";
    }
    return super.parseSlice(dom, options);
  }
}

/** Whether HTML from the clipboard is Word's own, which only `fromWord` can read. */
export function isFromWord(html: string): boolean {
  return /\bclass="?Mso|<meta[^>]+Microsoft Word|urn:schemas-microsoft-com:office:word/i.test(html);
}

/** What a list is in this element, and how deep in it the item is. */
export function listOf(element: HTMLElement): { ordered: boolean; level: number } | false {
  const list = element.parentElement;
  const said = element.dataset.level ?? element.ariaLevel ?? element.dataset.ariaLevel;
  const nested = list?.parentElement?.closest("ul, ol") ? 2 : 1;
  // Google Docs numbers a heading by putting it into a list.
  return !element.querySelector(":scope > :is(h1, h2, h3, h4, h5, h6)") && {
    ordered: list?.nodeName === "OL" || element.matches(".numbered"),
    level: Math.min(Number(said ?? nested) || 1, 2),
  };
}

/** The level of a heading: here h5 and h6, elsewhere the highest that was copied and all below it. */
export function levelOf(element: HTMLElement): { level: number } {
  const at = Number(element.ariaLevel ?? element.nodeName[1]) || 1;
  if (at > 4) {
    return { level: at > 5 ? 2 : 1 };
  }
  const all = element.getRootNode() as ParentNode;
  const isThere = (level: number) => all.querySelector(`h${level}, [aria-level="${level}"][role=heading]`) !== null;
  return { level: [1, 2, 3].some((level) => level < at && isThere(level)) ? 2 : 1 };
}

const LINES = "p, div, ul, ol, li, h1, h2, h3, h4, h5, h6, table, tbody, tr, td, th";

/**
 * Makes what stands within an item or a cell one line, as both are here; what
 * stood on lines of their own is parted by spaces. A list in an item stays.
 */
export function line<T extends HTMLElement>(element: T): T {
  for (const inner of element.querySelectorAll(element.nodeName === "LI" ? "p, div" : LINES)) {
    const { previousSibling: before, nextSibling: after } = inner;
    const ends = after === null || (after instanceof Element && after.matches(LINES));
    inner.replaceWith(before ? " " : "", ...inner.childNodes, ends ? "" : " ");
  }
  return element;
}

/** Only what leads somewhere that a plan may point to. */
export function linkOf(href: string | null): { href: string } | false {
  return href !== null && /^(https?:|mailto:|plan:)/i.test(href) ? { href } : false;
}
