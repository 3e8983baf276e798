// `test` with a page on which the editor's modules are, by the global name
// `editor`, without the app.

import { join } from "node:path";
import { test as base } from "@playwright/test";
import { build } from "vite";
import type { Rolldown } from "vite";

export { expect } from "@playwright/test";

export const test = base.extend<object, { script: string }>({
  script: [
    async ({}, use) => {
      const [bundle] = (await build({
        configFile: false,
        logLevel: "error",
        build: {
          write: false,
          minify: false,
          lib: { entry: join(import.meta.dirname, "editor-page.ts"), formats: ["iife"], name: "editor" },
        },
      })) as [Rolldown.RolldownOutput];
      await use(bundle.output[0].code);
    },
    { scope: "worker" },
  ],

  launchOptions: process.env.CHROME ? { executablePath: process.env.CHROME } : { channel: "chromium" },

  page: async ({ page, script }, use) => {
    await page.addScriptTag({ content: script });
    await use(page);
  },
});
