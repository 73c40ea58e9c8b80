import { encode, type OutgoingRecord } from '@orderloom/messaging';
import type { Instant } from '@orderloom/kernel';
import type { Broker } from './broker.js';
import type { Machine } from './sim-process.js';
import type { Random } from './random.js';

export interface Saying {
  readonly topic: string;
  readonly type: string;
  readonly key: string;
  readonly id: string;
  readonly source: string;
  readonly data: object;
}

/** What a message on the log says, as a stranger reads it. */
export interface Heard {
  readonly type: string;
  readonly key: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Everybody outside: they hear everything at once, and take their time. */
export class Outside {
  readonly random: Random;
  private readonly twice: number;

  constructor(
    private readonly machine: Machine,
    private readonly broker: Broker,
  ) {
    this.random = machine.random.fork('outside');
    this.twice = machine.profile.saidTwice;
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

  /** Says it, perhaps twice. */
  say({ topic, type, key, id, source, data }: Saying): void {
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

  private publish(record: OutgoingRecord): void {
    void this.broker.take([record]);
  }
}
