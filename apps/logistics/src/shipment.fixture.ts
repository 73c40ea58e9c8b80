import { eventsTopicOf } from '@orderloom/contracts';
import { messageFaults } from '@orderloom/flows';
import type { Address, Line, ShipmentEvent } from './shipment-facts.js';

export const orderNumber = '536365';
export const address: Address = {
  recipient: 'Ada Lovelace',
  street: '12 St James Square',
  city: 'London',
  postcode: 'SW1Y 4JH',
  country: 'GB',
};
export const elsewhere: Address = { ...address, street: '6 Piccadilly Terrace' };
export const lines: readonly Line[] = [
  { line: 1, sku: '85123A', quantity: 6, unitPrice: 255 },
  { line: 2, sku: '71053', quantity: 2, unitPrice: 339 },
];
export const at = '2010-12-01T17:00:00.000000Z';
export const handover = { at, carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: 'RM1GB' };

/** The parcels are looked at on a schedule already (LOG-11), so that a dispatch does not begin it. */
export const watching: ShipmentEvent = { type: 'ParcelsWatched', data: { orderNumber, lookAgainAt: '2010-12-06T17:00:00.000000Z' } };

export const contractFaults = (...events: readonly ShipmentEvent[]): string[] =>
  events.flatMap(({ type, data }) => messageFaults(eventsTopicOf('logistics'), type, data));
