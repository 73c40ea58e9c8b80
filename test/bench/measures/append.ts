import { randomUUID } from 'node:crypto';
import { PostgresStore } from '@orderloom/event-sourcing';
import { type Emmett, emmett } from './emmett.js';
import { type Figure, interleaved, rate, withCallers } from '../setup/rounds.js';
import { barePool, type Surroundings } from '../setup/surroundings.js';

const existing = 2_000;
/** About 300 bytes as JSON. */
export const payload = (n: number): object => ({ orderNumber: `S-${n}`, amount: n, currency: 'GBP', note: 'x'.repeat(230) });

const goals = { 1: 0.6, 8: 1.1, 32: 1.7 } as const;

/** P1: one event a unit, 3 of 4 to streams that exist, against node-pg inserting one bare row per transaction. */
export async function appends({ database, rounds, share }: Surroundings): Promise<Figure[]> {
  const url = await database('p1');
  const store = await PostgresStore.open({ url });
  await store.migrate();
  const versions = new Map<string, number>();
  const append = async (stream: string): Promise<void> => {
    const version = versions.get(stream) ?? 0;
    const events = [{ type: 'ThingHappened', data: payload(version) }];
    const { status } = await store.commit({ meta: { by: 'bench' }, appends: [{ stream, subject: stream, expected: version, events }] });
    if (status !== 'committed') throw new Error(`an append was refused: ${status}`);
    versions.set(stream, version + 1);
  };
  await withCallers(32, existing, (n) => append(`thing-${n}`));
  let turn = 0;
  const ours = (callers: number, count: number) => () =>
    rate(count, () =>
      withCallers(callers, count, (n) => append(n % 4 === 0 ? `thing-${randomUUID()}` : `thing-${(turn += 7) % existing}`)),
    );

  const bare = barePool(url, 32);
  await bare.query('create table bare (position bigint generated always as identity primary key, data jsonb not null)');
  const insert = { name: 'bare', text: 'insert into bare (data) values ($1)' };
  const theirs = (callers: number, count: number) => () =>
    rate(count, () => withCallers(callers, count, (n) => bare.query({ ...insert, values: [JSON.stringify(payload(n))] })));

  const figures: Figure[] = [];
  for (const [callers, goal] of Object.entries(goals).map(([c, g]) => [Number(c), g] as const)) {
    const count = callers === 1 ? Math.round(share * 1_500) : Math.max(2_000, Math.round(share * 6_000));
    const compared = await interleaved(rounds, ours(callers, count), theirs(callers, count));
    figures.push({
      ...{ id: 'P1', what: `append, ${callers} caller${callers === 1 ? '' : 's'}, by a bare row each`, unit: 'events/s', ...compared },
      ...{ goal: `>= ${goal}`, met: compared.ratio.median >= goal },
    });
  }
  figures.push(await againstEmmett(url, ours(8, Math.round(share * 4_000)), rounds, Math.round(share * 1_500)));
  await bare.end();
  await store.close();
  return figures;
}

async function againstEmmett(url: string, ours: () => Promise<number>, rounds: number, count: number): Promise<Figure> {
  const figure = { id: 'P1', what: 'append, 8 callers, by Emmett’s', unit: 'events/s', goal: '>= 3' };
  let other: Emmett;
  try {
    other = await emmett(url);
  } catch (error) {
    return { ...figure, ours: await ours(), met: false, note: `not compared: ${(error as Error).message.split('\n')[0]}` };
  }
  await withCallers(8, existing, (n) => other.append(`thing-${n}`, payload(n)));
  let turn = 0;
  const theirs = () =>
    rate(count, () =>
      withCallers(8, count, (n) => other.append(n % 4 === 0 ? `thing-${randomUUID()}` : `thing-${(turn += 7) % existing}`, payload(n))),
    );
  const compared = await interleaved(rounds, ours, theirs);
  await other.close();
  return { ...figure, ...compared, met: compared.ratio.median >= 3, note: other.version };
}
