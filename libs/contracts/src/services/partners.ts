import { z } from 'zod';
import { orderNumber, pickedLine, when } from '../messages/common.js';
import { optionalList, optionalText } from '../messages/contact.js';
import { messagesOn } from '../messages/message.js';
import { paymentCaptured } from './captures.js';
import { taskId } from '../questions/tasks.js';
import { courierScans, paymentsNotices, warehouseReports } from '../messages/topics.js';

const warehouse = messagesOn(warehouseReports);

export const parcelPicked = warehouse.message('ParcelPicked', {
  happened: 'at',
  identity: 'key',
  rule: 'LOG-09',
  description:
    'The order was picked; it can no longer be held. `lines` gives the picked quantities. Where units of the order are missing, the order is ' +
    'held instead, purchasing and the customer are asked (ORD-04), and then the warehouse is asked again for all that is to ship.',
  data: z.object({
    orderNumber,
    at: when,
    lines: optionalList(
      z.array(pickedLine).min(1).max(2000).describe('units taken of each line, 0 included; a line that is not named was not picked'),
    ),
  }),
  example: { orderNumber: '536365', at: '2010-12-01T14:00:00Z' },
});

export const parcelPacked = warehouse.message('ParcelPacked', {
  happened: 'at',
  identity: 'key',
  rule: 'LOG-09',
  description: 'The parcel is packed and labelled.',
  data: z.object({ orderNumber, at: when }),
  example: { orderNumber: '536365', at: '2010-12-01T15:00:00Z' },
});

const trackingNumber = z.string().min(1).max(80).nullable();
const shipped = z.object({
  orderNumber,
  at: when,
  carrier: z.string().min(1).max(80),
  method: z.string().min(1).max(80),
  trackingNumber: trackingNumber.describe('null for an untracked method'),
});

export const parcelShipped = warehouse.message('ParcelShipped', {
  happened: 'at',
  identity: 'trackingNumber',
  rule: 'LOG-09',
  description:
    'A parcel was handed to the carrier. An order may ship in several parcels: one report each. A parcel that two orders share is reported for both.',
  data: shipped.extend({
    replaces: trackingNumber
      .optional()
      .describe('corrects the number of a parcel that was reported under this one (null: as untracked), and is not delivered yet'),
  }),
  example: { orderNumber: '536365', at: '2010-12-01T17:00:00Z', carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: 'RM536365GB' },
});

export const scanKinds = [
  'label-created',
  'first-scan',
  'departed',
  'arrived-in-destination-country',
  'out-for-delivery',
  'delivered',
  'exception',
  'returned-to-sender',
] as const;

export const parcelScanned = messagesOn(courierScans).message('ParcelScanned', {
  happened: 'at',
  rule: 'LOG-01',
  description:
    'A parcel was scanned. Scans may repeat and come out of order. Key: the tracking number. A scan counts for a parcel that the warehouse ' +
    'reported as shipped under this number. An earlier scan is kept until then.',
  data: z.object({
    trackingNumber: z.string().min(1).max(80),
    orderNumber: orderNumber.describe('the reference on the label'),
    scan: z.enum(scanKinds),
    at: when,
    place: optionalText(z.string().max(120)),
  }),
  example: { trackingNumber: 'RM536365GB', orderNumber: '536365', scan: 'first-scan', at: '2010-12-01T19:00:00Z', place: 'London' },
});

/** A status code of a courier's system that its table does not translate into a scan. */
export const courierStatus = {
  trackingNumber: z.string().min(1).max(80),
  orderNumber: orderNumber.describe('the reference on the label'),
  system: z.string().min(1).max(60).describe('whose code it is: a courier, or a tracking service'),
  status: z.string().min(1).max(120).describe('the code as it was sent'),
  at: when,
  place: optionalText(z.string().max(120)),
  text: optionalText(z.string().max(300).describe('what the system says of it in words')),
};

export const courierStatusReported = messagesOn(courierScans).message('CourierStatusReported', {
  happened: 'at',
  rule: 'LOG-01',
  description:
    'A courier reported a status of a parcel that nobody has translated into a scan. It is kept, shown and counted, and changes nothing ' +
    'else. Key: the tracking number.',
  data: z.object(courierStatus),
  example: {
    ...{ trackingNumber: 'RM536365GB', orderNumber: '536365', system: 'aftership', status: 'InTransit_042', at: '2010-12-01T19:00:00Z' },
    ...{ place: 'London', text: 'held for a parade' },
  },
});

export const paymentNotice = messagesOn(paymentsNotices).message('TaskAnswered', {
  identity: 'taskId',
  rule: 'REF-05',
  description: 'The result of a refund that was requested on orderloom.tasks.payments. It may come late, and twice.',
  data: z.object({ taskId, answer: z.looseObject({ type: z.string().min(1) }), by: z.string().min(1).max(120) }),
  example: {
    taskId: 'finance-refund-3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e.12',
    answer: { type: 'RefundSucceeded', providerReference: 'psp-1' },
    by: 'provider',
  },
});

export const partnerMessages = [
  parcelPicked,
  parcelPacked,
  parcelShipped,
  parcelScanned,
  courierStatusReported,
  paymentNotice,
  paymentCaptured,
];
