import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Behaviour, behaviour as defaults, type BehaviourRule } from '../behaviour.js';

type Overrides = Readonly<Record<string, BehaviourRule>> & { readonly orders?: Readonly<Record<string, Behaviour>> };

/** The input of a random choice: the question, the order, and the number of earlier requests. */
export interface Draw {
  readonly question: string;
  readonly subject: string;
  readonly round?: number;
}

/** Behaviour of the partners: defaults, overrides and a seed. */
export class BehaviourProfile {
  private readonly base: Behaviour;
  private readonly orders: readonly (readonly [pattern: string, Behaviour])[];

  constructor(
    private readonly seed: string,
    { orders = {}, ...overrides }: Overrides = {},
  ) {
    this.base = merge(defaults, overrides);
    this.orders = Object.entries(orders);
    for (const named of [overrides, ...Object.values(orders)]) refuseUnknown(named);
  }

  /** Reads overrides from a JSON file; defaults without one. Throws `RangeError` for an unknown question. */
  static read(seed: string, path: string | undefined): BehaviourProfile {
    return new BehaviourProfile(seed, path === undefined ? {} : (JSON.parse(readFileSync(path, 'utf8')) as Overrides));
  }

  of({ question: what, subject }: Draw): BehaviourRule {
    const special = this.orders.filter(([pattern]) => matches(subject, pattern)).map(([, behaviour]) => behaviour[what]);
    return Object.assign({}, this.base[what], ...special) as BehaviourRule;
  }

  /** A number from 0 (inclusive) to 1 (exclusive), determined by seed, draw and aspect. */
  chance(draw: Draw, aspect: string): number {
    const name = [this.seed, draw.subject, draw.question, draw.round ?? 0, aspect].join('\n');
    return createHash('sha256').update(name).digest().readUInt32BE() / 2 ** 32;
  }

  /** One of the answers, by weight. */
  choice(draw: Draw, aspect = 'answer'): string {
    const answers = Object.entries(this.of(draw).answers ?? {});
    let left = this.chance(draw, aspect) * answers.reduce((sum, [, weight]) => sum + weight, 0);
    const chosen = answers.find(([, weight]) => (left -= weight) < 0);
    if (!chosen) throw new RangeError(`no answers are configured for "${draw.question}": add them to the behaviour`);
    return chosen[0];
  }

  hours(draw: Draw): number {
    return this.between(draw, 'hours', this.of(draw).hours ?? [0, 0]);
  }

  share(draw: Draw): number {
    return this.between(draw, 'share', this.of(draw).share ?? [0, 0]);
  }

  isSilent(draw: Draw): boolean {
    return this.chance(draw, 'silent') < (this.of(draw).silent ?? 0);
  }

  between(draw: Draw, aspect: string, [from, to]: readonly [number, number]): number {
    return from + (to - from) * this.chance(draw, aspect);
  }

  oneOf<T>(draw: Draw, aspect: string, choices: readonly T[]): T | undefined {
    return choices[Math.floor(this.chance(draw, aspect) * choices.length)];
  }
}

const matches = (subject: string, pattern: string): boolean =>
  pattern.endsWith('*') ? subject.startsWith(pattern.slice(0, -1)) : subject === pattern;

const merge = (base: Behaviour, over: Behaviour): Behaviour => ({
  ...base,
  ...Object.fromEntries(Object.entries(over).map(([what, manner]) => [what, { ...base[what], ...manner }])),
});

function refuseUnknown(named: Behaviour): void {
  const unknown = Object.keys(named).find((what) => !(what in defaults));
  if (unknown)
    throw new RangeError(`invalid behaviour: unknown question "${unknown}"; expected one of ${Object.keys(defaults).join(', ')}`);
}
