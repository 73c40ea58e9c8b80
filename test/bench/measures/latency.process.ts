import { Consumer, PostgresStore } from '@orderloom/event-sourcing';
import { KafkaLog } from '@orderloom/messaging';
import kafkajs from 'kafkajs-published';

interface Options {
  readonly brokers: string[];
  readonly url: string;
  readonly ours: string;
  readonly bare: string;
}

/** The other service of P6: says when what it heard has had its effect (`ours`), or was heard (`bare`), by the clock of the machine. */
const { brokers, url, ours, bare } = JSON.parse(process.argv[2] ?? '') as Options;
const tell = (id: string): void => void process.send?.({ id, at: Number(process.hrtime.bigint()) / 1e6 });

const store = await PostgresStore.open({ url });
await store.migrate();
const log = new KafkaLog({ brokers, clientId: 'bench-hearer' });
const consumer = new Consumer({
  ...{ store, log, group: ours },
  subscriptions: [
    {
      topic: ours,
      type: 'ThingHappened',
      parse: (data) => data,
      handle: async ({ id, subject, data }) => {
        const appends = [
          { stream: `heard-${subject}`, subject, expected: 'any' as const, events: [{ type: 'ThingHeard', data: data as object }] },
        ];
        await store.commit({ meta: { by: 'bench' }, inbox: { consumer: 'bench', message: id }, appends });
        tell(subject);
      },
    },
  ],
});
await consumer.start((error) => {
  throw error;
});

const hearer = new kafkajs.Kafka({ clientId: 'bench-bare', brokers, logLevel: kafkajs.logLevel.NOTHING }).consumer({ groupId: bare });
await hearer.connect();
await hearer.subscribe({ topic: bare, fromBeginning: true });
await hearer.run({ eachMessage: async ({ message }) => tell(message.key?.toString() ?? '') });

process.once('disconnect', () => process.exit(0));
process.send?.({ id: 'ready' });
