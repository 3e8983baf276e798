// Where others are writing, drawn into the text.

import type { Node as PmNode } from "prosemirror-model";
import { Decoration, DecorationSet } from "prosemirror-view";

import { documentPosition } from "./blocks";

/** Another's caret, at a position in the plan's text. */
export interface Caret {
  at: number;
  /** The name on its label. */
  who: string;
  /** Which of the parties' colours it has. */
  color: number;
}

/** The carets as decorations; they are no part of the text. */
export function decorationsOf(doc: PmNode, carets: readonly Caret[]): DecorationSet {
  const widgets = carets.map(({ at, who, color }) => {
    const draw = () => {
      const caret = document.createElement("span");
      caret.className = "caret";
      caret.dataset.who = who;
      caret.dataset.party = String(color);
      return caret;
    };
    return Decoration.widget(documentPosition(doc, at), draw, { key: `${who} ${color}`, side: 1, ignoreSelection: true });
  });
  return DecorationSet.create(doc, widgets);
}
