// What the app calls. The editor itself is fetched once someone has said who
// they are; where it is not here, texts are written in a plain field.

import type { Editor } from "./editor";
import type { Host, PlainBlock } from "./host";
import type { Words } from "./toolbar";

let editor: typeof import("./editor") | undefined;

/** Fetches the editor, and sees to it that it is here without a network from then on. */
export async function loadEditor(): Promise<void> {
  if (editor === undefined) {
    editor = await import("./editor");
    if (import.meta.env.PROD && "serviceWorker" in navigator) {
      void keep();
    }
  }
}

/** On the first visit the editor is here before the service worker is, which would else keep it. */
async function keep(): Promise<void> {
  await navigator.serviceWorker.ready;
  const cache = await caches.open("when-used");
  const fetched = performance.getEntriesByType("resource").map(({ name }) => name);
  const missing = fetched.filter((name) => /\/assets\/(editor|preload-helper)-[^/]*\.js$/.test(name));
  await Promise.all(missing.map(async (name) => (await cache.match(name)) ?? cache.add(name)));
}

/** Makes an element that shows a text its editor; nothing while the editor is not here. */
export function openEditor(place: HTMLElement, host: Host, blocks: PlainBlock[], words: Words): Editor | undefined {
  return editor && new editor.Editor(place, host, blocks, words);
}
