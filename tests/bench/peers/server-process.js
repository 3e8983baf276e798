// A peer's server as a process, and what the system says it costs.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The kernel counts processor time in hundredths of a second (proc(5)). */
const TICKS_PER_SECOND = 100;

export class ServerProcess {
  static async start(peer, data) {
    const server = new ServerProcess(peer, mkdtempSync(join(data, `${peer}-`)));
    await server.spawn();
    return server;
  }

  constructor(peer, folder) {
    this.peer = peer;
    this.folder = folder;
  }

  async spawn() {
    const script = fileURLToPath(new URL("serve.js", import.meta.url));
    this.process = spawn(process.execPath, [script, this.peer, this.folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(this.process.stdout, "data");
    this.port = Number(line);
  }

  /** Bytes of memory in use by the process itself. */
  memory() {
    const status = readFileSync(`/proc/${this.process.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) * 1024;
  }

  /** Seconds of processor time that all its threads have used. */
  processorSeconds() {
    const stat = readFileSync(`/proc/${this.process.pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** Ends the process as `kill -9` does. */
  async kill() {
    const gone = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await gone;
  }

  /** Ends it, and its folder goes. */
  async end() {
    await this.kill();
    rmSync(this.folder, { recursive: true });
  }
}
