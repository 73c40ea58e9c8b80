/** An instant: ISO 8601 in UTC with six decimals (`2010-12-01T08:26:00.000000Z`). The fixed width makes text order equal time order. */
export type Instant = string;

/** Converts ISO 8601 text with a zone, or a date, to an `Instant`. Throws `RangeError` for anything else. */
export function instant(text: string | Date): Instant {
  const date = text instanceof Date ? text : new Date(text);
  if (Number.isNaN(date.getTime())) throw new RangeError(`invalid instant "${String(text)}": expected ISO 8601 with a time zone`);
  const micros = typeof text === 'string' ? (/\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? '').padEnd(3, '0') : '000';
  return `${date.toISOString().slice(0, -1)}${micros}Z`;
}

/** Milliseconds since 1970, truncated. */
export const millis = (at: Instant): number => Date.parse(at);

/** Microseconds since 1970. */
export const micros = (at: Instant): bigint => BigInt(millis(at)) * 1000n + BigInt(at.slice(23, 26));

/** Returns the instant `by` microseconds after `at`. */
export function afterMicros(at: Instant, by: number): Instant {
  const microsOfSecond = Number(at.slice(20, 26)) + by;
  if (microsOfSecond >= 0 && microsOfSecond < 1_000_000) return `${at.slice(0, 20)}${String(microsOfSecond).padStart(6, '0')}Z`;
  const microsOfMilli = Number(at.slice(23, 26)) + by;
  const iso = new Date(millis(at) + Math.floor(microsOfMilli / 1000)).toISOString();
  return `${iso.slice(0, -1)}${String(microsOfMilli - Math.floor(microsOfMilli / 1000) * 1000).padStart(3, '0')}Z`;
}

/** Converts microseconds since 1970 to an `Instant`. */
export function fromMicros(value: bigint): Instant {
  const iso = new Date(Number(value / 1000n)).toISOString();
  return `${iso.slice(0, -1)}${String(value % 1000n).padStart(3, '0')}Z`;
}

/** Source of the current time: the database in services, a fixed value in tests. */
export interface Clock {
  now(): Promise<Instant>;
}
