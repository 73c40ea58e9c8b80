import { afterMicros, type Instant } from '@orderloom/kernel';
import { holds, type StreamHead } from '../recording/recording.js';
import type { LoadedStream } from '../store.js';
import { type CheckedUnit, isForAlone } from './checked-unit.js';
import type { Seen } from './look.js';
import type { Settled } from './postgres-commit.js';

const streamsAtMost = 20_000;

/** The store's time, and whether somebody made it stand. */
export interface StoreTime {
  readonly now: Instant;
  readonly stands: boolean;
}

interface HeardTime extends StoreTime {
  /** By this process's own clock, ms. */
  readonly since: number;
}

const timeBy = ({ now, stands, since }: HeardTime): Instant =>
  stands ? now : afterMicros(now, Math.round((performance.now() - since) * 1000));

/**
 * What this process last saw of streams and of the store's clock, so that most units are written without a look. Others append and move
 * the clock, too: a guess that is wrong is refused by the statement that writes.
 */
export class Known {
  /** The one used longest ago is the first. */
  private readonly heads = new Map<string, StreamHead>();
  private clock: HeardTime | undefined;

  /** Each answer tells less than the store's time by as long as its way took: the one that tells most holds. */
  time({ now, stands }: StoreTime): void {
    if (this.clock && !this.clock.stands && !stands && timeBy(this.clock) > now) return;
    this.clock = { now, stands, since: performance.now() };
  }

  /** Of what the clock said to somebody who may commit next: nothing is recorded before it. */
  told(now: Instant): void {
    if (this.clock?.stands) this.clock = this.clock.now === now ? this.clock : undefined;
    else if (this.clock) this.time({ now, stands: false });
  }

  loaded({ stream, version, events, now }: LoadedStream): void {
    this.told(now);
    const last = events.at(-1);
    if (last && version > (this.heads.get(stream)?.version ?? 0)) this.keep(stream, { version, lastRecordedAt: last.recordedAt });
  }

  settled(settled: Settled): void {
    for (const result of settled.values())
      if ('outcome' in result && result.outcome.status === 'committed')
        for (const { stream, version, recordedAt } of result.outcome.events) this.keep(stream, { version, lastRecordedAt: recordedAt });
  }

  forget(units: readonly CheckedUnit[]): void {
    this.clock = undefined;
    for (const { unit } of units) for (const { stream } of unit.appends ?? []) this.heads.delete(stream);
  }

  /**
   * What a look would find, as far as is known; undefined where it must be looked: a deadline that fires is not early by the store's
   * clock, and without any event nobody could tell whether a COMMIT that was cut off was done.
   */
  guess(units: readonly CheckedUnit[]): Seen | undefined {
    if (!this.clock) return undefined;
    const heads = new Map<string, StreamHead>();
    for (const one of units) {
      if (isForAlone(one) || one.deadlines.fires.length > 0) return undefined;
      for (const { stream, expected } of one.unit.appends ?? []) {
        const head = this.heads.get(stream) ?? (expected === 'none' || expected === 0 ? { version: 0 } : undefined);
        if (!head || !holds(expected, head.version)) return undefined;
        heads.set(stream, head);
      }
    }
    if (heads.size === 0) return undefined;
    return { now: timeBy(this.clock), guessed: true, transaction: '', heads, refused: () => undefined };
  }

  private keep(stream: string, head: StreamHead): void {
    this.heads.delete(stream);
    this.heads.set(stream, head);
    if (this.heads.size <= streamsAtMost) return;
    const [oldest] = this.heads.keys();
    if (oldest !== undefined) this.heads.delete(oldest);
  }
}
