// Between the editor and the plan. The plan's text is the truth; the editor
// shows it. After each edit, one's own or another's, both are the same.

import type { Node as PmNode } from "prosemirror-model";
import { Fragment, Slice } from "prosemirror-model";
import type { EditorState, Transaction } from "prosemirror-state";
import { TextSelection } from "prosemirror-state";
import { AddMarkStep, RemoveMarkStep, ReplaceStep } from "prosemirror-transform";

import { blocksOf, documentOf, documentPosition, plainPosition, plainText, planMarkOf } from "./blocks";
import type { Block, Mark } from "./blocks";

/** A replaced range of the plan's text. */
export interface Splice {
  at: number;
  delete: number;
  insert: string;
}

/** One change to the text, as the plan's edits write it. */
export type Change =
  | { splice: Splice }
  | { mark: { from: number; to: number; mark: Mark; on: boolean } }
  | { write: { blocks: Block[] } };

/** Two positions in the plan's text; equal for a caret. */
export interface Range {
  anchor: number;
  head: number;
}

/** The plan's text, for which an editor stands. */
export interface Host {
  /** Carries out changes to the text as it is now, and says how it then is. */
  edit(changes: Change[]): Block[];
  /**
   * As `edit`, for a splice of the text as it was when `select` was last told of a selection.
   * `after` is the selection in that text with the splice done, and is held from now on.
   */
  editLate(splice: Splice, after: Range): Block[];
  /** Keeps hold of the selection's place, whatever others write. */
  select(range: Range): void;
  /** Where the selection now is. */
  selected(): Range;
}

const REMOTE = "plan";

export class Binding {
  /** What the editor showed when others' changes began to wait; nothing while none do. */
  private behind: PmNode | undefined;

  constructor(
    public state: EditorState,
    private readonly host: Host,
  ) {}

  /** Keeps hold of where the selection is, as after each change of it. */
  hold(): void {
    this.host.select(rangeOf(this.state));
  }

  /** Takes a transaction of the editor's, and tells the plan. */
  apply(transaction: Transaction): EditorState {
    const before = this.state;
    const { state, transactions } = before.applyTransaction(transaction);
    this.state = state;
    const changed = transactions.filter((each) => each.docChanged && !each.getMeta(REMOTE));
    if (this.behind === undefined) {
      if (changed.length > 0) {
        this.tell(changed);
      }
      if (changed.length > 0 || !state.selection.eq(before.selection)) {
        this.hold();
      }
    }
    return this.state;
  }

  /**
   * Shows the plan's text as it now is. While `composing`, the editor is left
   * alone: nothing may change under a word that is still being put together.
   */
  show(blocks: Block[], composing = false): EditorState {
    if (composing) {
      this.behind ??= this.state.doc;
      return this.state;
    }
    if (this.behind !== undefined) {
      return this.catchUp();
    }
    return this.take(documentOf(blocks));
  }

  /** Ends what `show` began while composing: both sides' changes are kept. */
  catchUp(): EditorState {
    const base = this.behind;
    if (base === undefined) {
      return this.state;
    }
    this.behind = undefined;
    const late = difference(plainText(base), plainText(this.state.doc));
    return this.take(documentOf(late === undefined ? this.host.edit([]) : this.host.editLate(late, rangeOf(this.state))));
  }

  private tell(transactions: readonly Transaction[]): void {
    const whole = (): Change[] => [{ write: { blocks: blocksOf(this.state.doc) } }];
    const changes = changesOf(transactions);
    let now = documentOf(this.host.edit(changes ?? whole()));
    if (changes !== undefined && !now.eq(this.state.doc)) {
      // The plan extends marks by rules of its own, for example.
      now = documentOf(this.host.edit(whole()));
    }
    if (!now.eq(this.state.doc)) {
      this.hold();
      this.take(now);
    }
  }

  /** Makes the editor's document into `next`, and leaves the selection on its words. */
  private take(next: PmNode): EditorState {
    const transaction = this.state.tr;
    replaceDiffering(transaction, next);
    if (transaction.docChanged) {
      const { anchor, head } = this.host.selected();
      const at = (plain: number) => transaction.doc.resolve(documentPosition(transaction.doc, plain));
      transaction.setSelection(TextSelection.between(at(anchor), at(head)));
      transaction.setMeta(REMOTE, true).setMeta("addToHistory", false);
      this.state = this.state.apply(transaction);
    }
    return this.state;
  }
}

function rangeOf(state: EditorState): Range {
  const { anchor, head } = state.selection;
  return { anchor: plainPosition(state.doc, anchor), head: plainPosition(state.doc, head) };
}

/**
 * What transactions did, when it is one range replaced within a block or marks
 * put on or taken off; nothing when only the whole text can say it.
 */
function changesOf(transactions: readonly Transaction[]): Change[] | undefined {
  const [transaction, more] = transactions;
  if (transaction === undefined || more !== undefined) {
    return undefined;
  }
  const [before] = transaction.docs;
  if (before === undefined) {
    return undefined;
  }
  const [step, another] = transaction.steps;
  if (step instanceof ReplaceStep && another === undefined) {
    const splice = spliceOf(before, step);
    return splice && [{ splice }];
  }
  const marks: Change[] = [];
  for (const step of transaction.steps) {
    if (!(step instanceof AddMarkStep || step instanceof RemoveMarkStep)) {
      return undefined;
    }
    const [from, to] = [plainPosition(before, step.from), plainPosition(before, step.to)];
    marks.push({ mark: { from, to, mark: planMarkOf(step.mark), on: step instanceof AddMarkStep } });
  }
  return marks;
}

function spliceOf(before: PmNode, step: ReplaceStep): Splice | undefined {
  const { from, to, slice } = step;
  const $from = before.resolve(from);
  const inOneBlock = $from.parent.isTextblock && $from.sameParent(before.resolve(to));
  if (!inOneBlock || slice.openStart > 0 || slice.openEnd > 0) {
    return undefined;
  }
  const insert = slice.content.textBetween(0, slice.content.size);
  const text = $from.parent.textContent;
  const start = $from.parentOffset;
  const whole = insert.isWellFormed() && !splitsPair(text, start) && !splitsPair(text, start + to - from);
  return whole ? { at: plainPosition(before, from), delete: to - from, insert } : undefined;
}

/** Whether a position lies within a character of two units. */
function splitsPair(text: string, position: number): boolean {
  return /[\ud800-\udbff]/.test(text[position - 1] ?? "") && /[\udc00-\udfff]/.test(text[position] ?? "");
}

/** The smallest range whose replacement turns one text into another. */
function difference(before: string, after: string): Splice | undefined {
  if (before === after) {
    return undefined;
  }
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) {
    start += 1;
  }
  if (splitsPair(before, start) || splitsPair(after, start)) {
    start -= 1;
  }
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) {
    end += 1;
  }
  if (splitsPair(before, before.length - end) || splitsPair(after, after.length - end)) {
    end -= 1;
  }
  return { at: start, delete: before.length - end - start, insert: after.slice(start, after.length - end) };
}

/**
 * Replaces what differs from `next`, block by block where both have as many of
 * them, so that one's own steps in the blocks between keep their places.
 */
function replaceDiffering(transaction: Transaction, next: PmNode): void {
  replaceContent(transaction, 0, transaction.doc, next);
  if (!transaction.doc.eq(next)) {
    transaction.replaceWith(0, transaction.doc.content.size, next.content);
  }
}

/** Makes the content of `was`, which begins at `start`, into that of `is`. */
function replaceContent(transaction: Transaction, start: number, was: PmNode, is: PmNode): void {
  if (was.isTextblock || was.childCount !== is.childCount) {
    replaceRange(transaction, start, was, is);
    return;
  }
  // From the end, so that positions before it stay as they are.
  let at = start + was.content.size;
  for (let index = was.childCount - 1; index >= 0; index -= 1) {
    const [old, now] = [was.child(index), is.child(index)];
    at -= old.nodeSize;
    if (old.eq(now)) {
      continue;
    }
    if (old.isTextblock !== now.isTextblock) {
      transaction.step(new ReplaceStep(at, at + old.nodeSize, new Slice(Fragment.from(now), 0, 0)));
      continue;
    }
    if (!old.sameMarkup(now)) {
      transaction.setNodeMarkup(at, now.type, now.attrs);
    }
    replaceContent(transaction, at + 1, old, now);
  }
}

/** Replaces the one range in which the content of `was` at `start` differs from that of `is`. */
function replaceRange(transaction: Transaction, start: number, was: PmNode, is: PmNode): void {
  const from = was.content.findDiffStart(is.content);
  const ends = was.content.findDiffEnd(is.content);
  if (from === null || ends === null) {
    return;
  }
  const overlap = Math.max(0, from - Math.min(ends.a, ends.b));
  transaction.maybeStep(new ReplaceStep(start + from, start + ends.a + overlap, is.slice(from, ends.b + overlap)));
}
