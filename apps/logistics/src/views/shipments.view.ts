import type { View } from '@orderloom/event-sourcing';
import type { Handover, ShipmentEvent, Stage } from '../shipment.js';

/** Where an order's parcel is. */
export interface ShipmentRow {
  readonly orderNumber: string;
  readonly stage: Stage | 'delivered';
  readonly held: boolean;
  readonly carrier?: string;
  readonly method?: string;
  readonly trackingNumber?: string | null;
  readonly lastScan?: string;
  readonly lastScanAt?: string;
}

const stages: Partial<Record<ShipmentEvent['type'], ShipmentRow['stage']>> = {
  ShipmentPrepared: 'prepared',
  ParcelPicked: 'picked',
  ParcelPacked: 'packed',
  ParcelShipped: 'shipped',
  ParcelDelivered: 'delivered',
  ShipmentCancelled: 'cancelled',
};

export const shipmentsView: View<ShipmentEvent, ShipmentRow> = {
  table: 'shipments',
  key: (event) => event.subject,
  evolve: (row, event) => {
    const before: ShipmentRow = row ?? { orderNumber: event.subject, stage: 'none', held: false };
    const after = { ...before, stage: before.stage === 'delivered' ? before.stage : (stages[event.type] ?? before.stage) };
    if (event.type === 'ShipmentHeld') return { ...after, held: true };
    if (event.type === 'HoldReleased' || event.type === 'ShipmentCancelled') return { ...after, held: false };
    if (event.type === 'ParcelShipped') {
      const { carrier, method, trackingNumber } = event.data as Handover;
      return { ...after, carrier, method, trackingNumber };
    }
    if (event.type === 'ParcelScanned') {
      const { scan, at } = event.data as { scan: string; at: string };
      return before.lastScanAt !== undefined && before.lastScanAt > at ? after : { ...after, lastScan: scan, lastScanAt: at };
    }
    return after;
  },
};
