// What Word for Windows and Mac puts on the clipboard, as plain HTML. It is
// loaded when something from Word is pasted.
//
// Word's HTML looks like the document and says little of what is what. Lists are
// paragraphs with a typed marker; which style is a heading stands in the style
// sheet; what is deleted, hidden or a comment is there beside the text. This
// reads it into blocks and writes those: h5 and h6, p, li, tables, and within
// them strong, em and links. All else goes.

/** Text under the same marks. */
interface Run {
  text: string;
  bold: boolean;
  italic: boolean;
  href: string | undefined;
}

type Marks = Omit<Run, "text">;

/** A list item's marker as it was typed, when it had one. */
interface Line {
  runs: Run[];
  marker: string;
}

type Block =
  | { kind: "paragraph" | "note"; runs: Run[] }
  | { kind: "heading"; level: number; runs: Run[] }
  | { kind: "item"; level: number; ordered: boolean; runs: Run[] }
  | { kind: "table"; rows: { heads: boolean; cells: Run[][] }[] };

/** The definitions in Word's style sheet that say what a paragraph is. */
interface Styles {
  /** The level of each class that is a heading. */
  headings: Map<string, number>;
  /** Whether a list's level is numbered, by `l0level1` and so on. */
  ordered: Map<string, boolean>;
}

const UNMARKED: Marks = { bold: false, italic: false, href: undefined };

/** A soft line break, until lines are put together. */
const BREAK = "\u2028";

const BLOCKS = "p, h1, h2, h3, h4, h5, h6, div, ul, ol, li, table";

/** What is no part of the text: it is deleted, hidden, a comment, a mark of a note, or a picture. */
const DROPPED = [
  "head, script, style, img, object, hr, del, o\\:p, .msoDel",
  ".MsoCommentReference, .msocomanchor, .msocomtxt, [href^='#_msocom']",
  ".MsoFootnoteReference, .MsoEndnoteReference, [href^='#_ftn'], [href^='#_edn']",
].join();

const DROPPED_STYLE =
  /mso-hide:all|display:none|mso-element:(comment-list|header|footer)|mso-special-character:comment/;

/** Word's HTML as the HTML that the editor's schema parses. */
export function fromWord(html: string): string {
  const document = new DOMParser().parseFromString(html, "text/html");
  const sheet = [...document.querySelectorAll("style")].map((style) => style.textContent).join("\n");
  return write(document, new Reader(stylesOf(sheet)).read(document.body));
}

/** An element's style as Word wrote it, without spaces; the browser keeps only what it knows itself. */
function styleOf(element: Element): string {
  return (element.getAttribute("style") ?? "").replace(/\s/g, "").toLowerCase();
}

function isDropped(element: Element): boolean {
  return element.matches(DROPPED) || element.nodeName.startsWith("V:") || DROPPED_STYLE.test(styleOf(element));
}

function stylesOf(sheet: string): Styles {
  const styles: Styles = { headings: new Map(), ordered: new Map() };
  for (const [, selector = "", body = ""] of sheet.matchAll(/([^{}]*)\{([^{}]*)\}/g)) {
    const list = /@list\s+(l\d+):(level\d+)/.exec(selector);
    if (list) {
      // A level whose format is not told is numbered by figures.
      styles.ordered.set(`${list[1]}${list[2]}`, !/mso-level-number-format:\s*(bullet|image)/.test(body));
    }
    const level =
      /mso-outline-level:\s*(\d)/.exec(body) ?? /mso-style-name:\s*"?(?:heading|overskrift) (\d)/i.exec(body);
    for (const [, name = ""] of level ? selector.matchAll(/\.([^\s,.:]+)/g) : []) {
      styles.headings.set(name, Number(level?.[1]));
    }
  }
  return styles;
}

class Reader {
  private readonly blocks: Block[] = [];
  /** Text that stands in no paragraph, as when part of one is copied. */
  private loose: Run[] = [];

  constructor(private readonly styles: Styles) {}

  read(body: Element): Block[] {
    this.walk(body);
    this.endLoose();
    return this.blocks;
  }

  private walk(container: Element): void {
    for (const node of container.childNodes) {
      if (!(node instanceof Element)) {
        this.loose.push(...lineOf([node]).runs);
      } else if (isDropped(node)) {
        continue;
      } else if (node.matches("p, h1, h2, h3, h4, h5, h6, li")) {
        this.endLoose();
        this.paragraph(node);
      } else if (node.nodeName === "TABLE") {
        this.endLoose();
        this.table(node as HTMLTableElement);
      } else if (node.matches("div, ul, ol") || node.querySelector(BLOCKS)) {
        this.endLoose();
        this.walk(node);
        this.endLoose();
      } else {
        this.loose.push(...lineOf([node]).runs);
      }
    }
  }

  private endLoose(): void {
    this.add(this.loose, (runs) => ({ kind: "paragraph", runs }));
    this.loose = [];
  }

  /** Adds what a paragraph holds, unless that is nothing: Word's writers part paragraphs by empty ones. */
  private add(runs: Run[], block: (runs: Run[]) => Block): void {
    for (const part of parted(runs)) {
      const tidy = tidied(part);
      if (tidy.length > 0) {
        this.blocks.push(block(tidy));
      }
    }
  }

  private paragraph(element: Element): void {
    const nested = [...element.children].filter((child) => child.matches("ul, ol"));
    const { runs, marker } = lineOf([...element.childNodes].filter((node) => !nested.includes(node as Element)));
    const heading = this.headingLevel(element);
    const item = this.item(element, marker);
    if (heading !== undefined) {
      this.add(runs, (runs) => ({ kind: "heading", level: heading, runs }));
    } else if (item) {
      this.add(runs, (runs) => ({ kind: "item", ...item, runs }));
    } else {
      const kind = element.matches(".MsoFootnoteText, .MsoEndnoteText") ? "note" : "paragraph";
      this.add(runs, (runs) => ({ kind, runs }));
    }
    nested.forEach((list) => this.walk(list));
  }

  private headingLevel(element: Element): number | undefined {
    const own = /mso-outline-level:(\d)/.exec(styleOf(element)) ?? /^H(\d)$/.exec(element.nodeName);
    const named = /\bMso(?:Heading(\d)|Title\b|TocHeading\b)/.exec(element.className);
    const defined = [...element.classList].map((name) => this.styles.headings.get(name));
    const level = own ? Number(own[1]) : named ? Number(named[1] ?? 0) : defined.find((each) => each !== undefined);
    // Word also numbers the levels of what is no heading: 9 and up is running text.
    return level !== undefined && level < 9 ? level : undefined;
  }

  private item(element: Element, marker: string): { level: number; ordered: boolean } | undefined {
    const [, list, at] = /mso-list:(l\d+)level(\d+)/.exec(styleOf(element)) ?? [];
    const parent = element.nodeName === "LI" ? element.parentElement : null;
    if (list === undefined && marker === "" && !parent) {
      return undefined;
    }
    const depth = at ?? (parent?.parentElement?.closest("ul, ol") ? 2 : 1);
    const typed = /^\(?(\d|[a-zæøå]{1,5}[.)])/i.test(marker);
    const ordered = parent ? parent.nodeName === "OL" : (this.styles.ordered.get(`${list}level${at}`) ?? typed);
    return { level: Math.min(Number(depth), 2), ordered };
  }

  private table(table: HTMLTableElement): void {
    const [first, second] = table.rows;
    if (first?.cells.length === 1 && !second) {
      // A frame around text.
      this.walk(first.cells[0] as Element);
      return;
    }
    /** For each column, how many rows the cell above still spans. */
    const spanned: number[] = [];
    const rows = [...table.rows].map((row) => {
      const cells: Run[][] = [];
      const fill = () => {
        while ((spanned[cells.length] ?? 0) > 0) {
          spanned[cells.length]! -= 1;
          cells.push([]);
        }
      };
      for (const cell of row.cells) {
        fill();
        const content = tidied(lineOf([...cell.childNodes]).runs);
        for (let column = 0; column < cell.colSpan; column += 1) {
          spanned[cells.length] = cell.rowSpan - 1;
          cells.push(column === 0 ? content : []);
        }
      }
      fill();
      const heads = row.parentElement?.nodeName === "THEAD" || [...row.cells].every((cell) => cell.nodeName === "TH");
      return { heads, cells };
    });
    // Word calls the first row of every table one (mso-yfti-firstrow), so it heads
    // the columns only if its writers made it stand out.
    const [top] = rows;
    const words = top?.cells.flat().filter((run) => run.text.trim() !== "") ?? [];
    if (top && rows.length > 1 && words.length > 0 && words.every((run) => run.bold)) {
      top.heads = true;
    }
    this.blocks.push({ kind: "table", rows });
  }
}

/** The text of these nodes as one line, apart from the marker of a list item. */
function lineOf(nodes: Iterable<Node>): Line {
  const line: Line = { runs: [], marker: "" };
  gather(nodes, UNMARKED, line);
  line.marker = line.marker.trim();
  return line;
}

function gather(nodes: Iterable<Node>, marks: Marks, line: Line): void {
  let inMarker = false;
  for (const node of nodes) {
    if (node instanceof Comment) {
      inMarker = /\[if !supportLists\]/.test(node.data) || (inMarker && !/\[endif\]/.test(node.data));
    } else if (inMarker || (node instanceof Element && /mso-list:ignore/.test(styleOf(node)))) {
      line.marker += node.textContent ?? "";
    } else if (node instanceof Text) {
      line.runs.push({ ...marks, text: node.data });
    } else if (node.nodeName === "BR") {
      line.runs.push({ ...marks, text: BREAK });
    } else if (node instanceof Element && !isDropped(node)) {
      gather(node.childNodes, marksOf(node as HTMLElement, marks), line);
      if (node.matches(BLOCKS)) {
        line.runs.push({ ...marks, text: " " });
      }
    }
  }
}

function marksOf(element: HTMLElement, { bold, italic, href }: Marks): Marks {
  // The page's policy lets the browser pass over styles in markup, but not those that a script sets.
  const { style } = document.createElement("span");
  style.cssText = element.getAttribute("style") ?? "";
  const { fontWeight, fontStyle } = style;
  const target = element.getAttribute("href");
  return {
    bold: fontWeight === "" ? bold || element.matches("b, strong") : /bold|[6-9]00/.test(fontWeight),
    italic: fontStyle === "" ? italic || element.matches("i, em") : fontStyle === "italic",
    href: target && /^(https?|mailto):/i.test(target) ? target : href,
  };
}

/** One line after the other where a paragraph has an empty line within. */
function parted(runs: Run[]): Run[][] {
  const parts: Run[][] = [];
  let part: Run[] = [];
  let broken = false;
  for (const run of runs) {
    if (run.text === BREAK && broken) {
      parts.push(part);
      part = [];
    }
    broken = run.text === BREAK || (broken && run.text.trim() === "");
    part.push(run);
  }
  return [...parts, part];
}

/**
 * The same runs with the spaces that a reader sees: one between words. A single
 * no-break space between two words was typed so; more are Word's way to indent.
 */
function tidied(runs: Run[]): Run[] {
  const text = runs.map((run) => run.text).join("");
  const first = text.search(/\S/);
  const end = text.trimEnd().length;
  const isSpace = (at: number) => /\s/.test(text[at] ?? "");
  let start = 0;
  return runs
    .map((run) => {
      const from = start;
      start += run.text.length;
      const words = run.text.replace(/\s/g, (space, index: number) => {
        const at = from + index;
        if (at < first || at >= end || isSpace(at - 1)) {
          return "";
        }
        return space === "\u00a0" && !isSpace(at + 1) ? space : " ";
      });
      return { ...run, text: words.replace(/[\u00ad\u200b\ufeff]/g, "") };
    })
    .filter((run) => run.text !== "");
}

function write(document: Document, blocks: Block[]): string {
  const levels = blocks.flatMap((block) => (block.kind === "heading" ? [block.level] : []));
  const highest = Math.min(...levels);
  const output = document.createElement("div");
  const element = (name: string, children: (Node | string)[]) => {
    const made = document.createElement(name);
    made.append(...children);
    return made;
  };
  /** Headings are bold as they are. */
  const inline = (runs: Run[], isHead = false) =>
    runs.map(({ text, bold, italic, href }) => {
      let node: Node = document.createTextNode(text);
      node = italic ? element("em", [node]) : node;
      node = bold && !isHead ? element("strong", [node]) : node;
      if (href !== undefined) {
        const link = element("a", [node]);
        link.setAttribute("href", href);
        return link;
      }
      return node;
    });
  for (const block of blocks) {
    if (block.kind === "table") {
      const rows = block.rows.map(({ heads, cells }) =>
        element("tr", cells.map((runs) => element(heads ? "th" : "td", inline(runs, heads)))),
      );
      output.append(element("table", [element("tbody", rows)]));
    } else if (block.kind === "item") {
      const item = element("li", inline(block.runs));
      item.setAttribute("aria-level", String(block.level));
      output.append(element(block.ordered ? "ol" : "ul", [item]));
    } else if (block.kind === "heading") {
      output.append(element(block.level === highest ? "h5" : "h6", inline(block.runs, true)));
    } else {
      const paragraph = element("p", inline(block.runs));
      if (block.kind === "note") {
        paragraph.className = "note";
      }
      output.append(paragraph);
    }
  }
  return output.innerHTML;
}
