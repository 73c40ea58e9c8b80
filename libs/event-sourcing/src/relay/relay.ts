import { randomUUID } from 'node:crypto';
import { type CloudEvent, encode, type Log, type OutgoingRecord } from '@orderloom/messaging';
import type { AnyDecider } from '../decider/decider.js';
import type { RecordedEvent } from '../decider/event.js';
import type { Publication, PublishedMessage } from './publication.js';
import type { EventStore } from '../store/store.js';
import { sending } from '../telemetry.js';
import { upcasterFor } from '../decider/upcasters.js';
import { LeasedReader } from './leased-reader.js';
import { Pump, type Work } from './pump.js';
import { StreamOrder, StreamOutOfOrder } from './stream-order.js';

/** kafkajs sends one record batch per partition, and brokers reject batches above 1 MB. */
const maxPublishBytes = 512 * 1024;
/** Estimated size of a record's headers. */
const headerBytes = 500;

export interface RelayOptions {
  readonly store: EventStore;
  readonly log: Log;
  /** CloudEvents attribute `source` (`/orderloom/order`). */
  readonly source: string;
  readonly publications: readonly Publication[];
  /** Deciders whose upcasters are applied before events are published. */
  readonly deciders?: readonly AnyDecider[];
  /** Number of shards of subjects that are published in parallel; 1 by default. A changed number restarts at the first event. */
  readonly shards?: number;
  /** Unique per process; random by default. */
  readonly owner?: string;
  readonly batch?: number;
  readonly leaseSeconds?: number;
  readonly onError?: (error: unknown) => void;
}

export interface RelayHealth {
  /** True if this process publishes the shard. */
  readonly holds: boolean;
  /** Number of events of the last batch that are not acknowledged yet. */
  readonly lagEvents: number;
  /** Reason why the shard has stopped for good; readiness must fail. */
  readonly halted?: string;
  /** The last error, while it is being retried. */
  readonly error?: string;
}

/** Transactional outbox relay: publishes recorded events in order, then moves its checkpoint. Delivery is at least once. */
export class Relay {
  private readonly shards: readonly RelayShard[];
  private unsubscribe: () => void = () => undefined;

  constructor(private readonly options: RelayOptions) {
    const of = options.shards ?? 1;
    this.shards = Array.from({ length: of }, (_, index) => new RelayShard({ owner: randomUUID(), ...options }, index, of));
  }

  start(): void {
    this.unsubscribe = this.options.store.onCommit(() => this.shards.forEach((shard) => shard.pump.wake()));
    for (const shard of this.shards) shard.pump.start();
  }

  /** Finishes the current batches and releases the leases. */
  async stop(): Promise<void> {
    this.unsubscribe();
    await Promise.all(this.shards.map((shard) => shard.stop()));
  }

  /** `done` counts published batches. */
  work(): Work {
    const shards = this.shards.map((shard) => shard.pump.work());
    return { idle: shards.every(({ idle }) => idle), done: shards.reduce((sum, { done }) => sum + done, 0) };
  }

  health(): readonly RelayHealth[] {
    return this.shards.map((shard) => shard.health());
  }
}

class RelayShard {
  readonly pump: Pump;
  private readonly reader: LeasedReader;
  private order = new StreamOrder();
  private fence = '';
  private published: ReadonlyMap<string, number> = new Map();
  private readonly upcast: (event: RecordedEvent) => RecordedEvent;
  private lagEvents = 0;
  private halted: string | undefined;
  private error: string | undefined;

  constructor(
    private readonly options: RelayOptions & { readonly owner: string },
    index: number,
    of: number,
  ) {
    this.upcast = upcasterFor(options.deciders ?? []);
    const { store, owner, batch, leaseSeconds } = options;
    const name = `relay/${index}-of-${of}`;
    const shard = of > 1 ? { index, of } : undefined;
    this.reader = new LeasedReader({
      store,
      name,
      owner,
      shard,
      batch,
      leaseSeconds,
      handle: (events, fence) => this.publish(events, fence),
      overlapping: true,
    });
    this.pump = new Pump(
      () => this.step(),
      (error) => this.failed(error),
      store.timers,
    );
  }

  health(): RelayHealth {
    const { halted, error, lagEvents } = this;
    return { holds: this.reader.holdsLease, lagEvents, ...(halted !== undefined && { halted }), ...(error !== undefined && { error }) };
  }

  async stop(): Promise<void> {
    await this.pump.stop();
    await this.reader.release();
  }

  private async step(): Promise<boolean> {
    // A halted shard keeps its lease, because another process would not detect the wrong order.
    if (this.halted !== undefined) return false;
    const handled = await this.reader.step();
    if (handled === undefined) this.order = new StreamOrder();
    else if (handled !== 'heldBack' && handled > 0) this.order.remember(this.published);
    this.lagEvents = 0;
    this.error = undefined;
    return handled === 'heldBack' || (handled ?? 0) > 0;
  }

  private async publish(events: readonly RecordedEvent[], fence: string): Promise<object> {
    this.lagEvents = events.length;
    if (fence !== this.fence) this.order = new StreamOrder();
    this.fence = fence;
    const seen = this.order.check(events);
    const { log } = this.options;
    for (const records of chunks(events.flatMap((event) => this.records(this.upcast(event)))))
      await sending(log.system, records, () => log.publish(records));
    this.published = seen;
    return {};
  }

  private records(event: RecordedEvent): OutgoingRecord[] {
    const messages = this.options.publications.flatMap((publication) => publication(event));
    return messages.map((message, n) => {
      const key = message.key ?? event.subject;
      return { topic: message.topic, key, ...encode(cloudEvent(event, message, n, key, this.options.source)) };
    });
  }

  private failed(error: unknown): void {
    if (error instanceof StreamOutOfOrder) this.halted = error.message;
    else {
      this.error = error instanceof Error ? error.message : String(error);
      // The next attempt may repeat events.
      this.order = new StreamOrder();
    }
    this.options.onError?.(error);
  }
}

const cloudEvent = (event: RecordedEvent, message: PublishedMessage, n: number, key: string, source: string): CloudEvent => ({
  id: n === 0 ? event.id : `${event.id}.${n}`,
  source,
  type: message.type,
  typeVersion: message.typeVersion ?? 1,
  subject: key,
  time: event.occurredAt,
  data: message.data,
  recordedAt: event.recordedAt,
  by: event.by,
  rule: event.rule,
  policyVersion: event.policyVersion,
  causation: event.causation,
  causationSource: event.causationSource,
  correlation: event.correlation,
  traceparent: event.trace,
  flow: message.flow,
  stream: event.stream,
  streamVersion: event.version,
});

function chunks(records: readonly OutgoingRecord[]): OutgoingRecord[][] {
  const all: OutgoingRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    const size = record.value.length + headerBytes;
    if (bytes + size > maxPublishBytes) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(record);
    bytes += size;
  }
  return all;
}
