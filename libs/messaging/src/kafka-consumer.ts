import type { Batch, EachBatchPayload, IHeaders, Kafka, KafkaMessage } from 'kafkajs';
import { GroupOffsets, placeName } from './group-offsets.js';
import type { LogFunction } from './kafka-logger.js';
import type { Headers, IncomingRecord, LogSubscription, RunningSubscription, Stretch } from './log.js';

export interface ConsumerOptions {
  /** Partitions handled at the same time; 3 unless said. */
  readonly partitionsConsumedConcurrently?: number;
  /** Most records of one `handle`; 500 unless said. */
  readonly maxRecords?: number;
  /** How long a member may be silent before its partitions go to others; 10,000 unless said. */
  readonly sessionTimeoutMs?: number;
}

const heartbeatMs = 1000;
const firstBackOffMs = 100;
const lastBackOffMs = 5000;

/**
 * Joins the group and hands over batch by batch. A broker that is away is waited for, however long; what no retry can
 * heal (a record in a codec that kafkajs does not know) ends in `onCrash`.
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
    heartbeatInterval: heartbeatMs,
    maxWaitTimeInMs: 250, // also how long a stop or a partition that comes out of its back-off waits
    metadataMaxAge: 30_000,
    retry: { restartOnFailure: async () => !stopping },
  });
  const offsets = new GroupOffsets();
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart && !stopping) subscription.onCrash(payload.error);
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
    offsets.joined();
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

/** Handle, only then move on and commit: whatever fails in between makes the records come again. */
async function handleBatch(
  payload: EachBatchPayload,
  { handle }: LogSubscription,
  maxRecords: number,
  backOff: BackOff,
  offsets: GroupOffsets,
): Promise<void> {
  const { batch } = payload;
  offsets.begins(payload);
  for (const { records, ...stretch } of slices(batch, maxRecords)) {
    if (!payload.isRunning() || payload.isStale()) return;
    try {
      await withHeartbeat(payload, () => handle(records, stretch));
    } catch (error) {
      return backOff.rejected(payload, records, error);
    }
    backOff.handled(batch);
    if (payload.isStale()) return;
    await offsets.handled(payload, stretch.next);
    payload.resolveOffset(String(stretch.next - 1));
    await payload.heartbeat();
  }
}

/** Keeps the membership while `work` takes its time. A heartbeat that fails is reported by the next one, after the work. */
async function withHeartbeat(payload: EachBatchPayload, work: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => void payload.heartbeat().catch(() => undefined), heartbeatMs);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

/** Pauses a partition whose records were rejected, longer each time; the others flow on. */
class BackOff {
  private readonly rejections = new Map<string, number>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly group: string,
    private readonly log: LogFunction,
  ) {}

  rejected(payload: EachBatchPayload, records: readonly IncomingRecord[], error: unknown): void {
    const { batch } = payload;
    const attempt = (this.rejections.get(placeName(batch)) ?? 0) + 1;
    this.rejections.set(placeName(batch), attempt);
    const waitMs = Math.min(firstBackOffMs * 2 ** (attempt - 1), lastBackOffMs);
    const { topic, partition } = batch;
    this.log('warn', 'records were not handled and will come again', {
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
    this.rejections.delete(placeName(batch));
  }

  clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }
}

/** The batch in parts; the last one ends where the batch does, past control records that nobody sees. */
function* slices(batch: Batch, size: number): Generator<{ readonly records: readonly IncomingRecord[] } & Stretch> {
  // where the fetch began; kafkajs has it and does not declare it
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

/** Of a header that is there twice the last one counts. */
function textHeaders(headers: IHeaders = {}): Headers {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined && last !== null) texts[name] = last.toString();
  }
  return texts;
}
