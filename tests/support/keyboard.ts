// Someone who has a keyboard and nothing else: no mouse, no finger. Who tests with
// this never clicks, fills or focuses an element by a script.

import { type Locator, type Page, expect } from "@playwright/test";

/** More stops than any page of these tests has. */
const MOST_STOPS = 900;

export class Keyboard {
  constructor(readonly page: Page) {}

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
    }
  }

  async type(words: string): Promise<void> {
    await this.page.keyboard.type(words);
  }

  /** Goes on with Tab, or another key, until `target` has the focus; says after how many. */
  async goTo(target: Locator, key = "Tab"): Promise<number> {
    for (let stops = 0; stops < MOST_STOPS; stops += 1) {
      if (await has(target)) {
        return stops;
      }
      await this.page.keyboard.press(key);
    }
    throw new Error(`${MOST_STOPS} times ${key} did not lead to ${target}`);
  }

  /** Goes to something and presses it; says after how many stops. */
  async choose(target: Locator): Promise<number> {
    const stops = await this.goTo(target);
    await this.page.keyboard.press("Enter");
    return stops;
  }

  /** Goes to a field and writes in place of what is in it. */
  async write(field: Locator, words: string): Promise<void> {
    await this.goTo(field);
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.type(words);
  }
}

/** Whether it, one of what the locator finds, has the focus. */
async function has(target: Locator): Promise<boolean> {
  return (await target.and(target.page().locator(":focus")).count()) > 0;
}

/** Nothing on the page is wider than the window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [content, window] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth] as const;
  });
  expect(content, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(window);
}
