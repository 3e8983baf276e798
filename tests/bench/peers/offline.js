// Devices that write much offline and meet: this file is both the one who waits for
// them and, started with arguments, each of them.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";

const DEVICES = 6;
const EDITS_EACH = 10_000;
/** Milliseconds after which they are taken not to become equal. */
const PATIENCE = 120_000;
const SHARED = "shared";
const TEXTS = [...Array.from({ length: DEVICES }, (_, number) => `own${number}`), SHARED];

/** Seconds from when all go online until the last has everything; null if it takes too long. */
export async function secondsToEqual(peer, { Device }, port) {
  const { id } = await Device.create(port, TEXTS);
  const script = fileURLToPath(import.meta.url);
  const children = TEXTS.slice(0, DEVICES).map((own) =>
    fork(script, [peer, String(port), id, own]),
  );
  await Promise.all(children.map((child) => once(child, "message")));
  const begun = performance.now();
  const equal = Promise.all(
    children.map((child) => {
      const heard = once(child, "message");
      child.send("go online");
      return heard;
    }),
  );
  const late = sleep(PATIENCE, null, { ref: false });
  const ends = await Promise.race([equal, late]);
  const took = (performance.now() - begun) / 1000;
  for (const child of children) {
    child.kill("SIGKILL");
  }
  return ends && took;
}

async function writeAndMeet(peer, port, id, own) {
  const { Device } = await import(`./${peer}.js`);
  const device = await Device.join(port, id);
  device.goOffline();
  for (let edit = 0; edit < EDITS_EACH; edit += 1) {
    device.type(edit % 10 === 9 ? SHARED : own, "x");
  }
  process.send("written");
  await once(process, "message");
  device.goOnline(port);
  while (device.letters(TEXTS) < DEVICES * EDITS_EACH) {
    await sleep(10);
  }
  process.send("has all");
}

if (process.send) {
  await writeAndMeet(...process.argv.slice(2));
}
