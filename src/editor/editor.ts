// The editor of the text in hand. The page shows all texts as plain HTML; the
// one that is pointed at or has the focus becomes an editor in its place, on the
// same element, and plain HTML again when it is left.

import { closeHistory } from "prosemirror-history";
import { EditorState } from "prosemirror-state";
import type { Transaction } from "prosemirror-state";
import { EditorView } from "prosemirror-view";

import { Binding } from "./binding";
import { clipboardParser, documentOf } from "./blocks";
import type { Caret } from "./carets";
import { decorationsOf } from "./carets";
import { plugins, spaceTyped } from "./commands";
import type { Host, PlainBlock } from "./host";
import { blocksFrom, textOf } from "./host";
import { isFromWord } from "./pasted";
import type { Words } from "./toolbar";
import { Toolbar } from "./toolbar";

/** How long after a composition the browser may still settle what it wrote, in milliseconds. */
const SETTLED = 60;
/** The texts whose undo history is kept while they are out of hand. */
const REMEMBERED = 40;

/** Which editor a view belongs to: its keys are bound once for all. */
const editors = new WeakMap<EditorView, Editor>();
const PLUGINS = plugins((_state, _dispatch, view) => (view && editors.get(view)?.askForLink()) ?? false);

/** States of texts that were in hand, with their undo history, the latest last. */
const remembered = new Map<string, EditorState>();

export class Editor {
  readonly #binding: Binding;
  readonly #view: EditorView;
  readonly #key: string;
  #toolbar: Toolbar | undefined;
  #carets: Caret[] = [];

  /** Makes `place`, which shows `blocks`, an editor. */
  constructor(
    place: HTMLElement,
    host: Host,
    blocks: PlainBlock[],
    private readonly words: Words,
  ) {
    this.#key = host.key();
    const now = blocksFrom(blocks);
    const known = remembered.get(this.#key);
    const state = known ?? EditorState.create({ doc: documentOf(now), plugins: PLUGINS });
    // To undo what is written now shall not undo what was written then.
    this.#binding = new Binding(state.apply(closeHistory(state.tr)), textOf(host));
    // What was written elsewhere while the text was out of hand.
    this.#binding.show(now);
    this.#binding.hold();
    this.#view = new EditorView(
      { mount: place },
      {
        state: this.#binding.state,
        dispatchTransaction: (transaction) => this.#dispatch(transaction),
        clipboardParser,
        decorations: (state) => decorationsOf(state.doc, this.#carets),
        handleTextInput: (view, _from, _to, text) => text === " " && spaceTyped(view.state, view.dispatch),
        handlePaste: (view, event) => {
          const html = event.clipboardData?.getData("text/html") ?? "";
          if (isFromWord(html)) {
            void pasteFromWord(view, html, event.clipboardData?.getData("text/plain") ?? "");
          }
          return isFromWord(html);
        },
        handleDOMEvents: {
          compositionend: () => {
            setTimeout(() => this.#settle(), SETTLED);
            return false;
          },
        },
      },
    );
    editors.set(this.#view, this);
  }

  /** Shows the plan's text as it now is, and where others are in it. */
  show(blocks: PlainBlock[], carets: [at: number, who: string, color: number][]): void {
    this.#carets = carets.map(([at, who, color]) => ({ at, who, color }));
    this.#update(this.#binding.show(blocksFrom(blocks), this.#view.composing));
  }

  /** Takes the focus. */
  focus(): void {
    this.#view.focus();
  }

  /** Puts the buttons at the beginning of `around`. */
  equip(around: HTMLElement): void {
    if (this.#toolbar === undefined) {
      this.#toolbar = new Toolbar(this.#view, this.words);
      around.prepend(this.#toolbar.element);
    }
  }

  /** Makes the place plain again; its content is gone. */
  close(): void {
    this.#update(this.#binding.catchUp());
    remembered.delete(this.#key);
    remembered.set(this.#key, this.#view.state);
    const [oldest] = remembered.keys();
    if (remembered.size > REMEMBERED && oldest !== undefined) {
      remembered.delete(oldest);
    }
    this.#toolbar?.element.remove();
    this.#view.destroy();
  }

  #dispatch(transaction: Transaction): void {
    this.#update(this.#binding.apply(transaction));
  }

  #update(state: EditorState): void {
    this.#view.updateState(state);
    this.#toolbar?.update();
  }

  #settle(): void {
    if (!this.#view.isDestroyed && !this.#view.composing) {
      this.#update(this.#binding.catchUp());
    }
  }

  /** Opens the field for a link's address. */
  askForLink(): boolean {
    return this.#toolbar?.askForLink() ?? false;
  }
}

/**
 * Word's HTML takes a reader of its own, which is fetched when it is first needed.
 * Where it can't be, the words are pasted without their form.
 */
async function pasteFromWord(view: EditorView, html: string, words: string): Promise<void> {
  const reader = await import("./word").catch(() => undefined);
  if (view.isDestroyed) {
    return;
  }
  if (reader) {
    view.pasteHTML(reader.fromWord(html));
  } else {
    view.pasteText(words);
  }
}
