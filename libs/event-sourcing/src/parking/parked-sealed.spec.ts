import { Refusal } from '@orderloom/kernel';
import type { IncomingRecord } from '@orderloom/messaging';
import { ConsumerBench } from '../consumer/consumer-bench.fixture.js';
import { record } from '../consumer/fake-log.fixture.js';
import type { RecordSealing } from './parked-record.js';

/** Turns bytes round, which nobody reads by accident; `forgets` from when it is said. */
class Reversing implements RecordSealing {
  forgets = false;

  sealRecord = async (clear: IncomingRecord): Promise<IncomingRecord> => turned(clear);

  async unsealRecord(sealed: IncomingRecord): Promise<IncomingRecord> {
    if (this.forgets) throw new Refusal('forgotten', 'the customer was forgotten');
    return turned(sealed);
  }
}
const turned = (one: IncomingRecord): IncomingRecord => ({ ...one, value: one.value && Buffer.from(one.value).reverse() });

describe('a consumer of a topic with clear text', () => {
  let bench: ConsumerBench;
  let sealing: Reversing;
  beforeEach(() => {
    bench = new ConsumerBench();
    sealing = new Reversing();
    bench.fail = () => {
      throw new Refusal('no', 'not now');
    };
  });
  it('records are parked and queued sealed, and redriven as they came', async () => {
    const consumer = await bench.start({ sealing });
    await bench.log.deliver(record(1, { data: { name: 'Ada' } }), record(2, { data: { name: 'Ada' } }));
    const waiting = await consumer.parked();
    expect(waiting.map(({ state }) => state)).toEqual(['parked', 'queued']);
    expect(JSON.stringify(waiting.map((one) => Buffer.from(one.record?.value ?? '', 'base64').toString()))).not.toContain('Ada');
    expect(JSON.stringify(waiting)).not.toContain('Ada');

    bench.fail = () => undefined;
    expect(await consumer.redrive(waiting[0]?.id ?? '', 'ann')).toBe(2);
    expect(await bench.heard()).toEqual(['m-1', 'm-2']);
  });

  it('a record that cannot be unsealed any more stays parked with the reason until it is dismissed', async () => {
    const consumer = await bench.start({ sealing });
    await bench.log.deliver(record(1, {}));
    const [waiting] = await consumer.parked();
    bench.fail = () => undefined;
    sealing.forgets = true;
    expect(await consumer.redrive(waiting?.id ?? '', 'ann')).toBe(0);
    expect(await consumer.parked()).toMatchObject([{ state: 'parked', reason: 'forgotten: the customer was forgotten' }]);
    await consumer.dismiss(waiting?.id ?? '', 'forgotten', 'operator:olga');
    expect(await consumer.parked()).toEqual([]);
  });
});
