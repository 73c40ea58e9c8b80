import type { StoreTime, Preconditions, Settled } from './types.js';
import { afterMicros, type Instant } from '@orderloom/kernel';
import { versionMatches, type StreamHead } from '../../store/recording/prepare-events.js';
import type { LoadedStream } from '../../store/store.js';
import { type ValidatedUnit, needsOwnTransaction } from './validated-unit.js';

const maxStreams = 20_000;

interface ObservedTime extends StoreTime {
  /** Time of the observation by this process's `performance.now()`, in milliseconds. */
  readonly since: number;
}

const estimateNow = ({ now, isStopped, since }: ObservedTime): Instant =>
  isStopped ? now : afterMicros(now, Math.round((performance.now() - since) * 1000));

/**
 * Caches stream heads and the store's clock, so that most units are written without reading first. Other processes append and move the
 * clock too; the statement that writes rejects a wrong prediction.
 */
export class CommitCache {
  /** Sorted from least to most recently used. */
  private readonly heads = new Map<string, StreamHead>();
  private clock: ObservedTime | undefined;

  /** Records an observed store time. Each observation lags by its network delay, so the latest estimate wins. */
  observeTime({ now, isStopped }: StoreTime): void {
    if (this.clock && !this.clock.isStopped && !isStopped && estimateNow(this.clock) > now) return;
    this.clock = { now, isStopped, since: performance.now() };
  }

  /** Records a time that was returned to a caller. A later commit of that caller must not be recorded before it. */
  observeNow(now: Instant): void {
    if (this.clock?.isStopped) this.clock = this.clock.now === now ? this.clock : undefined;
    else if (this.clock) this.observeTime({ now, isStopped: false });
  }

  observeStream({ stream, version, events, now }: LoadedStream): void {
    this.observeNow(now);
    const last = events.at(-1);
    if (last && version > (this.heads.get(stream)?.version ?? 0)) this.rememberHead(stream, { version, lastRecordedAt: last.recordedAt });
  }

  observeResults(settled: Settled): void {
    for (const result of settled.values())
      if ('outcome' in result && result.outcome.status === 'committed')
        for (const { stream, version, recordedAt } of result.outcome.events)
          this.rememberHead(stream, { version, lastRecordedAt: recordedAt });
  }

  forget(units: readonly ValidatedUnit[]): void {
    this.clock = undefined;
    for (const { unit } of units) for (const { stream } of unit.appends ?? []) this.heads.delete(stream);
  }

  /**
   * Predicts the result of a read before the write; undefined where the cache does not suffice. Units that fire deadlines need the real
   * clock. Units without events need a read, since their outcome could not be determined after a lost COMMIT.
   */
  predict(units: readonly ValidatedUnit[]): Preconditions | undefined {
    if (!this.clock) return undefined;
    const heads = new Map<string, StreamHead>();
    for (const one of units) {
      if (needsOwnTransaction(one) || one.deadlines.fires.length > 0) return undefined;
      for (const { stream, expected } of one.unit.appends ?? []) {
        const head = this.heads.get(stream) ?? (expected === 'none' || expected === 0 ? { version: 0 } : undefined);
        if (!head || !versionMatches(expected, head.version)) return undefined;
        heads.set(stream, head);
      }
    }
    if (heads.size === 0) return undefined;
    return { now: estimateNow(this.clock), predicted: true, transaction: '', heads, refused: () => undefined };
  }

  private rememberHead(stream: string, head: StreamHead): void {
    this.heads.delete(stream);
    this.heads.set(stream, head);
    if (this.heads.size <= maxStreams) return;
    const [oldest] = this.heads.keys();
    if (oldest !== undefined) this.heads.delete(oldest);
  }
}
