// What is said of a part of the plan stands beside it, with who said it, until
// it is settled.

import { expect, test } from "./support/test.js";
import { begin, join } from "./support/visitor.js";

test("a comment on a measure reaches the partner, is answered and settled", async ({ arrive }) => {
  const [one, other] = [await arrive("Tokke"), await arrive("Vinje")];
  const plan = await begin(one);
  const partner = await join(other, await plan.editLink());
  await partner.synchronised();

  const measure = plan.measure(1, "Pilot: «Gøtt nøkk»");
  await (await measure.section()).getByRole("button", { name: "Kommenter Tiltak 3" }).click();
  await one.page.keyboard.type("Kven tek kontakt med bankane?");
  await one.page.getByRole("button", { name: "Legg til kommentar" }).click();
  const beside = (of: typeof plan) => of.page.getByRole("complementary", { name: "Sidepanel" });
  await expect(beside(plan).getByText("Kven tek kontakt med bankane?")).toBeVisible();

  const tab = beside(partner).getByRole("tab", { name: "Kommentarar 1" });
  await tab.click();
  await expect(beside(partner).getByText("Kven tek kontakt med bankane?")).toBeVisible();
  await expect(beside(partner).getByText(/^Tokke kommune · /)).toBeVisible();
  await beside(partner).getByRole("button", { name: "Svar: Tiltak 3" }).click();
  await other.page.keyboard.type("Det gjer vi i Vinje.");
  await other.page.getByRole("button", { name: "Legg til kommentar" }).click();

  await expect(beside(plan).getByRole("tab", { name: "Kommentarar 2" })).toBeVisible();
  await expect(beside(plan).getByText("Det gjer vi i Vinje.")).toBeVisible();
  await beside(plan).getByRole("button", { name: "Løyst" }).first().click();
  await expect(beside(partner).getByRole("tab", { name: "Kommentarar 1" })).toBeVisible();
  await expect(beside(partner).getByText("Kven tek kontakt med bankane?")).toHaveCount(0);
});

test("who has the plan open is shown at the top, and where they write in the text", async ({ arrive }) => {
  const [one, other] = [await arrive("Seljord"), await arrive("Kviteseid")];
  const plan = await begin(one);
  const partner = await join(other, await plan.editLink());
  await partner.synchronised();
  const here = plan.page.getByRole("list", { name: "Her no" });
  await expect(here.getByRole("listitem")).toHaveText(/Kviteseids prosjektleiar, Kviteseid kommune/);

  const text = (of: typeof plan) => of.paper.getByRole("textbox", { name: "Tekst, kapittel 2" });
  await text(partner).focus();
  await other.page.keyboard.type("Her skriv vi. ");
  const caret = text(plan).locator("[data-who]");
  await expect(caret).toHaveAttribute("data-who", "Kviteseid kommune");
  // Within the words that it stands by: the text goes on after it.
  await expect
    .poll(() => caret.evaluate((element) => element.previousSibling?.textContent ?? ""))
    .toMatch(/Her skriv vi\. $/);
  // Also while the text is in hand here.
  await text(plan).focus();
  await expect(caret).toHaveAttribute("data-who", "Kviteseid kommune");

  await other.closeBrowser();
  await expect(here).toHaveCount(0, { timeout: 60_000 });
  await expect(caret).toHaveCount(0);
});
