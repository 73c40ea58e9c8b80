import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';

interface OutgoingRecord {
  readonly offsetDelta: number;
  readonly timestampDelta: number;
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Header>>;
}
type Header = Buffer | string | (Buffer | string)[];

interface Codec {
  batch(records: readonly OutgoingRecord[], timestamp: number): Promise<Buffer>;
  read(batch: Buffer): Promise<object>;
  readonly source: string;
}

const require = createRequire(import.meta.url);

/** The codecs of this package. */
function codecOf(name: string): Codec {
  const protocol = `${name}/src/protocol`;
  const encode = require(`${protocol}/recordBatch/record/v0`) as (record: OutgoingRecord) => object;
  const { RecordBatch } = require(`${protocol}/recordBatch/v0`) as { RecordBatch: (batch: object) => Promise<{ buffer: Buffer }> };
  const Decoder = require(`${protocol}/decoder`) as new (bytes: Buffer) => object;
  const decode = require(`${protocol}/recordBatch/v0/decoder`) as (decoder: object) => Promise<object>;
  return {
    batch: async (records, timestamp) =>
      (await RecordBatch({ records: records.map(encode), firstTimestamp: timestamp, maxTimestamp: timestamp })).buffer,
    read: (batch) => decode(new Decoder(batch)),
    source: String(encode),
  };
}

const ours = codecOf('kafkajs');
const published = codecOf('kafkajs-published');

let seed = 1;
/** Pseudo-random integer below `n`, the same in every run. */
const random = (n: number): number => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % n;
};
const oneOf = <T>(...values: readonly T[]): T => values[random(values.length)] as T;
const text = (): string =>
  oneOf('', 'a', 'ce_id', 'née “Ada”', '😀'.repeat(random(40)), 'x'.repeat(random(300)), 'x'.repeat(random(20_000)));
const bytes = (): Buffer | string => oneOf<Buffer | string>(text(), Buffer.from(text()), Buffer.from([0, 255, 128]));
const header = (): string => oneOf('', 'ce_type', 'constructor1', 'né', `h${random(20)}`, 'x'.repeat(random(200)));
const aRecord = (offsetDelta: number): OutgoingRecord => ({
  offsetDelta,
  timestampDelta: oneOf(0, 0, 1, -1, 63, 64, 86_400_000, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 40),
  key: oneOf<Buffer | string | null>(null, bytes()),
  value: oneOf(null, Buffer.from(text())),
  headers: Object.fromEntries(
    Array.from({ length: random(20) }, () => [header(), oneOf<Header>(bytes(), [bytes(), bytes(), bytes()], [])]),
  ),
});

describe('the kafkajs patch that writes a record into one buffer', () => {
  it('the patch is installed: `npm install` applies patches/', () => {
    expect(ours.source).not.toBe(published.source);
  });

  it('it writes and reads the same bytes as the published version', async () => {
    for (let n = 0; n < 300; n += 1) {
      const records = Array.from({ length: 1 + random(5) }, (_, i) => aRecord(i));
      const batch = await published.batch(records, 1_291_190_760_000);
      expect((await ours.batch(records, 1_291_190_760_000)).equals(batch)).toBe(true);
      expect(isDeepStrictEqual(await ours.read(batch), await published.read(batch))).toBe(true);
    }
  });

  it('headers named like properties of every object are kept', async () => {
    const headers = { constructor: 'a', toString: 'b', ['__proto__']: 'c' };
    const batch = await published.batch([{ offsetDelta: 0, timestampDelta: 0, key: null, value: null, headers }], 0);
    expect(await ours.read(batch)).toMatchObject({
      records: [{ headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)])) }],
    });
  });
});
