// The way to a plan: who one is, a new plan, a link.

import { type Page, expect } from "@playwright/test";
import type { Person } from "./person.js";
import { PlanPage } from "./plan-page.js";

/** Answers the two questions of the first visit. */
export async function introduce(page: Page, name: string, party: string): Promise<void> {
  await page.getByLabel("Namnet ditt").fill(name);
  await page.getByLabel("Kven skriv du for?").fill(party);
  await page.getByRole("button", { name: "Kom i gang" }).click();
}

/** From the list of plans to a new one with Vest-Telemark's facts. */
export async function newExample(page: Page): Promise<PlanPage> {
  await page.getByRole("button", { name: "Ny plan" }).click();
  await page.getByLabel("Utfylt døme").check();
  await page.getByRole("button", { name: "Lag planen" }).click();
  return shown(page);
}

/** From the list of plans to a new one without content. */
export async function newEmpty(page: Page, title: string): Promise<PlanPage> {
  await page.getByRole("button", { name: "Ny plan" }).click();
  await page.getByRole("dialog", { name: "Ny plan" }).getByLabel("Tittel").fill(title);
  await page.getByRole("button", { name: "Lag planen" }).click();
  return shown(page);
}

/** Someone of the municipality who comes for the first time and begins the example. */
export async function begin(person: Person): Promise<PlanPage> {
  await person.visit();
  await introduce(person.page, `${person.name}s prosjektleiar`, `${person.name} kommune`);
  return newExample(person.page);
}

/** Someone of the municipality who comes for the first time, by a plan's link. */
export async function join(person: Person, link: string): Promise<PlanPage> {
  await person.page.goto(link);
  await introduce(person.page, `${person.name}s prosjektleiar`, `${person.name} kommune`);
  return shown(person.page);
}

/** Opens a plan of this device again. */
export async function reopen(person: Person, path: string): Promise<PlanPage> {
  return shown(await person.visit(path));
}

async function shown(page: Page): Promise<PlanPage> {
  const plan = new PlanPage(page);
  // Six browsers may be at it at once.
  await expect(plan.title).toBeVisible({ timeout: 60_000 });
  return plan;
}
