// A plan on the page, as those who write in it see and use it: everything is
// found by the name that a screen reader would say.

import { type Locator, type Page, expect } from "@playwright/test";

export class PlanPage {
  constructor(readonly page: Page) {}

  get paper(): Locator {
    return this.page.getByRole("main");
  }

  get title(): Locator {
    return this.paper.getByRole("textbox", { name: "Tittel", exact: true });
  }

  /** The words on saving and synchronising. */
  get state(): Locator {
    return this.page.getByRole("banner").getByRole("status");
  }

  /** Where the plan is kept: `/plan/<id>`. */
  get path(): string {
    return new URL(this.page.url()).pathname;
  }

  /** What names the document's exact content, the same on all devices that have the same; once it is open. */
  async heads(): Promise<string> {
    await expect(this.paper).not.toHaveAttribute("data-heads", "");
    return (await this.paper.getAttribute("data-heads")) ?? "";
  }

  /** All that is written here is at the relay, and nothing is known to be missing. */
  async synchronised(): Promise<void> {
    // A device that was away for long waits up to a minute before it tries again.
    const patience = { timeout: 90_000 };
    await expect(this.state).toContainText("synkronisert", patience);
    await expect(this.state).not.toContainText(/ventar|koplar|utan nett|ikkje komne/, patience);
  }

  async saved(): Promise<void> {
    await expect(this.state).toContainText("Lagra her");
  }

  /** The edit link, from the dialog. */
  async editLink(): Promise<string> {
    await this.page.getByRole("button", { name: "Del", exact: true }).click();
    const dialog = this.page.getByRole("dialog", { name: "Del planen" });
    const field = dialog.getByLabel("Lenkje for å skrive", { exact: true });
    await expect(field).toHaveValue(/\/join#./);
    const link = await field.inputValue();
    await dialog.getByRole("button", { name: "Lukk" }).click();
    return link;
  }

  /** Rows of a goal's table, without its head. */
  measureRows(goal: number): Locator {
    const table = this.page.getByRole("table", { name: /^Tiltak: / }).nth(goal - 1);
    return table.getByRole("row").filter({ has: this.page.getByRole("cell") });
  }

  /** «1 Title» for each measure of a goal, as its table has them. */
  async measures(goal: number): Promise<string[]> {
    return this.measureRows(goal).evaluateAll((rows) =>
      rows.map((row) => {
        const [number, measure] = row.querySelectorAll("td");
        return `${number?.textContent} ${measure?.querySelector("a")?.textContent}`;
      }),
    );
  }

  /** The measure with this title, wherever it stands now. */
  measure(goal: number, title: string): MeasureOnPage {
    const link = this.page.getByRole("link", { name: title, exact: true });
    return new MeasureOnPage(this, this.measureRows(goal).filter({ has: link }));
  }

  /** Adds a measure to a goal and gives it a title. */
  async addMeasure(goal: number, title: string): Promise<MeasureOnPage> {
    const before = await this.measureRows(goal).count();
    await this.page.getByRole("button", { name: `Legg til tiltak i delmål ${goal}` }).click();
    await expect(this.measureRows(goal)).toHaveCount(before + 1);
    const added = new MeasureOnPage(this, this.measureRows(goal).last());
    await (await added.section()).getByRole("textbox", { name: /^Tittel, tiltak/ }).pressSequentially(title);
    await expect(added.row.getByRole("link", { name: title, exact: true })).toBeVisible();
    return this.measure(goal, title);
  }

  /** Writes a paragraph of its own at the end of a chapter. */
  async writeInChapter(chapter: number, prose: string): Promise<void> {
    await writeParagraph(this.page.getByRole("textbox", { name: `Tekst, kapittel ${chapter}` }), prose);
  }
}

/** A measure: its row in the table, and its section further down. */
export class MeasureOnPage {
  constructor(
    private readonly plan: PlanPage,
    readonly row: Locator,
  ) {}

  async section(): Promise<Locator> {
    const anchor = await this.row.getByRole("link").first().getAttribute("href");
    return this.plan.page.locator(`[id="${anchor?.slice(1)}"]`);
  }

  async setTimeFrame(frame: string): Promise<void> {
    const field = this.row.getByRole("combobox", { name: /^Tidsramme/ });
    await field.fill(frame);
    await field.press("Tab");
    await expect(field).toHaveValue(frame);
  }

  async moveUp(): Promise<void> {
    await (await this.section()).getByRole("button", { name: /^Flytt tiltak \d+ opp$/ }).click();
  }

  /** Begins one of the sections that a measure usually has. */
  async beginSection(kind: string): Promise<void> {
    const section = await this.section();
    await section.getByRole("button", { name: `${kind}, tiltak` }).click();
    await expect(section.getByRole("textbox", { name: `${kind}, tiltak` })).toBeVisible();
  }

  /** Writes a paragraph of its own at the end of a section. */
  async write(kind: string, prose: string): Promise<void> {
    const section = await this.section();
    await writeParagraph(section.getByRole("textbox", { name: `${kind}, tiltak` }), prose);
  }
}

/** The browser tells the page of a selection, a width or a place a frame later. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Writes on at the end of a running text, in a paragraph of its own, and leaves it. */
async function writeParagraph(text: Locator, prose: string): Promise<void> {
  await text.focus();
  // With the focus it becomes an editor.
  await expect(text).toHaveAttribute("contenteditable", "true");
  const empty = (await text.innerText()).trim() === "";
  await text.press("ControlOrMeta+End");
  await drawn(text.page());
  if (!empty) {
    await text.press("Enter");
  }
  await text.pressSequentially(prose);
  await text.blur();
  await expect(text.getByText(prose)).toBeVisible();
}
