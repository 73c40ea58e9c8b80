import { newId } from '@orderloom/kernel';
import type { IncomingRecord, Log, LogSubscription, OutgoingRecord, RunningSubscription } from '../log.js';

export const record = (topic: string, key: string, value: string | Buffer, headers: Record<string, string> = {}): OutgoingRecord => ({
  topic,
  key,
  headers,
  value: Buffer.from(value),
});

/** Polls until `condition` holds; fails after `seconds`. */
export async function until(condition: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await condition()); await new Promise((resolve) => setTimeout(resolve, 5))) {
    if (Date.now() > end) throw new Error(`condition did not hold within ${seconds} s: ${condition.toString()}`);
  }
}

export const text = (r: IncomingRecord): string => String(r.value);

export const texts = (records: readonly IncomingRecord[], key?: string): string[] =>
  records.filter((r) => key === undefined || r.key === key).map(text);

/** Decimal strings `0`, `1` and so on, as keys or values. */
export const numbers = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => String(from + i));

export const partitions = 6;

/** A log with a topic of six partitions and a group, both unique to the test. */
export class LogFixture {
  log: Log;
  topic: string;
  group: string;

  async begin(): Promise<void> {
    this.topic = `test.${newId()}`;
    this.group = `test.${newId()}`;
    await this.log.ensureTopics([{ topic: this.topic, partitions, config: {} }]);
  }

  join(handle: LogSubscription['handle'], group = this.group, topics = [this.topic]): Promise<RunningSubscription> {
    const onCrash = (error: Error): void => {
      throw error;
    };
    return this.log.subscribe({ group, topics, handle, onCrash });
  }

  /** Joins with a member that collects all records. */
  async collect(group = this.group): Promise<{ got: IncomingRecord[]; member: RunningSubscription }> {
    const got: IncomingRecord[] = [];
    return { got, member: await this.join(async (records) => void got.push(...records), group) };
  }

  async caughtUp(): Promise<boolean> {
    return (await this.log.lag(this.group, [this.topic]))[this.topic] === 0;
  }
}
