/** An instant: ISO 8601 in UTC with six decimals (`2010-12-01T08:26:00.000000Z`); of one width, so that text order is time order. */
export type Instant = string;

/** Any ISO 8601 text with a zone as an `Instant`; throws a `RangeError` when it is none. */
export function instant(text: string | Date): Instant {
  const date = text instanceof Date ? text : new Date(text);
  if (Number.isNaN(date.getTime())) throw new RangeError(`not an instant: ${String(text)}`);
  const micros = typeof text === 'string' ? (/\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? '').padEnd(3, '0') : '000';
  return `${date.toISOString().slice(0, -1)}${micros}Z`;
}

/** Milliseconds since 1970; decimals past them are cut. */
export const millis = (at: Instant): number => Date.parse(at);

/** Microseconds since 1970. */
export const micros = (at: Instant): bigint => BigInt(millis(at)) * 1000n + BigInt(at.slice(23, 26));

/** `by` microseconds after `at`. */
export function afterMicros(at: Instant, by: number): Instant {
  const inSecond = Number(at.slice(20, 26)) + by;
  if (inSecond >= 0 && inSecond < 1_000_000) return `${at.slice(0, 20)}${String(inSecond).padStart(6, '0')}Z`;
  const past = Number(at.slice(23, 26)) + by;
  const iso = new Date(millis(at) + Math.floor(past / 1000)).toISOString();
  return `${iso.slice(0, -1)}${String(past - Math.floor(past / 1000) * 1000).padStart(3, '0')}Z`;
}

/** The inverse of `micros`. */
export function fromMicros(value: bigint): Instant {
  const iso = new Date(Number(value / 1000n)).toISOString();
  return `${iso.slice(0, -1)}${String(value % 1000n).padStart(3, '0')}Z`;
}

/** Where a process gets its time: the database in services, a number in tests. */
export interface Clock {
  now(): Promise<Instant>;
}
