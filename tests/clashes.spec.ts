// Where two set one field differently, each value stands with its name until
// someone chooses: in its place, and beside the plan.

import { type Person, expect, test } from "./support/test.js";
import type { PlanPage } from "./support/plan-page.js";
import { begin, join } from "./support/visitor.js";

/** Two people set a weight, a version and who made it, apart. */
const THEIRS = [
  { weight: "55 %", version: "6.1", by: "Tokke kommune" },
  { weight: "65 %", version: "6.2", by: "Vinje kommune" },
] as const;

test("whatever two set apart, beside the plan there is a choice that settles it for both", async ({ arrive }) => {
  test.setTimeout(180_000);
  const people = [await arrive("Tokke"), await arrive("Vinje")] as const;
  const plans = await open(people);
  await Promise.all(people.map((person) => person.goOffline()));
  for (const [index, plan] of plans.entries()) {
    const { weight, version, by } = THEIRS[index]!;
    await set(plan, "Vekt, delmål 1", weight);
    await set(plan, "Versjon, Logg 6.0", version);
    // The row's fields are called by its version.
    await set(plan, `Sist endra av, Logg ${version}`, by);
    await plan.saved();
  }
  await Promise.all(people.map((person) => person.goOnline()));

  const [plan, partner] = plans;
  for (const each of plans) {
    await each.synchronised();
    await expect(beside(each).getByRole("group")).toHaveCount(3);
  }
  for (const [what, value] of [
    [/^Vekt, Delmål 1$/, "65 %"],
    [/^Versjon, Logg$/, "6.2"],
    [/^Sist endra av, Logg$/, "Tokke kommune"],
  ] as const) {
    const group = beside(plan).getByRole("group", { name: what });
    await expect(group.getByRole("button")).toHaveCount(2);
    await group.getByRole("button", { name: `Vel ${value}` }).click();
    await expect(group).toHaveCount(0);
  }
  await expect(beside(partner).getByRole("group")).toHaveCount(0);
  for (const each of plans) {
    await expect(each.paper.getByRole("textbox", { name: "Vekt, delmål 1" })).toHaveValue(/^65\s%$/);
    await expect(each.paper.getByRole("textbox", { name: "Sist endra av, Logg 6.2" })).toHaveValue("Tokke kommune");
  }
});

async function open(people: readonly [Person, Person]): Promise<[PlanPage, PlanPage]> {
  const plan = await begin(people[0]);
  const partner = await join(people[1], await plan.editLink());
  await partner.synchronised();
  for (const each of [plan, partner]) {
    await each.page.getByText(/^Logg \(/).click();
  }
  return [plan, partner];
}

async function set(plan: PlanPage, field: string, value: string): Promise<void> {
  const input = plan.paper.getByRole("textbox", { name: field, exact: true });
  await input.fill(value);
  await input.press("Tab");
}

function beside(plan: PlanPage) {
  return plan.page.getByRole("complementary", { name: "Sidepanel" });
}
