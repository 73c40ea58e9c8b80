import { Consumer, PostgresStore, type Subscription } from '@orderloom/event-sourcing';
import { DeadlineWorker, FlowRuntime } from '@orderloom/flows';
import { KafkaLog } from '@orderloom/messaging';
import { box, errand } from '../../../libs/flows/src/testing/errand.fixture.js';
import type { WireSettings } from '../support/kafka/box-wire.js';
import { clockSetByTest, serving, report, options } from '../support/child.js';

/** A flow's worker as services have it, in a process of its own: errands, their deadlines, and the boxes that they put things into. */
const { url, brokers, topic, group } = options<WireSettings & { group: string }>();
const store = await PostgresStore.open({ url, poolSize: 3 });
const log = new KafkaLog({ brokers: [...brokers], clientId: 'flow', sessionTimeoutMs: 6000 });
const runtime = new FlowRuntime({ store, service: 'order', flows: [errand], commands: { PutThing: { decider: box, id: 'orderNumber' } } });
const complain = (error: unknown): void => report('error', { error: String(error) });
const subscription = (type: string, handle: (message: never) => Promise<unknown>): Subscription => ({
  topic,
  type,
  parse: (data) => data,
  handle: async (message) => void (await handle(message as never)),
});
const consumer = new Consumer({
  store,
  log,
  group,
  subscriptions: [
    ...['GoodsWanted', 'ThingPut', 'ParcelShipped'].map((type) => subscription(type, (message) => runtime.handleEvent(message))),
    subscription('TaskAnswered', (message) => runtime.handleTaskAnswer(message)),
  ],
});
const deadlines = new DeadlineWorker({ store, runtime, onError: complain });
clockSetByTest();
deadlines.start();
await consumer.start((error) => {
  complain(error);
  process.exit(1);
});
serving(async () => {
  await consumer.stop();
  await deadlines.stop();
  await log.close();
  await store.close();
});
