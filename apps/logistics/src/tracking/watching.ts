import type { Instant } from '@orderloom/kernel';
import type { ShipmentEvent, Watch } from '../shipment-facts.js';

export const nothingWatched: Watch = { on: false, looked: null, lost: [], settled: [] };

export const parcelName = (trackingNumber: string | null, shippedAt: Instant): string => trackingNumber ?? `untracked ${shippedAt}`;

/** A parcel with its last scan. */
export const parcelMark = ({ trackingNumber, shippedAt = '', lastScanAt = '' }: Looked): string =>
  `${parcelName(trackingNumber, shippedAt)} ${lastScanAt}`;

interface Looked {
  readonly trackingNumber: string | null;
  readonly shippedAt?: Instant | undefined;
  readonly lastScanAt?: Instant | undefined;
}

/** LOG-06, LOG-11: what is remembered of parcels that were looked at. A lost parcel that is signed for is lost no more. */
export function watchAfter(watch: Watch, event: ShipmentEvent): Watch {
  switch (event.type) {
    case 'TrackingOpened':
    case 'TrackingRepeated':
    case 'ShipmentLookedUp': {
      const { trackingNumber, shippedAt = '' } = event.data;
      return { ...watch, looked: { parcel: parcelName(trackingNumber, shippedAt), mark: parcelMark(event.data) } };
    }
    case 'ParcelLost': {
      const parcel = event.data.trackingNumber ?? watch.looked?.parcel;
      return parcel === undefined || watch.lost.includes(parcel) ? watch : { ...watch, lost: [...watch.lost, parcel] };
    }
    case 'ParcelDelivered':
      return { ...watch, lost: watch.lost.filter((parcel) => parcel !== event.data.trackingNumber) };
    case 'TrackingClosed':
      return watch.looked ? { ...watch, settled: [...watch.settled, watch.looked.mark] } : watch;
    case 'ParcelsWatched':
      return { ...watch, on: true };
    case 'ShipmentDelivered':
      return { ...watch, on: false };
    case 'ParcelsChecked':
      return event.data.over ? { ...watch, on: false } : watch;
    default:
      return watch;
  }
}
