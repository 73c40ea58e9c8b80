import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { eventsTopicOf, upcastFrom, messagesOn } from '@orderloom/contracts';
import { z } from 'zod';
import { contractFiles } from '../generate/generate-contracts.js';
import { changedSinceCommit, checkSamples } from './compare-samples.js';
import { recordSamples, addSums, whyUnreadable } from './samples.js';

const contracts = contractFiles();
const text = async (content: object): Promise<string> => JSON.stringify(content);
const stored = {
  samples: new Map([['events/order/order/OrderPlaced.v1.json', { type: 'OrderPlaced' }]]),
  unread: new Map<string, string>(),
};
const rememberOn = (onDisk: ReadonlyMap<string, string>, last: ReadonlyMap<string, string> = new Map(), unread = stored.unread) =>
  checkSamples(contracts, async () => ({ ...stored, unread }), [onDisk, last], text);

let first: Map<string, string>;
const scan = 'samples/messages/orderloom.courier.scans/ParcelScanned.v1.json';
beforeAll(async () => {
  first = new Map((await rememberOn(new Map())).added);
});

describe('the stored samples', () => {
  it('one sample is stored for every version of every message and stored event', async () => {
    expect(first.size).toBe(recordSamples().size + stored.samples.size + 1);
    expect(JSON.parse(first.get(scan) ?? '')).toMatchObject({
      key: 'RM536365GB',
      headers: { ce_type: 'ParcelScanned', ce_typeversion: '1' },
    });
    const again = await rememberOn(first);
    expect(again.faults).toEqual([]);
    expect([...again.added.keys()]).toEqual(['samples/SHA256SUMS']);
    expect(again.added.get('samples/SHA256SUMS')).toBe(first.get('samples/SHA256SUMS'));
  });

  it('every stored sample can be read', () => {
    expect([...recordSamples().values()].map((sample) => whyUnreadable(sample)).filter((why) => why !== undefined)).toEqual([]);
  });

  it('a changed sample breaks S1', async () => {
    const { faults } = await rememberOn(new Map([...first, [scan, (first.get(scan) ?? '').replace('London', 'Leeds')]]));
    expect(faults).toEqual([expect.stringMatching(/ParcelScanned.v1.json: S1 .*is not what it was/)]);
  });

  it('a deleted sample breaks S1 and is not written again', async () => {
    const { faults, added } = await rememberOn(new Map([...first].filter(([path]) => path !== scan)));
    expect(faults).toEqual([expect.stringMatching(/ParcelScanned.v1.json: S1 .*is gone/)]);
    expect(added.has(scan)).toBe(false);
  });

  it('a sample that was changed together with its checksum breaks S1 against the last commit', async () => {
    const changed = (first.get(scan) ?? '').replace('London', 'Leeds');
    const sums = addSums(first.get('samples/SHA256SUMS'), new Map([[scan.slice('samples/'.length), changed]]));
    const onDisk = new Map([...first, [scan, changed], ['samples/SHA256SUMS', sums]]);
    expect((await rememberOn(onDisk)).faults).toEqual([]);
    expect((await rememberOn(onDisk, first)).faults).toEqual([expect.stringMatching(/S1 .*is not what was committed/)]);
  });

  it('a sample that cannot be read any more breaks S2, with the reason', async () => {
    const { faults } = await rememberOn(first, new Map(), new Map([['events/order/order/OrderPlaced.v1.json', 'lines is missing']]));
    expect(faults).toEqual([expect.stringMatching(/events\/order\/order\/OrderPlaced.v1.json: S2 .*: lines is missing/)]);
    const sums = addSums(first.get('samples/SHA256SUMS'), new Map([['messages/x/Gone.v1.json', '{}']]));
    const gone = JSON.stringify({ topic: 'orderloom.order.events', key: '1', headers: {}, value: {} });
    expect(
      (await rememberOn(new Map([...first, ['samples/messages/x/Gone.v1.json', gone], ['samples/SHA256SUMS', sums]]))).faults.join(),
    ).toContain('S2');
  });
});

describe('a message with a new version', () => {
  const topic = eventsTopicOf('logistics');
  const messages = messagesOn(topic);
  const common = { rule: 'LOG-01', description: 'It moved.' };
  const first1 = messages.message('ParcelMoved', { ...common, data: z.object({ place: z.string() }), example: { place: 'London' } });
  const data = z.object({ city: z.string(), country: z.string() });
  const example = { city: 'London', country: 'GB' };
  const before = upcastFrom(first1, ({ place }) => ({ city: place, country: 'GB' }));
  const second = messages.message('ParcelMoved', { ...common, version: 2, data, example, before });
  const samples = [...recordSamples([second])];

  it('both versions have a schema and a sample, and both samples are read', () => {
    expect(samples.map(([path]) => path)).toEqual([`messages/${topic}/ParcelMoved.v1.json`, `messages/${topic}/ParcelMoved.v2.json`]);
    expect([...contractFiles([second]).keys()].filter((path) => path.includes('ParcelMoved'))).toEqual([
      `${topic}/ParcelMoved.v1.schema.json`,
      `${topic}/ParcelMoved.v2.schema.json`,
    ]);
    expect(samples.map(([, sample]) => whyUnreadable(sample, [second]))).toEqual([undefined, undefined]);
  });

  it('a version whose upcaster drops a field fails on the old sample', () => {
    const forgetful = { ...second, before: upcastFrom(first1, ({ place }) => ({ city: place })) };
    expect(samples.map(([, sample]) => whyUnreadable(sample, [forgetful]))).toEqual([expect.stringContaining('country'), undefined]);
    expect(whyUnreadable({ ...(samples[1]?.[1] ?? ({} as never)) }, [first1])).toContain('version 2 is not read');
  });
});

describe('the files of the last commit', () => {
  const root = mkdtempSync(join(tmpdir(), 'orderloom-committed-'));
  const put = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.test', ...args], { cwd: root });
  afterAll(() => rmSync(root, { recursive: true }));

  it('files that changed or disappeared since the last commit are compared as they were', async () => {
    expect([...(await changedSinceCommit(root, 'deploy/contracts'))]).toEqual([]);
    put('deploy/contracts/a.json', '1');
    put('deploy/contracts/b.json', '2');
    put('deploy/contracts/c.json', '3');
    git('init', '--quiet');
    git('add', '-A');
    git('commit', '--quiet', '-m', 'first');
    put('deploy/contracts/a.json', '9');
    rmSync(join(root, 'deploy/contracts/b.json'));
    put('deploy/contracts/new.json', '4');
    expect(Object.fromEntries(await changedSinceCommit(root, 'deploy/contracts'))).toEqual({ 'a.json': '1', 'b.json': '2' });
  });
});
