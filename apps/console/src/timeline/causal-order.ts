import { topics } from '@orderloom/contracts';
import type { Instant } from '@orderloom/kernel';

/** Identity of a message: source and id, because two senders may use the same id. */
export interface Name {
  readonly source: string;
  readonly id: string;
}

/** The properties of a line that determine its position in the timeline. */
export interface Positioned extends Name {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly recordedAt: Instant;
  readonly causation: string | null;
  readonly causationSource: string | null;
}

export const nameOf = ({ source, id }: Name): string => JSON.stringify([source, id]);

/** Lines by their cause: by source and id; if the source of the cause is unknown, by an id that only one line has. */
export class Causes<Line extends Positioned> {
  private readonly byName: ReadonlyMap<string, Line>;
  private readonly byId = new Map<string, Line | null>();

  constructor(lines: readonly Line[]) {
    this.byName = new Map(lines.map((line) => [nameOf(line), line]));
    for (const line of lines) this.byId.set(line.id, this.byId.has(line.id) ? null : line);
  }

  of({ causation, causationSource }: Pick<Positioned, 'causation' | 'causationSource'>): Line | undefined {
    if (causation === null) return undefined;
    if (causationSource === null) return this.byId.get(causation) ?? undefined;
    return this.byName.get(nameOf({ source: causationSource, id: causation }));
  }
}

/**
 * Sorts lines causally: the next line is always the oldest one whose cause is placed. Pure. A cycle of causes starts at its oldest line.
 * `follows`: lines that follow another line without naming it as cause.
 */
export function orderCausally<Line extends Positioned>(lines: readonly Line[], follows: ReadonlyMap<Line, Line> = new Map()): Line[] {
  const oldestFirst = [...lines].sort(byAge);
  const causes = new Causes(lines);
  const effects = new Map<Line, Line[]>();
  const ready: Line[] = [];
  for (const line of oldestFirst) {
    const cause = causes.of(line) ?? follows.get(line);
    if (cause === undefined) ready.push(line);
    else effects.set(cause, [...(effects.get(cause) ?? []), line]);
  }

  const told = new Set<Line>();
  for (const oldest of oldestFirst) {
    // nothing is ready although `oldest` is not placed: its causes form a cycle
    if (ready.length === 0 && !told.has(oldest)) ready.push(oldest);
    for (let next = ready.shift(); next; next = ready.shift()) {
      if (told.has(next)) continue;
      told.add(next);
      for (const effect of effects.get(next) ?? []) insert(ready, effect);
    }
  }
  return [...told];
}

const ranks = new Map(topics.map(({ topic }, rank) => [topic, rank]));
const rankOf = ({ topic }: Positioned): number => ranks.get(topic) ?? ranks.size;

/** By `recordedAt`; at equal times foreign topics first, then by partition and offset. */
const byAge = (a: Positioned, b: Positioned): number =>
  compare(a.recordedAt, b.recordedAt) ||
  rankOf(a) - rankOf(b) ||
  a.partition - b.partition ||
  Number(a.offset) - Number(b.offset) ||
  compare(nameOf(a), nameOf(b));
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Inserts `line` into the sorted list `ready`. */
function insert<Line extends Positioned>(ready: Line[], line: Line): void {
  const place = ready.findIndex((other) => byAge(line, other) < 0);
  ready.splice(place < 0 ? ready.length : place, 0, line);
}
