import { type AboutOf, defineFlow, end, type FactOf, notation } from '@orderloom/flows';
import { defaultStorefrontSettings, policies, type StorefrontSettings } from '../policies.js';

type Placed = FactOf<'OrderPlaced'>;

interface Confirmation extends Pick<Placed, 'orderNumber' | 'lines' | 'address' | 'promisedDispatchBy'> {
  readonly phone?: Placed['customer']['phone'];
}

const { asking, tell } = notation<Confirmation>();

/** ORD-02 核对: the customer looks at what was ordered and where it goes. The order goes on beside it, and never waits for the answer. */
export const confirmOrder = defineFlow<Confirmation>()({
  service: 'order',
  policies,
  startedBy: { OrderPlaced: startConfirmation },
  listensTo: ['ChangeClosed', 'OrderCancelled', 'ParcelShipped'],
  withdraws: { OrderCancelled: 'cancelled', ParcelShipped: 'shipped' },
}).chart({
  id: 'confirm-order',
  version: '1',
  initial: 'asked',
  states: {
    asked: asking('ORD-02', 'confirm-order', toConfirm, {
      on: {
        OrderConfirmed: 'confirmed',
        ChangeClosed: { guard: changed, target: 'asked', reenter: true, actions: noteChange },
        OrderCancelled: 'over',
        ParcelShipped: 'over',
      },
      after: { confirmation: 'unanswered' },
      remindedAfter: 'confirmationReminder',
    }),
    confirmed: end('ORD-02'),
    unanswered: end('ORD-02', tell('ORD-02', 'order-not-confirmed', goesOn)),
    over: end('ORD-02'),
  },
});

/** The case of a re-ship has asked what it is to be, and where it goes. */
function startConfirmation(
  { orderNumber, lines, address, promisedDispatchBy, customer, reship }: Placed,
  settings: StorefrontSettings = defaultStorefrontSettings,
): Confirmation | null {
  if (reship || !settings.confirmsOrders) return null;
  return { orderNumber, lines, address, promisedDispatchBy, ...(customer.phone !== undefined && { phone: customer.phone }) };
}

function toConfirm({ orderNumber, lines, address, phone }: Confirmation): AboutOf<'confirm-order'> {
  return { orderNumber, lines: [...lines], address, ...(phone !== undefined && { phone }) };
}
function goesOn({ orderNumber, promisedDispatchBy }: Confirmation) {
  return { orderNumber, promisedDispatchBy };
}

function changed(_: Confirmation, { changed: what }: FactOf<'ChangeClosed'>) {
  return what.length > 0;
}
function noteChange(_: Confirmation, { lines, address, promisedDispatchBy }: FactOf<'ChangeClosed'>) {
  return { lines, address, promisedDispatchBy };
}
