// Writing in a text while others write in it too: the caret stays, a word that is
// being put together is left alone, and undoing takes back only what is one's own.

import type { CDPSession, Locator } from "@playwright/test";
import type { PlanPage } from "./support/plan-page.js";
import { type Person, expect, test } from "./support/test.js";
import { begin, join } from "./support/visitor.js";

const TEXT = "Tekst, kapittel 1";

/** Two people with one plan and both at hand. */
async function two(arrive: (name: string) => Promise<Person>): Promise<[Person, PlanPage, Person, PlanPage]> {
  const [one, other] = [await arrive("Tokke"), await arrive("Seljord")];
  const plan = await begin(one);
  const partner = await join(other, await plan.editLink());
  await partner.synchronised();
  return [one, plan, other, partner];
}

function text(plan: PlanPage): Locator {
  return plan.paper.getByRole("textbox", { name: TEXT });
}

/** What stands before the caret in the text that has the focus. */
async function beforeCaret(field: Locator): Promise<string> {
  return field.evaluate((element) => {
    const selection = getSelection();
    if (!selection?.focusNode || !element.contains(selection.focusNode)) {
      return "the caret is elsewhere";
    }
    const range = document.createRange();
    range.setStart(element, 0);
    range.setEnd(selection.focusNode, selection.focusOffset);
    return range.toString();
  });
}

async function write(plan: PlanPage, words: string): Promise<void> {
  await plan.writeInChapter(1, words);
  await plan.saved();
}

test("the caret stays on its word while a partner writes in the same paragraph", async ({ arrive }) => {
  const [one, plan, other, partner] = await two(arrive);
  await write(plan, "Kommunane går saman.");
  await expect(text(partner)).toContainText("Kommunane går saman.");

  await text(plan).focus();
  await one.page.keyboard.press("ControlOrMeta+End");
  for (let left = "saman.".length; left > 0; left -= 1) {
    await one.page.keyboard.press("ArrowLeft");
  }
  const paragraph = text(partner).getByText("Kommunane går saman.");
  await paragraph.click();
  await other.page.keyboard.press("Home");
  await other.page.keyboard.type("Dei seks: ");
  await expect(text(plan)).toContainText("Dei seks: Kommunane går saman.");
  expect(await beforeCaret(text(plan))).toMatch(/Dei seks: Kommunane går $/);

  // Both at once, in the same sentence.
  await Promise.all([
    one.page.keyboard.type("tett ", { delay: 40 }),
    other.page.keyboard.type("små ", { delay: 40 }),
  ]);
  for (const each of [plan, partner]) {
    await expect(text(each)).toContainText("Dei seks: små Kommunane går tett saman.");
  }
  expect(await beforeCaret(text(plan))).toMatch(/går tett $/);
  expect(await beforeCaret(text(partner))).toMatch(/Dei seks: små $/);
});

/** Puts a word together as an input method does, without ending it. */
async function compose(session: CDPSession, word: string): Promise<void> {
  await session.send("Input.imeSetComposition", { text: word, selectionStart: word.length, selectionEnd: word.length });
}

test("a word that is being put together survives what a partner writes", async ({ arrive }) => {
  const [one, plan, other, partner] = await two(arrive);
  await write(plan, "Tiltaket");
  await expect(text(partner)).toContainText("Tiltaket");
  const session = await one.context.newCDPSession(one.page);

  await text(plan).focus();
  await one.page.keyboard.press("ControlOrMeta+End");
  await one.page.keyboard.type(" ");
  await compose(session, "blir");
  await compose(session, "blir sam");

  await text(partner).getByText("Tiltaket").click();
  await other.page.keyboard.press("Home");
  await other.page.keyboard.type("Obs: ");
  await plan.saved();
  await expect(text(partner)).toContainText("Obs: Tiltaket");

  await compose(session, "blir samordna");
  await session.send("Input.insertText", { text: "blir samordna" });
  await one.page.keyboard.type(".");
  for (const each of [plan, partner]) {
    await expect(text(each)).toContainText("Obs: Tiltaket blir samordna.");
  }
  expect(await beforeCaret(text(plan))).toMatch(/samordna\.$/);
});

test("undoing takes back one's own words and leaves the partner's", async ({ arrive }) => {
  const [one, plan, other, partner] = await two(arrive);
  await write(plan, "Grunnlag.");
  await expect(text(partner)).toContainText("Grunnlag.");

  await text(plan).focus();
  await one.page.keyboard.press("ControlOrMeta+End");
  await one.page.keyboard.type(" Mitt.");
  await text(partner).getByText("Grunnlag.").click();
  await other.page.keyboard.press("Home");
  await other.page.keyboard.type("Ditt. ");
  await expect(text(plan)).toContainText("Ditt. Grunnlag. Mitt.");

  await one.page.keyboard.press("ControlOrMeta+z");
  for (const each of [plan, partner]) {
    await expect(text(each)).toContainText("Ditt. Grunnlag.");
    await expect(text(each)).not.toContainText("Mitt.");
  }
  await one.page.keyboard.press("ControlOrMeta+Shift+z");
  await expect(text(partner)).toContainText("Ditt. Grunnlag. Mitt.");

  // What was undone can be redone also after the text was out of hand.
  await one.page.keyboard.press("ControlOrMeta+z");
  await plan.title.focus();
  await text(plan).focus();
  await one.page.keyboard.press("ControlOrMeta+Shift+z");
  await expect(text(partner)).toContainText("Ditt. Grunnlag. Mitt.");
});

test("lists, headings, notes, marks and links are written with the keyboard alone", async ({ arrive }) => {
  const person = await arrive("Vinje");
  const plan = await begin(person);
  const { keyboard } = person.page;
  const field = text(plan);
  await field.focus();
  await keyboard.press("ControlOrMeta+a");
  await keyboard.press("Delete");
  await keyboard.type("Kva vi ");
  await keyboard.press("ControlOrMeta+b");
  await keyboard.type("skal");
  await keyboard.press("ControlOrMeta+b");
  await keyboard.type(" gjere");
  await keyboard.press("Enter");
  await keyboard.type("- tomter");
  await keyboard.press("Enter");
  await keyboard.press("Tab");
  await keyboard.type("i sentrum");
  await keyboard.press("Enter");
  // An empty item steps out: first to the outer list, then out of it.
  await keyboard.press("Enter");
  await keyboard.press("Enter");
  await keyboard.type("1. kartlegg");
  await keyboard.press("Enter");
  await keyboard.press("Enter");
  await keyboard.type("# Vidare");
  await keyboard.press("Enter");
  await keyboard.type("Sjå nettsida");

  // By Shift+Tab to the buttons, along them with the arrows, and back.
  await keyboard.press("ControlOrMeta+Shift+ArrowLeft");
  // The browser tells the page of a selection a frame later.
  await person.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await keyboard.press("Shift+Tab");
  const buttons = plan.paper.getByRole("toolbar", { name: "Formatering" });
  await expect(buttons.getByRole("button", { name: "Feit" })).toBeFocused();
  await keyboard.press("End");
  await expect(buttons.getByRole("button", { name: "Lenkje" })).toBeFocused();
  await keyboard.press("Enter");
  await expect(plan.paper.getByRole("textbox", { name: "Adressa til lenkja" })).toBeFocused();
  await keyboard.type("vest-telemark.example");
  await keyboard.press("Enter");
  await expect(field).toBeFocused();

  await plan.title.focus();
  await expect(field.getByRole("heading", { name: "Vidare" })).toBeVisible();
  await expect(field.getByRole("listitem")).toHaveText(["tomter", "i sentrum", "kartlegg"]);
  await expect(field.getByRole("strong")).toHaveText("skal");
  await expect(field.getByRole("link", { name: "nettsida" })).toHaveAttribute("href", "https://vest-telemark.example");
  await person.page.reload();
  await expect(field.getByRole("listitem")).toHaveText(["tomter", "i sentrum", "kartlegg"]);
});

test("where the editor is not here, a text is written in a plain field", async ({ arrive }) => {
  const person = await arrive("Nissedal");
  await person.context.route("**/assets/editor-*.js", (route) => route.abort());
  const plan = await begin(person);
  const field = text(plan);
  await field.focus();
  // The field takes the place and the name of the text.
  await expect(field.and(person.page.locator("textarea"))).toBeFocused();
  await person.page.keyboard.press("ControlOrMeta+End");
  await person.page.keyboard.type("\nSkrive utan knappar.");
  await plan.title.focus();
  await expect(field.getByText("Skrive utan knappar.")).toBeVisible();
  await plan.saved();
});

test("the editor is here without a network once it was fetched", async ({ arrive }) => {
  const person = await arrive("Kviteseid");
  const plan = await begin(person);
  await plan.saved();
  await person.installed();
  await person.page.waitForFunction(async () => {
    const kept = await (await caches.open("when-used")).keys();
    return kept.some(({ url }) => url.includes("/assets/editor-"));
  });
  await person.goOffline();
  await person.page.reload();
  await plan.writeInChapter(1, "Skrive utan nett.");
  await plan.saved();
});
