import { PostgresStore, Relay } from '@orderloom/event-sourcing';
import type { Log, OutgoingRecord } from '@orderloom/messaging';
import kafkajs from 'kafkajs-published';
import { payload } from './append.js';
import { type Figure, interleaved, rate } from '../setup/rounds.js';
import { seed } from '../setup/seed.js';
import type { Surroundings } from '../setup/surroundings.js';
import { benchTopic } from '../setup/topics.js';

/** P3: the relay publishes what is stored, against a bare kafkajs loop that sends the same records in the same batches. */
export async function relaying({ database, brokers, rounds, share }: Surroundings): Promise<Figure[]> {
  const events = Math.round(share * 60_000);
  const store = await PostgresStore.open({ url: await database('p3') });
  await store.migrate();
  await seed(store.pool, events, payload);
  const { topic, log } = await benchTopic(brokers, 'relay');
  const batches: (readonly OutgoingRecord[])[] = [];
  const recording = { publish: async (records: readonly OutgoingRecord[]) => void batches.push(records) } as Log;
  await relayed(store, recording, topic, events);

  const producer = new kafkajs.Kafka({ clientId: 'bare', brokers: [...brokers] }).producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  const bare = async (): Promise<void> => {
    for (const batch of batches) {
      const messages = batch.map(({ key, headers, value }) => ({ key, headers: { ...headers }, value }));
      await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages }] });
    }
  };
  const compared = await interleaved(
    rounds,
    () => rate(events, () => relayed(store, log, topic, events)),
    () => rate(events, bare),
  );
  await producer.disconnect();
  await log.close();
  await store.close();
  const size = Math.round(events / batches.length);
  return [
    {
      ...{ id: 'P3', what: `relay to Kafka, batches of ${size}, by bare kafkajs`, unit: 'events/s', ...compared },
      ...{ goal: '>= 0.8', met: compared.ratio.median >= 0.8 },
    },
  ];
}

/** Publishes the last `events`, or all there are; resolves when the checkpoint is at the end. */
export async function relayed(store: PostgresStore, log: Log, topic: string, events: number): Promise<void> {
  await store.pool.query("delete from checkpoints where name = 'relay/0-of-1'");
  await store.pool.query(
    `insert into checkpoints (name, xid, position)
     select 'relay/0-of-1', xid, position from events order by xid desc, position desc offset $1 limit 1`,
    [events],
  );
  const end = (await store.pool.query<{ position: string }>('select position from events order by xid desc, position desc limit 1'))
    .rows[0];
  let published = 0;
  let done: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (done = resolve));
  const counting = { publish: (records: readonly OutgoingRecord[]) => log.publish(records).then(() => void (published += records.length)) };
  const relay = new Relay({
    store,
    log: counting as Log,
    source: '/bench',
    publications: [(event) => [{ topic, type: event.type, data: event.data }]],
    onError: (error) => console.error(error),
  });
  const look = async (): Promise<void> => {
    const at = (await store.checkpoint('relay/0-of-1')).position;
    if (published >= events && at === end?.position) return done();
    setTimeout(() => void look(), 2);
  };
  relay.start();
  void look();
  await all;
  await relay.stop();
}
