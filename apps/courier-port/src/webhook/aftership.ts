import { parseWith } from '@orderloom/contracts';
import { InvalidInput } from '@orderloom/kernel';
import { z } from 'zod';
import type { CourierReport } from '../courier-report.js';
import type { RefusedReport } from '../intake.js';

/** Header with the signature: base64 HMAC-SHA256 of the body. https://www.aftership.com/docs/tracking/webhook/webhook-signature */
export const signatureHeader = 'aftership-hmac-sha256';
const system = 'aftership';

const optional = z.string().nullish();
const checkpoint = z.looseObject({
  checkpoint_time: optional,
  tag: optional,
  subtag: optional,
  message: optional,
  location: optional,
  city: optional,
});
const notice = z.looseObject({
  event: z.string().min(1),
  event_id: z.string().min(1),
  msg: z.looseObject({
    tracking_number: z.string().min(1),
    order_number: optional,
    order_id: optional,
    checkpoints: z.array(checkpoint).max(1000).nullish(),
  }),
});

/** Event of a webhook, with a report for each checkpoint. */
export interface Notice {
  readonly event: string;
  readonly reports: readonly CourierReport[];
}

/**
 * Reads the body of an AfterShip Tracking webhook (`tracking_update`), which lists all checkpoints of a parcel. The order is its
 * `order_number`, or else its `order_id`. The status is the sub-status of a checkpoint, or else its status. Throws `InvalidInput`.
 */
export function readNotice(body: unknown): Notice {
  const { event, msg } = parseWith(notice, 'body')(body);
  if (event !== 'tracking_update') return { event, reports: [] };
  const { tracking_number: trackingNumber, order_number, order_id, checkpoints } = msg;
  const orderNumber = order_number || order_id;
  const reports = (checkpoints ?? []).map((one): CourierReport => {
    const place = one.location || one.city;
    return {
      ...{ system, trackingNumber, orderNumber, status: one.subtag || one.tag, at: one.checkpoint_time },
      ...(place && { place: place.slice(0, 120) }),
      ...(one.message && { text: one.message.slice(0, 300) }),
    };
  });
  return { event, reports };
}

const names: Readonly<Record<string, string>> = { at: 'checkpoint_time', status: 'subtag', place: 'location', text: 'message' };

/** The faults of checkpoints by the fields of the body. */
export function faultsOf(refused: readonly RefusedReport[], accepted: number): InvalidInput {
  const all = refused.flatMap(({ index, errors }) =>
    errors.map(({ field, message }) => {
      if (field === 'orderNumber') return { field: 'msg.order_number', message };
      if (field === 'trackingNumber') return { field: 'msg.tracking_number', message };
      return { field: `msg.checkpoints.${index}.${names[field] ?? field}`, message };
    }),
  );
  const first = [...new Map(all.map((error) => [`${error.field} ${error.message}`, error])).values()].slice(0, 20);
  return new InvalidInput(first.map((error) => ({ ...error, message: `${error.message}; ${accepted} other checkpoints count` })));
}
