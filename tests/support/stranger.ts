// Someone who speaks to the relay's socket and means no good: raw WebSocket
// frames (RFC 6455), with lengths and bytes that no browser would send.

import { randomBytes } from "node:crypto";
import http from "node:http";
import type { Socket } from "node:net";

const BINARY_AND_LAST = 0x82;
const MASKED = 0x80;
const LENGTH_IN_8_BYTES = 127;

/** A socket to the relay, with nothing said yet. */
export class Stranger {
  readonly #gone: Promise<void>;

  private constructor(private readonly socket: Socket) {
    this.#gone = new Promise((resolve) => socket.once("close", () => resolve()));
    // The relay may hang up while something is still being sent to it.
    socket.on("error", () => socket.destroy());
    socket.resume();
  }

  static connect(relay: string): Promise<Stranger> {
    const request = http.request(new URL("/sync", relay), {
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
      },
    });
    return new Promise((resolve, reject) => {
      request.once("upgrade", (_response, socket: Socket) => resolve(new Stranger(socket)));
      request.once("response", ({ statusCode }) => reject(new Error(`no socket: ${statusCode}`)));
      request.once("error", reject);
      request.end();
    });
  }

  /** One binary message. `length` says how long the frame claims to be. */
  send(message: Buffer, length = message.length): void {
    const head = Buffer.alloc(14);
    head[0] = BINARY_AND_LAST;
    head[1] = MASKED | LENGTH_IN_8_BYTES;
    head.writeBigUInt64BE(BigInt(length), 2);
    // The mask is all zeros, so the message stands as it is.
    this.socket.write(head);
    this.socket.write(message);
  }

  /** Bytes that are no WebSocket frame. */
  sendRaw(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** Resolves when the relay has hung up. */
  get gone(): Promise<void> {
    return this.#gone;
  }
}
