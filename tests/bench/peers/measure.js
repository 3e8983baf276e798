// What `crates/bench` measures of the relay, of another server: `node measure.js PEER
// FOLDER` prints one line of JSON.

import { setTimeout as sleep } from "node:timers/promises";
import { secondsToEqual } from "./offline.js";
import { ServerProcess } from "./server-process.js";

const TEXT = "text";
const DEVICES = 200;
const EDITS_EACH = 25;
const OTHERS = [1, 10, 100];
const ROUNDS = 200;
/** Milliseconds between two edits. */
const PACE = 50;
/** As much text as a plan has. */
const LETTERS = 100_000;
const CONNECTIONS = 1_000;
const PER_DOCUMENT = 10;
const TRIES = 10;
/** Milliseconds within which each server has stored a document that rests. */
const STORED = 4_000;

const [peer, data] = process.argv.slice(2);
const { Device } = await import(`./${peer}.js`);

const figures = {
  appends_per_core: await withServer(appendsPerCore),
  seen_ms: {},
  connection_bytes: await withServer(connectionBytes),
  seconds_to_equal: await withServer((server) => secondsToEqual(peer, { Device }, server.port)),
  lost: await withServer(lost),
};
for (const others of OTHERS) {
  figures.seen_ms[others] = await withServer((server) => seen(server, others));
}
console.log(JSON.stringify(figures));
process.exit(0);

async function withServer(work) {
  const server = await ServerProcess.start(peer, data);
  const figure = await work(server);
  await server.end();
  return figure;
}

/** Acknowledged edits for each second of the server's processor time. */
async function appendsPerCore(server) {
  const devices = [];
  for (let device = 0; device < DEVICES; device += 1) {
    devices.push(await Device.create(server.port, [TEXT]));
  }
  const before = server.processorSeconds();
  await Promise.all(
    devices.map(async (device) => {
      for (let edit = 0; edit < EDITS_EACH; edit += 1) {
        device.type(TEXT, "word");
        await device.acknowledged();
      }
    }),
  );
  const seconds = server.processorSeconds() - before;
  close(devices);
  return (DEVICES * EDITS_EACH) / seconds;
}

/** Milliseconds from an edit until another device has it, at the 95th percentile. */
async function seen(server, others) {
  const writer = await Device.create(server.port, [TEXT]);
  writer.type(TEXT, "x".repeat(LETTERS));
  await writer.acknowledged();
  const times = [];
  const readers = [];
  let sent = 0;
  for (let reader = 0; reader < others; reader += 1) {
    const device = await Device.join(server.port, writer.id);
    readers.push(device);
  }
  await sleep(1000);
  for (const device of readers) {
    device.onChange(() => times.push(performance.now() - sent));
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    sent = performance.now();
    writer.type(TEXT, "word");
    await writer.acknowledged();
    while (times.length < (round + 1) * others) {
      await sleep(1);
    }
    await sleep(PACE);
  }
  close([writer, ...readers]);
  times.sort((a, b) => a - b);
  return times[Math.floor((times.length - 1) * 0.95)];
}

/** Memory of the server for each idle connection. */
async function connectionBytes(server) {
  const warm = await connect(server, PER_DOCUMENT);
  await sleep(STORED);
  const before = server.memory();
  const held = await connect(server, CONNECTIONS);
  await sleep(STORED);
  const bytes = (server.memory() - before) / CONNECTIONS;
  close([...warm, ...held]);
  return bytes;
}

async function connect(server, count) {
  const devices = [];
  let id;
  while (devices.length < count) {
    if (devices.length % PER_DOCUMENT === 0) {
      const device = await Device.create(server.port, [TEXT]);
      device.type(TEXT, "a few words that somebody wrote");
      await device.acknowledged();
      id = device.id;
      devices.push(device);
    } else {
      devices.push(await Device.join(server.port, id));
    }
  }
  return devices;
}

/** How many acknowledged edits were gone after the server was killed. */
async function lost(server) {
  const first = await Device.create(server.port, [TEXT]);
  first.type(TEXT, "-");
  await first.acknowledged();
  await sleep(STORED);
  first.goOffline();
  let gone = 0;
  for (let round = 0; round < TRIES; round += 1) {
    const device = await Device.join(server.port, first.id);
    const before = device.letters([TEXT]);
    device.type(TEXT, "x");
    await device.acknowledged();
    await server.kill();
    device.goOffline();
    await server.spawn();
    const fresh = await Device.join(server.port, first.id);
    gone += fresh.letters([TEXT]) === before + 1 ? 0 : 1;
    fresh.goOffline();
  }
  return gone;
}

function close(devices) {
  for (const device of devices) {
    device.goOffline();
  }
}
