import { type Decider, MemoryStore, type WithContext } from '@orderloom/event-sourcing';
import { Refusal } from '@orderloom/kernel';
import { DuplicateCommand, executeCommand } from './command-response.js';

type Opened = { readonly type: 'Opened'; readonly data: { readonly what: string } };
const change: Decider<number, WithContext<{ what: string }>, Opened> = {
  name: 'change',
  initial: 0,
  evolve: (opened) => opened + 1,
  decide: ({ what }) => [{ type: 'Opened', data: { what } }],
  rules: { Opened: 'ORD-10' },
};
const meta = { by: 'customer:wang' };
const alreadyOpen = new Refusal('change-open', 'A change of this order is open.', 'ORD-10');

let store: MemoryStore;
beforeEach(() => void (store = new MemoryStore()));

const open = (id: string, key: string, fingerprint = 'f') =>
  executeCommand(
    store,
    change,
    id,
    { what: 'address' },
    { command: { id: key, fingerprint }, meta },
    (opened) => ({ status: 201, body: { opened } }),
    {
      extra: ({ id: changeId }) => ({ rows: [{ op: 'insert', table: 'open_change', key: 'order-1', row: { changeId } }] }),
      taken: alreadyOpen,
    },
  );

describe('the command of a POST', () => {
  it('events, response and additions are committed together', async () => {
    expect(await open('c1', 'key-1')).toEqual({ status: 201, body: { opened: 1 } });
    expect(await store.commandResponse('key-1')).toEqual({ fingerprint: 'f', status: 201, body: { opened: 1 } });
    expect(await store.row('open_change', 'order-1')).toMatchObject({ changeId: 'c1' });
    expect((await store.load('change-c1')).events).toMatchObject([{ type: 'Opened', rule: 'ORD-10', by: 'customer:wang' }]);
  });

  it('it is refused if another one holds the row', async () => {
    await open('c1', 'key-1');
    await expect(open('c2', 'key-2')).rejects.toBe(alreadyOpen);
    expect((await store.load('change-c2')).version).toBe(0);
  });

  it('its stored response is returned if it was executed before', async () => {
    await open('c1', 'key-1');
    await expect(open('c3', 'key-1', 'other')).rejects.toEqual(
      new DuplicateCommand({ fingerprint: 'f', status: 201, body: { opened: 1 } }),
    );
  });
});
