// A person with a browser of their own: a profile on disk that outlives the
// browser, and a line to the network that can be cut.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, BrowserType, Page } from "@playwright/test";
import { Line } from "./line.js";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export class Person {
  #context: BrowserContext | undefined;
  #offline = false;

  private constructor(
    readonly name: string,
    readonly line: Line,
    readonly home: string,
    private readonly chromium: BrowserType,
    private readonly profile: string,
  ) {}

  /** A person who has never been here; `home` is the address of the app. */
  static async arrive(chromium: BrowserType, name: string, home: string): Promise<Person> {
    const profile = await mkdtemp(join(tmpdir(), "samskriv-person-"));
    const person = new Person(name, await Line.open(new URL(home).host), home, chromium, profile);
    await person.openBrowser();
    return person;
  }

  /** The first tab. */
  get page(): Page {
    const page = this.context.pages()[0];
    if (!page) {
      throw new Error(`${this.name} has no tab open`);
    }
    return page;
  }

  get context(): BrowserContext {
    if (!this.#context) {
      throw new Error(`${this.name}'s browser is closed`);
    }
    return this.#context;
  }

  /** Opens the app, or one of its pages, in the first tab. */
  async visit(path = "/"): Promise<Page> {
    await this.page.goto(new URL(path, this.home).href);
    return this.page;
  }

  /** Waits until the app can open without a network. */
  async installed(): Promise<void> {
    await this.page.evaluate(async () => {
      const { active } = await navigator.serviceWorker.ready;
      if (active && active.state !== "activated") {
        await new Promise((done) => active.addEventListener("statechange", done, { once: true }));
      }
    });
  }

  async goOffline(): Promise<void> {
    this.#offline = true;
    this.line.cut();
    await this.#context?.setOffline(true);
  }

  async goOnline(): Promise<void> {
    this.#offline = false;
    this.line.mend();
    await this.#context?.setOffline(false);
  }

  async closeBrowser(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
  }

  /** Ends the first tab's process, as the system does when memory is short, and opens another tab. */
  async killTab(): Promise<void> {
    const { page } = this;
    const crashed = page.waitForEvent("crash");
    const session = await this.context.newCDPSession(page);
    // It dies of the command, and never answers.
    session.send("Page.crash").catch(() => {});
    await crashed;
    await this.context.newPage();
    await page.close();
  }

  /** Ends the browser at once, as `kill -9` does, and opens it again. */
  async killBrowser(): Promise<void> {
    const closed = this.context.waitForEvent("close");
    const session = await this.context.newCDPSession(this.page);
    session.send("Browser.crash").catch(() => {});
    await closed;
    this.#context = undefined;
    await this.openBrowser();
  }

  /** Opens the browser with the profile it was closed with, as offline as it was. */
  async openBrowser(): Promise<void> {
    this.#context = await this.chromium.launchPersistentContext(this.profile, {
      ...(process.env.CHROME ? { executablePath: process.env.CHROME } : { channel: "chromium" }),
      args: ARGUMENTS,
      proxy: { server: this.line.address },
      locale: "nn-NO",
      timezoneId: "Europe/Oslo",
      viewport: { width: 1440, height: 1000 },
    });
    await this.#context.setOffline(this.#offline);
  }

  async dispose(): Promise<void> {
    await this.closeBrowser();
    await this.line.dispose();
    await rm(this.profile, { recursive: true, force: true });
  }
}
