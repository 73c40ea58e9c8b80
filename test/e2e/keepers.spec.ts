import { jest } from '@jest/globals';
import { createDatabase, databaseUrl, launch, logDatabase, logFile, tail, TokenKeys } from '@orderloom/dev-services';
import { gapRow, type PostgresStore } from '@orderloom/event-sourcing';
import { EmbeddedLog, encode } from '@orderloom/messaging';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { OwnPostgres } from '../faults/support/postgres/own-postgres.js';
import { withService } from '../support/stack/service-of.js';

jest.setTimeout(120_000);

const services = ['order', 'logistics', 'refund', 'after-sales', 'settings'] as const;
const databaseOf = (service: string): string => `orderloom_${service.replaceAll('-', '_')}`;
const url = (database: string): string => databaseUrl(postgres.url, database);
const at = '2010-12-08T09:00:00.000000Z';
const place = { topic: 'orderloom.order.events', partition: 0, from: 3, to: 7 };
const missedId = 'orderloom.order.events/0/3';
const unknownId = '0b442047-fa56-4781-8381-5cd4ae078f9c';
// the names of databases are those of every installation: one server each
let postgres: OwnPostgres;
let folder: string;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command in a folder where nothing runs, on the databases of `postgres`. */
const cli = (...args: readonly string[]): Promise<Ended> =>
  new Promise((done) => {
    const env = { PATH: process.env['PATH'], DATABASE_URL: postgres.url, ORDERLOOM_LOG: 'embedded' };
    const main = resolve('dist/apps/cli/src/main.js');
    execFile(process.execPath, [main, ...args], { env, cwd: folder }, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out, err }),
    );
  });

const inStore = <T>(service: string, work: (store: PostgresStore) => Promise<T>): Promise<T> =>
  withService(service, url(databaseOf(service)), (_, store) => work(store));

/** Services that have never run, and a log of their own. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orderloom-keepers-'));
  symlinkSync(resolve('dist'), join(folder, 'dist'));
  postgres = await OwnPostgres.start();
  await Promise.all([...services.map(databaseOf), logDatabase, 'keys'].map((name) => createDatabase(postgres.url, name)));
  const others = {
    PATH: process.env['PATH'],
    LOG_URL: url(logDatabase),
    KEY_RING_URL: url('keys'),
    KEY_RING_MASTER_KEY: randomBytes(32).toString('base64'),
    AUTH_JWKS: JSON.stringify((await TokenKeys.make()).jwks),
  };
  const migrated = services.map(async (service) => {
    const log = logFile(folder, service);
    const env = { ...others, DATABASE_URL: url(databaseOf(service)) };
    const how = await launch({ command: process.execPath, args: [`dist/apps/${service}/src/main.js`, 'migrate'], env, log }).exited;
    if (how !== 'exit code 0') throw new Error(`${service} could not be migrated (${how}):\n${tail(log)}`);
  });
  await Promise.all(migrated);
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true });
});

describe('npm run cli -- missed', () => {
  it('lists each retention gap until an operator resolves it, which is possible once', async () => {
    await inStore('logistics', (store) => store.commit({ meta: { by: 'spec' }, rows: [gapRow({ ...place, at })] }));
    const listed = await cli('missed');
    expect([listed.code, listed.out]).toEqual([
      0,
      expect.stringMatching(/^logistics {2}orderloom\.order\.events\/0\/3\n {2}4 records of /),
    ]);

    expect(await cli('missed', 'resolve', missedId, 'said', 'again')).toEqual({
      code: 0,
      out: `${missedId} is resolved in logistics.\n`,
      err: '',
    });
    expect((await cli('missed')).out).toMatch(/resolved by operator:\S+ at \S+: said again\n$/);
    expect(await cli('missed', 'resolve', missedId, 'again')).toMatchObject({ code: 1, err: expect.stringContaining(missedId) });
  });
});

describe('npm run cli -- republish', () => {
  it('prints how many events it will publish again: the events recorded since the given time', async () => {
    const put = (n: number) => ({ stream: `box-${n}`, subject: 's', expected: 'none' as const, events: [{ type: 'Put', data: {} }] });
    await inStore('refund', (store) => store.commit({ meta: { by: 'spec' }, appends: [put(1)] }));
    const since = await inStore('refund', (store) => store.now());
    await inStore('refund', (store) => store.commit({ meta: { by: 'spec' }, appends: [put(2), put(3)] }));
    const [some, none] = await Promise.all([
      cli('republish', 'refund', '--since', since),
      cli('republish', 'refund', '--since', '2999-01-01'),
    ]);
    expect(some).toEqual({ code: 0, out: expect.stringMatching(/^refund will publish 2 events again at its next start;/), err: '' });
    expect(none).toEqual({ code: 0, out: 'refund has recorded no events since then.\n', err: '' });
  });
});

describe('npm run cli -- diverged', () => {
  beforeAll(async () => {
    const log = new EmbeddedLog({ url: url(logDatabase), clientId: 'spec' });
    const event = {
      id: unknownId,
      source: '/orderloom/order',
      type: 'OrderHeld',
      typeVersion: 1,
      subject: 'W-1',
      time: at,
      by: 'reviewer:li',
      data: {},
    };
    await log.publish([{ topic: place.topic, key: 'W-1', ...encode(event) }]);
    await log.close();
  });

  it('exits with 1 while topics hold records unknown to a store, until an operator accepts them with a reason', async () => {
    const found = await cli('diverged');
    expect([found.code, found.out]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(
          `^order {2}orderloom\\.order\\.events/\\d+/0 {2}OrderHeld of W-1 \\(${unknownId}\\), 2010-12-08T09:00:00Z, by reviewer:li`,
        ),
      ),
    ]);
    const accepted = await cli('diverged', 'accept', '--reason', 'restored', 'from', 'a', 'dump');
    expect([accepted.code, accepted.out]).toEqual([0, expect.stringContaining('Discarded.')]);
    expect(await cli('diverged')).toEqual({ code: 0, out: 'Every record on the topics is in the stores.\n', err: '' });
  });
});

describe('a maintenance command', () => {
  it.each([
    [['missed', 'resolve', missedId], /^REASON must not be empty: use missed, /],
    [
      ['republish', 'console', '--since', at],
      /^SERVICE must be one of order, logistics, refund, after-sales, settings, not "console": use /,
    ],
    [['republish', 'order', '--since', 'yesterday'], /^--since must be a time, not "yesterday": use /],
    [['diverged', 'accept'], /^--reason must not be empty: use diverged, /],
    [['diverged', 'accept', '--reason', ' '], /^--reason must not be empty/],
  ])('with invalid arguments names the error and exits with 1 (%j)', async (args, why) => {
    expect(await cli(...args)).toEqual({ code: 1, out: '', err: expect.stringMatching(why) });
  });

  it('that changes published or stored data is refused while services run', async () => {
    mkdirSync(join(folder, '.orderloom'), { recursive: true });
    const run = join(folder, '.orderloom', 'run.json');
    writeFileSync(run, '{}');
    try {
      for (const args of [
        ['republish', 'order', '--since', at],
        ['diverged', 'accept', '--reason', 'restored'],
      ])
        expect(await cli(...args)).toEqual({ code: 1, out: '', err: 'Services are running in this folder: stop them first.\n' });
    } finally {
      rmSync(run);
    }
  });
});
