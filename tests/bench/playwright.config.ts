import { defineConfig } from "@playwright/test";

// Started by `cargo xtask bench`. It measures, and fails only where it can't.
export default defineConfig({
  testDir: ".",
  testMatch: "*.bench.ts",
  outputDir: "../../test-results",
  reporter: "line",
  workers: 1,
  timeout: 900_000,
  expect: { timeout: 120_000 },
});
