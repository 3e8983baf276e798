// What crosses a person's sockets, in both directions, as the relay and anyone
// in between could read it.

import type { Page } from "@playwright/test";

/** Begins to keep every frame of every socket that this page opens from now on. */
export function recordFrames(page: Page): { sent: Buffer[]; received: Buffer[] } {
  const frames = { sent: [] as Buffer[], received: [] as Buffer[] };
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => frames.sent.push(Buffer.from(payload)));
    socket.on("framereceived", ({ payload }) => frames.received.push(Buffer.from(payload)));
  });
  return frames;
}
