import { topicPartitionId } from '../topic-partition.js';
import type { Batch, EachBatchPayload, IHeaders, Kafka, KafkaMessage } from 'kafkajs';
import { GroupOffsets } from './group-offsets.js';
import type { LogFunction } from './kafka-logger.js';
import type { Headers, IncomingRecord, LogSubscription, RunningSubscription, OffsetRange } from '../log.js';

export interface ConsumerOptions {
  /** Maximum number of partitions processed concurrently; 3 by default. */
  readonly partitionsConsumedConcurrently?: number;
  /** Maximum number of records per call of `handle`; 500 by default. */
  readonly maxRecords?: number;
  /** Time without heartbeats after which the member loses its partitions; 10,000 by default. */
  readonly sessionTimeoutMs?: number;
}

const heartbeatIntervalMs = 1000;
const minBackOffMs = 100;
const maxBackOffMs = 5000;

/**
 * Joins the group and delivers records batch by batch. Retries for as long as brokers are unavailable. Errors that no retry can fix, such
 * as a record with an unknown compression codec, are passed to `onCrash`.
 */
export async function startConsumer(
  kafka: Kafka,
  subscription: LogSubscription,
  options: ConsumerOptions,
  log: LogFunction,
): Promise<RunningSubscription> {
  let stopping = false;
  const backOff = new BackOff(subscription.group, log);
  const consumer = kafka.consumer({
    groupId: subscription.group,
    allowAutoTopicCreation: false,
    sessionTimeout: options.sessionTimeoutMs ?? 10_000,
    heartbeatInterval: heartbeatIntervalMs,
    maxWaitTimeInMs: 250, // also delays a stop, and a partition that resumes after its back-off
    metadataMaxAge: 30_000,
    retry: { restartOnFailure: async () => !stopping },
  });
  const offsets = new GroupOffsets();
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart && !stopping) subscription.onCrash(payload.error);
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
    offsets.onJoined();
    const assigned = Object.entries(memberAssignment as Record<string, number[]>);
    subscription.onAssigned?.(assigned.flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition }))));
  });
  const stop = async (): Promise<void> => {
    stopping = true;
    await offsets.close();
    await consumer.disconnect().finally(() => backOff.clear());
  };
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...subscription.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: options.partitionsConsumedConcurrently ?? 3,
      eachBatch: (payload) => handleBatch(payload, subscription, options.maxRecords ?? 500, backOff, offsets),
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { seek: (topic, partition, offset) => consumer.seek({ topic, partition, offset }), stop };
}

/** Processes records, then resolves and commits their offsets. After a failure the records are delivered again. */
async function handleBatch(
  payload: EachBatchPayload,
  { handle }: LogSubscription,
  maxRecords: number,
  backOff: BackOff,
  offsets: GroupOffsets,
): Promise<void> {
  const { batch } = payload;
  offsets.onBatch(payload);
  for (const { records, ...range } of slices(batch, maxRecords)) {
    if (!payload.isRunning() || payload.isStale()) return;
    try {
      await withHeartbeat(payload, () => handle(records, range));
    } catch (error) {
      return backOff.rejected(payload, records, error);
    }
    backOff.handled(batch);
    if (payload.isStale()) return;
    await offsets.markHandled(payload, range.next);
    payload.resolveOffset(String(range.next - 1));
    await payload.heartbeat();
  }
}

/** Sends heartbeats during `work`. A failed heartbeat surfaces at the next one, after the work. */
async function withHeartbeat(payload: EachBatchPayload, work: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => void payload.heartbeat().catch(() => undefined), heartbeatIntervalMs);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

/** Pauses a partition whose records were rejected, with exponential back-off; other partitions continue. */
class BackOff {
  private readonly rejections = new Map<string, number>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly group: string,
    private readonly log: LogFunction,
  ) {}

  rejected(payload: EachBatchPayload, records: readonly IncomingRecord[], error: unknown): void {
    const { batch } = payload;
    const attempt = (this.rejections.get(topicPartitionId(batch)) ?? 0) + 1;
    this.rejections.set(topicPartitionId(batch), attempt);
    const waitMs = Math.min(minBackOffMs * 2 ** (attempt - 1), maxBackOffMs);
    const { topic, partition } = batch;
    this.log('warn', 'handling of records failed: they will be delivered again', {
      group: this.group,
      topic,
      partition,
      offset: records[0]?.offset,
      attempt,
      waitMs,
      error,
    });
    const resume = payload.pause();
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      resume();
    }, waitMs);
    this.timers.add(timer);
  }

  handled(batch: Batch): void {
    this.rejections.delete(topicPartitionId(batch));
  }

  clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }
}

/** Splits a batch. The last part extends to the end of the batch, including invisible control records. */
function* slices(batch: Batch, size: number): Generator<{ readonly records: readonly IncomingRecord[] } & OffsetRange> {
  // Offset of the fetch; kafkajs has this field but does not declare it.
  let from = Number((batch as Batch & { readonly fetchedOffset: string }).fetchedOffset);
  for (let start = 0; start < batch.messages.length; start += size) {
    const messages = batch.messages.slice(start, start + size);
    const end = start + size >= batch.messages.length ? batch.lastOffset() : (messages.at(-1)?.offset ?? batch.lastOffset());
    const next = Number(end) + 1;
    yield { records: messages.map((message) => recordOf(batch, message)), from, next };
    from = next;
  }
}

function recordOf({ topic, partition }: Batch, { offset, key, headers, value, timestamp }: KafkaMessage): IncomingRecord {
  return { topic, partition, offset, key: key?.toString() ?? null, headers: textHeaders(headers), value, timestamp: Number(timestamp) };
}

/** Decodes headers; the last value of a repeated header counts. */
function textHeaders(headers: IHeaders = {}): Headers {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined && last !== null) texts[name] = last.toString();
  }
  return texts;
}
