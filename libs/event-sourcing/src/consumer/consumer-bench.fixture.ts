import { InvalidInput } from '@orderloom/kernel';
import type { CloudEvent } from '@orderloom/messaging';
import { MemoryStore } from '../memory/memory-store.js';
import type { Subscription } from './subscription.js';
import { Consumer, type ConsumerOptions } from './consumer.js';
import { FakeLog, topic } from './fake-log.fixture.js';
import { Retries } from './retries.js';

export const crash = (error: Error): void => {
  throw error;
};

/** A consumer under test. Each message appends one event to the stream of its key, exactly once. */
export class ConsumerBench {
  readonly store = new MemoryStore();
  readonly log = new FakeLog();
  /** Ids of the messages, in the order of the attempts. */
  readonly attempted: string[] = [];
  /** Throws to simulate a failure of the handler. */
  fail: ((message: CloudEvent<{ n?: number }>) => void) | undefined;

  readonly subscription: Subscription<{ n?: number }> = {
    topic,
    type: 'OrderPlaced',
    parse: (data) => {
      const { n } = data as { n?: unknown };
      if (n !== undefined && typeof n !== 'number') throw new InvalidInput([{ field: 'n', message: 'must be a number' }]);
      return { n };
    },
    handle: async (message) => {
      this.attempted.push(message.id);
      this.fail?.(message);
      const events = [{ type: 'Heard', data: { id: message.id } }];
      const appends = [{ stream: message.subject, subject: message.subject, expected: 'any' as const, events }];
      await this.store.commit({ meta: { by: 'test' }, inbox: { consumer: 'test', message: message.id }, appends });
    },
  };

  start = async (more: Partial<ConsumerOptions> = {}): Promise<Consumer> => {
    const { store, log, subscription } = this;
    const consumer = new Consumer({
      store,
      log,
      group: 'g',
      subscriptions: [subscription],
      maxAttempts: 3,
      retries: new Retries({ firstMillis: 1 }),
      ...more,
    });
    await consumer.start(crash);
    return consumer;
  };

  heard = async (key = '536365'): Promise<string[]> => (await this.store.load(key)).events.map((e) => (e.data as { id: string }).id);
}
