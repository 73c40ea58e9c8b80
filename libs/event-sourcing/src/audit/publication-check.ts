import type { Log } from '@orderloom/messaging';
import { compareCursors, type Cursor, type RecordedEvent } from '../decider/event.js';
import type { Publication } from '../relay/publication.js';
import type { DiscardedRanges } from '../restore/discarded-ranges.js';
import { scanTopics } from '../restore/scan-topics.js';
import type { Check, AuditSnapshot, Finding } from './audit-snapshot.js';

export interface PublicationCheckOptions {
  /** Reads the ids of the records that the service has published, in the order of their first occurrence. */
  readonly publishedIds: () => Promise<ReadonlySet<string>>;
  readonly publications: readonly Publication[];
  /** Upcasts stored events to the version that is published. */
  readonly upcast: (event: RecordedEvent) => RecordedEvent;
  /** Topics without compaction and retention. */
  readonly topics: readonly string[];
}

interface ExpectedMessage {
  readonly stream: string;
  readonly version: number;
  readonly cursor: Cursor;
}

/**
 * I1: all messages that the relay has passed are on the log. I2: all records on the log were committed. I3: the log has the events of a
 * stream in order.
 */
export class PublicationCheck implements Check {
  private readonly expected = new Map<string, ExpectedMessage>();
  private readonly retainedTopics: ReadonlySet<string>;

  constructor(private readonly options: PublicationCheckOptions) {
    this.retainedTopics = new Set(options.topics);
  }

  see(event: RecordedEvent): void {
    const { stream, version, cursor, id } = event;
    const messages = this.options.publications.flatMap((publication) => publication(this.options.upcast(event)));
    messages.forEach(({ topic }, n) => {
      if (this.retainedTopics.has(topic)) this.expected.set(n === 0 ? id : `${id}.${n}`, { stream, version, cursor });
    });
  }

  async finish(facts: AuditSnapshot): Promise<Finding[]> {
    const publishedIds = await this.options.publishedIds();
    const relays = [...(await facts.checkpoints())].filter(([name]) => name.startsWith('relay/')).map(([, cursor]) => cursor);
    const slowestRelay = relays.sort(compareCursors)[0];
    const isPassed = (cursor: Cursor): boolean => slowestRelay !== undefined && compareCursors(cursor, slowestRelay) <= 0;
    const due = [...this.expected].filter(([, { cursor }]) => isPassed(cursor));
    const missing = due
      .filter(([id]) => !publishedIds.has(id))
      .map(([id, { stream, version }]) => `${stream}: version ${version} is missing on the log (${id})`);
    const waiting = this.expected.size - due.length;
    return [
      {
        invariant: 'I1',
        summary: `${due.length} committed messages are on the log${waiting > 0 ? `, ${waiting} are not published yet` : ''}`,
        violations: missing,
      },
      await this.checkCommitted(publishedIds, facts),
      this.checkOrder(publishedIds),
    ];
  }

  private async checkCommitted(publishedIds: ReadonlySet<string>, facts: AuditSnapshot): Promise<Finding> {
    const unexpected = [...publishedIds].filter((id) => !this.expected.has(id));
    const known = await facts.known(unexpected.map(eventIdOf));
    const violations = unexpected.filter((id) => !known.has(eventIdOf(id))).map((id) => `${id} is on the log but not in the store`);
    return { invariant: 'I2', summary: `${publishedIds.size} records on the log are in the store`, violations };
  }

  private checkOrder(publishedIds: ReadonlySet<string>): Finding {
    const last = new Map<string, number>();
    const violations: string[] = [];
    for (const id of publishedIds) {
      const message = this.expected.get(id);
      if (!message) continue;
      const previous = last.get(message.stream) ?? 0;
      if (message.version < previous)
        violations.push(`${message.stream}: on the log, version ${message.version} follows version ${previous}`);
      last.set(message.stream, message.version);
    }
    return { invariant: 'I3', summary: `${last.size} streams are in order on the log`, violations };
  }
}

/** Ids of the records of `source` on `topics` that are not discarded, in the order of their first occurrence. */
export async function publishedEventIds(
  log: Log,
  source: string,
  topics: readonly string[],
  givenUp?: Pick<DiscardedRanges, 'has'>,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  await scanTopics(log, topics, (records) => {
    for (const record of records) {
      const { ce_source, ce_id } = record.headers;
      if (ce_source === source && ce_id !== undefined && !givenUp?.has(record)) ids.add(ce_id);
    }
  });
  return ids;
}

const eventIdOf = (id: string): string => id.split('.')[0] ?? id;
