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

describe('a consumer that tells senders what is wrong', () => {
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

  it('records it with what it parks, once however often the record comes', async () => {
    const consumer = await start();
    await hand(wrong);
    await hand(wrong);
    const [parked] = await consumer.parked();
    expect(await told()).toEqual([{ offset: '1', fields: ['n'], parkedId: parked?.id }]);
  });

  it('bounds what it says of a record, whatever the record holds', async () => {
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
  ])('%s a record all the same where nobody can be told of it', async (_, one) => {
    const huge = (): Append => append({ text: 'x'.repeat(300_000) });
    const consumer = await bench.start({ rejections: { ofParked: huge, ofUnknownType: huge } });
    await hand(one, record(3, {}, { key: 'other' }));
    expect(await consumer.parked()).toHaveLength(one === wrong ? 1 : 0);
    expect([await bench.heard('other'), await told()]).toEqual([['m-3'], []]);
  });

  it('says nothing of what the service itself fails at', async () => {
    bench.fail = () => {
      throw new Error('bug');
    };
    const consumer = await start();
    await hand(record(1, {}));
    expect(await consumer.parked()).toHaveLength(1);
    expect(await told()).toEqual([]);
  });

  it('says nothing of what only waits behind another', async () => {
    await start();
    await hand(wrong, record(2, {}));
    expect(await told()).toHaveLength(1);
  });

  it('records once a record of a type that nobody reads, and goes on with its key', async () => {
    const consumer = await start();
    const odd = record(2, { type: 'OrderPlcaed' });
    await hand(odd, record(3, {}));
    await hand(odd);
    expect(await told()).toEqual([{ offset: '2', type: 'OrderPlcaed' }]);
    expect([await bench.heard(), await consumer.parked()]).toEqual([['m-3'], []]);
  });

  it('counts such records by topic, and logs each type once', async () => {
    const consumer = await start();
    await hand(record(2, { type: 'Odd' }), record(3, { type: 'Odd' }), record(4, { type: 'Odder' }), record(5, { type: 'ReadElsewhere' }));
    expect(consumer.unknownRecords()).toEqual({ [topic]: 3 });
    expect(warnings).toMatchObject([{ type: 'Odd' }, { type: 'Odder' }]);
  });
});
