// What the app calls. The editor itself is fetched when the first plan is
// opened; until it is here, texts are shown and can't be written in.

import type { Editor, Host } from "./editor";
import type { Words } from "./toolbar";

let editor: typeof import("./editor") | undefined;

/** Fetches the editor. */
export async function loadEditor(): Promise<void> {
  editor = await import("./editor");
}

/** Makes an element that shows a text its editor; nothing while the editor is not here. */
export function openEditor(place: HTMLElement, host: Host, blocks: string, words: Words): Editor | undefined {
  return editor && new editor.Editor(place, host, blocks, words);
}
