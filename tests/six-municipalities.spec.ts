// The main job: six municipalities write one plan, each without a network, and
// meet again with nothing lost.

import type { PlanPage } from "./support/plan-page.js";
import { type Person, expect, test } from "./support/test.js";
import { begin, join, reopen } from "./support/visitor.js";

const MUNICIPALITIES = ["Fyresdal", "Kviteseid", "Nissedal", "Seljord", "Tokke", "Vinje"] as const;
type Municipality = (typeof MUNICIPALITIES)[number];

/** The measures of Delmål 1 that the example comes with. */
const FIRST = "Samarbeid om innsiktsarbeid og kartlegging for bustadstrategi";
const SECOND = "Risikoreduserande tiltak ved bustadbygging";
const FOURTH = "«Kompetansesirkel»";
const FIFTH = "Vandrande bygdevekstseminar";

/** A municipality's person, and the plan on the page. */
interface Seat {
  municipality: Municipality;
  person: Person;
  plan: PlanPage;
}

/** What one writes while away; each text is found word for word afterwards. */
function prose(municipality: Municipality) {
  return {
    measure: `Bustadtiltak frå ${municipality}`,
    own: `${municipality} har kartlagt kvar det står hus tome i kommunen.`,
    chapter: `${municipality} møter med to folkevalde i arbeidsgruppa.`,
    shared: `I ${municipality} ventar folk for lenge på ein ledig bustad.`,
  };
}

/** Fyresdal begins the plan and sends its link; the others come by it. */
async function gather(arrive: (name: string) => Promise<Person>): Promise<Seat[]> {
  const [first, ...others] = MUNICIPALITIES;
  const person = await arrive(first);
  const plan = await begin(person);
  const link = await plan.editLink();
  const seats: Seat[] = [{ municipality: first, person, plan }];
  for (const municipality of others) {
    const other = await arrive(municipality);
    seats.push({ municipality, person: other, plan: await join(other, link) });
  }
  await allAlike(seats);
  return seats;
}

async function leave(seats: Seat[]): Promise<void> {
  for (const { person } of seats) {
    await person.installed();
    await person.goOffline();
  }
}

/** What each does alone. Every text goes in as keys on a keyboard. */
async function writeApart({ municipality, plan }: Seat): Promise<void> {
  const texts = prose(municipality);
  // A section that all begin, of a kind that the measure does not have yet.
  await plan.measure(1, SECOND).beginSection("Første steg");
  await plan.measure(1, SECOND).write("Første steg", texts.shared);
  const added = await plan.addMeasure(1, texts.measure);
  await added.beginSection("Skildring av tiltaket");
  await added.write("Skildring av tiltaket", texts.own);
  await plan.writeInChapter(4, texts.chapter);
  if (municipality === "Fyresdal") {
    await plan.measure(1, SECOND).setTimeFrame("2025–2027");
  }
  if (municipality === "Vinje") {
    await plan.measure(1, SECOND).setTimeFrame("2027–2028");
    await plan.measure(1, FIRST).write("Utfordring", "Hyttene tek tomtene i Vinje.");
  }
  if (municipality === "Seljord") {
    await plan.measure(1, FIRST).write("Utfordring", "Leigeprisane stig i Seljord.");
  }
  if (municipality === "Tokke") {
    await plan.measure(1, FIFTH).moveUp();
  }
  await plan.saved();
}

/** All have the same document, and every device says that it is at the relay. */
async function allAlike(seats: Seat[]): Promise<void> {
  for (const { plan } of seats) {
    await plan.synchronised();
  }
  await expect
    .poll(async () => new Set(await Promise.all(seats.map(({ plan }) => plan.heads()))).size, { timeout: 90_000 })
    .toBe(1);
  expect(await seats[0]?.plan.heads()).not.toBe("");
}

/** Delmål 1 with six measures more, numbered through, the moved one before the one it passed. */
async function expectMeasures(seats: Seat[]): Promise<void> {
  const all = await Promise.all(seats.map(({ plan }) => plan.measures(1)));
  const [measures = []] = all;
  for (const others of all) {
    expect(others).toEqual(measures);
  }
  expect(measures.map((measure) => Number.parseInt(measure))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const titles = measures.map((measure) => measure.replace(/^\d+ /, ""));
  expect(titles).toEqual(expect.arrayContaining(MUNICIPALITIES.map((municipality) => prose(municipality).measure)));
  expect(titles.slice(0, 5)).toEqual([FIRST, SECOND, "Pilot: «Gøtt nøkk»", FIFTH, FOURTH]);
}

/** Both time frames of the second measure stand there, each with its municipality. */
async function expectBothTimeFrames({ plan }: Seat): Promise<void> {
  const clash = plan.measure(1, SECOND).row.getByRole("group", { name: "Tidsramme, tiltak 2" });
  await expect(clash).toContainText(/2025–2027[^–]*Fyresdal kommune/);
  await expect(clash).toContainText(/2027–2028[^–]*Vinje kommune/);
  await expect(clash.getByRole("button")).toHaveCount(2);
}

/** What everyone wrote, in one's own measure, in a chapter, and in sections with others. */
async function expectAllProse({ plan }: Seat): Promise<void> {
  const second = await plan.measure(1, SECOND).section();
  const steps = second.getByRole("textbox", { name: "Første steg, tiltak 2" });
  await expect(steps).toHaveCount(1);
  const chapter = plan.page.getByRole("textbox", { name: "Tekst, kapittel 4" });
  for (const municipality of MUNICIPALITIES) {
    const texts = prose(municipality);
    await expect(steps).toContainText(texts.shared);
    await expect(chapter).toContainText(texts.chapter);
    await expect(await plan.measure(1, texts.measure).section()).toContainText(texts.own);
  }
  const challenge = (await plan.measure(1, FIRST).section()).getByRole("textbox", { name: "Utfordring, tiltak 1" });
  await expect(challenge).toContainText("Husa blir eldre, få flyttar på seg");
  await expect(challenge).toContainText("Hyttene tek tomtene i Vinje.");
  await expect(challenge).toContainText("Leigeprisane stig i Seljord.");
}

async function expectNothingLost(seats: Seat[]): Promise<void> {
  await allAlike(seats);
  await expectMeasures(seats);
  for (const seat of seats) {
    await expectBothTimeFrames(seat);
    await expectAllProse(seat);
  }
}

function seatOf(seats: Seat[], municipality: Municipality): Seat {
  const seat = seats.find((seat) => seat.municipality === municipality);
  if (!seat) {
    throw new Error(`${municipality} is not here`);
  }
  return seat;
}

test.describe.configure({ timeout: 600_000 });

test("six write apart and meet with one plan", async ({ arrive }) => {
  const seats = await gather(arrive);
  await leave(seats);
  for (const seat of seats) {
    await writeApart(seat);
  }
  for (const { person } of seats) {
    await person.goOnline();
  }
  await expectNothingLost(seats);
});

test("they do so with the relay killed on the way and a browser closed while away", async ({ arrive, relay }) => {
  const seats = await gather(arrive);
  await leave(seats);
  for (const seat of seats) {
    await writeApart(seat);
  }

  // Seljord's machine is turned off and on again, still without a network.
  const seljord = seatOf(seats, "Seljord");
  const heads = await seljord.plan.heads();
  const { path } = seljord.plan;
  await seljord.person.closeBrowser();
  await seljord.person.openBrowser();
  seljord.plan = await reopen(seljord.person, path);
  await expect(seljord.plan.paper).toHaveAttribute("data-heads", heads);
  await expect(seljord.plan.measureRows(1)).toHaveCount(7);
  await expect(seljord.plan.paper.getByText(prose("Seljord").own)).toBeVisible();

  // Three come back and send; the relay goes down in the middle of it, and the
  // others come back while it is away.
  const [early, late] = [seats.slice(0, 3), seats.slice(3)];
  for (const { person } of early) {
    await person.goOnline();
  }
  await seatOf(seats, "Fyresdal").plan.synchronised();
  await relay.kill();
  await seatOf(seats, "Fyresdal").plan.writeInChapter(5, "Formannskapet i Fyresdal har planen oppe to gonger.");
  for (const { person } of late) {
    await person.goOnline();
  }
  await relay.restart();

  await expectNothingLost(seats);
  for (const { plan } of seats) {
    await expect(plan.paper.getByText("Formannskapet i Fyresdal har planen oppe to gonger.")).toBeVisible();
  }
});
