import { topics } from '@orderloom/contracts';
import type { Instant } from '@orderloom/kernel';

/** What a message is known by: two senders may use one id. */
export interface Name {
  readonly source: string;
  readonly id: string;
}

/** What decides on the place of a line in its story. */
export interface Positioned extends Name {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly recordedAt: Instant;
  readonly causation: string | null;
  readonly causationSource: string | null;
}

export const nameOf = ({ source, id }: Name): string => JSON.stringify([source, id]);

/** Lines by what caused them: by source and id; where the source of the cause is not known, by an id that only one line has. */
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
 * A story in order: always the oldest line whose cause is told. Pure; a circle of causes begins at its oldest. `follows`: lines that come
 * after another one though they do not name it as their cause.
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
    // nothing is ready although `oldest` is untold: its causes go round in a circle
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

/** By `recordedAt`; of the same time, by the place on the log, what others say before what is made of it. */
const byAge = (a: Positioned, b: Positioned): number =>
  compare(a.recordedAt, b.recordedAt) ||
  rankOf(a) - rankOf(b) ||
  a.partition - b.partition ||
  Number(a.offset) - Number(b.offset) ||
  compare(nameOf(a), nameOf(b));
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Puts `line` into `ready`, which stays sorted. */
function insert<Line extends Positioned>(ready: Line[], line: Line): void {
  const place = ready.findIndex((other) => byAge(line, other) < 0);
  ready.splice(place < 0 ? ready.length : place, 0, line);
}
