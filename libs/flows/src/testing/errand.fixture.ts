import type { Decider, Fact } from '@orderloom/event-sourcing';
import { englishCalendar, Refusal } from '@orderloom/kernel';
import { effects } from '../definition/effects.js';
import { defineFlow } from '../definition/flow.js';
import { notation } from '../definition/notation.js';

interface Errand {
  orderNumber: string;
  promisedAt: string;
  budget: number;
  price: number;
}

type Found = { type: 'GoodsFound'; price: number };
type Input = Found | { type: 'GoodsMissing' | 'PriceAccepted' | 'PriceRefused' | 'ThingPut' | 'ParcelShipped' };

const { ask, inform, remind, send, tell } = effects<Errand>();
const { keep } = notation<Errand>();
const withinBudget = ({ budget }: Errand, { price }: Found) => price <= budget;
const affordable = (_: Errand, { price }: Found) => price <= 1000;
const number = ({ orderNumber }: Errand) => ({ orderNumber });

export const policies = {
  version: 'errand-1',
  calendar: englishCalendar,
  deadlines: {
    warehouseAnswer: { rule: 'LOG-09', workingDays: 1, reminders: 2 },
    customerDecision: { rule: 'ORD-12', days: 3 },
    promise: { rule: 'ORD-05', from: 'promisedAt', workingDays: 1, reminders: 1 },
  },
} as const;

const flow = defineFlow<Errand, Input>()({
  service: 'order',
  policies,
  exclusive: 'errand',
  startedBy: {
    GoodsWanted: ({ orderNumber, promisedAt, budget }: Errand) => ({ orderNumber, promisedAt, budget, price: 0 }),
  },
  listensTo: ['ParcelShipped'],
  withdraws: { ParcelShipped: 'shipped' },
});

/** A flow for tests: goods are looked for, offered where they are dear, put into a box, and leave with the parcel. */
export const errand = flow.chart({
  id: 'errand',
  version: '1',
  initial: 'searching',
  states: {
    searching: {
      description: 'LOG-09',
      entry: ask('warehouse', 'find-goods', number),
      on: {
        GoodsFound: [
          { guard: withinBudget, target: 'packing', actions: keep('price') },
          { guard: affordable, target: 'offering', actions: keep('price') },
        ],
        GoodsMissing: 'failed',
      },
      after: { warehouseAnswer: { actions: remind('warehouse') } },
    },
    offering: {
      description: 'ORD-12',
      entry: ask('customer', 'bear-price', ({ orderNumber, price }) => ({ orderNumber, price })),
      on: { PriceAccepted: 'packing', PriceRefused: 'searching' },
      after: { customerDecision: 'failed' },
    },
    packing: {
      description: 'ORD-13',
      tags: 'pivot',
      entry: send('order', 'PutThing', ({ orderNumber, price }) => ({ orderNumber, thing: `worth ${price}` })),
      on: { ThingPut: 'leaving' },
    },
    leaving: {
      description: 'LOG-01',
      tags: 'decided',
      entry: [send('logistics', 'HoldShipment', number), ask('warehouse', 'load-parcel', number)],
      on: { ParcelShipped: 'done' },
      after: { promise: { actions: remind('warehouse') } },
    },
    done: {
      type: 'final',
      description: 'ORD-08',
      entry: [tell('ORD-08', 'errand-done', number), inform('reviewer', 'errand-done', number)],
    },
    failed: { type: 'final', description: 'ORD-12', entry: tell('ORD-12', 'errand-failed', number) },
  },
});

const watching = defineFlow<{ orderNumber: string }, { type: 'ParcelShipped' | 'ParcelLost' }>()({
  service: 'order',
  policies,
  startedBy: { GoodsWanted: ({ orderNumber }: Errand) => ({ orderNumber }) },
  listensTo: ['ParcelShipped'],
});

/** A second flow that hears of the same parcel. */
export const watch = watching.chart({
  id: 'watch',
  version: '1',
  initial: 'waiting',
  states: { waiting: { description: 'LOG-02', on: { ParcelShipped: 'seen', ParcelLost: 'seen' } }, seen: { type: 'final' } },
});

const packing = defineFlow<Errand, Input>()({
  service: 'order',
  policies,
  startedBy: { GoodsWanted: (about: Errand) => about },
  listensTo: ['ParcelShipped'],
});

/** A flow each of whose inputs sends a command to the same noun: a thing is put into a box, which is closed, and then one more. */
export const pack = packing.chart({
  id: 'pack',
  version: '1',
  initial: 'searching',
  states: {
    searching: { description: 'LOG-09', entry: ask('warehouse', 'find-goods', number), on: { GoodsFound: 'putting' } },
    putting: {
      description: 'ORD-13',
      entry: send('order', 'PutThing', ({ orderNumber }) => ({ orderNumber, thing: 'first' })),
      on: { ParcelShipped: 'closing' },
    },
    closing: { description: 'ORD-13', entry: send('order', 'CloseBox', number), on: { ParcelShipped: 'puttingMore' } },
    puttingMore: {
      description: 'ORD-13',
      entry: send('order', 'PutThing', ({ orderNumber }) => ({ orderNumber, thing: 'second' })),
      on: { ThingPut: 'done' },
    },
    done: { type: 'final' },
  },
});

type BoxEvent = Fact<'ThingPut', { orderNumber: string; thing: string; flow: string }> | Fact<'BoxClosed'>;
type BoxCommand = { type: 'PutThing'; orderNumber: string; thing: string; flow: string } | { type: 'CloseBox' } | { type: 'OpenBox' };

/** The noun that the errand's own commands are for: a closed box refuses. */
export const box: Decider<{ closed: boolean }, BoxCommand & { now: string; by: string }, BoxEvent | Fact<'BoxOpened'>> = {
  name: 'box',
  initial: { closed: false },
  evolve: (state, event) => ({ closed: event.type === 'BoxClosed' || (event.type !== 'BoxOpened' && state.closed) }),
  decide: (command, { closed }) => {
    if (command.type === 'CloseBox') return [{ type: 'BoxClosed', data: {} }];
    if (command.type === 'OpenBox') return [{ type: 'BoxOpened', data: {} }];
    if (closed) throw new Refusal('box-closed', 'the box is closed', 'ORD-13');
    const { orderNumber, thing, flow: asking } = command;
    return [{ type: 'ThingPut', data: { orderNumber, thing, flow: asking } }];
  },
  rules: { ThingPut: 'ORD-13', BoxClosed: 'ORD-13', BoxOpened: 'ORD-13' },
};
