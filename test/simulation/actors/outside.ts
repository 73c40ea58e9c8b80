import { encode, type Headers, type OutgoingRecord } from '@orderloom/messaging';
import type { Instant } from '@orderloom/kernel';
import type { Broker } from '../ports/broker.js';
import type { Machine } from '../ports/sim-process.js';
import type { Random } from '../core/random.js';

export interface Saying {
  readonly topic: string;
  readonly type: string;
  readonly key: string;
  readonly id: string;
  readonly source: string;
  readonly data: object;
}

/** A message on the log, as an external system reads it. */
export interface Heard {
  readonly type: string;
  readonly key: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Everybody outside: they hear everything at once, and take their time. */
export class Outside {
  readonly random: Random;
  private readonly twice: number;
  private readonly poison: number;
  poisons = 0;

  constructor(
    private readonly machine: Machine,
    private readonly broker: Broker,
  ) {
    this.random = machine.random.fork('outside');
    this.twice = machine.profile.saidTwice;
    this.poison = machine.profile.poison;
  }

  now = (): Instant => this.machine.scheduler.now();

  /** In so many hours of the world. */
  in(hours: number, what: string, act: () => void): void {
    this.machine.scheduler.appoint(hours, what, act);
  }

  /** At an instant of the world, so many milliseconds sooner or later. */
  about(at: Instant, what: string, act: () => void): void {
    this.machine.scheduler.appointAt(Date.parse(at) * 1000 + this.random.int(-1_000_000, 2_500_000), what, act);
  }

  /** Now, while others still deal with what led to it. */
  soon(what: string, act: () => void): void {
    this.machine.scheduler.after(this.random.skewed(1, 4000), what, act);
  }

  /** After a while: soon, or up to `hours` later. */
  later(hours: number, what: string, act: () => void): void {
    if (this.random.chance(0.5)) this.soon(what, act);
    else this.in(this.random.between(0, hours), what, act);
  }

  /** Says it, perhaps twice, perhaps first so that nobody can read it. */
  say(saying: Saying): void {
    const { topic, type, key, id, source, data } = saying;
    if (this.random.chance(this.poison)) this.spoil(saying);
    const event = { id, source: `/${source}`, type, typeVersion: 1, subject: key, time: this.now(), data };
    const record: OutgoingRecord = { topic, key, ...encode(event) };
    this.publish(record);
    if (this.random.chance(this.twice)) this.later(30, `${source} says ${id} again`, () => this.publish(record));
  }

  hear(topic: string, listener: (heard: Heard) => void): void {
    this.broker.listen(topic, ({ key, headers, value }) =>
      listener({ type: headers['ce_type'] ?? '', key, data: JSON.parse(value.toString()) as Heard['data'] }),
    );
  }

  private spoil({ topic, type, key, source, data }: Saying): void {
    this.poisons += 1;
    const [first = ''] = Object.keys(data);
    const event = { id: `${poisonId}${this.poisons}`, source: `/${source}`, type, typeVersion: 1, subject: key, time: this.now(), data };
    const spoilt = this.random.pick(['json', 'schema', 'version'] as const);
    if (spoilt === 'schema') return this.publish({ topic, key, ...encode({ ...event, data: { ...data, [first]: { not: 'so' } } }) });
    if (spoilt === 'version') return this.publish({ topic, key, ...encode({ ...event, typeVersion: 99 }) });
    const { headers, value } = encode(event);
    this.publish({ topic, key, headers, value: value.subarray(0, value.length / 2) });
  }

  private publish(record: OutgoingRecord): void {
    void this.broker.take([record]);
  }
}

const poisonId = 'poison-';

/** Whether the sender of a record has spoilt it. */
export const isPoison = (headers: Headers): boolean => headers['ce_id']?.startsWith(poisonId) === true;
