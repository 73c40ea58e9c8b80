import { InvalidInput, Refusal } from '@orderloom/kernel';
import { type CloudEvent, encode } from '@orderloom/messaging';
import type { Inbox } from '../store/store.js';
import { RecordProcessor } from './record-processor.js';

const topic = 'orderloom.test';
const record = (typeVersion: number) => {
  const event = { id: '1', source: '/shop', type: 'OrderPlaced', typeVersion, subject: '1', time: '2026-11-02T09:00:00Z', data: { a: 1 } };
  return { topic, partition: 0, offset: '0', key: '1', ...encode(event) };
};

describe('a record of a subscribed type', () => {
  const read: unknown[] = [];
  const parse = (data: unknown, version: number) => read.push([data, version]);
  const handling = new RecordProcessor({
    log: { system: 'kafka' },
    group: 'g',
    subscriptions: [{ topic, type: 'OrderPlaced', maxVersion: 2, parse, handle: async () => undefined }],
  });

  it('it is read as the version that it names', async () => {
    expect([await handling.handle(record(1)), await handling.handle(record(2))]).toEqual([undefined, undefined]);
    expect(read).toEqual([
      [{ a: 1 }, 1],
      [{ a: 1 }, 2],
    ]);
  });

  it('in a version from the future it is refused with the known versions', async () => {
    const failure = await handling.handle(record(3));
    expect(failure?.errors).toEqual([
      { field: 'ce_typeversion', message: 'OrderPlaced version 3 is not supported; expected at most version 2' },
    ]);
  });
});

describe('a record delivered again after it was handled', () => {
  const refusing = (error: Error) => () => {
    throw error;
  };
  const readIt = (data: unknown) => data;
  const done = async () => undefined;

  it.each([
    ['a rule refuses it by now', readIt, refusing(new Refusal('too-late', 'it has shipped'))],
    ['its contract is stricter by now', refusing(new InvalidInput([{ field: 'a', message: 'must be a text' }])), done],
  ])('it counts as handled, even if %s', async (_, parse, handle) => {
    const known = ['x //shop/1'];
    const store = { handled: async ({ consumer, message }: Inbox) => known.includes(`${consumer} ${message}`) };
    const inbox = ({ source, id }: CloudEvent): Inbox => ({ consumer: 'x', message: `${source}/${id}` });
    const subscription = { topic, type: 'OrderPlaced', parse, handle, inbox };
    const again = new RecordProcessor({ log: { system: 'kafka' }, group: 'g', subscriptions: [subscription], store });
    expect(await again.handle(record(1))).toMatchObject({ ofRecord: true });
    known.push('x /shop/1');
    expect(await again.handle(record(1))).toBeUndefined();
  });
});
