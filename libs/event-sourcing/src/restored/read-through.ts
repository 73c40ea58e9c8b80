import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { IncomingRecord, Log, RunningSubscription, Stretch } from '@orderloom/messaging';

const lookEveryMs = 20;

/** Hands all that is on `topics` now to `take`, batch by batch of a partition; of each partition only what has the last `back` offsets, where that is said. */
export async function readThrough(
  log: Log,
  topics: readonly string[],
  take: (records: readonly IncomingRecord[]) => void | Promise<void>,
  back = Infinity,
): Promise<void> {
  const bounds = Object.entries(await log.bounds(topics)).filter(([, { first, next }]) => next > first);
  const open = new Map(bounds.map(([place, { first, next }]) => [place, { from: Math.max(first, next - back), next }]));
  let failed: Error | undefined;
  const handle = async (records: readonly IncomingRecord[], stretch: Stretch): Promise<void> => {
    const [first] = records;
    const place = `${first?.topic}/${first?.partition}`;
    const wanted = open.get(place);
    if (!first || !wanted) return;
    if (stretch.next <= wanted.from) return (await joined).seek(first.topic, first.partition, String(wanted.from));
    await take(records.filter(({ offset }) => Number(offset) >= wanted.from));
    if (stretch.next >= wanted.next) open.delete(place);
  };
  if (open.size === 0) return;
  const group = `orderloom.audit.${randomUUID()}`;
  const joined: Promise<RunningSubscription> = log.subscribe({ group, topics, handle, onCrash: (error) => (failed = error) });
  const running = await joined;
  try {
    while (open.size > 0) {
      if (failed) throw failed;
      await delay(lookEveryMs);
    }
  } finally {
    await running.stop();
  }
}
