import { PostgresStore, type Subscription } from '@orderloom/event-sourcing';
import { payload } from './append.js';
import { consumed, saidOn } from './fed.js';
import { type Figure, interleaved } from '../setup/rounds.js';
import type { Surroundings } from '../setup/surroundings.js';

/** P4: messages of a topic that each leave an event, exactly once by the inbox, against the same one message a transaction. */
export async function consuming({ database, brokers, rounds, share }: Surroundings): Promise<Figure[]> {
  const [count, slowly] = [Math.round(share * 20_000), Math.round(share * 2_000)];
  const store = await PostgresStore.open({ url: await database('p4') });
  await store.migrate();
  const said = (of: number) => Array.from({ length: of }, (_, n) => ({ subject: `thing-${n % 1_000}`, data: payload(n) }));
  const many = await saidOn(brokers, 'consume', said(count));
  const few = await saidOn(brokers, 'one-by-one', said(slowly));
  const effect =
    (round: string): Subscription['handle'] =>
    async ({ id, subject, data }) => {
      const appends = [{ stream: subject, subject, expected: 'any' as const, events: [{ type: 'ThingHeard', data: data as object }] }];
      const { status } = await store.commit({ meta: { by: 'bench' }, inbox: { consumer: round, message: id }, appends });
      if (status !== 'committed') throw new Error(`an effect was refused: ${status}`);
    };
  const compared = await interleaved(
    rounds,
    (round) => consumed({ store, brokers }, many, count, effect(`many ${round}`)),
    (round) => consumed({ store, brokers, concurrency: 1 }, few, slowly, effect(`few ${round}`)),
  );
  await store.close();
  const what = 'consume with an effect, by one message a transaction';
  return [
    { ...{ id: 'P4', what, unit: 'msg/s', ...compared }, ...{ goal: '>= 5', met: compared.ratio.median >= 5 } },
    {
      ...{ id: 'P4', what: 'consume with an effect', unit: 'msg/s', ours: compared.ours },
      ...{ goal: '>= 5,000', met: compared.ours >= 5_000 },
    },
  ];
}
