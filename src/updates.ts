// A new version of the app is offered, never forced: the one in use goes on
// until the reader says yes. Said to and by the wasm app as events on `window`:
//
//   samskriv:offline-ready   the app now opens without a network
//   samskriv:update          a new version is here and waits
//   samskriv:apply-update    the reader wants it: it takes over and the page reloads

import { Workbox } from "workbox-window";

/** Registers the service worker and passes its news on to the app. */
export async function offerUpdates(): Promise<void> {
  if (!("serviceWorker" in navigator)) {
    return;
  }
  const worker = new Workbox("/sw.js");

  worker.addEventListener("activated", ({ isUpdate }) => {
    if (!isUpdate) {
      announce("samskriv:offline-ready");
    }
  });
  worker.addEventListener("waiting", () => announce("samskriv:update"));

  // Only the tab that asked reloads; another may be in the middle of a sentence.
  addEventListener("samskriv:apply-update", () => {
    worker.addEventListener("controlling", () => location.reload());
    worker.messageSkipWaiting();
  });

  await worker.register();

  // An installed app can stay open for weeks without a navigation.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      // Without a network there is nothing new; the next time asks again.
      worker.update().catch(() => undefined);
    }
  });
}

function announce(event: string): void {
  dispatchEvent(new CustomEvent(event));
}
