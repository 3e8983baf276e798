// Hocuspocus: its server with its way to a file, and a Yjs document with its provider.

import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Database } from "@hocuspocus/extension-database";
import { HocuspocusProvider, HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import { Server } from "@hocuspocus/server";
import WebSocket from "ws";
import * as Y from "yjs";

/** Serves what lies in a folder; the port. */
export async function serve(folder) {
  const file = (name) => join(folder, name);
  const server = new Server({
    address: "127.0.0.1",
    port: 0,
    quiet: true,
    extensions: [
      new Database({
        fetch: ({ documentName }) => readFile(file(documentName)).catch(() => null),
        store: ({ documentName, state }) => writeFile(file(documentName), state),
      }),
    ],
  });
  await server.listen();
  return server.httpServer.address().port;
}

/** A device with a document of texts, each under its name. */
export class Device {
  static async create(port, _texts) {
    return Device.join(port, randomUUID());
  }

  static async join(port, id) {
    const device = new Device(id);
    await device.goOnline(port);
    return device;
  }

  constructor(id) {
    this.id = id;
    this.doc = new Y.Doc();
  }

  async goOnline(port) {
    this.socket = new HocuspocusProviderWebsocket({
      url: `ws://127.0.0.1:${port}`,
      WebSocketPolyfill: WebSocket,
    });
    this.provider = new HocuspocusProvider({
      websocketProvider: this.socket,
      name: this.id,
      document: this.doc,
    });
    const synced = new Promise((resolve) => this.provider.on("synced", resolve));
    this.provider.attach();
    await synced;
  }

  goOffline() {
    this.provider.destroy();
    this.socket.destroy();
  }

  type(text, letters) {
    const target = this.doc.getText(text);
    target.insert(target.length, letters);
  }

  letters(texts) {
    return texts.reduce((sum, text) => sum + this.doc.getText(text).length, 0);
  }

  onChange(heard) {
    this.doc.on("update", heard);
  }

  /** Waits until the server has acknowledged all that was typed. */
  acknowledged() {
    if (!this.provider.hasUnsyncedChanges) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const heard = ({ number }) => {
        if (number === 0) {
          this.provider.off("unsyncedChanges", heard);
          resolve();
        }
      };
      this.provider.on("unsyncedChanges", heard);
    });
  }
}
