// A fault in the wasm app ends it where it stands: what is on the page no longer
// answers, and nothing more is saved. The reader must learn that at once.

/** Shows the notice when the app has stopped. */
export function watchForStop(): void {
  addEventListener("error", (event) => tell(event.error));
  addEventListener("unhandledrejection", (event) => tell(event.reason));
}

function tell(error: unknown): void {
  if (!(error instanceof WebAssembly.RuntimeError)) {
    return;
  }
  const notice = document.querySelector("#stopped");
  notice?.removeAttribute("hidden");
  notice?.scrollIntoView();
}
