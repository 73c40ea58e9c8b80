import { createHash } from 'node:crypto';
import { courierScans, courierStatusReported, type MessageContract, parcelScanned, parseWith } from '@orderloom/contracts';
import { InvalidInput, instant } from '@orderloom/kernel';
import { encode, type OutgoingRecord } from '@orderloom/messaging';
import { DateTime } from 'luxon';
import { type Meaning, meaningOf, type StatusTable } from './status-table.js';

/** A status of a parcel as a courier's system reports it; nothing in it is checked yet. */
export interface CourierReport {
  readonly system: string;
  readonly trackingNumber: unknown;
  readonly orderNumber: unknown;
  readonly status: unknown;
  readonly at: unknown;
  readonly place?: unknown;
  readonly text?: unknown;
}

/** Translation of a report; it has no record if its status says nothing of a parcel. */
export interface Translated {
  readonly meaning: Meaning;
  readonly status: string;
  readonly record?: OutgoingRecord;
}

/**
 * LOG-01: a report as the record that a courier would write on `orderloom.courier.scans`: a scan, or a status that nobody has translated.
 * The same report has the same id, so that it has one effect however often it is sent; a status that was translated since has another one.
 * Throws `InvalidInput`, whose fields are those of `CourierReport`.
 */
export function translate(report: CourierReport, table: StatusTable): Translated {
  const { system, trackingNumber, orderNumber, place, text } = report;
  const status = typeof report.status === 'string' ? report.status.trim() : '';
  const meaning = meaningOf(table, system, status);
  const said = { trackingNumber, orderNumber, at: withZone(report.at, table.systems[system]?.timeZone), place };
  // what says nothing is checked too: a row without a parcel is a fault of its sender
  const unknown = { ...said, system, status, text };
  if (meaning === 'unknown') return { meaning, status, record: recordOf(courierStatusReported, unknown, system, status) };
  if (meaning !== 'no-scan') return { meaning, status, record: recordOf(parcelScanned, { ...said, scan: meaning }, system, status) };
  parseWith(courierStatusReported.data)(unknown);
  return { meaning, status };
}

function recordOf(
  contract: typeof parcelScanned | typeof courierStatusReported,
  said: object,
  system: string,
  status: string,
): OutgoingRecord {
  const data = parseWith((contract as MessageContract<string, typeof courierStatusReported.data | typeof parcelScanned.data>).data)(said);
  const { trackingNumber, orderNumber, at } = data;
  const scan = 'scan' in data ? data.scan : null;
  const event = {
    id: createHash('sha256')
      .update(JSON.stringify([trackingNumber, orderNumber, status, scan, at]))
      .digest('hex'),
    source: `/courier-port/${system}`,
    type: contract.type,
    typeVersion: contract.version,
    subject: trackingNumber,
    time: at,
    by: system,
    data,
  };
  return { topic: courierScans, key: trackingNumber, ...encode(event) };
}

const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i;

/** A time with its zone: its own, or that of the system. */
function withZone(at: unknown, zone: string | undefined): unknown {
  if (typeof at !== 'string') return at;
  const text = at.trim().replace(' ', 'T');
  if (zoned.test(text)) return text;
  const local = DateTime.fromISO(text, { zone: zone ?? 'utc' });
  if (!local.isValid) return text;
  if (zone !== undefined) return instant(local.toJSDate());
  throw new InvalidInput([
    { field: 'at', message: `is ${text}, without a time zone: send the zone, or set timeZone of the system in the status table` },
  ]);
}
