// Tab through a text. In a list and in a table Tab has a use of its own, but not
// for whoever only comes by on the way to something else: until something is done
// in a text that got the focus, Tab leads on, and changes nothing.

import { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

/** The editors in which nothing has been done since they got the focus. */
const passing = new WeakSet<EditorView>();

/** Something is done in it from outside, by a button. */
export function takeInHand(view: EditorView): void {
  passing.delete(view);
}

/** Stands before what binds Tab. */
export const passage = new Plugin({
  view: (view) => {
    // The focus is there already when it is what made the editor.
    passing.add(view);
    return {};
  },
  props: {
    handleDOMEvents: {
      focus: (view) => void passing.add(view),
      click: (view) => void passing.delete(view),
      keydown: (view, { key }) => {
        if (key !== "Tab" && key !== "Shift") {
          passing.delete(view);
        }
        // The browser's own, then.
        return key === "Tab" && passing.has(view);
      },
    },
  },
});
