// What keys and buttons do to the text in the editor.

import { baseKeymap, chainCommands, toggleMark } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import type { Node as PmNode } from "prosemirror-model";
import type { Command, EditorState, Plugin } from "prosemirror-state";
import { TextSelection } from "prosemirror-state";

import type { Kind } from "./blocks";
import { kindOf, markType, nodeOf, schema } from "./blocks";
import { passage } from "./passing";
import { tables } from "./table";

const MOST_LEVELS = 2;

/** Whether every block of the selection is of this kind. */
export function isKind(state: EditorState, kind: Kind): boolean {
  const wanted = JSON.stringify(kind);
  return selectedBlocks(state).every(({ node }) => JSON.stringify(kindOf(node)) === wanted);
}

/** Makes the selected blocks of this kind, or paragraphs where they are already. */
export function toggleKind(kind: Kind): Command {
  return (state, dispatch) => {
    const [name, attrs] = nodeOf(isKind(state, kind) ? "paragraph" : kind);
    const type = schema.node(name, attrs).type;
    const blocks = selectedBlocks(state).filter(({ node }) => node.type.isTextblock && !node.type.spec.isolating);
    if (blocks.length === 0) {
      return false;
    }
    const transaction = state.tr;
    for (const { position } of blocks) {
      transaction.setNodeMarkup(position, type, attrs ?? null);
    }
    dispatch?.(transaction.scrollIntoView());
    return true;
  };
}

function selectedBlocks(state: EditorState): { node: PmNode; position: number }[] {
  const { from, to } = state.selection;
  const blocks: { node: PmNode; position: number }[] = [];
  state.doc.nodesBetween(from, to, (node, position) => {
    if (node.isTextblock) {
      blocks.push({ node, position });
    }
  });
  return blocks;
}

/** Moves list items a level in or out; not where there is no such level. */
function shiftLevel(by: 1 | -1): Command {
  return (state, dispatch) => {
    const items = selectedBlocks(state).filter(({ node }) => node.type === schema.nodes.item);
    const moved = items.filter(({ node }) => {
      const level = Number(node.attrs.level) + by;
      return level >= 1 && level <= MOST_LEVELS;
    });
    if (moved.length === 0) {
      return false;
    }
    const transaction = state.tr;
    for (const { node, position } of moved) {
      transaction.setNodeMarkup(position, null, { ...node.attrs, level: Number(node.attrs.level) + by });
    }
    dispatch?.(transaction);
    return true;
  };
}

/** The block the caret is in, when nothing is selected. */
function blockAtCaret(state: EditorState): PmNode | undefined {
  const { selection } = state;
  return selection instanceof TextSelection && selection.empty ? selection.$from.parent : undefined;
}

/** Steps out of what a block is: from the inner list to the outer, else to a paragraph. */
const stepOut: Command = (state, dispatch) => {
  const block = blockAtCaret(state);
  if (block === undefined || block.type === schema.nodes.paragraph || block.type.spec.isolating) {
    return false;
  }
  if (block.type === schema.nodes.item && shiftLevel(-1)(state, dispatch)) {
    return true;
  }
  return toggleKind("paragraph")(state, dispatch);
};

/** Enter in a list goes on with the list; in an empty item it leaves it. */
const enterInList: Command = (state, dispatch) => {
  const { $from } = state.selection;
  const block = $from.parent;
  if (block.type !== schema.nodes.item) {
    return false;
  }
  if (block.content.size === 0) {
    return stepOut(state, dispatch);
  }
  const transaction = state.tr.deleteSelection();
  transaction.split(transaction.selection.from, 1, [{ type: block.type, attrs: block.attrs }]);
  dispatch?.(transaction.scrollIntoView());
  return true;
};

/** Backspace at the start of a list item, heading or note makes it less of one. */
const backspaceAtStart: Command = (state, dispatch) => {
  const { $from } = state.selection;
  return $from.parentOffset === 0 && stepOut(state, dispatch);
};

/** Signs at the start of a paragraph that make it something else when a space follows. */
const SHORTCUTS: [signs: RegExp, kind: Kind][] = [
  [/^[-*•–]$/, { bullet: 1 }],
  [/^1[.)]$/, { numbered: 1 }],
  [/^#$/, { heading: 1 }],
  [/^##$/, { heading: 2 }],
];

/** What typing a space does after one of {@link SHORTCUTS}. */
export function spaceTyped(state: EditorState, dispatch: NonNullable<Parameters<Command>[1]>): boolean {
  const block = blockAtCaret(state);
  if (block?.type !== schema.nodes.paragraph) {
    return false;
  }
  const { $from } = state.selection;
  const before = block.textBetween(0, $from.parentOffset);
  const kind = SHORTCUTS.find(([signs]) => signs.test(before))?.[1];
  if (kind === undefined) {
    return false;
  }
  const [name, attrs] = nodeOf(kind);
  const transaction = state.tr.delete($from.start(), $from.pos);
  transaction.setNodeMarkup($from.before(), schema.node(name, attrs).type, attrs ?? null);
  dispatch(transaction);
  return true;
}

export const toggleBold = toggleMark(markType("bold"));
export const toggleItalic = toggleMark(markType("italic"));

/** Puts a link on the selection; an empty address takes it off. */
export function setLink(address: string): Command {
  return (state, dispatch) => {
    const type = markType("link");
    const [from, to] = linkRange(state);
    const transaction = state.tr.removeMark(from, to, type);
    const href = fullAddress(address);
    if (href !== "" && from === to) {
      transaction.insertText(address, from).addMark(from, from + address.length, type.create({ href }));
    } else if (href !== "") {
      transaction.addMark(from, to, type.create({ href }));
    }
    dispatch?.(transaction);
    return true;
  };
}

/** What is selected, or the whole of the link that the caret is in. */
function linkRange(state: EditorState): [number, number] {
  const { from, to, empty, $from } = state.selection;
  const href = linkAt(state);
  if (!empty || href === undefined) {
    return [from, to];
  }
  let [start, end] = [from, to];
  $from.parent.forEach((text, offset) => {
    const at = $from.start() + offset;
    const linked = text.marks.some((mark) => mark.attrs.href === href);
    if (linked && at <= from && from <= at + text.nodeSize) {
      [start, end] = [at, at + text.nodeSize];
    }
  });
  return [start, end];
}

/** The address of the link in which the selection begins. */
export function linkAt(state: EditorState): string | undefined {
  const { $from, from, to } = state.selection;
  const around = [...$from.marks(), ...($from.nodeAfter?.marks ?? [])];
  const mark = around.find((mark) => mark.type === markType("link"));
  const within = mark !== undefined || state.doc.rangeHasMark(from, to, markType("link"));
  return within ? (mark?.attrs.href as string | undefined) : undefined;
}

function fullAddress(address: string): string {
  const written = address.trim();
  if (written === "" || /^(https?:|mailto:|plan:)/i.test(written)) {
    return written;
  }
  return /^\S+@\S+$/.test(written) ? `mailto:${written}` : `https://${written}`;
}

/** Undo, redo and the keys, in the order in which they are asked. */
export function plugins(askForLink: Command): Plugin[] {
  return [
    passage,
    tables,
    history(),
    keymap({
      "Mod-z": undo,
      "Mod-y": redo,
      "Shift-Mod-z": redo,
      "Mod-b": toggleBold,
      "Mod-i": toggleItalic,
      "Mod-k": askForLink,
      "Mod-Alt-0": toggleKind("paragraph"),
      "Mod-Alt-1": toggleKind({ heading: 1 }),
      "Mod-Alt-2": toggleKind({ heading: 2 }),
      "Shift-Mod-7": toggleKind({ numbered: 1 }),
      "Shift-Mod-8": toggleKind({ bullet: 1 }),
      Tab: shiftLevel(1),
      "Shift-Tab": shiftLevel(-1),
      Enter: enterInList,
      "Shift-Enter": chainCommands(enterInList, baseKeymap.Enter ?? (() => false)),
      Backspace: backspaceAtStart,
    }),
    keymap(baseKeymap),
  ];
}
