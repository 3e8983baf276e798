// A person's line to the network: a forward proxy that can be cut, and that
// counts what passes. Cutting it takes away everything at once, open sockets and
// the service worker's own requests too, which a browser's offline switch does
// not. It leads to the test's relays and nowhere else: a browser calls home by
// itself, and a test has no business on the network.

import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo, type Socket } from "node:net";

export class Line {
  /** What the browser asked the relay for, in order: paths of requests, its `host:port` for a socket. */
  readonly requests: string[] = [];
  readonly #server: http.Server;
  readonly #sockets = new Set<Socket>();
  #received = 0;
  #open = true;
  readonly #relays: Set<string>;

  private constructor(relay: string) {
    this.#relays = new Set([relay]);
    this.#server = http.createServer((request, response) => this.#forward(request, response));
    this.#server.on("connect", (request, socket: Socket, head) => this.#tunnel(request, socket, head));
    this.#server.on("connection", (socket) => this.#keep(socket));
  }

  /** A line to `relay`, a host with its port. */
  static async open(relay: string): Promise<Line> {
    const line = new Line(relay);
    line.#server.listen(0, "127.0.0.1");
    await once(line.#server, "listening");
    return line;
  }

  /** Leads to another relay too, a host with its port. */
  leadTo(relay: string): void {
    this.#relays.add(relay);
  }

  /** The proxy's address, for the browser's settings. */
  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Bytes the browser has been sent, as they crossed the wire with their headers. */
  get received(): number {
    let open = 0;
    for (const socket of this.#sockets) {
      open += socket.bytesWritten;
    }
    return this.#received + open;
  }

  cut(): void {
    this.#open = false;
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  mend(): void {
    this.#open = true;
  }

  async dispose(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #keep(socket: Socket): void {
    if (!this.#open) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    // The other end may go at any time; that is the point of a line.
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      this.#received += socket.bytesWritten;
      this.#sockets.delete(socket);
    });
  }

  #forward(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = new URL(request.url ?? "");
    if (!this.#relays.has(url.host)) {
      response.destroy();
      return;
    }
    this.requests.push(url.pathname);
    const onward = http.request(url, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.once("error", () => response.destroy());
    request.pipe(onward);
  }

  #tunnel(request: http.IncomingMessage, socket: Socket, head: Buffer): void {
    const { host, hostname, port } = new URL(`http://${request.url}`);
    if (!this.#relays.has(host)) {
      socket.destroy();
      return;
    }
    this.requests.push(host);
    const onward = net.connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.once("error", () => socket.destroy());
    onward.once("close", () => socket.destroy());
    socket.once("close", () => onward.destroy());
  }
}
