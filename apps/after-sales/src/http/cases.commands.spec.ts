import { execute, MemoryStore } from '@orderloom/event-sourcing';
import { aftersalesCase } from '../case.js';
import { bought, caseId, ids, orderNumber, twoUnits } from '../case.fixture.js';
import { purchase } from '../purchase/purchase.js';
import { ChangeCase, ChangeCaseHandler } from './cases.commands.js';

const meta = { by: 'service:mia' };
const intake = { kind: 'return', cause: null, lines: twoUnits, text: 'too big' } as const;
const from = { command: { id: 'key-1', fingerprint: 'f' }, meta };

let store: MemoryStore;
beforeEach(() => void (store = new MemoryStore()));

const opens = () =>
  new ChangeCaseHandler(store).execute(new ChangeCase({ type: 'OpenCase', ...ids, ...intake, channel: 'desk' }, 201, from));

describe('a case opened by a person', () => {
  it('an order that is unknown is refused (ORD-06)', async () => {
    await expect(opens()).rejects.toMatchObject({ code: 'order-unknown', message: `there is no order ${orderNumber}` });
    expect((await store.load(`case-${caseId}`)).version).toBe(0);
    await execute(store, { decider: purchase, id: orderNumber, command: { type: 'LearnPurchase', orderNumber, ...bought }, meta });
    expect(await opens()).toMatchObject({ status: 201, body: { caseId, flow: 'return' } });
  });
});

describe('a case reported by a storefront over Kafka', () => {
  it('the case is opened before its order is known', async () => {
    const told = { type: 'OpenCase', ...ids, ...intake, channel: 'storefront' } as const;
    await execute(store, { decider: aftersalesCase, id: caseId, command: told, meta: { by: 'storefront:main' } });
    expect((await store.load(`case-${caseId}`)).events.map(({ type }) => type)).toEqual(['CaseOpened', 'ReturnBegun']);
  });
});
