import { InvalidInput } from '@orderloom/kernel';
import { typeOf, type IncomingRecord } from '@orderloom/messaging';
import { ConsumerBench } from '../consumer/consumer-bench.fixture.js';
import { record, topic } from '../consumer/fake-log.fixture.js';
import type { Append } from '../store/store.js';
import type { Rejections } from './rejections.js';

const append = (data: object): Append => ({
  stream: 'rejections',
  subject: 'rejections',
  expected: 'any',
  events: [{ type: 'RecordRejected', data }],
});

const rejections: Rejections = {
  ofParked: ({ offset }, { errors }, parkedId) => append({ offset, fields: errors.map((e) => e.field), parkedId }),
  ofUnknownType: (of) => (typeOf(of) === 'ReadElsewhere' ? undefined : append({ offset: of.offset, type: typeOf(of) })),
};

describe('the rejections of a consumer', () => {
  let bench: ConsumerBench;
  const warnings: object[] = [];
  beforeEach(() => {
    bench = new ConsumerBench();
    warnings.length = 0;
  });
  const start = () => bench.start({ rejections, logger: { warn: (what: object) => void warnings.push(what) } as never });
  const hand = (...records: readonly IncomingRecord[]): Promise<void> => bench.log.deliver(...records);
  const told = async (): Promise<object[]> => (await bench.store.load('rejections')).events.map(({ data }) => data);
  const wrong = record(1, { data: { n: 'one' } });

  it('a rejection is recorded with the parked record, once', async () => {
    const consumer = await start();
    await hand(wrong);
    await hand(wrong);
    const [parked] = await consumer.parked();
    expect(await told()).toEqual([{ offset: '1', fields: ['n'], parkedId: parked?.id }]);
  });

  it('the size of a rejection is bounded, whatever the record holds', async () => {
    bench.fail = () => {
      throw new InvalidInput(Array.from({ length: 500 }, (_, n) => ({ field: `f${n}`, message: 'x'.repeat(300_000) })));
    };
    const consumer = await start();
    await hand(record(1, {}));
    const [parked] = await consumer.parked();
    expect(JSON.stringify(parked?.errors).length).toBeLessThan(60_000);
    expect(parked?.reason.length).toBeLessThan(5000);
    expect(await told()).toMatchObject([{ offset: '1' }]);
  });

  it.each<[string, IncomingRecord]>([
    ['parks', wrong],
    ['skips', record(2, { type: 'Odd' })],
  ])('the consumer %s a record even if the rejection cannot be stored', async (_, one) => {
    const huge = (): Append => append({ text: 'x'.repeat(300_000) });
    const consumer = await bench.start({ rejections: { ofParked: huge, ofUnknownType: huge } });
    await hand(one, record(3, {}, { key: 'other' }));
    expect(await consumer.parked()).toHaveLength(one === wrong ? 1 : 0);
    expect([await bench.heard('other'), await told()]).toEqual([['m-3'], []]);
  });

  it('a failure of the service itself is not a rejection', async () => {
    bench.fail = () => {
      throw new Error('bug');
    };
    const consumer = await start();
    await hand(record(1, {}));
    expect(await consumer.parked()).toHaveLength(1);
    expect(await told()).toEqual([]);
  });

  it('a record that waits behind another is not rejected', async () => {
    await start();
    await hand(wrong, record(2, {}));
    expect(await told()).toHaveLength(1);
  });

  it('a record of an unknown type is rejected once, and its key continues', async () => {
    const consumer = await start();
    const odd = record(2, { type: 'OrderPlcaed' });
    await hand(odd, record(3, {}));
    await hand(odd);
    expect(await told()).toEqual([{ offset: '2', type: 'OrderPlcaed' }]);
    expect([await bench.heard(), await consumer.parked()]).toEqual([['m-3'], []]);
  });

  it('unknown types are counted by topic and logged once each', async () => {
    const consumer = await start();
    await hand(record(2, { type: 'Odd' }), record(3, { type: 'Odd' }), record(4, { type: 'Odder' }), record(5, { type: 'ReadElsewhere' }));
    expect(consumer.unknownRecords()).toEqual({ [topic]: 3 });
    expect(warnings).toMatchObject([{ type: 'Odd' }, { type: 'Odder' }]);
  });
});
