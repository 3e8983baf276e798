// Starts the app: styles, wasm, and the service worker that opens it without a network.

import "../style/main.css";
import init from "../target/web/pkg/samskriv.js";
import wasm from "../target/web/pkg/samskriv_bg.wasm?url";
import { watchForStop } from "./stopped";
import { offerUpdates } from "./updates";

watchForStop();
try {
  await init({ module_or_path: wasm });
} catch (error) {
  // An empty page says nothing; the reader must learn that the plans are safe.
  document.querySelector("#no-start")?.removeAttribute("hidden");
  throw error;
}

// After the app, so that it hears of a version that was waiting already.
// While writing the app there is no worker: it would serve yesterday's page.
if (import.meta.env.PROD) {
  await offerUpdates();
}
