import type { RecordedEvent } from '@orderloom/event-sourcing';
import { orderNumber, TestService } from '../testing/runtime.fixture.js';

/** Messages of an errand; each is delivered until it succeeds. */
const course: readonly ((service: TestService) => Promise<() => Promise<unknown>>)[] = [
  async (service) => {
    const message = service.wanted();
    return () => service.runtime.handleEvent(message);
  },
  async (service) => {
    service.store.setNow('2010-12-06T09:00:00.000000Z');
    const [deadline] = await service.store.due(1);
    return () => service.runtime.fireDeadline(deadline ?? (undefined as never));
  },
  async (service) => {
    const message = await service.answered({ type: 'GoodsFound', price: 500 });
    return () => service.runtime.handleTaskAnswer(message);
  },
  async (service) => {
    const message = await service.answered({ type: 'PriceAccepted' });
    return () => service.runtime.handleTaskAnswer(message);
  },
  async (service) => {
    const message = service.message('ThingPut', { orderNumber }, { flow: (await service.one()).flowId });
    return () => service.runtime.handleEvent(message);
  },
  async (service) => {
    const message = service.message('ParcelShipped', { orderNumber });
    return () => service.runtime.handleEvent(message);
  },
];

async function run(crash: 'before' | 'after' | null, at: number): Promise<string> {
  const service = new TestService();
  for (const [i, step] of course.entries()) {
    const deliver = await step(service);
    if (i === at) {
      service.store.crash = crash;
      await expect(deliver()).rejects.toThrow('crashed');
    }
    await deliver();
  }
  expect(await service.one()).toMatchObject({ status: 'ended', outcome: 'done' });
  const events = await service.store.read({ transaction: '0', position: '0' }, 100);
  return JSON.stringify({ events: events.map(placeless), row: await service.one(), due: await service.store.due(10) });
}

/** A failed attempt consumes a transaction id; everything else must be equal. */
const placeless = ({ cursor: _cursor, ...event }: RecordedEvent) => event;

describe('a crash', () => {
  const steps = course.map((_, i) => i);

  it.each(steps)('before the commit of step %i it leaves the stored bytes unchanged', async (i) => {
    expect(await run('before', i)).toBe(await run(null, -1));
  });

  it.each(steps)('after the commit of step %i, followed by a redelivery, it leaves the stored bytes unchanged', async (i) => {
    expect(await run('after', i)).toBe(await run(null, -1));
  });
});
