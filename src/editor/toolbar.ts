// The buttons over the text in hand. Tab leads past them as one stop; the arrow
// keys lead from one to the next.

import type { Command, EditorState } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import { isKind, linkAt, setLink, toggleBold, toggleItalic, toggleKind } from "./commands";
import { markType } from "./blocks";
import { takeInHand } from "./passing";
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, insertTable } from "./table";

/** What the buttons are called, in the language of the app. */
export interface Words {
  toolbar: string;
  bold: string;
  /** The letter on the button. */
  boldLetter: string;
  italic: string;
  italicLetter: string;
  heading: string;
  bullets: string;
  numbers: string;
  note: string;
  /** Only where a text may have tables. */
  table?: string;
  addRow: string;
  addColumn: string;
  deleteRow: string;
  deleteColumn: string;
  deleteTable: string;
  link: string;
  address: string;
  put: string;
}

interface Tool {
  name: keyof Words;
  /** What stands on the button; a name where the language decides. */
  face: string;
  run: Command;
  /** Whether what it makes holds where the caret is; without, it makes something new. */
  isOn?: (state: EditorState) => boolean;
  /** Whether it is there only within a table. */
  inTable?: boolean;
}

const marked = (name: "bold" | "italic") => (state: EditorState) => {
  const { from, to, empty, $from } = state.selection;
  const type = markType(name);
  return empty ? type.isInSet(state.storedMarks ?? $from.marks()) !== undefined : state.doc.rangeHasMark(from, to, type);
};

const TOOLS: Tool[] = [
  { name: "bold", face: "boldLetter", run: toggleBold, isOn: marked("bold") },
  { name: "italic", face: "italicLetter", run: toggleItalic, isOn: marked("italic") },
  kindTool("heading", "H", { heading: 1 }),
  kindTool("bullets", "•", { bullet: 1 }),
  kindTool("numbers", "1.", { numbered: 1 }),
  kindTool("note", "!", "note"),
  { name: "table", face: "▦", run: insertTable(3, 3) },
  { name: "addRow", face: "+↓", run: addRowAfter, inTable: true },
  { name: "addColumn", face: "+→", run: addColumnAfter, inTable: true },
  { name: "deleteRow", face: "−↓", run: deleteRow, inTable: true },
  { name: "deleteColumn", face: "−→", run: deleteColumn, inTable: true },
  { name: "deleteTable", face: "−▦", run: deleteTable, inTable: true },
];

function kindTool(name: keyof Words, face: string, kind: Parameters<typeof toggleKind>[0]): Tool {
  return { name, face, run: toggleKind(kind), isOn: (state) => isKind(state, kind) };
}

export class Toolbar {
  readonly element = document.createElement("div");
  readonly #form = document.createElement("form");
  readonly #address = document.createElement("input");
  readonly #tools: readonly Tool[];
  readonly #link: HTMLButtonElement;
  readonly #buttons: HTMLButtonElement[];

  constructor(
    private readonly view: EditorView,
    private readonly words: Words,
  ) {
    this.element.className = "tool";
    const row = document.createElement("div");
    row.setAttribute("role", "toolbar");
    row.setAttribute("aria-label", words.toolbar);
    this.#tools = TOOLS.filter(({ name }) => words[name] !== undefined);
    const tools = this.#tools.map((tool) => this.#button(tool.name, tool.face, () => this.#run(tool.run)));
    this.#link = this.#button("link", "↗", () => this.askForLink());
    this.#link.setAttribute("aria-expanded", "false");
    this.#buttons = [...tools, this.#link];
    this.#buttons.forEach((button, index) => (button.tabIndex = index === 0 ? 0 : -1));
    row.append(...this.#buttons);
    row.addEventListener("keydown", (event) => this.#move(event));
    this.#makeForm();
    this.element.append(row, this.#form);
    // A click on a button leaves the caret where it is.
    row.addEventListener("mousedown", (event) => event.preventDefault());
    this.update();
  }

  /** Shows what can be done where the caret is, and what holds there. */
  update(): void {
    const { state } = this.view;
    for (const [index, { isOn, inTable, run }] of this.#tools.entries()) {
      const button = this.#buttons[index];
      if (isOn) {
        button?.setAttribute("aria-pressed", String(isOn(state)));
      }
      if (button && inTable) {
        button.hidden = !run(state);
      }
    }
  }

  /** Opens the field for a link's address. */
  askForLink(): boolean {
    this.#form.hidden = false;
    this.#link.setAttribute("aria-expanded", "true");
    this.#address.value = linkAt(this.view.state) ?? "";
    this.#address.select();
    this.#address.focus();
    return true;
  }

  #button(name: keyof Words, face: string, pressed: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    // No text of the button's: its name says what it does, and the sign only shows it.
    button.dataset.face = this.words[face as keyof Words] ?? face;
    button.className = name;
    const words = this.words[name] ?? "";
    button.setAttribute("aria-label", words);
    button.title = words;
    button.addEventListener("click", pressed);
    return button;
  }

  #run(command: Command): void {
    command(this.view.state, this.view.dispatch, this.view);
    this.view.focus();
    takeInHand(this.view);
  }

  #makeForm(): void {
    const label = document.createElement("label");
    label.textContent = this.words.address;
    this.#address.type = "text";
    this.#address.className = "ds-input";
    this.#address.autocomplete = "off";
    label.append(this.#address);
    const put = document.createElement("button");
    put.className = "ds-button";
    put.dataset.size = "sm";
    put.textContent = this.words.put;
    this.#form.append(label, put);
    this.#form.hidden = true;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#closeForm();
      this.#run(setLink(this.#address.value));
    });
    this.#form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        this.#closeForm();
        this.view.focus();
      }
    });
  }

  #closeForm(): void {
    this.#form.hidden = true;
    this.#link.setAttribute("aria-expanded", "false");
  }

  #move(event: KeyboardEvent): void {
    const shown = this.#buttons.filter((button) => !button.hidden);
    const at = shown.indexOf(document.activeElement as HTMLButtonElement);
    const last = shown.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    const button = to === undefined ? undefined : shown[to];
    if (button !== undefined) {
      event.preventDefault();
      this.#buttons.forEach((each) => (each.tabIndex = each === button ? 0 : -1));
      button.focus();
    } else if (event.key === "Escape") {
      this.view.focus();
    }
  }
}
