import type { Instant } from '@orderloom/kernel';
import type { IncomingRecord } from '@orderloom/messaging';
import type { EventStore } from '../store.js';

const table = 'given_up';
const all = 1_000_000;

/** What `source` said on a partition from the offset `from` to before `to`: its store was restored to before it, and says it anew. */
export interface GivenUp {
  readonly source: string;
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** Whose word it is that it is given up. */
interface Word {
  readonly by: string;
  readonly at: Instant;
  readonly reason: string;
}

/** Gives up for this store what services said before they were restored: nothing of it counts or has an effect from its next start on. */
export async function giveUp(store: EventStore, given: readonly GivenUp[], word: Omit<Word, 'at'>): Promise<void> {
  const at = await store.now();
  const rows = given.map((one) => {
    const id = `${one.source} ${one.topic}/${one.partition}/${one.from}`;
    return { op: 'put', table, key: id, row: { id, ...one, ...word, at } } as const;
  });
  await store.commit({ meta: { by: word.by }, rows });
}

/** What was given up for a store. */
export class GivenUpRecords {
  private readonly ranges = new Map<string, GivenUp[]>();
  /** When that was last said: what others said before it may come again before its time. */
  readonly at: Instant | undefined;

  private constructor(given: readonly (GivenUp & Word)[]) {
    this.at = given
      .map(({ at }) => at)
      .sort()
      .at(-1);
    for (const one of given) {
      const place = `${one.topic}/${one.partition}`;
      this.ranges.set(place, [...(this.ranges.get(place) ?? []), one]);
    }
  }

  static async of(store: EventStore): Promise<GivenUpRecords> {
    return new GivenUpRecords(await store.rows<GivenUp & Word>(table, {}, all));
  }

  has({ topic, partition, offset, headers }: Pick<IncomingRecord, 'topic' | 'partition' | 'offset' | 'headers'>): boolean {
    const ranges = this.ranges.get(`${topic}/${partition}`) ?? [];
    return ranges.some(({ source, from, to }) => headers['ce_source'] === source && Number(offset) >= from && Number(offset) < to);
  }
}
