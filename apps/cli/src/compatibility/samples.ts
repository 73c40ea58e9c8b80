import { createHash } from 'node:crypto';
import { isWrittenOutside, type MessageContract, messages, readerOf, topics, versionsOf } from '@orderloom/contracts';
import { decode, encode } from '@orderloom/messaging';
import { parseWith } from '@orderloom/platform';
import type { Fault } from './schema-compatibility.js';
import { schemaPath } from '../generate/schema-path.js';

/** Text of files by path below `samples`. */
export type Texts = ReadonlyMap<string, string>;

/** A record as it was sent under its type and version: key, headers, value. */
export interface SampleRecord {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: object;
}

export const sumsFile = 'SHA256SUMS';
const at = '2010-12-01T08:26:00.000000Z';

/** A sample of every version of every message that is said today, by path below `samples`. */
export function recordSamples(declared: readonly MessageContract[] = messages): ReadonlyMap<string, SampleRecord> {
  const samples = new Map<string, SampleRecord>();
  for (const contract of declared.flatMap(versionsOf)) {
    const path = `messages/${schemaPath(contract).replace('.schema', '')}`;
    if (!samples.has(path)) samples.set(path, recordOf(contract));
  }
  return samples;
}

function recordOf({ topic, type, version, rule, example }: MessageContract): SampleRecord {
  const { orderNumber, subject, trackingNumber } = example as Record<string, string | undefined>;
  const key = (topic.endsWith('.scans') ? trackingNumber : (orderNumber ?? subject)) ?? '536365';
  const ours = topics.some((t) => t.topic === topic && !isWrittenOutside(t));
  const common = { id: 'example', source: ours ? '/orderloom/example' : '/stranger', type, typeVersion: version, subject: key, time: at };
  const { headers } = encode({
    ...common,
    ...(ours ? { recordedAt: at, by: 'example', rule, correlation: 'example' } : {}),
    data: example,
  });
  return { topic, key, headers, value: example as object };
}

/** The reason why a stored record cannot be read as today's version of its message; undefined if it can. */
export function whyUnreadable(
  { topic, key, headers, value }: SampleRecord,
  declared: readonly MessageContract[] = messages,
): string | undefined {
  try {
    const record = { topic, partition: 0, offset: '0', key, headers, value: Buffer.from(JSON.stringify(value)) };
    const event = decode(record);
    const contract = declared.find((m) => m.topic === topic && m.type === event.type);
    if (!contract) return `nobody reads ${event.type} on ${topic}`;
    if (event.typeVersion > contract.version) return `version ${event.typeVersion} is not read`;
    readerOf(contract, (schema) => parseWith(schema))(event.data, event.typeVersion);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Which stored samples are not what they were when they were first written; `sums`: as `sha256sum` writes them. */
export function changedSamples(stored: Texts, sums: string | undefined): Fault[] {
  const known = sumsIn(sums);
  const gone = [...known.keys()].filter((path) => !stored.has(path)).map((path) => fault(path, 'is gone: restore it'));
  const changed = [...stored].flatMap(([path, text]) => {
    const sum = known.get(path);
    if (sum === undefined) return [fault(path, `is not in ${sumsFile}: samples are written by generate`)];
    return sum === sumOf(text) ? [] : [fault(path, 'is not what it was: restore it, and give the message a new version')];
  });
  return [...gone, ...changed];
}

/** Sums with those of new samples; a line per sample, by path. */
export function addSums(sums: string | undefined, added: Texts): string {
  const all = new Map([...sumsIn(sums), ...[...added].map(([path, text]) => [path, sumOf(text)] as const)]);
  return [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, sum]) => `${sum}  ${path}\n`)
    .join('');
}

const fault = (path: string, what: string): Fault => ({ rule: 'S1', where: `samples/${path}`, what });
const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const sumsIn = (sums = ''): Map<string, string> =>
  new Map(sums.split('\n').flatMap((line) => (line === '' ? [] : [[line.slice(66), line.slice(0, 64)] as const])));
