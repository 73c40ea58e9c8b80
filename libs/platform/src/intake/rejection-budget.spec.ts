import type { Timers } from '@orderloom/kernel';
import { mostRejections, RejectionBudget, type RefusedRecord, type Suppression } from './rejection-budget.js';

const topic = 'orderloom.warehouse.reports';
const windowMs = 600_000;

/** Timers of a test: time passes when the test says so. */
class TestTimers implements Timers {
  private at = 0;
  private readonly waiting: { readonly until: number; readonly done: () => void }[] = [];

  now = (): number => this.at;
  random = (): number => 0;
  every = (): (() => void) => () => undefined;

  delay(millis: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push({ until: this.at + millis, done: resolve });
      signal?.addEventListener('abort', () => resolve());
    });
  }

  async pass(millis: number): Promise<void> {
    this.at += millis;
    for (const { until, done } of this.waiting) if (until <= this.at) done();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the rejection budget of a sender', () => {
  let timers: TestTimers;
  let summaries: Suppression[];
  let budget: RejectionBudget;
  beforeEach(() => {
    timers = new TestTimers();
    summaries = [];
    budget = new RejectionBudget(async (summary) => void summaries.push(summary), timers);
  });
  let offset = 0;
  const refused = (source: string | null = '/warehouse', of = topic): RefusedRecord => {
    offset += 1;
    return { topic: of, source, partition: 0, offset: String(offset), key: 'k', id: `m-${offset}`, type: 'ParcelShipped' };
  };
  const take = (count: number, source?: string | null, of?: string): string[] =>
    Array.from({ length: count }, () => budget.take(refused(source, of)));

  it('rejections are sent one by one up to a number, and the last one says so', () => {
    expect(take(mostRejections - 1)).toEqual(Array.from({ length: mostRejections - 1 }, () => 'told'));
    expect(take(3)).toEqual(['last', 'suppressed', 'suppressed']);
    expect(budget.suppressed()).toEqual({ [topic]: 2 });
  });

  it('the others are summarised at the end of the window: their number, the first and the last', async () => {
    take(mostRejections);
    const [first, , last] = [refused(), refused(), refused()].map((one) => (budget.take(one), one));
    await timers.pass(windowMs - 1);
    expect(summaries).toEqual([]);
    await timers.pass(1);
    expect(summaries).toEqual([{ topic, source: '/warehouse', count: 3, first, last, millis: windowMs }]);
    await timers.pass(windowMs);
    expect(summaries).toHaveLength(1);
  });

  it('the next window starts anew, also after one without a summary', async () => {
    take(mostRejections);
    await timers.pass(windowMs);
    expect(take(1)).toEqual(['told']);
    take(mostRejections + 5);
    await timers.pass(windowMs);
    expect(take(1)).toEqual(['told']);
    expect(summaries.map(({ count }) => count)).toEqual([6]);
  });

  it('each source and topic has its own budget', () => {
    take(mostRejections + 1);
    expect([take(1, '/other'), take(1, '/warehouse', 'orderloom.courier.scans'), take(1, null)]).toEqual([['told'], ['told'], ['told']]);
  });

  it('the total is bounded even if every record names another source', () => {
    const told = Array.from({ length: 10_000 }, (_, n) => budget.take(refused(`/s-${n}`))).filter((one) => one !== 'suppressed');
    expect(told.length).toBeLessThan(mostRejections * 2);
  });

  it('the summary is sent when the process ends', async () => {
    take(mostRejections + 7);
    await budget.stop();
    expect(summaries).toMatchObject([{ count: 7 }]);
    await budget.stop();
    expect(summaries).toHaveLength(1);
  });
});
