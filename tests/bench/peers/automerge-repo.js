// automerge-repo: its server over WebSockets with its storage in files, and a repo
// for each device.

import { once } from "node:events";
import { createServer } from "node:http";
import * as Automerge from "@automerge/automerge";
import { Repo } from "@automerge/automerge-repo";
import {
  WebSocketClientAdapter,
  WebSocketServerAdapter,
} from "@automerge/automerge-repo-network-websocket";
import { NodeFSStorageAdapter } from "@automerge/automerge-repo-storage-nodefs";
import { WebSocketServer } from "ws";

/** Serves what lies in a folder; the port. */
export async function serve(folder) {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  new Repo({
    network: [new WebSocketServerAdapter(server)],
    storage: new NodeFSStorageAdapter(folder),
    // As its own sync server: documents are not offered to who did not ask.
    sharePolicy: async () => false,
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  return http.address().port;
}

/** A device with a document of texts, each under its name. */
export class Device {
  static async create(port, texts) {
    const device = new Device(port);
    await once(device.repo.networkSubsystem, "peer");
    device.handle = device.repo.create(Object.fromEntries(texts.map((text) => [text, ""])));
    await device.acknowledged();
    return device;
  }

  static async join(port, id) {
    const device = new Device(port);
    device.handle = await device.repo.find(id);
    return device;
  }

  constructor(port) {
    this.adapter = adapter(port);
    this.repo = new Repo({ network: [this.adapter] });
  }

  get id() {
    return this.handle.url;
  }

  async goOnline(port) {
    this.adapter = adapter(port);
    this.repo.networkSubsystem.addNetworkAdapter(this.adapter);
  }

  goOffline() {
    this.repo.networkSubsystem.removeNetworkAdapter(this.adapter);
  }

  type(text, letters) {
    this.handle.change((doc) => Automerge.splice(doc, [text], doc[text].length, 0, letters));
  }

  letters(texts) {
    const doc = this.handle.doc();
    return texts.reduce((sum, text) => sum + doc[text].length, 0);
  }

  onChange(heard) {
    this.handle.on("change", heard);
  }

  /** Waits until the server has said that it has all that was typed. */
  acknowledged() {
    const wanted = this.handle.heads().join();
    return new Promise((resolve) => {
      const heard = ({ heads }) => {
        if (heads.join() === wanted) {
          this.handle.off("remote-heads", heard);
          resolve();
        }
      };
      this.handle.on("remote-heads", heard);
    });
  }
}

function adapter(port) {
  return new WebSocketClientAdapter(`ws://127.0.0.1:${port}`);
}
