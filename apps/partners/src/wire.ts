import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Echoes } from './echoes.js';
import { EmbeddedLine } from './embedded-line.js';
import { KafkaLine } from './kafka-line.js';
import type { Ends, Line, LogRecord, Outgoing, Place } from './line.js';
import { causationOf, type Heard, heard, record, type Saying, statedTime } from './message.js';
import { Offsets } from './offsets.js';
import type { WorldTime } from './world-time.js';

const commitEveryMs = 500;

export interface Listening {
  readonly group: string;
  readonly topics: readonly string[];
  /** Resolves when nothing more has to be done for the message, which may be hours later. */
  readonly hear: (message: Heard) => Promise<void>;
  /** Topics of which only that is heard what caused their messages. */
  readonly echoing?: readonly string[];
  /** Reads everything from the beginning at each start: what was heard is the memory. */
  readonly remembers?: boolean;
}

/** Where the log is: Kafka's brokers (`host:port`), or the database of the one embedded in Postgres. */
export type LogAddress = readonly string[] | string;

/** What partners say and hear as messages, over the line that there is. */
export class Wire {
  private readonly commits: (() => Promise<void>)[] = [];
  private readonly hears = new Set<string>();
  /** The next offset by `topic/partition`. */
  private readonly heardTo = new Map<string, number>();
  private readonly timer = setInterval(() => void this.commit(), commitEveryMs);

  private constructor(
    private readonly line: Line,
    private readonly time: WorldTime,
    private readonly echoes: Echoes,
    private readonly onCrash: (error: Error) => void,
  ) {}

  static async connect(log: LogAddress, time: WorldTime, echoes: Echoes, onCrash: (error: Error) => void): Promise<Wire> {
    const line = typeof log === 'string' ? new EmbeddedLine(log, onCrash) : await KafkaLine.connect(log, onCrash);
    return Wire.over(line, time, echoes, onCrash);
  }

  static over(line: Line, time: WorldTime, echoes: Echoes, onCrash: (error: Error) => void): Wire {
    return new Wire(line, time, echoes, onCrash);
  }

  /** Resolves once all are acknowledged; messages of one key keep their order. */
  async say(...sayings: readonly Saying[]): Promise<void> {
    const records = sayings.map((s) => ({ topic: s.topic, ...record(s, s.time ?? this.time.now().toISOString()) }));
    for (const { id } of sayings) this.echoes.said(id);
    if (records.length > 0) await this.send(records);
    for (const { id, inVain } of sayings) if (inVain) this.echoes.heard(id);
  }

  get produced(): Ends {
    return this.line.produced;
  }

  /** Whether everything up to `ends` was heard, of the topics that are listened to. */
  hasHeard(ends: Ends): boolean {
    return Object.entries(ends).every(
      ([place, end]) => !this.hears.has(place.slice(0, place.lastIndexOf('/'))) || (this.heardTo.get(place) ?? 0) >= end,
    );
  }

  /** Waits until the topics are there, then listens until `close`. */
  async listen({ group, topics, echoing = [], hear, remembers = false }: Listening): Promise<void> {
    await this.untilThere([...topics, ...echoing]);
    const partitions = new Map<string, Offsets>();
    for (const topic of [...topics, ...echoing]) this.hears.add(topic);
    const commit = await this.line.listen({
      group: remembers ? undefined : group,
      topics: [...topics, ...echoing],
      take: (taken, { topic, partition, offset }) => {
        const offsets = partitions.get(`${topic} ${partition}`) ?? new Offsets();
        partitions.set(`${topic} ${partition}`, offsets);
        const care = this.deal(topic, taken, echoing.includes(topic) ? undefined : hear);
        // no record ends a process: whoever does not understand one says so, and goes on with the next
        offsets.take(
          offset,
          care.catch((error: unknown) => console.error(`${topic}/${partition}, offset ${offset}, is left alone:`, error)),
        );
        this.heardTo.set(`${topic}/${partition}`, Number(offset) + 1);
      },
    });
    // what can't be committed now is committed next time, or heard again: every answer has a fixed id
    const committing = async (): Promise<void> => {
      const places = moved(partitions);
      if (places.length > 0) await commit(places).catch(() => undefined);
    };
    if (!remembers) this.commits.push(committing);
  }

  /** Anything may be in the record: what is wrong with it is a rejection, never thrown. */
  private async deal(topic: string, taken: LogRecord, hear: Listening['hear'] | undefined): Promise<void> {
    this.echoes.heard(causationOf(taken));
    const said = hear && heard(topic, taken, this.time.now());
    if (!said) return;
    const stated = statedTime(taken);
    if (stated !== undefined) this.time.hear(stated);
    await hear(said);
  }

  /** What the log does not take is not the fault of a record: what was asked has to be heard again. */
  private async send(records: readonly Outgoing[]): Promise<void> {
    try {
      await this.line.send(records);
    } catch (error) {
      this.onCrash(error as Error);
      throw error;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await turn(); // what is dealt with by now counts as dealt with
    await this.commit();
    await this.line.close();
  }

  private async commit(): Promise<void> {
    await Promise.all(this.commits.map((committing) => committing()));
  }

  private async untilThere(topics: readonly string[]): Promise<void> {
    for (const since = Date.now(); ; await sleep(200)) {
      const there = await this.line.topics();
      const missing = topics.filter((t) => !there.has(t));
      if (missing.length === 0) return;
      if (Date.now() - since > 60_000) throw new Error(`these topics are not there: ${missing.join(', ')}`);
    }
  }
}

const moved = (partitions: ReadonlyMap<string, Offsets>): Place[] =>
  [...partitions].flatMap(([name, offsets]) => {
    const [topic = '', partition] = name.split(' ');
    const offset = offsets.toCommit();
    return offset === undefined ? [] : [{ topic, partition: Number(partition), offset }];
  });
