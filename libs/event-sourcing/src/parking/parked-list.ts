import type { EventStore } from '../store/store.js';
import type { ListedRecord, ParkedContent, ParkedEntry, ParkedRecord, Repeats } from './parked-record.js';

export const parkedTable = 'parked';
export const contentTable = 'parked_records';
export const repeatsTable = 'parked_repeats';

const pageSize = 500;
/** A list shows the content of records up to this size, and of a page no more than `mostPageBytes` together. */
const mostContentBytes = 16_384;
const mostPageBytes = 1_048_576;

/** A page of parked records: those after the id `after`, of `topics` if they are given. */
export interface PageRequest {
  readonly limit?: number;
  readonly after?: string;
  readonly topics?: readonly string[];
}

/** The first record of each queue of `group`, which failed. Reads a page at a time and no content. */
export async function* headsOf(store: EventStore, group: string): AsyncGenerator<ParkedEntry> {
  for (let after: string | undefined; ;) {
    const where = { group, state: 'parked' };
    const page = await store.rows<ParkedEntry>(parkedTable, where, pageSize, after === undefined ? {} : { after });
    yield* page;
    const last = page.at(-1);
    if (page.length < pageSize || !last) return;
    // Behind all slots of that queue: whoever resolves its head meets the next ones by itself.
    after = `${last.queue}.~`;
  }
}

/** Parked and queued records of `group` in queue order, 1,000 unless `limit` says otherwise; without large content. */
export async function listParked(store: EventStore, group: string, page: PageRequest = {}): Promise<readonly ListedRecord[]> {
  const { limit = 1000, after, topics } = page;
  const where = { group, state: ['parked', 'queued'], ...(topics && { topic: topics }) };
  if (topics?.length === 0) return [];
  const entries = await store.rows<ParkedEntry>(parkedTable, where, limit, after === undefined ? {} : { after });
  let bytes = 0;
  return Promise.all(
    entries.map(async (entry) => {
      const isShown = entry.size <= mostContentBytes && (bytes += entry.size) <= mostPageBytes;
      const [content, repeats] = await Promise.all([
        isShown ? withContent(store, entry) : undefined,
        store.row<Repeats>(repeatsTable, entry.id),
      ]);
      return { ...(content ?? entry), ...(repeats && { repeats }) };
    }),
  );
}

/** `entry` with its content; undefined if another process has resolved it. An earlier program version stored the content in the entry. */
export async function withContent(store: EventStore, entry: ListedRecord): Promise<ParkedRecord | undefined> {
  const record = entry.record ?? (await store.row<ParkedContent>(contentTable, entry.id));
  return record ? { ...entry, record } : undefined;
}
