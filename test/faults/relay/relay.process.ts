import { PostgresStore, Relay } from '@orderloom/event-sourcing';
import { KafkaLog } from '@orderloom/messaging';
import { box } from '../../../libs/event-sourcing/src/decider/box.fixture.js';
import { publicationsTo, source, type WireSettings } from '../support/kafka/box-wire.js';
import { overriding, serving, report, options } from '../support/child.js';

/** A relay as services have it, in a process of its own; tells what became of each batch. */
const { url, brokers, topic, batch, leaseSeconds } = options<WireSettings & { batch?: number; leaseSeconds?: number }>();
const store = await PostgresStore.open({ url, poolSize: 3 });
const log = new KafkaLog({ brokers: [...brokers], clientId: 'relay' });
const relay = new Relay({
  store: overriding(store, {
    commit: async (unit) => {
      const outcome = await store.commit(unit);
      report('committed', { status: outcome.status, ...('what' in outcome && { what: outcome.what }) });
      return outcome;
    },
  }),
  log,
  source,
  publications: publicationsTo(topic),
  deciders: [box],
  batch,
  leaseSeconds: leaseSeconds ?? 1,
  onError: (error) => report('error', { error: String(error) }),
});
relay.start();
serving(async () => {
  await relay.stop();
  await log.close();
  await store.close();
});
