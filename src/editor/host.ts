// What the app's wasm gives an editor, and how both write blocks and changes to
// each other; see src/editor/arrays.rs.

import type { Change, Host as Text } from "./binding";
import type { Block, Kind, Mark, Run } from "./blocks";
import { typeAndLevel } from "./blocks";

type PlainMark = [name: string, target?: string];
type PlainRun = [text: string, ...marks: PlainMark[]];
export type PlainBlock = [type: string, level: number, ...runs: PlainRun[]];
type PlainChange =
  | ["splice", at: number, length: number, insert: string]
  | ["mark", from: number, to: number, on: boolean, mark: PlainMark]
  | ["write", PlainBlock[]];

/** The plan's text, as the wasm can be called. */
export interface Host {
  /** Names the text among all others. */
  key(): string;
  /** Carries out changes and answers with the blocks. */
  edit(changes: PlainChange[]): PlainBlock[];
  editLate(at: number, length: number, insert: string, anchor: number, head: number): PlainBlock[];
  select(anchor: number, head: number): void;
  selected(): Uint32Array;
}

/** The plan's text as the binding speaks of it. */
export function textOf(host: Host): Text {
  return {
    edit: (changes) => blocksFrom(host.edit(changes.map(plainChange))),
    editLate: ({ at, delete: length, insert }, { anchor, head }) =>
      blocksFrom(host.editLate(at, length, insert, anchor, head)),
    select: ({ anchor, head }) => host.select(anchor, head),
    selected: () => {
      const [anchor = 0, head = 0] = host.selected();
      return { anchor, head };
    },
  };
}

export function blocksFrom(blocks: PlainBlock[]): Block[] {
  return blocks.map(([type, level, ...runs]) => ({ kind: kindFrom(type, level), runs: runs.map(runFrom) }));
}

function kindFrom(type: string, level: number): Kind {
  return type === "paragraph" || type === "note" ? type : ({ [type]: level } as Exclude<Kind, string>);
}

function runFrom([text, ...marks]: PlainRun): Run {
  return { text, marks: marks.map(([name, target]) => (target === undefined ? name : { [name]: target }) as Mark) };
}

function plainChange(change: Change): PlainChange {
  if ("splice" in change) {
    const { at, delete: length, insert } = change.splice;
    return ["splice", at, length, insert];
  }
  if ("mark" in change) {
    const { from, to, on, mark } = change.mark;
    return ["mark", from, to, on, plainMark(mark)];
  }
  return ["write", change.write.blocks.map(plainBlock)];
}

function plainBlock({ kind, runs }: Block): PlainBlock {
  return [...typeAndLevel(kind), ...runs.map(({ text, marks = [] }): PlainRun => [text, ...marks.map(plainMark)])];
}

function plainMark(mark: Mark): PlainMark {
  return typeof mark === "string" ? [mark] : ["link", mark.link];
}
