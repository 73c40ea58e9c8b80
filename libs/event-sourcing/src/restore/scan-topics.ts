import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { IncomingRecord, Log, RunningSubscription, OffsetRange } from '@orderloom/messaging';

const pollIntervalMs = 20;

/**
 * Reads all current records of `topics` with a temporary consumer group and passes them to `onRecords`, batch by batch of a partition. Reads
 * only the last `maxOffsetsBack` offsets of each partition if given.
 */
export async function scanTopics(
  log: Log,
  topics: readonly string[],
  onRecords: (records: readonly IncomingRecord[]) => void | Promise<void>,
  maxOffsetsBack = Infinity,
): Promise<void> {
  const bounds = Object.entries(await log.bounds(topics)).filter(([, { first, next }]) => next > first);
  const openPartitions = new Map(
    bounds.map(([topicPartition, { first, next }]) => [topicPartition, { from: Math.max(first, next - maxOffsetsBack), next }]),
  );
  let failed: Error | undefined;
  const handle = async (records: readonly IncomingRecord[], stretch: OffsetRange): Promise<void> => {
    const [first] = records;
    const topicPartition = `${first?.topic}/${first?.partition}`;
    const range = openPartitions.get(topicPartition);
    if (!first || !range) return;
    if (stretch.next <= range.from) return (await subscribing).seek(first.topic, first.partition, String(range.from));
    await onRecords(records.filter(({ offset }) => Number(offset) >= range.from));
    if (stretch.next >= range.next) openPartitions.delete(topicPartition);
  };
  if (openPartitions.size === 0) return;
  const group = `orderloom.audit.${randomUUID()}`;
  const subscribing: Promise<RunningSubscription> = log.subscribe({ group, topics, handle, onCrash: (error) => (failed = error) });
  const running = await subscribing;
  try {
    while (openPartitions.size > 0) {
      if (failed) throw failed;
      await delay(pollIntervalMs);
    }
  } finally {
    await running.stop();
  }
}
