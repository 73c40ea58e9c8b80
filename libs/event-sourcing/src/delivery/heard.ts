import { realTimers, type Timers } from '@orderloom/kernel';
import type { Bounds, IncomingRecord, Log, Place, Stretch } from '@orderloom/messaging';
import type { EventStore, RowWrite } from '../store.js';
import { missed } from './missed.js';

const table = 'heard';
const all = 1_000_000;
const saveEveryMs = 5000;
/** How often a partition that goes on later than it was told to is told so again, before what it passes counts as empty. */
const mostSeeks = 3;

/** The first offset of a partition that a group has not heard yet; older than the truth at times, never newer. */
interface HeardRow {
  readonly id: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}

type Say = (details: object, message: string) => void;

/** Where a consumer says what happens to it. */
export interface Logger {
  readonly info: Say;
  readonly warn: Say;
  readonly error: Say;
}

export interface HeardOptions {
  readonly store: EventStore;
  readonly log: Pick<Log, 'bounds'>;
  readonly group: string;
  readonly topics: readonly string[];
  readonly logger?: Logger;
}

const rowOf = (group: string, { topic, partition, next }: Pick<HeardRow, 'topic' | 'partition' | 'next'>): HeardRow => ({
  id: `${group}/${topic}/${partition}`,
  ...{ group, topic, partition, next },
});

/** Lets a group hear each partition from its offset `next` on, as if it had heard what is before. */
export async function hearFrom(
  store: EventStore,
  group: string,
  places: readonly Pick<HeardRow, 'topic' | 'partition' | 'next'>[],
): Promise<void> {
  const rows = places.map((place) => rowOf(group, place));
  await store.commit({ meta: { by: `heard/${group}` }, rows: rows.map((row) => ({ op: 'put', table, key: row.id, row })) });
}

/**
 * How far a group has heard each partition, by the word of its store: a store that was restored is behind the offsets that the group has
 * committed. It is kept now and then, since what is heard again has no second effect.
 */
export class Heard {
  private readonly next = new Map<string, number>();
  private readonly unsaved = new Map<string, HeardRow>();
  private readonly seeks = new Map<string, number>();
  /** Of the partitions that this process was given, those of which nothing has come yet. */
  private readonly awaited = new Map<string, Place>();
  private readonly timers: Timers;
  private endSaving: () => void = () => undefined;

  constructor(private readonly options: HeardOptions) {
    this.timers = options.store.timers ?? realTimers;
  }

  /** A topic that this group never heard begins with the first record there is: what retention took before is not missed. */
  async begin(): Promise<void> {
    const known = new Set((await this.rows()).map(({ topic }) => topic));
    const fresh = this.options.topics.filter((topic) => !known.has(topic));
    if (fresh.length > 0) await this.enter(fresh);
    for (const { topic, partition, next } of await this.rows()) this.reach(`${topic}/${partition}`, next);
    this.endSaving = this.timers.every(saveEveryMs, () => void this.keep());
  }

  /** These partitions are this process' now. */
  assigned(places: readonly Place[]): void {
    for (const place of places) this.awaited.set(`${place.topic}/${place.partition}`, { ...place });
  }

  /**
   * Where partitions have to go on of which nothing has come yet: the group may be past what the store has heard and wait for what comes
   * next. Each is told once.
   */
  async beginnings(): Promise<readonly (Place & { readonly offset: number })[]> {
    const asked = [...this.awaited];
    if (asked.length === 0) return [];
    for (const { topic, partition, next } of await this.rows()) this.reach(`${topic}/${partition}`, next);
    const bounds = await this.options.log.bounds([...new Set(asked.map(([, { topic }]) => topic))]);
    return asked.flatMap(([key, place]) => {
      // a partition that is newer than the bounds has nothing yet that was heard
      const bound = bounds[key] ?? { first: 0, next: Infinity };
      // something came meanwhile, and says by itself where it goes on; what was given again since is asked for again
      if (this.awaited.get(key) !== place) return [];
      this.awaited.delete(key);
      this.beginAnew(place, bound);
      const offset = this.heardOf(key);
      // where everything was heard, the group comes to the end by itself, and commits it
      return offset < bound.next ? [{ ...place, offset }] : [];
    });
  }

  /** Where a batch's partition has to go on instead, if the batch begins after what was heard. */
  async missing({ topic, partition }: IncomingRecord, { from }: Stretch): Promise<number | undefined> {
    const place = `${topic}/${partition}`;
    this.awaited.delete(place);
    if (from <= this.heardOf(place)) return undefined;
    // another member of the group may have heard it meanwhile
    const row = await this.options.store.row<HeardRow>(table, this.row(topic, partition, 0).id);
    if (row) this.reach(place, row.next);
    await this.miss(topic, partition);
    const heard = this.heardOf(place);
    if (from <= heard) return undefined;
    const seeks = (this.seeks.get(place) ?? 0) + 1;
    if (seeks > mostSeeks) return undefined;
    this.seeks.set(place, seeks);
    this.options.logger?.info({ topic, partition, from: heard, to: from }, 'the group is past what the store has heard: it comes again');
    return heard;
  }

  /** Everything of the partition before `next` has had its effect, or is parked. */
  reached({ topic, partition }: IncomingRecord, { next }: Stretch): void {
    const place = `${topic}/${partition}`;
    this.seeks.delete(place);
    if (this.reach(place, next)) this.unsaved.set(place, this.row(topic, partition, next));
  }

  /** Keeps what was heard; what is not kept is heard again. */
  async keep(): Promise<void> {
    await this.save().catch(() => undefined);
  }

  /** Keeps what was heard for the last time. */
  async end(): Promise<void> {
    this.endSaving();
    await this.keep();
  }

  /** A log that ends before what was heard of it is another one, or was restored itself: what it has is new. */
  private beginAnew({ topic, partition }: Place, { first, next }: Bounds[string]): void {
    const place = `${topic}/${partition}`;
    const heard = this.heardOf(place);
    if (heard <= next) return;
    this.next.set(place, first);
    this.unsaved.set(place, this.row(topic, partition, first));
    this.options.logger?.error(
      { topic, partition, heard, next },
      'the log ends before what was heard of it: it is heard from its beginning',
    );
  }

  /** What retention took before it was heard is missed, and never again asked for: both are kept together. */
  private async miss(topic: string, partition: number): Promise<void> {
    const place = `${topic}/${partition}`;
    const from = this.heardOf(place);
    const to = (await this.options.log.bounds([topic]))[place]?.first ?? 0;
    if (to <= from) return;
    const row = this.row(topic, partition, to);
    const at = await this.options.store.now();
    await this.commit([missed({ topic, partition, from, to, at }), { op: 'put', table, key: row.id, row }]);
    this.reach(place, to);
    this.options.logger?.error({ topic, partition, from, to }, 'records were missed: the log no longer has what was to come');
  }

  private async save(): Promise<void> {
    const rows = [...this.unsaved.values()];
    if (rows.length === 0) return;
    await this.commit(rows.map((row) => ({ op: 'put', table, key: row.id, row })));
    for (const row of rows) {
      const place = `${row.topic}/${row.partition}`;
      if (this.unsaved.get(place) === row) this.unsaved.delete(place);
    }
  }

  private async enter(topics: readonly string[]): Promise<void> {
    const bounds = Object.entries(await this.options.log.bounds(topics));
    for (const topic of topics) {
      const ofTopic = bounds.filter(([place]) => place.slice(0, place.lastIndexOf('/')) === topic);
      const rows = ofTopic.map(([place, { first }]) => this.row(topic, Number(place.slice(topic.length + 1)), first));
      // of several processes that begin, one enters it
      await this.commit(rows.map((row) => ({ op: 'insert', table, key: row.id, row })));
    }
  }

  private async commit(rows: readonly RowWrite[]): Promise<void> {
    await this.options.store.commit({ meta: { by: `heard/${this.options.group}` }, rows });
  }

  private rows = (): Promise<readonly HeardRow[]> => this.options.store.rows<HeardRow>(table, { group: this.options.group }, all);

  private heardOf = (place: string): number => this.next.get(place) ?? 0;

  private reach(place: string, next: number): boolean {
    if (next <= this.heardOf(place)) return false;
    this.next.set(place, next);
    return true;
  }

  private row(topic: string, partition: number, next: number): HeardRow {
    return rowOf(this.options.group, { topic, partition, next });
  }
}
