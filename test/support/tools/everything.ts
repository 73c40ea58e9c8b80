import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { databaseUrl, withClient } from '@orderloom/dev-services';
import kafkajs from 'kafkajs';
import type { TestLog } from '../messaging/test-log.js';

/** A text that was found where it stands: a column of a table, a topic, a log file. */
export interface Written {
  readonly where: string;
  readonly text: string;
}

/** The places whose texts hold one of `needles`, in any case of letters, also inside of base64 and hexadecimal. */
export const occurrencesOf = (written: readonly Written[], needles: readonly string[]): string[] => [
  ...new Set(
    written
      .filter(({ text }) => readings(text).some((reading) => needles.some((n) => reading.includes(n.toLowerCase()))))
      .map((w) => w.where),
  ),
];

function readings(text: string): string[] {
  const encoded = [...text.matchAll(/[A-Za-z0-9+/_-]{16,}={0,2}/g)].map(([run]) => run);
  const decoded = encoded.flatMap((run) => [
    // a run may begin in the middle of four characters
    ...[0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64')),
    ...(/^[0-9a-f]+$/i.test(run) ? [Buffer.from(run, 'hex')] : []),
  ]);
  return [text, ...decoded.map((bytes) => bytes.toString('latin1'))].map((reading) => reading.toLowerCase());
}

/** Every column of every row of every table of these databases. */
export async function inDatabases(server: string, databases: readonly string[]): Promise<Written[]> {
  const found = databases.map((database) =>
    withClient(databaseUrl(server, database), async (client) => {
      const tables = await client.query<{ schema: string; name: string; quoted: string }>(
        `select schemaname as schema, tablename as name, format('%I.%I', schemaname, tablename) as quoted from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')`,
      );
      const written: Written[] = [];
      for (const { name, quoted } of tables.rows) {
        const { rows } = await client.query<Record<string, string | null>>(`select to_jsonb(t)::text as row from ${quoted} as t`);
        for (const { row } of rows) written.push({ where: `${database} ${name}`, text: row ?? '' });
      }
      return written;
    }),
  );
  return (await Promise.all(found)).flat();
}

/** Keys, headers and values of every record that was written to any of our topics from `since` (ms) on. */
export const onTopics = (log: TestLog, since: number, group: string): Promise<Written[]> =>
  'url' in log ? onEmbedded(log.url, since) : onKafka(log.brokers, since, group);

const onEmbedded = (url: string, since: number): Promise<Written[]> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ topic: string; key: Buffer | null; headers: object; value: Buffer | null }>(
      "select topic, key, headers, value from log_record where written_at >= $1 and topic like 'orderloom.%'",
      [new Date(since)],
    );
    return rows.flatMap(({ topic, key, headers, value }) =>
      [key?.toString() ?? '', JSON.stringify(headers), value?.toString() ?? ''].map((text) => ({ where: topic, text })),
    );
  });

async function onKafka(brokers: readonly string[], since: number, group: string): Promise<Written[]> {
  const kafka = new kafkajs.Kafka({ clientId: group, brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const names = (await admin.listTopics()).filter((topic) => topic.startsWith('orderloom.'));
  const parts = await Promise.all(
    names.map(async (topic) => {
      const [ends, starts] = await Promise.all([admin.fetchTopicOffsets(topic), admin.fetchTopicOffsetsByTimestamp(topic, since)]);
      return ends.map(({ partition, high }) => ({
        topic,
        partition,
        end: BigInt(high),
        start: starts.find((s) => s.partition === partition)?.offset ?? high,
      }));
    }),
  );
  await admin.disconnect();
  const left = new Map(parts.flat().flatMap((p) => (BigInt(p.start) < p.end ? [[`${p.topic} ${p.partition}`, p.end] as const] : [])));
  const written: Written[] = [];
  if (left.size === 0) return written;
  const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: names, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
    void consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message: { key, value, headers = {}, offset } }) => {
        const texts = [key, value, ...Object.values(headers).flat()].map((part) => part?.toString() ?? '');
        written.push(...texts.map((text) => ({ where: topic, text })));
        if (BigInt(offset) + 1n >= (left.get(`${topic} ${partition}`) ?? -1n)) left.delete(`${topic} ${partition}`);
        if (left.size === 0) resolve();
      },
    });
    for (const { topic, partition, start } of parts.flat()) consumer.seek({ topic, partition, offset: start });
  });
  await consumer.disconnect();
  return written;
}

/** Every line of every log below `folder`. */
export const inLogs = (folder: string): Written[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.log'))
    .flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .map((text) => ({ where: file, text })),
    );
