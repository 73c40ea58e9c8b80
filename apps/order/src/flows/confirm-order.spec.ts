import { completeSettings, type SettingsInput } from '@orderloom/contracts';
import { brokenDuties, enumeratePaths, givenFlow, outcomesOf, rulesOf, violatedInvariants } from '@orderloom/flows';
import { StorefrontSettings } from '@orderloom/settings';
import { accepted, address, changeClosed, elsewhere, orderNumber, placed } from '../order.fixture.js';
import { order } from '../order.module.js';
import { policies } from '../policies.js';
import { confirmOrder } from './confirm-order.js';

const start = { type: 'OrderPlaced', ...accepted.data };
const { lines } = placed;
const { promisedDispatchBy } = accepted.data;
const asked = () => givenFlow(confirmOrder, start);
const moved = { type: 'ChangeClosed', ...changeClosed(['address-changed'], { address: elsewhere }).data };
const shipped = { at: '2010-12-01T17:00:00.000000Z', carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: 'RM1GB' };

describe('the customer confirms what was placed (ORD-02)', () => {
  it('the question shows attributes, quantity, recipient, address and phone', () => {
    const phone = '+44 20 7946 0000';
    const coloured = lines.map((line) => ({ ...line, attributes: { colour: 'white' } }));
    const flow = givenFlow(confirmOrder, { ...start, lines: coloured, customer: { ...placed.customer, phone } });
    flow.then('asked', 'ask customer: confirm-order');
    expect(flow.task('confirm-order').about).toEqual({ orderNumber, lines: coloured, address, phone });
  });

  it('a confirmation ends it', () => {
    asked().answered('confirm-order', 'OrderConfirmed').then('confirmed', 'end: confirmed');
  });

  it('the customer is reminded once; then the order goes on as it was placed, and the customer is told so', () => {
    const flow = asked().due('confirmationReminder').then('asked', 'remind customer: confirm-order');
    flow
      .due('confirmation')
      .then('unanswered', 'withdraw customer: confirm-order', 'tell customer: order-not-confirmed', 'end: unanswered');
    expect(flow.said.find(({ type }) => type === 'CustomerTold')?.data).toMatchObject({ fields: { orderNumber, promisedDispatchBy } });
  });

  it('the reminder comes after 4 hours, the end after 12', () => {
    const { confirmation, confirmationReminder } = policies.deadlines;
    expect([confirmationReminder, confirmation]).toMatchObject([{ hours: 4, reminders: 1 }, { hours: 12 }]);
  });

  it('it is asked anew with the order as a change has left it', () => {
    const flow = asked();
    const { taskId } = flow.task('confirm-order');
    flow.when(moved).then('asked', 'withdraw customer: confirm-order', 'ask customer: confirm-order');
    expect(flow.task('confirm-order').about).toMatchObject({ address: elsewhere });
    flow.answeredTask(taskId, 'OrderConfirmed').thenStrayed(/closed/);
  });

  it('a change that changed nothing asks nothing anew', () => {
    const flow = asked();
    const { taskId } = flow.task('confirm-order');
    flow.when({ ...moved, changed: [] });
    expect(flow.task('confirm-order').taskId).toBe(taskId);
  });

  it.each([
    ['dispatch', 'ParcelShipped', shipped],
    ['cancellation', 'OrderCancelled', { changeId: 'change-1' }],
  ])('%s withdraws it', (_, type, fields) => {
    asked().when(type, fields).then('over', 'withdraw customer: confirm-order', 'end: over');
  });
});

describe('orders that nobody is asked to confirm (ORD-02)', () => {
  const startedWith = (fact: object, settings?: object) => confirmOrder.startedBy['OrderPlaced']?.({ ...start, ...fact }, settings);
  const shop = { country: 'GB', currency: 'GBP', languages: ['en'], calendar: 'GB-england' };
  const returns = { address: { recipient: 'Returns', street: '7 Dock Road', city: 'Coventry', country: 'GB' } };
  const storefront = (confirmation?: boolean) => {
    const given: SettingsInput = { storefronts: { main: { ...shop, returns, ...(confirmation !== undefined && { confirmation }) } } };
    const version = { version: 3, effectiveFrom: '2010-01-01T00:00:00.000000Z', by: 'operations:olga', document: completeSettings(given) };
    return StorefrontSettings.of(version, 'main');
  };

  it('a re-ship: its case has asked', () => {
    expect(startedWith({ reship: { caseId: 'case-1', originalOrder: '536300', flow: 'missing-items-1' } })).toBeNull();
  });

  it('those of a storefront whose setting says no; without the setting they are asked', () => {
    expect(startedWith({}, storefront(false))).toBeNull();
    expect([startedWith({}, storefront(true)), startedWith({}, storefront())]).toEqual([startedWith({}), startedWith({})]);
    expect(startedWith({})).toMatchObject({ orderNumber });
  });
});

describe('all paths of confirm-order', () => {
  const inputs = [
    { type: 'OrderConfirmed' },
    moved,
    { type: 'OrderCancelled', changeId: 'change-1' },
    { type: 'ParcelShipped', ...shipped },
  ];
  const walks = [enumeratePaths(confirmOrder, start, inputs)];

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(confirmOrder, walks, Object.keys(order.commands))).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the outcomes are confirmed, over and unanswered', () => {
    expect(outcomesOf(walks.flatMap(({ all }) => all))).toEqual(['confirmed', 'over', 'unanswered']);
    expect(rulesOf(confirmOrder)).toEqual(['ORD-02']);
  });
});
