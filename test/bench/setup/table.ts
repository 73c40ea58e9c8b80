import type { Figure } from './rounds.js';

/** One line per figure. */
export const lines = (figures: readonly Figure[]): string[] =>
  figures.map(({ id, what, ours, theirs, unit, ratio, goal, met, note }) =>
    [
      id.padEnd(4),
      what.padEnd(66),
      `${number(ours).padStart(9)} ${unit}`.padEnd(20),
      (theirs === undefined ? '' : `against ${number(theirs)}`).padEnd(18),
      (ratio ? `${ratio.median.toFixed(2)} × [${ratio.from.toFixed(2)} – ${ratio.to.toFixed(2)}]` : '').padEnd(24),
      `${met ? 'met' : 'MISSED'}: ${goal}`.padEnd(18),
      note ?? '',
    ]
      .join(' ')
      .trimEnd(),
  );

const number = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));
