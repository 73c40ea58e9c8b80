import type { Instant } from '@orderloom/kernel';

/** What decides on the place of a line in its story. */
export interface Placed {
  readonly id: string;
  readonly recordedAt: Instant;
  readonly causation: string | null;
}

/** A story in order: always the oldest line (by `recordedAt`, then id) whose cause is told. Pure; a circle of causes begins at its oldest. */
export function inOrder<Line extends Placed>(lines: readonly Line[]): Line[] {
  const oldestFirst = [...lines].sort(byAge);
  const ids = new Set(lines.map(({ id }) => id));
  const effects = new Map<string, Line[]>();
  const ready: Line[] = [];
  for (const line of oldestFirst) {
    const { causation } = line;
    if (causation === null || !ids.has(causation)) ready.push(line);
    else effects.set(causation, [...(effects.get(causation) ?? []), line]);
  }

  const told = new Set<Line>();
  for (const oldest of oldestFirst) {
    // nothing is ready although `oldest` is untold: its causes go round in a circle
    if (ready.length === 0 && !told.has(oldest)) ready.push(oldest);
    for (let next = ready.shift(); next; next = ready.shift()) {
      if (told.has(next)) continue;
      told.add(next);
      for (const effect of effects.get(next.id) ?? []) insert(ready, effect);
    }
  }
  return [...told];
}

const byAge = (a: Placed, b: Placed): number => compare(a.recordedAt, b.recordedAt) || compare(a.id, b.id);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Puts `line` into `ready`, which stays sorted. */
function insert<Line extends Placed>(ready: Line[], line: Line): void {
  const place = ready.findIndex((other) => byAge(line, other) < 0);
  ready.splice(place < 0 ? ready.length : place, 0, line);
}
