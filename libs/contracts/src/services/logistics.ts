import { z } from 'zod';
import { address, flowId, lineQuantity, orderLine, orderNumber, pickedLine, reason, when } from '../messages/common.js';
import { fieldsKept } from './fields-kept.js';
import { messagesOn } from '../messages/message.js';
import { scanKinds } from './partners.js';
import { commandsTopicOf, eventsTopicOf } from '../messages/topics.js';
import { trackingMessages } from './tracking.js';

const command = messagesOn(commandsTopicOf('logistics'));
const fact = messagesOn(eventsTopicOf('logistics'));
const exampleAddress = { recipient: 'Ada Lovelace', street: '12 St James Square', city: 'London', postcode: 'SW1Y 4JH', country: 'GB' };
const line = { line: 1, sku: '85123A', quantity: 6, unitPrice: 255 };
const order = { orderNumber: '536365' };
const orderOnly = z.object({ orderNumber });
const answered = { orderNumber, flow: flowId };
const answer = { ...order, flow: 'cancel-order-x' };

const added = z.array(orderLine).describe('lines that ship instead, under numbers of their own');
const placedAt = when.describe('when the order was placed: what is reported of it happened later');

const commands = [
  command.message('PrepareShipment', {
    rule: 'ORD-04',
    description: 'Releases an order to the warehouse, which may pick it.',
    data: z.object({
      orderNumber,
      lines: z.array(orderLine),
      address,
      amendedBy: z.array(flowId).optional().describe('flows whose cancelled quantities are out of these lines already'),
      placedAt: placedAt.optional(),
    }),
    example: { ...order, lines: [line], address: exampleAddress },
  }),
  command.message('HoldShipment', {
    rule: 'ORD-10',
    description: 'Holds the shipment unless it has been picked or shipped. Answered by ShipmentHeld or HoldRefused.',
    data: orderOnly,
    example: order,
  }),
  command.message('ReleaseHold', {
    rule: 'ORD-12',
    description: 'Releases the hold of the sending flow. Answered by HoldReleased.',
    data: orderOnly,
    example: order,
  }),
  command.message('CancelShipment', {
    rule: 'ORD-13',
    description: 'Cancels a held shipment: it never ships. Answered by ShipmentCancelled.',
    data: orderOnly,
    example: order,
  }),
  command.message('AmendShipment', {
    rule: 'ORD-13',
    description:
      'Removes quantities of lines from a held shipment: they never ship. `added` ships in their place (ORD-23). Answered by ShipmentAmended.',
    data: z.object({ orderNumber, lines: z.array(lineQuantity), added: added.optional() }),
    example: { ...order, lines: [{ line: 1, quantity: 6 }] },
  }),
  command.message('ChangeLabel', {
    rule: 'ORD-30',
    description: 'Sends the shipment to another address. Answered by LabelChanged or LabelChangeRefused.',
    data: z.object({ orderNumber, address }),
    example: { ...order, address: exampleAddress },
  }),
  command.message('RecordRedirect', {
    rule: 'ORD-30',
    description: 'The courier brings the parcels to another address. Answered by LabelChanged.',
    data: z.object({ orderNumber, address }),
    example: { ...order, address: exampleAddress },
  }),
];

/** A parcel that the courier has. */
export const parcelOnItsWay = z.object({ carrier: z.string(), trackingNumber: z.string().nullable() });

const facts = [
  fact.message('ShipmentPrepared', {
    rule: 'LOG-01',
    description: 'The order is with the warehouse, or held from the start.',
    data: z.object({ orderNumber, lines: z.array(orderLine), address, held: z.boolean(), placedAt: placedAt.optional() }),
    example: { ...order, lines: [line], address: exampleAddress, held: false },
  }),
  fact.message('HoldRequested', {
    rule: 'LOG-09',
    description: 'The warehouse was asked to stop the order.',
    data: z.object(answered),
    example: answer,
  }),
  fact.message('ShipmentHeld', {
    rule: 'ORD-10',
    description: 'The order has not shipped, and cannot ship while it is held.',
    data: z.object(answered),
    example: answer,
  }),
  fact.message('HoldRefused', {
    rule: 'ORD-11',
    description: 'It was too late to hold the order.',
    data: z.object({ ...answered, reason }),
    example: { ...answer, reason: 'picked' },
  }),
  fact.message('HoldReleased', {
    rule: 'ORD-12',
    description: 'The flow that held the order released it. The order goes on where it was, unless another flow holds it too.',
    data: z.object({ ...answered, stillHeld: z.boolean().optional().describe('whether another flow holds it still') }),
    example: answer,
  }),
  fact.message('ShipmentCancelled', {
    rule: 'ORD-13',
    description: 'The order can no longer ship.',
    data: z.object(answered),
    example: answer,
  }),
  fact.message('ShipmentAmended', {
    rule: 'ORD-13',
    description: 'These quantities can no longer ship.',
    data: z.object({ ...answered, lines: z.array(lineQuantity), added: added.optional(), remaining: z.array(orderLine) }),
    example: { ...answer, lines: [{ line: 1, quantity: 6 }], remaining: [] },
  }),
  fact.message('LabelChangeRequested', {
    rule: 'ORD-30',
    description: 'The warehouse was asked for a label with another address.',
    data: z.object({ ...answered, address }),
    example: { ...answer, address: exampleAddress },
  }),
  fact.message('LabelChanged', {
    rule: 'ORD-30',
    description: 'The label shows this address, or the courier brings the parcels there.',
    data: z.object({ ...answered, address, redirected: z.boolean().optional().describe('by the courier, after dispatch') }),
    example: { ...answer, address: exampleAddress },
  }),
  fact.message('LabelChangeRefused', {
    rule: 'ORD-30',
    description: 'The label keeps the address that it has. Parcels that have left may be redirected by their courier.',
    data: z.object({
      ...answered,
      reason,
      onItsWay: z.array(parcelOnItsWay).optional().describe('parcels that left and are not delivered'),
    }),
    example: { ...answer, reason: 'shipped' },
  }),
  fact.message('PickedShort', {
    rule: 'ORD-04',
    description: 'The warehouse found fewer units than ordered. The order is held until the missing units are available or cancelled.',
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
    description: 'The missing units are settled. The warehouse is asked to pick again.',
    data: z.object(answered),
    example: { ...order, flow: 'short-pick-x' },
  }),
  fact.message('ParcelPicked', {
    rule: 'LOG-09',
    description: 'The warehouse picked the order.',
    data: z.object({ orderNumber, at: when }),
    example: { ...order, at: '2010-12-01T14:00:00Z' },
  }),
  fact.message('ParcelPacked', {
    rule: 'LOG-09',
    description: 'The warehouse packed and labelled the parcel.',
    data: z.object({ orderNumber, at: when }),
    example: { ...order, at: '2010-12-01T15:00:00Z' },
  }),
  fact.message('ParcelShipped', {
    rule: 'LOG-09',
    description: 'The warehouse handed a parcel to the carrier. Published once per parcel.',
    data: z.object({ orderNumber, at: when, carrier: z.string(), method: z.string(), trackingNumber: z.string().nullable() }),
    example: { ...order, at: '2010-12-01T17:00:00Z', carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: 'RM536365GB' },
  }),
  fact.message('ParcelRenumbered', {
    rule: 'LOG-01',
    description:
      'The warehouse corrected the tracking number of a parcel. Scans of the new number count, scans of the old one no longer do. The customer is told.',
    data: z.object({
      ...{ orderNumber, at: when, carrier: z.string(), method: z.string(), trackingNumber: z.string().nullable() },
      replaces: z.string().nullable().describe('the number before; null where it was said to be untracked'),
      locale: z.string().optional().describe('language of the message to the customer (BCP 47); en where absent'),
    }),
    example: {
      ...{ ...order, at: '2010-12-01T17:00:00Z', carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: 'RM536365GB' },
      replaces: 'RM536356GB',
    },
  }),
  fact.message('ReportContradicted', {
    rule: 'LOG-09',
    description: 'A report contradicts a hold that was confirmed before. The warehouse puts the goods back.',
    data: z.object({ orderNumber, report: z.string(), status: z.string() }),
    example: { ...order, report: 'ParcelPicked', status: 'held' },
  }),
  fact.message('ParcelScanned', {
    rule: 'LOG-01',
    description: 'The courier scanned a parcel of the order.',
    data: z.object({ orderNumber, trackingNumber: z.string(), scan: z.enum(scanKinds), at: when, place: z.string().optional() }),
    example: { ...order, trackingNumber: 'RM536365GB', scan: 'first-scan', at: '2010-12-01T19:00:00Z' },
  }),
  fact.message('ScanUnmatched', {
    rule: 'LOG-01',
    description:
      'A scan has a tracking number that no shipped parcel of this order has, so it does not count yet. Published once per number. The scan ' +
      'counts when the warehouse reports a parcel with this number.',
    data: z.object({ orderNumber, trackingNumber: z.string(), scan: z.enum(scanKinds), at: when, place: z.string().optional() }),
    example: { ...order, trackingNumber: 'RM536366GB', scan: 'delivered', at: '2010-12-01T19:00:00Z' },
  }),
  fact.message('ParcelDelivered', {
    rule: 'LOG-01',
    description: 'One parcel was signed for. Later scans do not undo it.',
    data: z.object({ orderNumber, trackingNumber: z.string(), at: when }),
    example: { ...order, trackingNumber: 'RM536365GB', at: '2010-12-03T11:00:00Z' },
  }),
  fact.message('ShipmentDelivered', {
    rule: 'LOG-01',
    description:
      'Every parcel of the order was signed for; `at` is the time of the last one. Published again, with a later time, when another parcel ships and is delivered after that.',
    data: z.object({ orderNumber, at: when }),
    example: { ...order, at: '2010-12-03T11:00:00Z' },
  }),
];

export const logisticsMessages = [...commands, ...facts, ...trackingMessages, fact.message('FieldsKept', fieldsKept)];
