import { Consumer, PostgresStore } from '@orderloom/event-sourcing';
import { KafkaLog } from '@orderloom/messaging';
import type { WireSettings } from '../support/kafka/box-wire.js';
import { overriding, serving, report, options } from '../support/child.js';

/**
 * A consumer as services have it, in a process of its own: each message leaves an event `Heard` in the stream of its key, in a unit
 * of work with its inbox. Tells of each message that it tries. The first tries of messages of the key `failing` throw, `failures` of them;
 * versions above `maxVersion` are not understood.
 */
const {
  url,
  brokers,
  topic,
  group,
  failing,
  failures = 0,
  maxVersion = 2,
} = options<WireSettings & { group: string; failing?: string; failures?: number; maxVersion?: number }>();
let failed = 0;
const store = await PostgresStore.open({ url, poolSize: 3 });
const log = new KafkaLog({ brokers: [...brokers], clientId: 'consumer', sessionTimeoutMs: 6000 });
const consumer = new Consumer({
  store,
  log: overriding(log, {
    subscribe: (subscription) =>
      log.subscribe({
        ...subscription,
        handle: async (records, stretch) => {
          await subscription.handle(records, stretch);
          report('handled', { records: records.length });
        },
      }),
  }),
  group,
  subscriptions: [
    {
      topic,
      type: 'ThingPut',
      maxVersion,
      parse: (data) => data,
      handle: async ({ id, subject, streamVersion, typeVersion, data }) => {
        report('tries', { id, subject, at: performance.now() });
        if (subject === failing && failed < failures) {
          failed += 1;
          throw new Error('the handler fails');
        }
        const stream = `heard-${subject}`;
        const events = [{ type: 'Heard', data: { id, version: streamVersion, typeVersion, data } }];
        const outcome = await store.commit({
          meta: { by: group, causation: id },
          inbox: { consumer: group, message: id },
          appends: [{ stream, subject, expected: 'any', events }],
        });
        report('effect', { id, status: outcome.status });
      },
    },
  ],
});
await consumer.start((error) => {
  report('crashed', { error: String(error) });
  process.exit(1);
});
serving(async () => {
  await consumer.stop();
  await log.close();
  await store.close();
});
