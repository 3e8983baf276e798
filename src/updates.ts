// A new version of the app is offered, never forced: the one in use goes on
// until the reader says yes. Said to and by the wasm app as events on `window`:
//
//   samskriv:offline-ready   the app now opens without a network
//   samskriv:update          a new version is here and waits
//   samskriv:apply-update    the reader wants it: it takes over and the page reloads

/** Registers the service worker and passes its news on to the app. */
export async function offerUpdates(): Promise<void> {
  const { serviceWorker } = navigator;
  // Not there where the page came over plain HTTP from another machine.
  if (!serviceWorker) {
    return;
  }
  let isFirst = serviceWorker.controller === null;
  const registration = await serviceWorker.register("/sw.js");

  const tell = ({ currentTarget }: Event) => {
    const { state } = currentTarget as ServiceWorker;
    if (state === "installed" && registration.active) {
      announce("samskriv:update");
    } else if (state === "activated" && isFirst) {
      isFirst = false;
      announce("samskriv:offline-ready");
    }
  };
  const follow = () => registration.installing?.addEventListener("statechange", tell);
  // One that another tab began to install may be under way already. To follow
  // a worker twice does nothing.
  follow();
  registration.addEventListener("updatefound", follow);
  if (registration.waiting) {
    announce("samskriv:update");
  }

  // Only the tab that asked reloads; another may be in the middle of a sentence.
  addEventListener("samskriv:apply-update", () => {
    serviceWorker.addEventListener("controllerchange", () => location.reload());
    registration.waiting?.postMessage({ type: "SKIP_WAITING" });
  });

  // An installed app can stay open for weeks without a navigation.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      // Without a network there is nothing new; the next time asks again.
      registration.update().catch(() => undefined);
    }
  });
}

function announce(event: string): void {
  dispatchEvent(new CustomEvent(event));
}
