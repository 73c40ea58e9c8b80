import { fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { PostgresStore, Relay } from '@orderloom/event-sourcing';
import kafkajs from 'kafkajs-published';
import { payload } from './append.js';
import { type Figure, interleaved, percentile } from '../setup/rounds.js';
import type { Surroundings } from '../setup/surroundings.js';
import { benchTopic } from '../setup/topics.js';

const perSecond = 200;

const now = (): number => Number(process.hrtime.bigint()) / 1e6;

/** P6: from a commit in one process to the committed effect in another, over Kafka, against a bare kafkajs send until it is received. */
export async function latencies({ database, brokers, rounds, share }: Surroundings): Promise<Figure[]> {
  const count = Math.round(share * perSecond * 6);
  const store = await PostgresStore.open({ url: await database('p6a') });
  await store.migrate();
  const [ours, bare] = await Promise.all([benchTopic(brokers, 'ours'), benchTopic(brokers, 'bare')]);
  const options = { brokers, url: await database('p6b'), ours: ours.topic, bare: bare.topic };
  const child = fork(new URL('latency.process.js', import.meta.url), [JSON.stringify(options)]);
  const arrived = new Map<string, (at: number) => void>();
  const arrival = (id: string): Promise<number> => new Promise((resolve) => arrived.set(id, resolve));
  child.on('message', ({ id, at }: { id: string; at: number }) => arrived.get(id)?.(at));
  await arrival('ready');

  const publications = [(event: { type: string; data: object }) => [{ topic: ours.topic, type: event.type, data: event.data }]];
  const relay = new Relay({ store, log: ours.log, source: '/bench', publications, onError: (error) => console.error(error) });
  relay.start();
  const producer = new kafkajs.Kafka({ clientId: 'bench-bare', brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();

  /** Milliseconds of each, sorted; `say` resolves to when its way begins. */
  const paced = async (name: string, say: (id: string, n: number) => Promise<number>): Promise<number[]> => {
    const begun = now();
    const all: Promise<number>[] = [];
    for (let n = 0; n < count; n += 1) {
      await delay(Math.max(0, begun + (n * 1000) / perSecond - now()));
      const id = `${name}-${n}`;
      const there = arrival(id);
      all.push(say(id, n).then(async (from) => (await there) - from));
    }
    return (await Promise.all(all)).sort((a, b) => a - b);
  };
  const p99s: number[] = [];
  const compared = await interleaved(
    rounds,
    async (round) => {
      const found = await paced(`ours-${round}`, async (id, n) => {
        const appends = [{ stream: id, subject: id, expected: 'none' as const, events: [{ type: 'ThingHappened', data: payload(n) }] }];
        await store.commit({ meta: { by: 'bench' }, appends });
        return now();
      });
      if (round > 0) p99s.push(percentile(found, 0.99));
      return percentile(found, 0.5);
    },
    async (round) => {
      const found = await paced(`bare-${round}`, async (id, n) => {
        const from = now();
        await producer.send({ topic: bare.topic, acks: -1, messages: [{ key: id, value: JSON.stringify(payload(n)) }] });
        return from;
      });
      return percentile(found, 0.5);
    },
  );
  child.disconnect();
  await relay.stop();
  await Promise.all([producer.disconnect(), ours.log.close(), bare.log.close(), store.close()]);
  const p99 = percentile(
    p99s.sort((a, b) => a - b),
    0.5,
  );
  const what = `${perSecond} commits/s to the effect elsewhere`;
  return [
    {
      ...{ id: 'P6', what: `${what}, p50, by bare kafkajs`, unit: 'ms', ...compared },
      ...{ goal: '< 5 and <= 5 x', met: compared.ours < 5 && compared.ratio.median <= 5 },
    },
    { ...{ id: 'P6', what: `${what}, p99`, unit: 'ms', ours: p99 }, ...{ goal: '< 25', met: p99 < 25 } },
  ];
}
