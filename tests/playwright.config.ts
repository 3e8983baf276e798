import { defineConfig } from "@playwright/test";

// Started by `cargo xtask test`, which builds the app and the relay and names
// the browser. Who opens what, and where, is in support/.
export default defineConfig({
  testDir: ".",
  outputDir: "../test-results",
  // Each test starts browsers of its own, up to six of them.
  workers: 1,
  fullyParallel: false,
  // A test that only holds the second time has found something.
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 120_000,
  expect: { timeout: 15_000 },
});
