// What tests/paste.spec.ts and tests/editor-tables.spec.ts load into a browser: an
// editor's view over the project's schema, into which HTML is pasted the way of a
// clipboard, or in which a person writes.

import { baseKeymap } from "prosemirror-commands";
import { keymap } from "prosemirror-keymap";
import { EditorState, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";

import { blocksOf, clipboardParser, documentOf, documentPosition } from "../../src/editor/blocks.js";
import type { Block } from "../../src/editor/blocks.js";
import { isFromWord } from "../../src/editor/pasted.js";
import { tables } from "../../src/editor/table.js";
import { fromWord } from "../../src/editor/word.js";

/** A clipboard's HTML as blocks, pasted into an empty text. */
export function paste(html: string): Block[] {
  return inView([], (view) => view.pasteHTML(isFromWord(html) ? fromWord(html) : html));
}

/** What comes of copying all of a text and pasting it into another. */
export function copied(blocks: Block[]): Block[] {
  let html = "";
  inView(blocks, (view) => {
    html = view.serializeForClipboard(view.state.doc.slice(0, view.state.doc.content.size)).dom.innerHTML;
  });
  return paste(html);
}

/** What comes of pasting into the block with this number, at its end. */
export function pasteInto(blocks: Block[], number: number, html: string): Block[] {
  return inView(blocks, (view) => {
    const before = blocks.slice(0, number + 1).flatMap((block) => block.runs);
    const plain = number + before.reduce((sum, run) => sum + run.text.length, 0);
    const at = documentPosition(view.state.doc, plain);
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, at)));
    view.pasteHTML(html);
  });
}

/** An editor on the page with the focus and this selection, for keys; says what is in it. */
export function mount(blocks: Block[], anchor: number, head: number): () => Block[] {
  const doc = documentOf(blocks);
  const selection = TextSelection.create(doc, documentPosition(doc, anchor), documentPosition(doc, head));
  const state = EditorState.create({ doc, selection, plugins: [tables, keymap(baseKeymap)] });
  const view = new EditorView(document.body, { state });
  view.focus();
  return () => blocksOf(view.state.doc);
}

function inView(blocks: Block[], act: (view: EditorView) => void): Block[] {
  const state = EditorState.create({ doc: documentOf(blocks), plugins: [tables] });
  const view = new EditorView(null, { state, clipboardParser });
  act(view);
  const after = blocksOf(view.state.doc);
  view.destroy();
  return after;
}

/** Whether it is read by the module for Word. */
export { isFromWord };
