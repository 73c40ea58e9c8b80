import type { FactOf } from '@orderloom/flows';
import type { Tracking } from './tracking-messages.js';

export function isCancelled({ finding }: Tracking) {
  return finding === 'cancelled';
}
export function isProcessing({ finding }: Tracking) {
  return finding === 'processing';
}
export function isLate({ finding }: Tracking) {
  return finding === 'late';
}
export function isUntracked({ finding }: Tracking) {
  return finding === 'untracked';
}
export function untrackedTooLong({ finding }: Tracking) {
  return finding === 'untracked-too-long';
}
export function notScanned({ finding }: Tracking) {
  return finding === 'not-scanned';
}
export function notScannedTooLong({ finding }: Tracking) {
  return finding === 'not-scanned-too-long';
}
export function isStale({ finding }: Tracking) {
  return finding === 'stale';
}
export function hasArrived({ finding }: Tracking) {
  return finding === 'arrived';
}
export function hasProblem({ finding }: Tracking) {
  return finding === 'problem';
}
export function isKnownLost({ lost }: Tracking) {
  return lost === true;
}
export function isDelivered({ finding }: Tracking) {
  return finding === 'delivered';
}
export function deliveredAndAskedFor(c: Tracking) {
  return c.asked && isDelivered(c);
}
/** LOG-11: a scheduled look says nothing twice. */
export function nothingNew({ asked, finding, told }: Tracking) {
  return !asked && finding === told;
}
export function sameFound({ finding, trackingNumber }: Tracking, input: FactOf<'TrackingRepeated'>) {
  return input.finding === finding && input.trackingNumber === trackingNumber;
}
/** Scans that do not say that the parcel is on its way. A delivery is told as one. */
const isNoMove: ReadonlySet<string> = new Set(['label-created', 'delivered', 'exception', 'returned-to-sender']);

export function thisParcelWaitedFor({ finding, trackingNumber, lastScanAt = '' }: Tracking, input: FactOf<'ParcelScanned'>) {
  const waitedFor = ['not-scanned', 'not-scanned-too-long', 'stale', 'problem'].includes(finding);
  // a scan that came while nothing was waited for is kept, and was seen by the look since
  return waitedFor && input.trackingNumber === trackingNumber && input.at > lastScanAt && !isNoMove.has(input.scan);
}
/** A proof of delivery is on record; of an untracked parcel there is none. */
export function isProven({ trackingNumber }: Tracking) {
  return trackingNumber !== null;
}

export function toBeReturned({ instruction }: Tracking) {
  return instruction === 'return';
}

export function noteTold({ finding }: Tracking) {
  return { told: finding, asked: false };
}
export function noteUntracked() {
  return { note: 'untracked, and not received' };
}
