// Files that the page hands out and takes.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";

export interface Handed {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** What a button hands out. */
export async function downloaded(page: Page, button: string): Promise<Handed> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
  const buffer = await readFile(await download.path());
  return { name: download.suggestedFilename(), mimeType: "application/octet-stream", buffer };
}

/** Chooses a file by a button of this name. */
export async function choose(page: Page, file: Handed, button = "Opne ei fil"): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: button }).click(),
  ]);
  await chooser.setFiles(file);
}
