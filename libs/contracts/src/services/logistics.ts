import { z } from 'zod';
import { address, flowId, lineQuantity, orderLine, orderNumber, pickedLine, reason, when } from '../messages/common.js';
import { fieldsKept } from './fields-kept.js';
import { messagesOn } from '../messages/message.js';
import { scanKinds } from './partners.js';
import { commandsOf, eventsOf } from '../messages/topics.js';

const command = messagesOn(commandsOf('logistics'));
const fact = messagesOn(eventsOf('logistics'));
const exampleAddress = { recipient: 'Ada Lovelace', street: '12 St James Square', city: 'London', postcode: 'SW1Y 4JH', country: 'GB' };
const line = { line: 1, sku: '85123A', quantity: 6, unitPrice: 255 };
const order = { orderNumber: '536365' };
const orderOnly = z.object({ orderNumber });
const answered = { orderNumber, flow: flowId };
const answer = { ...order, flow: 'cancel-order-x' };

const placedAt = when.describe('when the order was placed: what is reported of it happened later');

const commands = [
  command.message('PrepareShipment', {
    rule: 'ORD-04',
    says: 'Released: the warehouse may pick it.',
    data: z.object({
      orderNumber,
      lines: z.array(orderLine),
      address,
      amendedBy: z.array(flowId).optional().describe('flows whose cancelled quantities are out of these lines already'),
      placedAt: placedAt.optional(),
    }),
    example: { ...order, lines: [line], address: exampleAddress },
  }),
  command.message('HoldShipment', { rule: 'ORD-10', says: 'Has it shipped? If not, hold it.', data: orderOnly, example: order }),
  command.message('ReleaseHold', { rule: 'ORD-12', says: 'The order goes on.', data: orderOnly, example: order }),
  command.message('CancelShipment', { rule: 'ORD-13', says: 'What is held never ships.', data: orderOnly, example: order }),
  command.message('AmendShipment', {
    rule: 'ORD-13',
    says: 'These quantities of what is held never ship.',
    data: z.object({ orderNumber, lines: z.array(lineQuantity) }),
    example: { ...order, lines: [{ line: 1, quantity: 6 }] },
  }),
  command.message('ChangeLabel', {
    rule: 'ORD-30',
    says: 'Send it elsewhere.',
    data: z.object({ orderNumber, address }),
    example: { ...order, address: exampleAddress },
  }),
];

const facts = [
  fact.message('ShipmentPrepared', {
    rule: 'LOG-01',
    says: 'With the warehouse now, or held from the start.',
    data: z.object({ orderNumber, lines: z.array(orderLine), address, held: z.boolean(), placedAt: placedAt.optional() }),
    example: { ...order, lines: [line], address: exampleAddress, held: false },
  }),
  fact.message('HoldRequested', { rule: 'LOG-09', says: 'The warehouse is asked to stop it.', data: z.object(answered), example: answer }),
  fact.message('ShipmentHeld', {
    rule: 'ORD-10',
    says: "Not shipped, and can't be while held.",
    data: z.object(answered),
    example: answer,
  }),
  fact.message('HoldRefused', {
    rule: 'ORD-11',
    says: 'Too late to hold it.',
    data: z.object({ ...answered, reason }),
    example: { ...answer, reason: 'picked' },
  }),
  fact.message('HoldReleased', {
    rule: 'ORD-12',
    says: 'By the flow that held it. Goes on where it was, unless another flow holds it too.',
    data: z.object({ ...answered, stillHeld: z.boolean().optional().describe('whether another flow holds it still') }),
    example: answer,
  }),
  fact.message('ShipmentCancelled', { rule: 'ORD-13', says: 'Can no longer ship.', data: z.object(answered), example: answer }),
  fact.message('ShipmentAmended', {
    rule: 'ORD-13',
    says: 'These quantities can no longer ship.',
    data: z.object({ ...answered, lines: z.array(lineQuantity), remaining: z.array(orderLine) }),
    example: { ...answer, lines: [{ line: 1, quantity: 6 }], remaining: [] },
  }),
  fact.message('LabelChangeRequested', {
    rule: 'ORD-30',
    says: 'The warehouse is asked for another label.',
    data: z.object({ ...answered, address }),
    example: { ...answer, address: exampleAddress },
  }),
  fact.message('LabelChanged', {
    rule: 'ORD-30',
    says: 'The label bears this address.',
    data: z.object({ ...answered, address }),
    example: { ...answer, address: exampleAddress },
  }),
  fact.message('LabelChangeRefused', {
    rule: 'ORD-30',
    says: 'The label stays.',
    data: z.object({ ...answered, reason }),
    example: { ...answer, reason: 'shipped' },
  }),
  fact.message('PickedShort', {
    rule: 'ORD-04',
    says: 'Units were not on the shelves: it is held until they are there, or cancelled.',
    data: z.object({
      orderNumber,
      at: when,
      picked: z.array(pickedLine),
      short: z.array(orderLine).describe('what is missing, with its quantity'),
    }),
    example: { ...order, at: '2010-12-01T14:00:00Z', picked: [{ line: 1, quantity: 4 }], short: [{ ...line, quantity: 2 }] },
  }),
  fact.message('PickingResumed', {
    rule: 'ORD-04',
    says: 'What was short is settled: the warehouse is asked again.',
    data: z.object(answered),
    example: { ...order, flow: 'short-pick-x' },
  }),
  fact.message('ParcelPicked', {
    rule: 'LOG-09',
    says: 'Reported by the warehouse.',
    data: z.object({ orderNumber, at: when }),
    example: { ...order, at: '2010-12-01T14:00:00Z' },
  }),
  fact.message('ParcelPacked', {
    rule: 'LOG-09',
    says: 'Reported by the warehouse.',
    data: z.object({ orderNumber, at: when }),
    example: { ...order, at: '2010-12-01T15:00:00Z' },
  }),
  fact.message('ParcelShipped', {
    rule: 'LOG-09',
    says: 'Reported by the warehouse; once per parcel.',
    data: z.object({ orderNumber, at: when, carrier: z.string(), method: z.string(), trackingNumber: z.string().nullable() }),
    example: { ...order, at: '2010-12-01T17:00:00Z', carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: 'RM536365GB' },
  }),
  fact.message('ParcelRenumbered', {
    rule: 'LOG-01',
    says: 'The warehouse corrects the number of a parcel: scans of the new one count, and of the old one no more. The customer is told.',
    data: z.object({
      ...{ orderNumber, at: when, carrier: z.string(), method: z.string(), trackingNumber: z.string().nullable() },
      replaces: z.string().nullable().describe('the number before; null where it was said to be untracked'),
    }),
    example: {
      ...{ ...order, at: '2010-12-01T17:00:00Z', carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: 'RM536365GB' },
      replaces: 'RM536356GB',
    },
  }),
  fact.message('ReportContradicted', {
    rule: 'LOG-09',
    says: "A report that can't be true: the hold had won. The warehouse puts the goods back.",
    data: z.object({ orderNumber, report: z.string(), status: z.string() }),
    example: { ...order, report: 'ParcelPicked', status: 'held' },
  }),
  fact.message('ParcelScanned', {
    rule: 'LOG-01',
    says: 'Seen by the courier.',
    data: z.object({ orderNumber, trackingNumber: z.string(), scan: z.enum(scanKinds), at: when, place: z.string().optional() }),
    example: { ...order, trackingNumber: 'RM536365GB', scan: 'first-scan', at: '2010-12-01T19:00:00Z' },
  }),
  fact.message('ScanUnmatched', {
    rule: 'LOG-01',
    says:
      'Seen under a number that no shipped parcel of this order has: it counts for nothing yet. Said once per number; the number counts when ' +
      'the warehouse reports a parcel that has it.',
    data: z.object({ orderNumber, trackingNumber: z.string(), scan: z.enum(scanKinds), at: when, place: z.string().optional() }),
    example: { ...order, trackingNumber: 'RM536366GB', scan: 'delivered', at: '2010-12-01T19:00:00Z' },
  }),
  fact.message('ParcelDelivered', {
    rule: 'LOG-01',
    says: "One parcel was signed for; later scans don't undo it.",
    data: z.object({ orderNumber, trackingNumber: z.string(), at: when }),
    example: { ...order, trackingNumber: 'RM536365GB', at: '2010-12-03T11:00:00Z' },
  }),
  fact.message('ShipmentDelivered', {
    rule: 'LOG-01',
    says: 'Every parcel of the order was signed for, the last one then. Said again, with a later time, where another parcel ships after that.',
    data: z.object({ orderNumber, at: when }),
    example: { ...order, at: '2010-12-03T11:00:00Z' },
  }),
];

export const logisticsMessages = [...commands, ...facts, fact.message('FieldsKept', fieldsKept)];
