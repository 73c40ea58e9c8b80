import type { Log } from '@orderloom/messaging';
import { compareCursors, type Cursor, type RecordedEvent } from '../event.js';
import type { Publication } from '../publication.js';
import type { GivenUpRecords } from '../restored/given-up.js';
import { readThrough } from '../restored/read-through.js';
import type { Check, Facts, Finding } from './facts.js';

export interface PublishedOptions {
  /** Ids of what the service has said on the log, in the order of their first arrival. */
  readonly heard: () => Promise<ReadonlySet<string>>;
  readonly publications: readonly Publication[];
  /** Stored events as they are published. */
  readonly lift: (event: RecordedEvent) => RecordedEvent;
  /** Topics that keep everything. */
  readonly topics: readonly string[];
}

interface Said {
  readonly stream: string;
  readonly version: number;
  readonly cursor: Cursor;
}

/** I1: what the relay has passed is on the log. I2: what is on the log was committed. I3: there too, each stream comes in order. */
export class Published implements Check {
  private readonly said = new Map<string, Said>();
  private readonly lasting: ReadonlySet<string>;

  constructor(private readonly options: PublishedOptions) {
    this.lasting = new Set(options.topics);
  }

  see(event: RecordedEvent): void {
    const { stream, version, cursor, id } = event;
    const messages = this.options.publications.flatMap((publication) => publication(this.options.lift(event)));
    messages.forEach(({ topic }, n) => {
      if (this.lasting.has(topic)) this.said.set(n === 0 ? id : `${id}.${n}`, { stream, version, cursor });
    });
  }

  async finish(facts: Facts): Promise<Finding[]> {
    const heard = await this.options.heard();
    const relays = [...(await facts.checkpoints())].filter(([name]) => name.startsWith('relay/')).map(([, cursor]) => cursor);
    const passed = relays.sort(compareCursors)[0];
    const isPassed = (cursor: Cursor): boolean => passed !== undefined && compareCursors(cursor, passed) <= 0;
    const due = [...this.said].filter(([, { cursor }]) => isPassed(cursor));
    const lost = due
      .filter(([id]) => !heard.has(id))
      .map(([id, { stream, version }]) => `${stream}: version ${version} is not on the log (${id})`);
    const waiting = this.said.size - due.length;
    return [
      {
        invariant: 'I1',
        says: `${due.length} messages are on the log${waiting > 0 ? `, ${waiting} wait for the relay` : ''}`,
        witnesses: lost,
      },
      await this.committed(heard, facts),
      this.inOrder(heard),
    ];
  }

  private async committed(heard: ReadonlySet<string>, facts: Facts): Promise<Finding> {
    const strange = [...heard].filter((id) => !this.said.has(id));
    const known = await facts.known(strange.map(eventOf));
    const witnesses = strange.filter((id) => !known.has(eventOf(id))).map((id) => `${id} is on the log and was never committed`);
    return { invariant: 'I2', says: `${heard.size} messages of the log were committed`, witnesses };
  }

  private inOrder(heard: ReadonlySet<string>): Finding {
    const last = new Map<string, number>();
    const witnesses: string[] = [];
    for (const id of heard) {
      const said = this.said.get(id);
      if (!said) continue;
      const before = last.get(said.stream) ?? 0;
      if (said.version < before) witnesses.push(`${said.stream}: on the log version ${said.version} comes after ${before}`);
      last.set(said.stream, said.version);
    }
    return { invariant: 'I3', says: `${last.size} streams come in order on the log`, witnesses };
  }
}

/** Ids of what `source` has said on `topics` and has not given up, in the order of their first arrival. */
export async function heardOnLog(
  log: Log,
  source: string,
  topics: readonly string[],
  givenUp?: Pick<GivenUpRecords, 'has'>,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  await readThrough(log, topics, (records) => {
    for (const record of records) {
      const { ce_source, ce_id } = record.headers;
      if (ce_source === source && ce_id !== undefined && !givenUp?.has(record)) ids.add(ce_id);
    }
  });
  return ids;
}

const eventOf = (id: string): string => id.split('.')[0] ?? id;
