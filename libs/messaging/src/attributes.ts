import { type FieldError, instant, isStorable } from '@orderloom/kernel';

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

/** Reads the attributes of one event and remembers everything that is wrong with them; fields are named with `prefix`. */
export class Attributes {
  readonly errors: FieldError[] = [];

  constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    private readonly prefix: string,
  ) {}

  has(name: string): boolean {
    return this.value(name) !== undefined;
  }

  require(...names: readonly string[]): void {
    for (const name of names) if (this.value(name) === undefined) this.refuse(name, 'is required');
  }

  expect(name: string, expected: string): void {
    if (this.value(name) !== expected) this.refuse(name, `must be ${expected}`);
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value.trim() === '') return this.refuse(name, 'must be a text that is not empty');
    return isReadable(value) ? value : this.refuse(name, 'must be UTF-8 without NUL');
  }

  /** A whole number from 1, as number or as decimal text. */
  count(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isSafeInteger(number) && number > 0
      ? number
      : this.refuse(name, 'must be a whole number from 1');
  }

  /** An RFC 3339 instant, as `Instant`. */
  time(name: string): string | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : (parseTime(text) ?? this.refuse(name, 'must be an RFC 3339 instant'));
  }

  private refuse(name: string, message: string): undefined {
    this.errors.push({ field: this.prefix + name, message });
  }

  private value(name: string): unknown {
    return this.values[name] ?? undefined;
  }
}

/** Whether a decoded header or key is what was sent: the log puts U+FFFD where bytes were no UTF-8. */
export const isReadable = (text: string): boolean => isStorable(text) && !text.includes('\uFFFD');

/** An `Instant` that needs no look at a calendar. */
const plain = /^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3])(:[0-5]\d){2}\.\d{6}Z$/;

function parseTime(text: string): string | undefined {
  if (plain.test(text)) return text;
  const [, year, month, day] = rfc3339.exec(text)?.map(Number) ?? [];
  if (!year || !month || !day || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  try {
    const at = instant(text.toUpperCase());
    return at.length === 27 ? at : undefined; // an offset may carry the year past 9999
  } catch {
    return undefined;
  }
}
