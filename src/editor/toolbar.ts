// The buttons over the text in hand. Tab leads past them as one stop; the arrow
// keys lead from one to the next.

import type { Command, EditorState } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import { isKind, linkAt, setLink, toggleBold, toggleItalic, toggleKind } from "./commands";
import { markType } from "./blocks";

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
  link: string;
  address: string;
  put: string;
}

interface Tool {
  name: keyof Words;
  /** What stands on the button; a name where the language decides. */
  face: string;
  run: Command;
  isOn: (state: EditorState) => boolean;
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
];

function kindTool(name: keyof Words, face: string, kind: Parameters<typeof toggleKind>[0]): Tool {
  return { name, face, run: toggleKind(kind), isOn: (state) => isKind(state, kind) };
}

export class Toolbar {
  readonly element = document.createElement("div");
  readonly #form = document.createElement("form");
  readonly #address = document.createElement("input");
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
    const tools = TOOLS.map((tool) => this.#button(tool.name, tool.face, () => this.#run(tool.run)));
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

  /** Shows what holds where the caret is. */
  update(): void {
    const { state } = this.view;
    for (const [index, tool] of TOOLS.entries()) {
      this.#buttons[index]?.setAttribute("aria-pressed", String(tool.isOn(state)));
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
    button.textContent = face in this.words ? this.words[face as keyof Words] : face;
    button.className = name;
    button.setAttribute("aria-label", this.words[name]);
    button.title = this.words[name];
    button.addEventListener("click", pressed);
    return button;
  }

  #run(command: Command): void {
    command(this.view.state, this.view.dispatch, this.view);
    this.view.focus();
  }

  #makeForm(): void {
    const label = document.createElement("label");
    label.textContent = this.words.address;
    this.#address.type = "text";
    this.#address.className = "ds-input";
    this.#address.autocomplete = "off";
    label.append(this.#address);
    const put = document.createElement("button");
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
    const at = this.#buttons.indexOf(document.activeElement as HTMLButtonElement);
    const last = this.#buttons.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    const button = to === undefined ? undefined : this.#buttons[to];
    if (button !== undefined) {
      event.preventDefault();
      this.#buttons.forEach((each) => (each.tabIndex = each === button ? 0 : -1));
      button.focus();
    } else if (event.key === "Escape") {
      this.view.focus();
    }
  }
}
