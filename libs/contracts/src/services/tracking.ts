import { z } from 'zod';
import { customerText, flowId, orderNumber, when } from '../messages/common.js';
import { messagesOn } from '../messages/message.js';
import { eventsTopicOf } from '../messages/topics.js';
import { courierStatus, scanKinds } from './partners.js';

const order = messagesOn(eventsTopicOf('order'));
const logistics = messagesOn(eventsTopicOf('logistics'));
const promisedDispatchBy = when.describe(
  'the dispatch that was promised to this order (ORD-05); of a reported problem, the dispatch itself',
);
const request = { orderNumber: '536365', requestId: '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e' };

/** LOG-02..05, LOG-10: where a parcel is, as far as the rules tell it apart. */
export const trackingFindings = [
  'cancelled',
  'processing',
  'late',
  'untracked',
  'untracked-too-long',
  'not-scanned',
  'not-scanned-too-long',
  'on-its-way',
  'stale',
  'arrived',
  'problem',
  'delivered',
] as const;

/** Result of a look at a shipment: of several parcels the most urgent one. */
export const trackingFound = z.object({
  finding: z.enum(trackingFindings),
  trackingNumber: z.string().nullable().describe('null of an untracked parcel, and of an order that has not shipped'),
  carrier: z.string().optional(),
  shippedAt: when.optional(),
  lastScan: z.enum(scanKinds).optional(),
  lastScanAt: when.optional(),
  place: z.string().optional(),
  lost: z.literal(true).optional().describe('the parcel is lost (ParcelLost); `finding` is by its scans alone'),
  lookAgainAt: when.describe('the next look at it, unless something happens before (LOG-11)'),
});

export type TrackingFound = Readonly<z.infer<typeof trackingFound>>;

const found: TrackingFound = {
  ...{ finding: 'on-its-way', trackingNumber: 'RM536365GB', carrier: 'Royal Mail', shippedAt: '2010-12-01T17:00:00Z' },
  ...{ lastScan: 'departed', lastScanAt: '2010-12-02T08:00:00Z', lookAgainAt: '2010-12-05T09:00:00Z' },
};
const looked = { orderNumber, promisedDispatchBy, ...trackingFound.shape };
const exampleLook = { ...{ orderNumber: '536365', promisedDispatchBy: '2010-12-02T09:00:00Z' }, ...found };

/** LOG-02: "where is my parcel?" */
export const trackingRequested = order.message('TrackingRequested', {
  rule: 'LOG-02',
  description: 'Somebody asked where the parcel is. The logistics service answers.',
  data: z.object({
    orderNumber,
    requestId: z.string(),
    cancelled: z.boolean(),
    promisedDispatchBy,
    text: customerText.optional(),
  }),
  example: { ...request, cancelled: false, promisedDispatchBy: '2010-12-02T09:00:00Z', text: 'it should be here by now' },
});

/** Outcomes of parcels that somebody asked about, and courier statuses without a translation. */
export const trackingMessages = [
  logistics.message('TrackingOpened', {
    rule: 'LOG-02',
    description:
      'The parcels of an order are followed from now on, until they are delivered or lost: somebody asked, the courier reports a problem (LOG-07), or a scheduled look found one (LOG-11). ' +
      'Starts `track-parcel`.',
    data: z.object({ ...looked, requestId: z.string() }),
    example: { ...exampleLook, requestId: request.requestId },
  }),
  logistics.message('TrackingRepeated', {
    rule: 'LOG-02',
    description: 'Somebody asked again, while the parcels of the order are followed.',
    data: z.object({ ...looked, requestId: z.string() }),
    example: { ...exampleLook, requestId: request.requestId },
  }),
  logistics.message('ShipmentLookedUp', {
    rule: 'LOG-11',
    description: 'A flow looked where the parcels of an order are.',
    data: z.object({ ...looked, flow: flowId }),
    example: { ...exampleLook, flow: 'track-parcel-x' },
  }),
  logistics.message('ParcelsWatched', {
    rule: 'LOG-11',
    description: 'The parcels of an order are looked at on a schedule, though nobody has asked. Starts `watch-parcels`.',
    data: z.object({ orderNumber, lookAgainAt: trackingFound.shape.lookAgainAt }),
    example: { orderNumber: '536365', lookAgainAt: '2010-12-06T17:00:00Z' },
  }),
  logistics.message('ParcelsChecked', {
    rule: 'LOG-11',
    description: 'A scheduled look at the parcels of an order. What needs somebody is followed from then on (TrackingOpened).',
    data: z.object({
      ...{ orderNumber, flow: flowId, lookAgainAt: trackingFound.shape.lookAgainAt },
      over: z.boolean().describe('nothing is left to look at: each parcel is delivered, lost or settled'),
    }),
    example: { orderNumber: '536365', flow: 'watch-parcels-x', lookAgainAt: '2010-12-17T08:00:00Z', over: false },
  }),
  logistics.message('TrackingClosed', {
    rule: 'LOG-11',
    description: 'The parcels of the order are no longer followed.',
    data: z.object({ orderNumber, flow: flowId }),
    example: { orderNumber: '536365', flow: 'track-parcel-x' },
  }),
  logistics.message('CancellationNoted', {
    rule: 'LOG-02',
    description: 'The order was cancelled before the warehouse knew it: who asks where it is hears so.',
    data: z.object({ orderNumber }),
    example: { orderNumber: '536365' },
  }),
  logistics.message('CourierStatusReported', {
    rule: 'LOG-01',
    description:
      'A courier reported a status that no table translates into a scan. It is shown and counted, and changes nothing else. Published once ' +
      'per parcel, status and time.',
    data: z.object({ ...courierStatus, place: z.string().optional(), text: z.string().optional() }),
    example: {
      ...{ orderNumber: '536365', trackingNumber: 'RM536365GB', system: 'aftership', status: 'InTransit_042' },
      ...{ at: '2010-12-01T19:00:00Z', text: 'held for a parade' },
    },
  }),
  logistics.message('ParcelLost', {
    rule: 'LOG-06',
    description:
      'A parcel is lost, by the courier’s word, or presumed so. A case `not-received` is opened for its order, in which the customer chooses.',
    data: z.object({
      ...{ orderNumber, trackingNumber: z.string().nullable(), reason: z.string(), flow: flowId },
      signedFor: z.literal(true).optional().describe('the courier has a signature, which is doubted (LOG-05)'),
    }),
    example: { orderNumber: '536365', trackingNumber: 'RM536365GB', reason: 'not found in any depot', flow: 'track-parcel-x' },
  }),
];
