// `samskriv` as people type it.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { samskriv } from "./relay.js";

/** Runs a command that must succeed, and answers with what it printed. */
export async function run(...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(samskriv, words, { maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}
