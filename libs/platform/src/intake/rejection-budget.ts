import { realTimers, type Timers } from '@orderloom/kernel';

/** A sender is told of this many refused records within a window; the others are summarised at its end. */
export const mostRejections = 100;
export const windowMinutes = 10;
/** Sources of a topic that have a budget of their own at a time. The others share one. */
const mostSources = 20;

/** Position or id of a rejected record. */
export interface RefusedRecord {
  readonly topic: string;
  readonly source: string | null;
  readonly partition: number | null;
  readonly offset: string | null;
  readonly key: string | null;
  readonly id: string | null;
  readonly type: string | null;
}

/** The refused records of one window of which the sender was not told one by one. */
export interface Suppression {
  readonly topic: string;
  /** Null for records without a source, and for those of many sources together. */
  readonly source: string | null;
  readonly count: number;
  readonly first: RefusedRecord;
  readonly last: RefusedRecord;
  /** Length of the window in milliseconds. */
  readonly millis: number;
}

interface Window {
  readonly topic: string;
  readonly source: string | null;
  readonly from: number;
  told: number;
  suppressed?: { count: number; readonly first: RefusedRecord; last: RefusedRecord };
}

/** Bounds the rejections per topic and source, so that a sender who repeats a mistake fills neither the store nor its rejections topic. */
export class RejectionBudget {
  private readonly windows = new Map<string, Window>();
  private readonly counts: Record<string, number> = {};
  private readonly stopping = new AbortController();
  private readonly ending = new Set<Promise<void>>();
  private readonly timers: Timers;

  /** `summarise` is called once for each window in which rejections were suppressed; it does not reject. */
  constructor(
    private readonly summarise: (suppression: Suppression) => Promise<void>,
    timers?: Timers,
  ) {
    this.timers = timers ?? realTimers;
  }

  /** Whether the sender of `record` is told: `last` if of no further ones in this window. */
  take(record: RefusedRecord): 'told' | 'last' | 'suppressed' {
    const window = this.windowOf(record);
    if (window.told < mostRejections) {
      window.told += 1;
      return window.told === mostRejections ? 'last' : 'told';
    }
    this.counts[record.topic] = (this.counts[record.topic] ?? 0) + 1;
    if (window.suppressed) {
      window.suppressed.count += 1;
      window.suppressed.last = record;
    } else {
      window.suppressed = { count: 1, first: record, last: record };
      const ending = this.end(window).finally(() => this.ending.delete(ending));
      this.ending.add(ending);
    }
    return 'suppressed';
  }

  /** Number of suppressed rejections since the process started, by topic. */
  suppressed(): Readonly<Record<string, number>> {
    return this.counts;
  }

  /** Ends all windows now. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.ending);
  }

  private windowOf({ topic, source }: RefusedRecord): Window {
    const now = this.timers.now();
    for (const [name, window] of this.windows) if (!window.suppressed && now >= window.from + millis) this.windows.delete(name);
    const own = JSON.stringify([topic, source]);
    const sources = [...this.windows.values()].filter((window) => window.topic === topic && window.source !== null).length;
    const isKnown = this.windows.has(own) || sources < mostSources;
    const name = isKnown ? own : JSON.stringify([topic, null]);
    const window = this.windows.get(name) ?? { topic, source: isKnown ? source : null, from: now, told: 0 };
    this.windows.set(name, window);
    return window;
  }

  /** Summarises a window when its time is over. */
  private async end(window: Window): Promise<void> {
    await this.timers.delay(Math.max(0, window.from + millis - this.timers.now()), this.stopping.signal);
    for (const [name, one] of this.windows) if (one === window) this.windows.delete(name);
    const { topic, source, suppressed } = window;
    if (suppressed) await this.summarise({ topic, source, ...suppressed, millis: this.timers.now() - window.from });
  }
}

const millis = windowMinutes * 60_000;
