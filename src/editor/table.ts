// Editing of tables: what a toolbar and keys do in them. Each is a command as
// ProseMirror has them: it says whether it applies, and does it when it is
// given `dispatch`.
//
// A table is rows of cells and nothing more, and after a merge its rows may
// differ in length. So a column is what has the same number in each row. Each
// command is the smallest steps, so that undoing it leaves what others wrote.

import { keydownHandler } from "prosemirror-keymap";
import type { Node as PmNode } from "prosemirror-model";
import { Fragment, Slice } from "prosemirror-model";
import type { Command, Transaction } from "prosemirror-state";
import { Plugin, Selection, TextSelection } from "prosemirror-state";

import { schema } from "./blocks";

/** A cell, by its place in the table that begins at `at` in the document. */
interface Place {
  at: number;
  table: PmNode;
  row: number;
  column: number;
}

/** Cells are the only textblocks that keep what is done in them within. */
function isCell(node: PmNode | null | undefined): boolean {
  return node?.type.spec.isolating === true && node.isTextblock;
}

function isTable(node: PmNode | null | undefined): boolean {
  return node?.type.name === "table";
}

function placeOf({ $head }: Selection): Place | undefined {
  const depth = $head.depth - 2;
  return isCell($head.parent)
    ? { at: $head.before(depth), table: $head.node(depth), row: $head.index(depth), column: $head.index(depth + 1) }
    : undefined;
}

/** A command that applies within a table; `change` gives nothing where it does not. */
function inTable(change: (transaction: Transaction, place: Place) => Transaction | undefined): Command {
  return (state, dispatch) => {
    const place = placeOf(state.selection);
    const transaction = place && change(state.tr, place);
    if (transaction) {
      dispatch?.(transaction.scrollIntoView());
    }
    return transaction !== undefined;
  };
}

/** Where a row begins; one beyond the last begins where the table's content ends. */
function rowStart({ table, at }: Place, row: number): number {
  return table.children.slice(0, row).reduce((start, each) => start + each.nodeSize, at + 1);
}

/** Where a cell begins; one beyond the last begins where the row's content ends. */
function cellStart(place: Place, row: number, column: number): number {
  const cells = place.table.child(row).children.slice(0, column);
  return cells.reduce((start, each) => start + each.nodeSize, rowStart(place, row) + 1);
}

function rowOf(name: "cell" | "head", columns: number): PmNode {
  return schema.node(
    "row",
    null,
    Array.from({ length: columns }, () => schema.node(name)),
  );
}

/** Selects what is in a cell of the table at `at`, or in the nearest when it has no such. */
function select(transaction: Transaction, at: number, row: number, column: number): Transaction {
  const table = transaction.doc.nodeAt(at);
  if (table) {
    row = Math.min(row, table.childCount - 1);
    column = Math.min(column, table.child(row).childCount - 1);
    const start = cellStart({ at, table, row, column }, row, column) + 1;
    const end = start + table.child(row).child(column).content.size;
    transaction.setSelection(TextSelection.create(transaction.doc, start, end));
  }
  return transaction;
}

/**
 * Inserts a table, whose first row heads its columns, after the block with the
 * caret, or instead of it when it is empty.
 */
export function insertTable(rows: number, columns: number): Command {
  return ({ doc, selection: { $from }, tr }, dispatch) => {
    const index = Math.min($from.index(0), doc.childCount - 1);
    const block = doc.child(index);
    if (!block.isTextblock) {
      return false;
    }
    // Tables that follow each other would be one, and after one there must be
    // somewhere to write on.
    const instead = block.content.size === 0 && !(index > 0 && isTable(doc.child(index - 1)));
    const next = doc.maybeChild(index + 1);
    const cells = Array.from({ length: rows }, (_, row) => rowOf(row === 0 ? "head" : "cell", columns));
    const table = schema.node("table", null, cells);
    const start = $from.posAtIndex(index, 0);
    const end = start + block.nodeSize;
    const at = instead ? start : end;
    const nodes = next === null || isTable(next) ? [table, schema.node("paragraph")] : [table];
    dispatch?.(select(tr.replaceWith(at, end, nodes), at, 0, 0).scrollIntoView());
    return true;
  };
}

function addRow(transaction: Transaction, place: Place, column: number): Transaction {
  const { at, table, row } = place;
  const cells = rowOf("cell", table.child(row).childCount);
  return select(transaction.insert(rowStart(place, row + 1), cells), at, row + 1, column);
}

/** Adds a row below the caret's, and goes to it. */
export const addRowAfter = inTable((transaction, place) => addRow(transaction, place, place.column));

/** Adds a column after the caret's, and goes to it. */
export const addColumnAfter = inTable((transaction, place) => {
  const { at, table, row, column } = place;
  // From the last row, so that positions before it stay as they are.
  for (let each = table.childCount - 1; each >= 0; each -= 1) {
    const cells = table.child(each);
    const beside = Math.min(column, cells.childCount - 1);
    transaction.insert(cellStart(place, each, beside + 1), cells.child(beside).type.create());
  }
  return select(transaction, at, row, column + 1);
});

/** Deletes the caret's row, and a table that had only that. */
export const deleteRow = inTable((transaction, place) => deleteCells(transaction, place, (row) => row === place.row));

/** Deletes the caret's column, and the rows and the table that had only that. */
export const deleteColumn = inTable((transaction, place) =>
  deleteCells(transaction, place, (_, column) => column === place.column),
);

/** Deletes the table around the caret. */
export const deleteTable = inTable((transaction, place) => deleteCells(transaction, place, () => true));

function deleteCells(
  transaction: Transaction,
  place: Place,
  goes: (row: number, column: number) => boolean,
): Transaction {
  const { at, table } = place;
  const stays = table.children.map((cells, row) => cells.children.some((_, column) => !goes(row, column)));
  if (!stays.includes(true)) {
    const rest = transaction.doc.childCount > 1 ? [] : schema.node("paragraph");
    transaction.replaceWith(at, at + table.nodeSize, rest);
    return transaction.setSelection(Selection.near(transaction.doc.resolve(at)));
  }
  for (let row = table.childCount - 1; row >= 0; row -= 1) {
    if (!stays[row]) {
      transaction.delete(rowStart(place, row), rowStart(place, row + 1));
      continue;
    }
    for (let column = table.child(row).childCount - 1; column >= 0; column -= 1) {
      if (goes(row, column)) {
        transaction.delete(cellStart(place, row, column), cellStart(place, row, column + 1));
      }
    }
  }
  return select(transaction, at, place.row, place.column);
}

/** Goes to the next cell (Tab), where there is none to a new row, or to the cell before. */
export function goToNextCell(direction: 1 | -1): Command {
  return inTable((transaction, place) => {
    const { at, table, row, column } = place;
    const to = column + direction;
    if (to >= 0 && to < table.child(row).childCount) {
      return select(transaction, at, row, to);
    }
    if (row + direction === table.childCount) {
      return addRow(transaction, place, 0);
    }
    // Before the first cell there is none: the key means what it else does.
    return row + direction < 0 ? undefined : select(transaction, at, row + direction, direction < 0 ? Infinity : 0);
  });
}

/** Goes to the end of the cell below (Enter), and from the last row to the text after the table. */
export const goToCellBelow = inTable((transaction, { at, table, row, column }) => {
  if (row + 1 < table.childCount) {
    const { doc, selection } = select(transaction, at, row + 1, column);
    return transaction.setSelection(TextSelection.create(doc, selection.to));
  }
  const end = at + table.nodeSize;
  if (!transaction.doc.nodeAt(end)?.isTextblock) {
    transaction.insert(end, schema.node("paragraph"));
  }
  return transaction.setSelection(TextSelection.create(transaction.doc, end + 1));
});

/**
 * Deletes what is selected in more than one cell and leaves the cells. Where it
 * begins or ends outside of the table, the blocks there stay too.
 */
export const clearCells: Command = ({ selection, tr }, dispatch) => {
  const { $from, $to, from, to } = selection;
  if ($from.sameParent($to) || !(isCell($from.parent) || isCell($to.parent))) {
    return false;
  }
  const { doc } = tr;
  doc.nodesBetween(from, to, (node, start) => {
    if (node.isText) {
      tr.delete(tr.mapping.map(Math.max(from, start)), tr.mapping.map(Math.min(to, start + node.nodeSize)));
    }
  });
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, from)).scrollIntoView());
  return true;
};

/**
 * What keys do in tables, and that a cell stays one line, in which what is typed
 * or pasted stays too. Elsewhere it leaves all to the plugins after it.
 */
export const tables = new Plugin({
  props: {
    handleKeyDown: keydownHandler({
      Tab: goToNextCell(1),
      "Shift-Tab": goToNextCell(-1),
      Enter: goToCellBelow,
      Backspace: clearCells,
      Delete: clearCells,
    }),
    handleTextInput: (view, _from, _to, text) =>
      clearCells(view.state, (cleared) => view.dispatch(cleared.insertText(text))),
    transformPasted: (slice, view) => (isCell(view.state.selection.$from.parent) ? asOneLine(slice) : slice),
  },
});

/** The text of a slice with its marks, a space between its blocks. */
function asOneLine(slice: Slice): Slice {
  const inline: PmNode[] = [];
  slice.content.descendants((node) => {
    if (node.isText) {
      inline.push(node);
    } else if (node.isTextblock && inline.length > 0) {
      inline.push(schema.text(" "));
    }
  });
  return new Slice(Fragment.from(inline), 0, 0);
}
