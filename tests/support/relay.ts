// The real relay, started as people start it, with data that is gone after the test.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "../..");
/** The command, which is also the relay. */
export const samskriv = process.env.SAMSKRIV ?? join(root, "target/debug/samskriv");

/** The app as `cargo xtask build` has made it. */
export const builtApp = join(root, "target/web/dist");

/** A relay in a process of its own. */
export class Relay {
  readonly #data: string;
  readonly #app: string;
  #process: ChildProcess;
  #port: number;

  private constructor(data: string, app: string, process: ChildProcess, port: number) {
    this.#data = data;
    this.#app = app;
    this.#process = process;
    this.#port = port;
  }

  /** Starts a relay on a free port and waits until it serves `app`. */
  static async start(app = builtApp): Promise<Relay> {
    const data = await mkdtemp(join(tmpdir(), "samskriv-relay-"));
    const { process, port } = await serve(data, app, 0);
    return new Relay(data, app, process, port);
  }

  /** The address of the app: `http://127.0.0.1:<port>`. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The folder with all that the relay has stored. */
  get data(): string {
    return this.#data;
  }

  /** Takes the process away without a word, as a power cut does (`kill -9`). */
  async kill(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const gone = once(this.#process, "exit");
      this.#process.kill("SIGKILL");
      await gone;
    }
  }

  /** Starts it again with the same data on the same port. */
  async restart(): Promise<void> {
    await this.kill();
    ({ process: this.#process, port: this.#port } = await serve(this.#data, this.#app, this.#port));
  }

  /** Ends it and removes its data. */
  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.#data, { recursive: true, force: true });
  }
}

/** Resolves once the relay has said which address it serves, and so serves it. */
async function serve(data: string, app: string, port: number): Promise<{ process: ChildProcess; port: number }> {
  const relay = spawn(samskriv, ["relay", "--listen", `127.0.0.1:${port}`, "--data", data, "--app", app], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  createInterface(relay.stderr).on("line", (line) => said.push(line));
  const served = new Promise<number>((resolve, reject) => {
    createInterface(relay.stdout).on("line", (line) => {
      said.push(line);
      const address = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line);
      if (address) {
        resolve(Number(address[1]));
      }
    });
    relay.once("error", reject);
    relay.once("exit", (code, signal) => {
      reject(new Error(`the relay ended (${code ?? signal}) and had said:\n${said.join("\n")}`));
    });
  });
  return { process: relay, port: await served };
}
