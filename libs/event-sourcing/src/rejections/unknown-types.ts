import { type IncomingRecord, typeOf } from '@orderloom/messaging';
import type { Logger } from '../consumer/consumed-offsets.js';

/** Maximum number of types that are logged. Outside senders write to these topics, so further types are only counted. */
const mostTypesLogged = 1000;

/** Counts records with a type that no subscription handles, and logs each type once. */
export class UnknownTypes {
  private readonly counts: Record<string, number> = {};
  private readonly logged = new Set<string>();

  constructor(private readonly logger?: Logger) {}

  note(record: IncomingRecord): void {
    const { topic, partition, offset } = record;
    this.counts[topic] = (this.counts[topic] ?? 0) + 1;
    const type = typeOf(record);
    const name = `${topic} ${type}`;
    if (this.logged.has(name) || this.logged.size >= mostTypesLogged) return;
    this.logged.add(name);
    this.logger?.warn({ topic, partition, offset, type }, 'no service reads records of this type');
  }

  /** Number of records since the process started, by topic. */
  byTopic(): Readonly<Record<string, number>> {
    return this.counts;
  }
}
